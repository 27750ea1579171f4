"""The marks that a record bears because of what it is part of.

A lookout on the person of an exercise, or on what a third agency told, is one as well: it must not
tell outside what the record behind it may not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tieline.keeping.marks import MarkRow, caveats_of, is_carried, live
from tieline.keeping.matters import above, matter_of
from tieline.keeping.records import KeptRecord

__all__ = ["Family", "carry"]


@dataclass(frozen=True, slots=True)
class Family:
    """A record with what it is part of, and all its parts."""

    record: KeptRecord
    by_number: Mapping[str, KeptRecord]
    database: str

    @classmethod
    def of(cls, record: KeptRecord, kinds: Sequence[type[KeptRecord]], *, database: str) -> Family:
        """As the records stand."""
        found = matter_of(record, kinds, database=database)
        return cls(record, {one.number: one for one in found}, database)

    def borne(self) -> dict[str, frozenset[str]]:
        """The marks that the record and each of its owner's parts bear, as the rows stand now."""
        rows: dict[str, list[MarkRow]] = {}
        for row in live(self.database).filter(record__in=sorted(self.by_number)):
            rows.setdefault(row.record, []).append(row)
        return {
            number: caveats_of([*rows.get(number, ()), *_from_above(self._above(one), rows)])
            for number, one in self.by_number.items()
            if one.owner_agency == self.record.owner_agency and self._is_below(one)
        }

    def _above(self, one: KeptRecord) -> list[str]:
        found: list[str] = []
        here: KeptRecord | None = one
        while here is not None and here.part_of:
            number = getattr(here, here.part_of)
            here = self.by_number.get(number) if number not in found else None
            if here is not None:
                found.append(number)
        return found

    def _is_below(self, one: KeptRecord) -> bool:
        return one.number == self.record.number or self.record.number in self._above(one)


def carry(fresh: Sequence[KeptRecord], kinds: Sequence[type[KeptRecord]], *, database: str) -> None:
    """Put on new records what those bear that they are part of; the lock is held."""
    parts = [one for one in fresh if one.part_of and getattr(one, one.part_of)]
    if not parts or not live(database).exists():
        # Of most nodes there is none, and nobody enters records slower for it.
        return
    known: dict[str, frozenset[str]] = {}
    for one in parts:
        of = getattr(one, one.part_of)
        if of not in known:
            numbers = [each.number for each in above(one, kinds, database=database)]
            found = live(database).filter(record__in=numbers)
            known[of] = caveats_of(row for row in found if is_carried(row.mark))
        one.caveats = [*one.caveats, *sorted(known[of] - set(one.caveats))]


def _from_above(numbers: Iterable[str], rows: Mapping[str, Sequence[MarkRow]]) -> Iterable[MarkRow]:
    return [row for number in numbers for row in rows.get(number, ()) if is_carried(row.mark)]
