"""The accounting of disclosures of one record: to whom, when, what, for what (5 USC 552a(c)).

For its owner's auditors, sharing and redress officers and protection desk it says denied looks and
searches in vain too. For the person concerned it names agencies and units, never an officer, and
leaves out what the law excepts; it says so in the same words whether or not there was any of it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.db import transaction

from tieline.core.agreement.circle import is_protection_desk
from tieline.core.agreement.viewer import Purpose, PurposeCode, Role, Viewer
from tieline.core.errors import TielineError
from tieline.core.ledger.events import Event
from tieline.core.records import SILENT, FieldClass
from tieline.core.retention import ACCOUNTED
from tieline.core.values.names import tokens
from tieline.exchange.oversight.examining import of_agency
from tieline.keeping.graves import Grave
from tieline.keeping.keeper import Keeper
from tieline.keeping.ledger import line
from tieline.keeping.records import Identity, KeptRecord
from tieline.keeping.rows import LedgerRow, LedgerSide
from tieline.wiring.cut import REFUSED, cut
from tieline.wiring.ledgers import LEDGERS
from tieline.wiring.looks import Asked, away
from tieline.wiring.place import handle_of
from tieline.wiring.systems import doors

__all__ = ["EXCEPTED", "Accounting", "Disclosed", "LedgerAway", "accounting", "statement"]

EXCEPTED: Final = (
    "A statement never lists disclosures for a law enforcement activity (5 USC 552a(b)(7)), which "
    "5 USC 552a(c)(3) excepts, nor any from records that may be exempt under 5 USC 552a(j)(2). "
    "This sentence stands in every statement and does not tell whether there were any."
)
_MAY: Final = frozenset({Role.AUDITOR, Role.SHARING_OFFICER, Role.REDRESS})
_TOLD_PURPOSES: Final = frozenset(
    one.value
    for one in (
        *(PurposeCode.PROCESSING, PurposeCode.CUSTODY, PurposeCode.REMOVAL),
        *(PurposeCode.REDRESS, PurposeCode.OVERSIGHT),
    )
)
"""All others are a law enforcement activity, or may be; so may what states none."""
_TOLD_EVENTS: Final = frozenset(
    {Event.RECORD_SHOWN, Event.COPY_MADE, Event.CORRECTION_SENT, Event.RELEASE_GIVEN}
)
_EXEMPT_KINDS: Final = frozenset({"case", "lookout"})
_BETRAYING: Final = frozenset(one.value for one in FieldClass if one.betrays_by_name)
_SEARCHES: Final = (Event.SEARCH_ANSWERED.value, Event.SEARCH_REFUSED.value)
_EVENTS: Final = {one.value: one for one in Event}
_FEWEST_WORDS: Final = 2
"""A surname alone is many people's."""


class LedgerAway(TielineError):
    """A ledger does not answer, so an accounting would not be whole."""

    exit_code = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosed:
    """One disclosure, or a look or search in vain."""

    at: datetime
    event: Event
    level: str = ""
    shown: tuple[str, ...] = ()
    purpose: str = ""
    case: str = field(default="", repr=False)
    """Of the owner's own people alone; what others work on is theirs (P7)."""
    agency: str = ""
    unit: str = ""
    officer: str = ""
    clauses: tuple[str, ...] = ()
    handle: str = ""


