"""Two systems that know some of the same people, and what the exchange is to make of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any, Final

from tests.people import AGENT, AT, INVESTIGATIONS, INVESTIGATOR, PATROL, PROTECTION_DESK
from tests.signing import signed_by_all
from tests.systems.investigations.scene import a_case, a_person
from tests.systems.patrol.scene import OPEN, a_subject, an_event

from tieline.core.ledger.entries import Entry
from tieline.core.ledger.judging import examine as verify
from tieline.exchange.directory.ledger import LEDGER
from tieline.exchange.directory.register import put_on_duty, register_agency, register_unit
from tieline.exchange.index.models import IndexedPointer, Link
from tieline.exchange.index.sync import check
from tieline.exchange.notices.models import NoticeRow
from tieline.keeping.agreements import adopt
from tieline.keeping.databases import EXCHANGE, KEEPERS
from tieline.keeping.rows import LedgerRow
from tieline.reference.agreement import model_agreement
from tieline.systems.investigations import desk as investigations
from tieline.systems.investigations import intake as investigations_intake
from tieline.systems.patrol import desk as patrol
from tieline.systems.patrol import intake as patrol_intake
from tieline.systems.patrol.protecting import set_protection
from tieline.systems.patrol.subjects.adding import correct_subject
from tieline.wiring.systems import doors, set_to_work

__all__ = ["begin", "change", "picture"]

_EVENT: Final = "TCA-2611-000001"
_CASE: Final = "LA-26-0001"
_MEN: Final = 8
_NAMES: Final = ("García", "Quispe", "Mamani", "Ixtlahuaca", "Oyarzabal", "Zuñiga", "Tzul", "Ek")


def begin() -> None:
    """All of it in the systems, and nothing of it in the exchange yet."""
    set_to_work()
    for agency, unit in (("patrol", "TCA/NGL"), ("investigations", "LA/13")):
        register_agency(code=agency, name=agency.title(), department="DHS", at=AT)
        register_unit(agency=agency, code=unit, name=unit, at=AT)
        put_on_duty(agency=agency, unit=unit, contact=f"{unit} desk", starts=AT, at=AT)
    text = signed_by_all(model_agreement(parties=(PATROL, INVESTIGATIONS)), at=AT)
    for database in KEEPERS:
        adopt(text, database=database, at=AT)
    subjects = [a_subject(_EVENT, **_man(n), **_of_patrol(n)) for n in range(_MEN)]
    patrol_intake.take_in(
        patrol.at_work(),
        [
            patrol_intake.Arrival(one, AGENT, AT)
            for one in (replace(an_event(), number=_EVENT), *subjects)
        ],
    )
    people = [a_person(_CASE, **_man(n)) for n in range(_MEN)]
    investigations_intake.take_in(
        investigations.at_work(),
        [
            investigations_intake.Arrival(one, INVESTIGATOR, AT)
            for one in (replace(a_case(), number=_CASE), *people)
        ],
    )


def change() -> None:
    """Later: one is corrected, one protected, one purged."""
    desk = patrol.at_work()
    corrected = {"birth_date": "1980-03-13"}
    correct_subject(desk, f"{_EVENT}-01", corrected, why="misread", author=AGENT, at=AT)
    set_protection(
        desk, f"{_EVENT}-02", "section_1367", True, why="told", author=PROTECTION_DESK, at=AT
    )
    desk.keeper.purge(f"{_EVENT}-03", author=AGENT, at=AT)


def picture() -> dict[str, Any]:
    """What the exchange has made of it, but for numbers that are drawn at random."""
    links = Link.objects.select_related("left", "right")
    notices = NoticeRow.objects.select_related("own", "other")
    return {
        "pointers": sorted(
            (one.system, one.number, one.version, one.tombstone, one.matched_version)
            for one in IndexedPointer.objects.all()
        ),
        "links": sorted(
            (
                *(one.left.number, one.right.number, one.state, one.strong, one.frozen),
                *(one.noticed, round(one.score, 6), str(one.evidence)),
            )
            for one in links
        ),
        "notices": sorted(
            (
                *(one.agency, one.unit, one.own.number, one.other.number, one.kind, one.urgent),
                *(one.withdrawn_at is not None, one.escalated_to),
            )
            for one in notices
        ),
        "entries": sorted(Counter(map(_entry, _entries())).items()),
        "differs": [one.system for one in check(doors(), at=AT) if not one.equal],
        "sound": verify(LEDGER.exported()).sound,
    }


def _entries() -> list[str]:
    return list(LedgerRow.objects.using(EXCHANGE).values_list("data", flat=True))


def _entry(data: str) -> tuple[str, ...]:
    one = Entry.from_bytes(data.encode())
    about = (one.event.value, one.keeper, one.record, one.record_version, one.agency, one.unit)
    return tuple(str(part or "") for part in (*about, one.case, one.clauses))


def _man(n: int) -> dict[str, Any]:
    """The same in both systems; every other one has a number that nobody else has."""
    return {
        "given_name": ("José Luis", "Ana María")[n % 2],
        "paternal_surname": _NAMES[n],
        "maternal_surname": "Hernández",
        "birth_date": f"19{80 + n}-03-12",
        "a_number": f"A08912340{n}" if n % 2 == 0 else "",
    }


def _of_patrol(n: int) -> dict[str, Any]:
    """The last one is known to nobody else."""
    return {"protections": {**OPEN, "section_1367": True}} if n == _MEN - 1 else {}
