"""What an auditor may see of all ledgers, and who saw one record."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Annotated, Any, Final
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from ninja import Query, Router

from tieline.api.caller import Caller, caller
from tieline.api.errors import REFUSALS, Refusal, Refused
from tieline.api.form import Form
from tieline.api.told import Marked
from tieline.wiring.ledgers import LEDGERS
from tieline.wiring.looks import PAGE, Asked, Look, Place, looks, note_audit

__all__ = ["router"]

router = Router()

_ZONE: Final = ZoneInfo("UTC")
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")
_NO_PLACE: Final = Refusal(
    code="no_place", what="No list ended there.", cure="Send `next` as an answer gave it."
)
_NO_LEDGER: Final = Refusal(
    code="no_ledger",
    what="There is no ledger of this name.",
    cure=f"There are: {', '.join(LEDGERS)}.",
)
_NO_DAY: Final = Refusal(
    code="no_day", what="There is no such day.", cure="Write a day of UTC as 2026-11-23."
)


class EntryTold(Form):
    """One entry of a ledger (docs/ledger.md), without what is not this auditor's to know."""

    ledger: str
    handle: str
    """Names the entry, and tells no place in the ledger."""
    at: datetime
    event: str
    entry: dict[str, Any]
    """The entry's fields as they were written; of other agencies' people no `case`, no `side`."""
    searched: dict[str, Any]
    """From the side row of an own person's entry: search terms, reason; empty once erased."""


class LedgerTold(Marked):
    """The newest first."""

    entries: list[EntryTold]
    next: str
    """To be sent as `after` for what is older; blank at the end."""


@router.get(
    "/ledger", url_name="ledger", operation_id="ledger", response={200: LedgerTold, **REFUSALS}
)
def ledger(
    request: HttpRequest,
    system: Annotated[str, Query(max_length=64, description="whose ledger; blank for all")] = "",
    viewer: Annotated[str, Query(max_length=64, description="a person, U-…")] = "",
    record: Annotated[str, Query(max_length=64, description="a record's number")] = "",
    event: Annotated[str, Query(max_length=64, description="an event's tag")] = "",
    clause: Annotated[str, Query(max_length=64, description="a clause that decided")] = "",
    day: Annotated[str, Query(max_length=64, description="a day of UTC, 2026-11-23")] = "",
    after: Annotated[str, Query(max_length=120, description="`next` of the list before")] = "",
) -> LedgerTold:
    """Looks, searches and refusals of the auditor's agency, and others' looks at its records."""
    if system and system not in LEDGERS:
        raise Refused(422, _NO_LEDGER)
    asked = Asked(
        system=system,
        viewer=viewer.strip().upper(),
        record=record.strip().upper(),
        event=event.strip(),
        clause=clause.strip().upper(),
        day=_day(day),
    )
    return _found(caller(request), asked, after)


@router.get(
    "/ledger/records/{number}",
    url_name="who_saw",
    operation_id="who_saw",
    response={200: LedgerTold, **REFUSALS},
)
def who_saw(
    request: HttpRequest,
    number: str,
    after: Annotated[str, Query(max_length=120, description="`next` of the list before")] = "",
) -> LedgerTold:
    """Who saw one record, and who tried in vain."""
    return _found(caller(request), Asked(record=number[:64].upper()), after)


def _found(who: Caller, asked: Asked, after: str) -> LedgerTold:
    place = Place.read(after)
    if after and place is None:
        raise Refused(422, _NO_PLACE)
    found = looks(asked, who.viewer, zone=_ZONE, after=place)
    note_audit(asked, who.viewer, count=len(found), at=who.at)
    return LedgerTold(
        entries=[_told(one) for one in found],
        next=str(found[-1].place) if len(found) == PAGE else "",
    )


def _told(one: Look) -> EntryTold:
    return EntryTold(
        ledger=one.system,
        handle=one.handle,
        at=one.at,
        event=one.text("event"),
        entry=dict(one.said),
        searched=dict(one.query),
    )


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise Refused(422, _NO_DAY)
