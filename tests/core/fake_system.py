"""A record system in memory: what tests of the exchange stand on in place of a real one."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from tieline.core.agreement.clauses import Agreement
from tieline.core.agreement.decide import barred
from tieline.core.agreement.disclose import NOTHING, disclose
from tieline.core.agreement.question import Action
from tieline.core.agreement.viewer import Purpose, Viewer
from tieline.core.ports import (
    Cursor,
    Fetched,
    Found,
    Pointers,
    Query,
    SystemDescription,
    SystemState,
)
from tieline.core.records import Pointer, Protections, Record, RecordNumber

IDENTITY = {
    "name": "names",
    "birth date": "birth_date",
    "a-number": "identifiers",
    "phone": "phones",
    "plate": "plates",
}
"""The fields that a pointer carries, and what of a query each answers."""


class FakeSystem:
    """Records by number, an outbox of pointers, the owner's agreement at the door."""

    def __init__(
        self, about: SystemDescription, agreement: Agreement, records: Sequence[Record]
    ) -> None:
        self._about = about
        self._agreement = agreement
        self._records: dict[RecordNumber, Record] = {}
        self._outbox: list[Pointer] = []
        for record in records:
            self.keep(record)

    # Behind the door.

    def keep(self, record: Record) -> None:
        """Keep a new record or version, and put its pointer into the outbox, or take one back."""
        self._records[record.number] = record
        if not record.protections.hides_existence:
            self._outbox.append(self._pointer(record))
        else:
            self._bury(record.number)

    def change(self, number: RecordNumber) -> None:
        record = self._records[number]
        self.keep(replace(record, version=record.version + 1))

    def protect(self, number: RecordNumber) -> None:
        record = self._records[number]
        flags = {**record.protections.effective, "section_1367": True}
        self.keep(replace(record, version=record.version + 1, protections=Protections(**flags)))

    def purge(self, number: RecordNumber) -> None:
        del self._records[number]
        self._bury(number)

    # The door.

    def describe(self) -> SystemDescription:
        return self._about

    def fetch(
        self, number: RecordNumber, *, viewer: Viewer, purpose: Purpose, at: datetime
    ) -> Fetched:
        answer = disclose(
            self._records.get(number),
            viewer=viewer,
            purpose=purpose,
            agreement=self._agreement,
            at=at,
        )
        return Fetched(state=self._state(viewer, purpose, at), disclosure=answer.disclosure)

    def search(
        self, query: Query, *, viewer: Viewer, purpose: Purpose, at: datetime, limit: int
    ) -> Found:
        cut = (
            disclose(
                record,
                viewer=viewer,
                purpose=purpose,
                agreement=self._agreement,
                at=at,
                way=Action.SEARCH,
            ).disclosure
            for record in self._records.values()
            if _matches(record, query)
        )
        rows = [row for row in cut if row is not NOTHING]
        limit = max(limit, 0)
        return Found(
            state=self._state(viewer, purpose, at),
            rows=tuple(rows[:limit]),
            more=len(rows) > limit,
        )

    def pointers_since(self, cursor: Cursor, *, limit: int) -> Pointers:
        start = int(cursor) if cursor.isdecimal() else 0
        batch = self._outbox[start : start + limit]
        end = start + len(batch)
        return Pointers(
            pointers=tuple(batch), cursor=Cursor(str(end)), more=end < len(self._outbox)
        )

    def digest(self) -> str:
        live = {one.number: one for one in self._outbox}
        lines = sorted(f"{one.number} {one.version}" for one in live.values() if not one.tombstone)
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()

    def _state(self, viewer: Viewer, purpose: Purpose, at: datetime) -> SystemState:
        shut = barred(self._agreement, viewer=viewer, purpose=purpose, at=at)
        return SystemState.REFUSED if shut else SystemState.ANSWERED

    def _bury(self, number: RecordNumber) -> None:
        sent = [one for one in self._outbox if one.number == number]
        if sent and not sent[-1].tombstone:
            self._outbox.append(sent[-1].buried(version=sent[-1].version + 1))

    def _pointer(self, record: Record) -> Pointer:
        found = {part: _texts(record, name) for name, part in IDENTITY.items()}
        return Pointer(
            system=self._about.name,
            number=record.number,
            version=record.version,
            kind=record.kind,
            owner_agency=record.owner_agency,
            owning_unit=record.owning_unit,
            contact=record.contact,
            protections=record.protections,
            caveats=record.caveats,
            names=found["names"],
            birth_date="".join(found["birth_date"]),
            identifiers=tuple(("a_number", one) for one in found["identifiers"]),
            phones=found["phones"],
            plates=found["plates"],
        )


def _texts(record: Record, name: str) -> tuple[str, ...]:
    kept = record.fields.get(name)
    return (str(kept.value),) if kept is not None and kept.value else ()


def _matches(record: Record, query: Query) -> bool:
    """Whether every part that is asked meets the identity that the pointer would carry."""
    asked = {
        "name": query.names,
        "birth date": (query.birth_date,) if query.birth_date else (),
        "a-number": query.identifiers,
        "phone": query.phones,
        "plate": query.plates,
    }
    wanted = {name: {one.casefold() for one in texts} for name, texts in asked.items() if texts}
    return bool(wanted) and all(
        {one.casefold() for one in _texts(record, name)} & texts for name, texts in wanted.items()
    )
