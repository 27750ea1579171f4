"""How a clerk wrote an invented person down: in one system so, in the other otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Final

from tieline.demo.mistakes import misdate, mishear, mistype, respell, shorten
from tieline.demo.people import Person

__all__ = ["Written", "write_down"]

_SLIP: Final = 0.06


@dataclass(frozen=True, slots=True)
class Written:
    """A person as one record has it."""

    given_name: str
    paternal_surname: str
    maternal_surname: str
    name_as_given: str
    aliases: tuple[str, ...]
    birth_date: str
    sex: str
    phone: str


def write_down(person: Person, rng: Random, *, careless: float = 1.0) -> Written:
    """As somebody heard or typed it. `careless` multiplies how often something goes wrong."""
    slip = _SLIP * careless
    given = [_slipped(one, rng, slip) for one in person.given]
    surnames = [_slipped(one, rng, slip) for one in person.surnames]
    aliases: list[str] = []
    if rng.random() < slip and len(surnames) > 1:
        surnames.reverse()
    if rng.random() < 2 * slip and len(surnames) > 1:
        del surnames[1:]
    if rng.random() < 2 * slip and len(given) > 1:
        del given[1:]
    if given and rng.random() < slip:
        aliases.append(f"{shorten(given[0], rng)} {' '.join(surnames)}")
    elif given and rng.random() < slip:
        given[0] = shorten(given[0], rng)
    born = misdate(person.born, rng) if rng.random() < slip else person.born
    missing = rng.random() < 0.5 * slip
    return Written(
        given_name=" ".join(given),
        paternal_surname=surnames[0] if surnames else "",
        maternal_surname=" ".join(surnames[1:]),
        name_as_given=_as_given(given, surnames, rng),
        aliases=tuple(aliases),
        birth_date="" if missing else _dated(born, rng, slip),
        sex=person.sex,
        phone=person.phone,
    )


def _slipped(name: str, rng: Random, slip: float) -> str:
    if rng.random() >= slip:
        return name
    return rng.choice((respell, mishear, mistype))(name, rng)


def _as_given(given: list[str], surnames: list[str], rng: Random) -> str:
    if given and rng.random() < 0.3:
        return f"{' '.join(surnames).upper()}, {' '.join(given)}"
    return " ".join([*given, *surnames])


def _dated(born: date, rng: Random, slip: float) -> str:
    return str(born.year) if rng.random() < slip else born.isoformat()
