"""Takes in records that come with numbers of their own: imports, and the demo's thousands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Final

from tieline.core.agreement.viewer import Viewer
from tieline.keeping.draft import Draft
from tieline.keeping.keeper import Change
from tieline.keeping.records import KeptRecord
from tieline.systems.investigations.cases.case import Case, CaseDraft
from tieline.systems.investigations.cases.opening import check_case, complete
from tieline.systems.investigations.desk import Desk
from tieline.systems.investigations.entering import check_sources
from tieline.systems.investigations.lookouts.grounds import check_active, check_status, inherit
from tieline.systems.investigations.lookouts.lookout import Lookout, LookoutStatus
from tieline.systems.investigations.lookouts.placing import mark_silent
from tieline.systems.investigations.series import shape_of, take_numbers
from tieline.systems.investigations.subjects.adding import check_subject
from tieline.systems.investigations.subjects.record import SubjectRecord
from tieline.systems.investigations.writing import NoSuchRecord, locked, made, number

__all__ = ["Arrival", "take_in"]

_BATCH: Final = 500


@dataclass(frozen=True, slots=True)
class Arrival:
    """A record that comes in: whose hand wrote it, when. Blank numbers take the next ones."""

    draft: Draft
    author: Viewer
    at: datetime


def take_in(desk: Desk, arrivals: Iterable[Arrival]) -> list[KeptRecord]:
    """Keep them all, or none. A case may come before or with its subject records, and these with
    their lookouts, in any order; an active lookout meets the same rules as one that is placed,
    and a silent one names its supervisor.

    Raises `EntryRefused`, `LookoutRefused`, `NoDutyContact`, `NoSuchRecord`, `BadNumber` or
    `NumberTaken`.
    """
    arrivals = list(arrivals)
    with locked(desk):
        duty_contact = cache(desk.duty_contact)
        records = [_made(desk, one, duty_contact) for one in arrivals]
        take_numbers(desk.keeper, {one.number: shape_of(one.kind) for one in records if one.number})
        for record, arrival in zip(records, arrivals, strict=True):
            if not record.number:
                number(desk, record, at=arrival.at)
        _check_references(desk, records, arrivals)
        changes = [
            Change(record, one.author, one.at)
            for record, one in zip(records, arrivals, strict=True)
        ]
        if changes:
            desk.keeper.keep(changes)
    return records


def _made(desk: Desk, arrival: Arrival, duty_contact: Callable[[str, str], str]) -> KeptRecord:
    draft = arrival.draft
    if isinstance(draft, CaseDraft):
        draft = complete(draft, author=arrival.author, at=arrival.at)
    record = made(desk, draft, author=arrival.author, at=arrival.at, duty_contact=duty_contact)
    if isinstance(record, Case):
        check_case(record)
    elif isinstance(record, Lookout):
        check_status(record)
    elif isinstance(record, SubjectRecord):
        check_subject(record)
        check_sources(desk, record, author=arrival.author)
    return record


def _check_references(
    desk: Desk, records: Sequence[KeptRecord], arrivals: Sequence[Arrival]
) -> None:
    kept: dict[str, KeptRecord] = {one.number: one for one in records}
    _find_more(desk, kept, (_referred(one) for one in records))
    _find_more(
        desk,
        kept,
        (
            _referred(kept[_referred(one)])
            for one in records
            if isinstance(one, Lookout) and _referred(one) in kept
        ),
    )
    for record, arrival in zip(records, arrivals, strict=True):
        if isinstance(record, Case):
            continue
        above = kept.get(_referred(record))
        wanted = SubjectRecord if isinstance(record, Lookout) else Case
        if not isinstance(above, wanted) or above.owner_agency != record.owner_agency:
            raise NoSuchRecord(
                f"a {record.kind} came that belongs to no record of its agency",
                cure="Take in its case, or its subject record, first or with it.",
            )
        if isinstance(record, Lookout):
            _settle(desk, record, above, kept, arrival)


def _settle(
    desk: Desk,
    lookout: Lookout,
    subject: KeptRecord,
    kept: Mapping[str, KeptRecord],
    arrival: Arrival,
) -> None:
    inherit(lookout, subject)
    mark_silent(lookout)
    if lookout.status == LookoutStatus.ACTIVE:
        case = kept.get(_referred(subject))
        case = case if isinstance(case, Case) else None
        check_active(desk, lookout, case, author=arrival.author, at=arrival.at)


def _referred(record: KeptRecord) -> str:
    name = "subject" if isinstance(record, Lookout) else "case"
    return str(getattr(record, name, ""))


def _find_more(desk: Desk, kept: dict[str, KeptRecord], numbers: Iterable[str]) -> None:
    missing = sorted({one for one in numbers if one and one not in kept})
    for start in range(0, len(missing), _BATCH):
        kept |= desk.keeper.find_many(missing[start : start + _BATCH])
