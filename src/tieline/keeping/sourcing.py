"""The lists of prohibited sources: kept by the owner's desk, asked by every adverse fact (P16)."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from django.db import transaction

from tieline.core.agreement.circle import in_circle, is_protection_desk
from tieline.core.agreement.viewer import Purpose, PurposeCode, Viewer
from tieline.core.errors import TielineError
from tieline.core.ledger.events import Event
from tieline.core.records import RecordNumber
from tieline.core.sources import OTHERS_WORD, UNSUPPORTED, Listed, is_own_word, supported
from tieline.keeping.desk import Desk
from tieline.keeping.door import Door
from tieline.keeping.ledger import line
from tieline.keeping.listed_sources import ListedSource
from tieline.keeping.records import KeptRecord

__all__ = [
    "SourceNotListed",
    "end_listing",
    "list_source",
    "listed_for",
    "listed_on",
    "problem_of_sources",
]

_SERIES: Final = "PS"
_DIGITS: Final = 10
_LONGEST_WHY: Final = 500
_LONGEST: Final = 200
_MOST: Final = 20
_WORK: Final = Purpose(code=PurposeCode.PROTECTION, reason="prohibited sources")


class SourceNotListed(TielineError):
    """A listing that this author may not make or end, or that says nothing."""

    exit_code = 3


def problem_of_sources(
    desk: Desk, record: KeptRecord, note: str, *, author: Viewer, of: Collection[str] = ()
) -> str:
    """Why the sources that a note names cannot support an adverse fact on the record's person, as
    words for the field; blank where they can. `of`: the records of this system that are of the same
    person where the record itself is of none, a lookout's subject say.
    """
    if not in_circle(author):
        # Before any list is read: what is answered outside the circle turns on no list.
        return "" if is_own_word(note) else OTHERS_WORD
    if note and is_own_word(note):
        return ""
    listed = listed_for(desk.keeper.database, {record.number, *of})
    if desk.listed is not None:
        pointer = record.matchable(desk.keeper.system)
        for number in of or (record.number,):
            one = replace(pointer, number=RecordNumber(number))
            listed += desk.listed.sources_for(desk.keeper.system, one)
    return "" if supported(note, listed) else UNSUPPORTED


def listed_for(database: str, records: Collection[str]) -> tuple[Listed, ...]:
    """Who is listed for any of these records of one database; for decisions alone."""
    rows = ListedSource.objects.using(database).filter(
        record__in=sorted(one for one in records if one), ended_at__isnull=True
    )
    return tuple(Listed(tuple(row.names), tuple(row.numbers)) for row in rows.order_by("id"))


def listed_on(door: Door, record: str, *, viewer: Viewer, at: datetime) -> list[ListedSource]:
    """The list of a record, for its owner's protection desk; raises `SourceNotListed`, alike for a
    record that is not there.
    """
    _refuse_all_but_the_desk(door, record, viewer, at)
    rows = ListedSource.objects.using(door.keeper.database).filter(record=record)
    return list(rows.order_by("ended_at", "id"))


def list_source(
    door: Door,
    record: str,
    *,
    names: Sequence[str],
    numbers: Sequence[str] = (),
    why: str,
    author: Viewer,
    at: datetime,
) -> ListedSource:
    """List an abuser or trafficker of the person whom a protected record is of."""
    with transaction.atomic(using=door.keeper.database):
        door.keeper.ledger.hold()
        kept = _refuse_all_but_the_desk(door, record, author, at)
        if kept.section_1367 is False:
            raise SourceNotListed(
                "sources are listed for a record that is protected under 8 USC 1367",
                cure="State the protection first.",
            )
        row = ListedSource(
            number=f"{_SERIES}-{secrets.randbelow(10**_DIGITS):0{_DIGITS}d}",
            record=record,
            owner=kept.owner_agency,
            names=_texts(names, "Give the name, each spelling on a line of its own."),
            numbers=_texts(numbers),
            why=_reason(why),
            listed_by=author.number,
            listed_at=at,
        )
        row.save(using=door.keeper.database)
        _note(door, row, Event.SOURCE_LISTED, row.why, author, at)
    return row


def end_listing(
    door: Door, record: str, listing: str, *, why: str, author: Viewer, at: datetime
) -> None:
    """Take somebody from the list; the row stays, with who did. Done again, nothing happens."""
    with transaction.atomic(using=door.keeper.database):
        door.keeper.ledger.hold()
        _refuse_all_but_the_desk(door, record, author, at)
        rows = ListedSource.objects.using(door.keeper.database).filter(record=record)
        row = rows.filter(number=listing).first() if listing.isprintable() else None
        if row is None:
            raise _none()
        reason = _reason(why)
        if row.ended_at is None:
            row.ended_at, row.ended_by = at, author.number
            row.save(using=door.keeper.database)
            _note(door, row, Event.SOURCE_ENDED, reason, author, at)


def _refuse_all_but_the_desk(door: Door, record: str, viewer: Viewer, at: datetime) -> KeptRecord:
    kept = door.keeper.find(record) if record.isprintable() and len(record) <= 64 else None
    if kept is None or not is_protection_desk(viewer):
        raise _none()
    if door.own_work(record, viewer=viewer, purpose=_WORK, at=at) is None:
        raise _none()
    return kept


def _none() -> SourceNotListed:
    return SourceNotListed("there is no such record or listing for you", cure="Check its number.")


def _texts(said: Sequence[str], lack: str = "") -> list[str]:
    texts = [" ".join(one.split())[:_LONGEST] for one in said]
    found = list(dict.fromkeys(one for one in texts if any(map(str.isalnum, one))))[:_MOST]
    if lack and not found:
        raise SourceNotListed("nobody is named", cure=lack)
    return found


def _reason(why: str) -> str:
    reason = why.strip()[:_LONGEST_WHY]
    if not reason:
        raise SourceNotListed(
            "a listing is made and ended with its reason", cure="Say what it rests on."
        )
    return reason


def _note(
    door: Door, row: ListedSource, event: Event, why: str, author: Viewer, at: datetime
) -> None:
    about: dict[str, Any] = {"keeper": door.about.name, "record": row.record, "owner": row.owner}
    door.keeper.ledger.append([line(event, at=at, viewer=author, side={"why": why}, **about)])
