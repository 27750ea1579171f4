"""Systems that only give pointers, a matching that is easily foretold, and a directory."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from tests.people import AGENT, AT, INVESTIGATIONS, PATROL
from tests.signing import signed_by_all

from tieline.core.agreement.clauses import Agreement, Party
from tieline.core.agreement.disclose import NOTHING
from tieline.core.agreement.viewer import Purpose, Viewer
from tieline.core.ports import (
    Cursor,
    Fetched,
    Found,
    Pointers,
    Query,
    SystemDescription,
    SystemState,
    digest_of,
)
from tieline.core.records import FieldClass, Pointer, Protections, RecordNumber
from tieline.exchange.directory.register import register_agency, register_unit
from tieline.exchange.index.engine import Engine
from tieline.exchange.index.match import Matched, match_pending
from tieline.exchange.index.take import Taken, take
from tieline.exchange.notices.models import NoticeRow
from tieline.exchange.notices.telling import Notified, notify_pending
from tieline.keeping.agreements import adopt
from tieline.keeping.databases import EXCHANGE
from tieline.reference.agreement import model_agreement

PATROL_RECORD = "TCA-2611-000123-01"
CASE_RECORD = "SR-26-000123"
COUNTY = Party("county", "COUNTY")
DEPUTY = replace(
    AGENT, number="U-300", agency="county", unit="one", department="COUNTY", assignment="AS-300"
)
"""Sworn, of a party of another department."""


def pointer(
    number: str = PATROL_RECORD, *flags: str, owner: str = "patrol", **about: Any
) -> Pointer:
    """A man whom both agencies know, unless something else is said."""
    unit = {"patrol": "TCA/NGL", "investigations": "LA/13"}.get(owner, "one")
    given: dict[str, Any] = {
        "system": owner,
        "version": 1,
        "kind": "subject" if owner == "patrol" else "person",
        "owning_unit": unit,
        "contact": "duty desk",
        "caveats": frozenset(),
        "names": ("Jose GARCIA",),
        "birth_date": "1990-03-12",
        **about,
    }
    return Pointer(
        number=RecordNumber(number),
        owner_agency=owner,
        protections=Protections.screened(*flags),
        **given,
    )


def of_case(number: str = CASE_RECORD, *flags: str, **about: Any) -> Pointer:
    return pointer(number, *flags, owner="investigations", **about)


def taken(*pointers: Pointer, at: Any = AT) -> dict[str, Taken]:
    """Taken as from their systems, one batch each."""
    systems = dict.fromkeys(one.system for one in pointers)
    return {
        name: take(name, [one for one in pointers if one.system == name], cursor=Cursor("7"), at=at)
        for name in systems
    }


@dataclass
class Feed:
    """A system of which nothing but pointers is asked; it may fail, or be stuck."""

    name: str = "patrol"
    outbox: list[Pointer] = field(default_factory=list)
    failing: bool = False
    stuck: bool = False
    asked: int = 0

    def describe(self) -> SystemDescription:
        return SystemDescription(name=self.name, owner="one", operator="two", host="three")

    def fetch(self, number: RecordNumber, *, viewer: Viewer, purpose: Purpose, at: Any) -> Fetched:
        self._answers()
        return Fetched(state=SystemState.ANSWERED, disclosure=NOTHING)

    def search(
        self, query: Query, *, viewer: Viewer, purpose: Purpose, at: Any, limit: int
    ) -> Found:
        self._answers()
        return Found(state=SystemState.ANSWERED, rows=(), more=False)

    def pointers_since(self, cursor: Cursor, *, limit: int) -> Pointers:
        self._answers()
        start = int(cursor) if cursor.isdecimal() else 0
        if self.stuck:
            return Pointers(pointers=(), cursor=cursor, more=True)
        batch = self.outbox[start : start + limit]
        end = start + len(batch)
        return Pointers(pointers=tuple(batch), cursor=Cursor(str(end)), more=end < len(self.outbox))

    def digest(self) -> str:
        self._answers()
        latest = {one.number: one for one in self.outbox}
        return digest_of((n, one.version) for n, one in latest.items() if not one.tombstone)

    def _answers(self) -> None:
        self.asked += 1
        if self.failing:
            raise ConnectionError("the line is down")


# A matching that is easily foretold.


@dataclass(frozen=True)
class Row:
    feature: str
    left: str
    right: str
    field_class: FieldClass
    words: str
    weight: float
    level: str = "same"


@dataclass(frozen=True)
class Weighed:
    rows: tuple[Row, ...]
    strong: bool
    relation: str = "same_person"
    contradicted: bool = False

    @property
    def score(self) -> float:
        return sum(row.weight for row in self.rows)

    @property
    def proposed(self) -> bool:
        return self.score >= 10


def keys_of(one: Pointer) -> Iterable[str]:
    yield from (f"name:{name.casefold()}" for name in one.names)
    yield from (f"phone:{phone}" for phone in one.phones)
    yield from (f"number:{kind}:{number}" for kind, number in one.identifiers)


def weigh(left: Pointer, right: Pointer) -> Weighed:
    rows = [
        Row(feature, " ".join(ours), " ".join(theirs), closed, "they agree", weight)
        for feature, ours, theirs, closed, weight in (
            ("name", left.names, right.names, FieldClass.IDENTITY, 6.0),
            ("birth date", (left.birth_date,), (right.birth_date,), FieldClass.IDENTITY, 5.5),
            ("phone", left.phones, right.phones, FieldClass.CONTACT, 8.0),
        )
        if set(filter(None, ours)) & set(filter(None, theirs))
    ]
    strong = bool(set(left.identifiers) & set(right.identifiers))
    if strong:
        rows.append(Row("A-number", "same", "same", FieldClass.IDENTITY, "they agree", 20.0))
    return Weighed(tuple(rows), strong)


ENGINE = Engine(keys_of=keys_of, keys_version="keys-1", weigh=weigh, version="foretold-1")


def matched(*pointers: Pointer, engine: Engine = ENGINE, at: Any = AT) -> Matched:
    """Taken and matched to the end."""
    taken(*pointers, at=at)
    return match_pending(engine=engine, at=at, limit=1_000)


def told(*pointers: Pointer, engine: Engine = ENGINE, at: Any = AT) -> Notified:
    """Taken, matched, and told to whom it may be."""
    matched(*pointers, engine=engine, at=at)
    return notify_pending(at=at)


def standing(agency: str) -> NoticeRow:
    """The one notice that stands before an agency."""
    return NoticeRow.objects.get(agency=agency, withdrawn_at=None)


def units_told() -> list[str]:
    """Before whom a notice stands."""
    rows = NoticeRow.objects.filter(withdrawn_at=None).order_by("agency", "unit")
    return [f"{row.agency} {row.unit}" for row in rows]


def put_in_force(*parties: Party, at: Any = AT, **about: Any) -> Agreement:
    """The model agreement with these parties, adopted by the exchange."""
    text = replace(model_agreement(parties=parties or (PATROL, INVESTIGATIONS)), **about)
    text = signed_by_all(text, at=at)
    adopt(text, database=EXCHANGE, at=at)
    return text


def changed(one: Pointer, **about: Any) -> Pointer:
    """The next version."""
    return replace(one, version=one.version + 1, **about)


def directory() -> None:
    """Two agencies of one department, and one that is no party to anything."""
    for code, name, department, units in (
        ("patrol", "Patrol", "DHS", ("TCA/NGL", "TCA")),
        ("investigations", "Investigations", "DHS", ("LA/13", "TU")),
        ("county", "County", "COUNTY", ("one",)),
    ):
        register_agency(code=code, name=name, department=department, at=AT)
        for unit in units:
            register_unit(agency=code, code=unit, name=unit, at=AT)


def seeded(number: int = 1) -> random.Random:
    return random.Random(number)


def numbered(pointers: Sequence[Pointer]) -> list[str]:
    return [one.number for one in pointers]
