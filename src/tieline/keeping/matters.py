"""What hangs together with a record: the case or event that it is part of, and its own parts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from tieline.keeping.records import KeptRecord

__all__ = ["above", "matter_of"]

_DEEPEST = 4
_ROWS = 500


def matter_of(
    record: KeptRecord, kinds: Sequence[type[KeptRecord]], *, database: str
) -> list[KeptRecord]:
    """The record itself, all that it is part of, and all its parts: of these none may be open or
    held when it is destroyed.
    """
    by_number = {record.number: record}
    for one in above(record, kinds, database=database):
        by_number.setdefault(one.number, one)
    below: Mapping[str, KeptRecord] = {record.number: record}
    for _ in range(_DEEPEST):
        below = {one.number: one for one in _parts(list(below), kinds, database)}
        if not below:
            break
        by_number.update(below)
    return list(by_number.values())


def above(
    record: KeptRecord, kinds: Sequence[type[KeptRecord]], *, database: str
) -> list[KeptRecord]:
    """All that a record is part of, the nearest first."""
    found: list[KeptRecord] = []
    here = record
    for _ in range(_DEEPEST):
        number = getattr(here, here.part_of) if here.part_of else ""
        nearest = next(_of([number], "number", kinds, database), None) if number else None
        if nearest is None:
            break
        found.append(nearest)
        here = nearest
    return found


def _parts(
    numbers: Sequence[str], kinds: Sequence[type[KeptRecord]], database: str
) -> Iterator[KeptRecord]:
    for kind in kinds:
        if kind.part_of:
            yield from _of(numbers, kind.part_of, (kind,), database)


def _of(
    numbers: Sequence[str], column: str, kinds: Sequence[type[KeptRecord]], database: str
) -> Iterator[KeptRecord]:
    for kind in kinds:
        rows = kind._default_manager.using(database)
        for start in range(0, len(numbers), _ROWS):
            yield from rows.filter(**{f"{column}__in": numbers[start : start + _ROWS]})
