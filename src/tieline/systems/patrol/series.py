"""Numbers of events, `TCA-2611-000123`, and of their subjects, `TCA-2611-000123-01`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import count
from typing import Final

from tieline.keeping.heads import RecordHead
from tieline.keeping.keeper import Keeper
from tieline.keeping.series import BadNumber, Series, next_of, note_taken

__all__ = [
    "BadNumber",
    "NumberSeries",
    "event_of",
    "next_event_number",
    "next_subject_numbers",
    "take_event_numbers",
]

_EVENT: Final = re.compile(r"(?P<series>[A-Z]{3}-[0-9]{2}(?:0[1-9]|1[0-2])-)(?P<count>[0-9]{6,9})")
_SUBJECT: Final = re.compile(r"(?P<event>.+)-(?P<count>[0-9]{2,4})")
_MOST_SUBJECTS: Final = 9_999
_BLOCK: Final = 100


class NumberSeries(Series):
    """How far a series has come: `TCA-2611-`."""

    class Meta:
        app_label = "patrol"
        db_table = "pat_number_series"


def next_event_number(keeper: Keeper, sector: str, *, at: datetime) -> str:
    """The next of a sector and month of UTC; the caller holds the ledger's lock."""
    series = f"{sector}-{at:%y%m}-"
    return f"{series}{next_of(NumberSeries, series, keeper=keeper):06d}"


def take_event_numbers(keeper: Keeper, numbers: Iterable[str]) -> None:
    """Note numbers that came with events, so that none is given out again; raises `BadNumber`."""
    furthest: dict[str, int] = {}
    for number in numbers:
        found = _EVENT.fullmatch(number)
        if found is None:
            raise BadNumber(
                "an event came with a number that no event has",
                cure="Numbers of events look like TCA-2611-000123: sector, year and month, count.",
            )
        series = found["series"]
        furthest[series] = max(furthest.get(series, 0), int(found["count"]))
    note_taken(NumberSeries, furthest, keeper=keeper)


def event_of(number: str) -> str:
    """The event in the number of a subject; raises `BadNumber`."""
    found = _SUBJECT.fullmatch(number)
    if found is None or _EVENT.fullmatch(found["event"]) is None:
        raise BadNumber(
            "a subject came with a number that no subject has",
            cure="A subject's number is that of its event with -01, -02 and so on behind it.",
        )
    return found["event"]


def next_subject_numbers(
    keeper: Keeper, event: str, *, wanted: int, taken: Sequence[str] = ()
) -> list[str]:
    """The next numbers in an event, after all that are kept, `taken`, or long purged."""
    last = max((int(one.rpartition("-")[2]) for one in taken), default=0)
    for start in count(1, _BLOCK):
        block = {f"{event}-{n:02d}": n for n in range(start, start + _BLOCK)}
        heads = RecordHead.objects.using(keeper.database).filter(number__in=list(block))
        kept = [block[number] for number in heads.values_list("number", flat=True)]
        last = max([last, *kept])
        if not kept:
            break
    if last + wanted > _MOST_SUBJECTS:
        raise BadNumber(f"{event} has no number left for a subject", cure="Open a further event.")
    return [f"{event}-{n:02d}" for n in range(last + 1, last + 1 + wanted)]
