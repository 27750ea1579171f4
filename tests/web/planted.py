"""Values that stand nowhere else, one in each field that can hold one: where one turns up, it is
told from which field of which record it came.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import date, timedelta
from typing import Any, Final, TypeVar

from tieline.core.records import FieldClass
from tieline.keeping.draft import Draft
from tieline.keeping.records import PROTECTIONS, KeptRecord

__all__ = ["NO_ROOM", "Planted", "Planter", "screened"]

_Any = TypeVar("_Any", bound=Draft)
_CONSONANTS: Final = "bdfgklmnprstvz"
_OLD: Final = date(1911, 3, 1)
NO_ROOM: Final = frozenset(
    {
        *("sex", "citizenship", "country", "flag", "cautions", "status", "reason", "handling"),
        *("sector", "border", "arrest_method", "entry_status", "time_in_us", "disposition"),
        *("fear_claimed", "a_number_state", "processing_code"),
        *("claimed_age", "height_cm", "weight_kg", "prior_removals", "year"),
        *("apprehended_at", "entered_at", "booked_in_at", "booked_out_at"),
        *("effective_on", "expires_on", "agent", "office", "supervisor"),
        *("event", "case", "subject"),
    }
)
"""Codes of a list, small numbers, moments of today, numbers of records and users."""


@dataclass(frozen=True, slots=True)
class Planted:
    """One value, as it would stand on a page, and where it was put."""

    text: str
    label: str
    """The record's, in the tests."""
    name: str
    field_class: FieldClass
    system: str
    number: str
    kind: str
    owner_agency: str
    owning_unit: str
    protections: Mapping[str, bool] = field(repr=False)
    caveats: frozenset[str] = field(repr=False)


@dataclass(slots=True)
class Planter:
    """Fills drafts, and remembers what was put where."""

    all: list[Planted] = field(default_factory=list)
    _serial: int = 0
    _rng: random.Random = field(default_factory=lambda: random.Random(1367))
    _put: dict[str, dict[str, str]] = field(default_factory=dict)

    def draft(self, kind: type[_Any], label: str, *flags: str, **given: Any) -> _Any:
        """A draft with a value of its own in each field that is not given."""
        values = dict(given)
        put = self._put.setdefault(label, {})
        for one in fields(kind):
            if one.name in NO_ROOM or one.name in values or one.name in ("number", "protections"):
                continue
            values[one.name], put[one.name] = self._value(one.name)
        return kind(**values, protections=screened(*flags))

    def word(self) -> str:
        """A word that nobody uses, and that could be a name."""
        # Four syllables of fourteen consonants: hexadecimal numbers have too few of them.
        said = "".join(self._rng.choice(_CONSONANTS) + self._rng.choice("aeiou") for _ in range(4))
        return f"{said}k".capitalize()

    def kept(self, label: str, record: KeptRecord, system: str) -> str:
        """Remember of what became of a draft; gives its number."""
        classes = dict(record.columns())
        self.plant(label, record, system, {k: (v, classes[k]) for k, v in self._put[label].items()})
        return record.number

    def plant(
        self,
        label: str,
        record: KeptRecord,
        system: str,
        texts: Mapping[str, tuple[str, FieldClass]],
    ) -> None:
        """Remember texts that stand in a record."""
        for name, (text, field_class) in texts.items():
            self.all.append(
                Planted(
                    text=text,
                    label=label,
                    name=name,
                    field_class=field_class,
                    system=system,
                    number=record.number,
                    kind=record.kind,
                    owner_agency=record.owner_agency,
                    owning_unit=record.owning_unit,
                    protections=record.record().protections.effective,
                    caveats=record.record().caveats,
                )
            )

    def of(self, label: str) -> Iterator[Planted]:
        """What was put into one record."""
        return (one for one in self.all if one.label == label)

    def _value(self, name: str) -> tuple[Any, str]:
        self._serial += 1
        if name in _SHAPED:
            return _SHAPED[name](self._serial)
        word = self.word()
        return ((word,) if name == "aliases" else word), word


def screened(*flags: str) -> dict[str, bool | None]:
    """Each protection was looked at; these are set."""
    return {name: name in flags for name in PROTECTIONS}


def _same(make: Callable[[int], str]) -> Callable[[int], tuple[str, str]]:
    return lambda serial: (make(serial), make(serial))


def _day(serial: int) -> str:
    return (_OLD + timedelta(days=17 * serial)).isoformat()


def _number(text: str) -> tuple[float, str]:
    return float(text), text


_SHAPED: Final[Mapping[str, Callable[[int], tuple[Any, str]]]] = {
    "a_number": _same(lambda serial: str(213_000_000 + 7_919 * serial)),
    "birth_date": _same(_day),
    "documents": lambda serial: (
        (f"MX passport K{31_000_000 + serial}",),
        f"K{31_000_000 + serial}",
    ),
    "fin": _same(lambda serial: str(77_000_000_000 + 7_919 * serial)),
    "hull_number": _same(lambda serial: f"QZH{50_000 + serial}"),
    "latitude": lambda serial: _number(f"31.{40_007 + 10 * serial}"),
    "length_m": lambda serial: _number(f"{10 + serial % 400}.{7_001 + serial}"),
    "longitude": lambda serial: _number(f"-111.{40_007 + 10 * serial}"),
    "opened_on": _same(_day),
    "phone": lambda serial: (f"+1520{2_100_007 + 101 * serial}", f"{2_100_007 + 101 * serial}"),
    "plate": lambda serial: (f"SON QZ{1_000 + serial}", f"QZ{1_000 + serial}"),
    "vehicle_plate": lambda serial: (f"SON QZ{1_000 + serial}", f"QZ{1_000 + serial}"),
    "vin": _same(lambda serial: f"QZV{50_000 + serial}"),
}
"""The value, and the part of it that a page would show however it writes the rest."""
