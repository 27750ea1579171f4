"""What an index compares, and whether a file or a question fits it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from tieline.core.matching.free import FreeModel
from tieline.core.matching.keys import KEYS_VERSION
from tieline.core.matching.modelfile import from_json
from tieline.core.matching.sketches import SKETCHES_VERSION
from tieline.core.values.names import NAMES_VERSION
from tieline.linking.aliases import match_fields
from tieline.linking.fieldmap import LinkMap
from tieline.linking.index.database import IndexRefused
from tieline.linking.index.store import Store
from tieline.linking.normal import NORMAL_VERSION, Column, columns_of
from tieline.linking.numbers import NumberKind

__all__ = [
    "VERSION",
    "Plan",
    "asked_columns",
    "check",
    "check_version",
    "kept_columns",
    "mark",
    "places_of",
    "plan_of",
    "same_values",
    "version_of",
]

VERSION: Final = {
    "keys": KEYS_VERSION,
    "sketches": SKETCHES_VERSION,
    "names": NAMES_VERSION,
    "normal": NORMAL_VERSION,
    # How many carry a key: since 1 those that are left out are counted, and not all.
    "crowds": 1,
}


@dataclass(frozen=True, slots=True)
class Plan:
    """What an index compares, and with which weights."""

    columns: tuple[Column, ...]
    model: FreeModel
    learned_from: int
    filled: tuple[int, ...]
    """Of each column, how many values or words stand in it."""


def kept_columns(store: Store, columns: Sequence[Column]) -> tuple[Column, ...]:
    """Columns of the index's own map, with which numbers the first file had in them."""
    numbers = store.about("numbers") or []
    if len(numbers) != len(columns):
        return tuple(columns)
    return tuple(
        replace(one, numbers=NumberKind(kind)) for one, kind in zip(columns, numbers, strict=True)
    )


def plan_of(store: Store, fields: LinkMap) -> Plan:
    """What the index compares. Raises IndexRefused where nothing was loaded yet."""
    columns = kept_columns(store, columns_of(match_fields(fields)))
    check(store, columns)
    said = store.about("model")
    if said is None:
        raise IndexRefused("nothing was loaded into this index", cure="tieline index load")
    return Plan(columns, from_json(said["model"]), said["rows"], tuple(store.about("filled")))


def places_of(plan: Plan, asked: Sequence[Column]) -> list[int]:
    """Of each column that is asked for, its place among those of the index; it may have more.

    Raises IndexRefused where one is not among them.
    """
    places = {mark(one): at for at, one in enumerate(plan.columns)}
    missing = [one.label for one in asked if mark(one) not in places]
    if missing:
        raise IndexRefused(
            f"the index does not keep the field: {', '.join(missing)}",
            cure=f"it keeps: {_shown(mark(one) for one in plan.columns)}",
        )
    return [places[mark(one)] for one in asked]


def asked_columns(plan: Plan, asked: Sequence[Column]) -> tuple[Column, ...]:
    """The columns that are asked for, their numbers read as those of the index. Raises as
    `places_of` does.
    """
    places = places_of(plan, asked)
    return tuple(
        replace(one, numbers=plan.columns[at].numbers)
        for one, at in zip(asked, places, strict=True)
    )


_CURE: Final = "tieline index rebuild builds a second one beside it, and then takes its place"


def version_of(store: Store) -> dict[str, int]:
    """Of which version an index is that this program makes in such a database."""
    return {**VERSION, **store.layout}


def same_values(version: Mapping[str, int]) -> bool:
    """Whether what an index of another version keeps is in the form that is kept now."""
    return all(version.get(name) == VERSION[name] for name in ("names", "normal"))


def mark(column: Column) -> tuple[str, str]:
    """By what a column is known again: its kind, and its label where there may be several."""
    return column.kind.value, "" if column.is_name else column.label


def _shown(columns: Iterable[Sequence[str]]) -> str:
    return ", ".join(f"{label} ({kind})" if label else kind for kind, label in columns)


def check_version(store: Store) -> None:
    """Raise IndexRefused where the index is of another version."""
    version = store.about("version")
    if version not in (None, version_of(store)):
        raise IndexRefused(
            "this index was built by another version of the keys, or of their files",
            cure=_CURE if same_values(version) else "load its files into a new one",
        )


def check(store: Store, columns: Sequence[Column]) -> None:
    """Raise IndexRefused where the index is of another version, or keeps other columns."""
    check_version(store)
    kept = store.about("columns")
    if kept is None:
        return
    if [tuple(one) for one in kept] != list(map(mark, columns)):
        raise IndexRefused(
            "the map has other fields than the index", cure=f"the index keeps: {_shown(kept)}"
        )
    if store.about("numbers") != [one.numbers for one in columns]:
        raise IndexRefused(
            "another file was loaded first meanwhile, with other numbers in its columns",
            cure="load this one again",
        )