@dataclass(frozen=True, slots=True)
class Accounting:
    """All that there is of one record, the oldest first."""

    system: str
    number: str
    rows: tuple[Disclosed, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Subject:
    """The record, or what is left of it."""

    keeper: Keeper
    number: str
    kind: str
    record: KeptRecord | None


def accounting(number: str, *, viewer: Viewer, at: datetime) -> Accounting | None:
    """For the owner's own use; None for anybody else, as of a number that there is not.

    Raises `LedgerAway`.
    """
    subject = _found(number, viewer, at)
    if subject is None:
        return None
    rows = [*_about(subject, viewer), *_in_vain(subject, viewer)]
    return _made(subject, rows, "agency", viewer, at)


def statement(number: str, *, viewer: Viewer, at: datetime) -> Accounting | None:
    """For the person concerned (5 USC 552a(c)(3)), without what the law excepts; else as above."""
    subject = _found(number, viewer, at)
    if subject is None:
        return None
    told = [_for_the_person(one) for one in _about(subject, viewer) if _is_told(one)]
    rows = [] if _is_exempt(subject) else told
    return _made(subject, rows, "person", viewer, at)


def _found(number: str, viewer: Viewer, at: datetime) -> _Subject | None:
    silent = away(Asked())
    if silent:
        raise LedgerAway(
            f"the ledger of {', '.join(silent)} does not answer, and without it nothing is whole",
            cure="Call it again when all systems answer.",
        )
    subject = next(_of_the_agency(number, viewer), None) if number.isprintable() else None
    if subject is not None and _may_account(viewer):
        return subject
    _note(Event.AUDIT_REFUSED, viewer, at, side={"query": {"record": number[:100]}})
    return None


def _may_account(viewer: Viewer) -> bool:
    return not _MAY.isdisjoint({viewer.role, *viewer.roles}) or is_protection_desk(viewer)


def _of_the_agency(number: str, viewer: Viewer) -> Iterator[_Subject]:
    for door in doors().values():
        keeper = door.keeper
        record = keeper.find(number)
        if record is not None and record.owner_agency == viewer.agency:
            yield _Subject(keeper, number, record.kind, record)
        # Its accounting outlives the record.
        graves = Grave.objects.using(keeper.database).filter(number=number)
        for grave in graves.filter(owner_agency=viewer.agency):
            yield _Subject(keeper, number, grave.kind, None)


def _about(subject: _Subject, viewer: Viewer) -> Iterator[Disclosed]:
    """What names the agency as the owner: of a silent hit its own auditor learns nothing (P7)."""
    events = [*(one.value for one in ACCOUNTED), *REFUSED]
    own = of_agency(viewer.agency)
    for name, ledger in LEDGERS.items():
        # What was told a moment ago is accounted for too.
        ledger.number_staged()
        rows = LedgerRow.objects.using(ledger.database).filter(
            record=subject.number, owner=viewer.agency, event__in=events
        )
        for row in rows.order_by("sequence"):
            said = json.loads(row.data)
            if said.get("keeper") == subject.keeper.system:
                yield _disclosed(name, row, cut(said, own))


def _in_vain(subject: _Subject, viewer: Viewer) -> Iterator[Disclosed]:
    """Searches of the agency's own people that were for whom the record is of, and found nothing or
    were not run. What others searched for is theirs to know.
    """
    if subject.record is None:
        return
    identity, ledger = subject.record.identity(), subject.keeper.ledger
    ledger.number_staged()
    rows = LedgerRow.objects.using(ledger.database).filter(
        agency=viewer.agency, event__in=_SEARCHES, data__contains='"count":0,'
    )
    for row in rows.order_by("sequence").iterator(chunk_size=500):
        said = json.loads(row.data)
        side = LedgerSide.objects.using(ledger.database).filter(sequence=row.sequence).first()
        query = side.payload.get("query") if side is not None else None
        if isinstance(query, Mapping) and _is_for(query, identity):
            yield _disclosed(ledger.system, row, said)


def _is_for(query: Mapping[str, Any], identity: Identity) -> bool:
    numbers = {number for _, number in identity.identifiers}
    if not numbers.isdisjoint(query.get("identifiers", ())):
        return True
    if not set(identity.phones).isdisjoint(query.get("phones", ())):
        return True
    if not set(identity.plates).isdisjoint(query.get("plates", ())):
        return True
    known = [_words(one) for one in identity.names]
    asked = [_words(str(one)) for one in query.get("names", ())]
    return any(len(one) >= _FEWEST_WORDS and one <= name for one in asked for name in known)


def _words(name: str) -> frozenset[str]:
    return frozenset(tokens(name))


def _disclosed(system: str, row: LedgerRow, said: Mapping[str, Any]) -> Disclosed:
    return Disclosed(
        at=row.at,
        event=_EVENTS[row.event],
        level=said.get("level", ""),
        shown=tuple(said.get("shown", ())),
        purpose=said.get("purpose", ""),
        case=said.get("case", ""),
        agency=said.get("agency", ""),
        unit=said.get("unit", ""),
        officer=said.get("viewer", ""),
        clauses=tuple(said.get("clauses", ())),
        handle=handle_of(system, row.sequence),
    )


def _is_told(one: Disclosed) -> bool:
    return one.event in _TOLD_EVENTS and one.purpose in _TOLD_PURPOSES


def _for_the_person(one: Disclosed) -> Disclosed:
    return Disclosed(
        at=one.at,
        event=one.event,
        level=one.level,
        shown=tuple(name for name in one.shown if name not in _BETRAYING),
        purpose=one.purpose,
        agency=one.agency,
        unit=one.unit,
    )


def _is_exempt(subject: _Subject) -> bool:
    """By its kind; or because that it exists may be told to nobody, whoever says that he is the
    person. What was protected cannot be told of a record that is purged, so nothing is.
    """
    record = subject.record
    if record is None or subject.kind in _EXEMPT_KINDS:
        return True
    return record.protections.hides_existence or SILENT in record.caveats


def _made(
    subject: _Subject, rows: Iterable[Disclosed], whom: str, viewer: Viewer, at: datetime
) -> Accounting:
    found = tuple(sorted(rows, key=lambda one: one.at))
    _note(
        Event.STATEMENT_MADE,
        viewer,
        at,
        keeper=subject.keeper.system,
        record=subject.number,
        owner=viewer.agency,
        count=len(found),
        side={"for": whom},
    )
    return Accounting(subject.keeper.system, subject.number, found)


def _note(event: Event, viewer: Viewer, at: datetime, **fields: Any) -> None:
    ledger = LEDGERS["accounts"]
    purpose = Purpose(code=PurposeCode.OVERSIGHT, reason="accounting of disclosures")
    said = line(event, at=at, viewer=viewer, purpose=purpose, **fields)
    with transaction.atomic(using=ledger.database):
        ledger.append([said])
