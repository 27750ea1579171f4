"""Invented people of both land borders: who they truly are, before any system wrote them down."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from tieline.demo.names import Origin, Table, given_names, origins, surnames

# Lines 0100 to 0199 of exchange 555 are set aside for fiction in the North American plan.
AREA_CODES = (
    *("206", "360", "509", "604", "250", "403", "306", "204", "701", "218", "807", "906", "705"),
    *("519", "716", "315", "613", "518", "514", "802", "207", "506", "619", "760", "928", "520"),
    *("505", "915", "432", "830", "956", "210", "713", "323", "312", "305", "646", "404", "919"),
)
# Mexico sets none aside; its exchange 000 is given to nobody.
MEXICAN_CODES = ("899", "867", "656", "664", "631", "868", "951", "222")

# How often people bear two given names, and both parents' surnames, by the custom of their names.
TWO_GIVEN = {"hispanic": 0.45, "english": 0.4, "portuguese": 0.2, "haitian": 0.2}
TWO_SURNAMES = {"hispanic": 0.93, "portuguese": 0.5}
NO_PHONE = 0.3
# A twin, a sibling or a parent of one name: the people whom matching must not take for each other.
RELATIVES = 0.04
OLDEST = timedelta(days=100 * 366)
"""Parents of parents would be older than any record takes, and a date mistyped is older still."""


@dataclass(frozen=True, slots=True)
class Person:
    """One invented person."""

    given: tuple[str, ...]
    """Empty for a person of a single name, who is then all surname."""
    surnames: tuple[str, ...]
    born: date
    sex: str
    origin: Origin
    phone: str
    """In the form +15555550100; "" where the person has none."""
    city: str


def invent_people(number: int, *, rng: Random, today: date) -> list[Person]:
    """As many different people, a few of them close relatives of the one before."""
    everyone, shares = origins()
    names = _Names(rng)
    people: list[Person] = []
    for origin in rng.choices(everyone, cum_weights=shares, k=number):
        if people and rng.random() < RELATIVES:
            relative = _relative(people[-1], names, rng)
            alive = today - relative.born < OLDEST
            people.append(relative if alive else replace(relative, born=people[-1].born))
            continue
        sex = "F" if rng.random() < 0.3 else "M"
        # Ages lie close together in the twenties with a long tail, as those of migrants do.
        age_in_days = 365.25 * min(88.0, 14 + rng.gammavariate(2.2, 7.0))
        people.append(
            Person(
                given=names.given(origin.names, sex),
                surnames=names.surnames(origin.names),
                born=today - timedelta(days=int(age_in_days)),
                sex=sex,
                origin=origin,
                phone=_phone(origin, rng),
                city=rng.choice(origin.cities),
            )
        )
    return people


class _Names:
    """Draws names a thousand at a time: one by one is ten times slower."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._drawn: dict[Table, list[str]] = {}

    def given(self, names: str, sex: str) -> tuple[str, ...]:
        if names == "indian" and self._rng.random() < 0.03:
            return ()
        first = self._next(given_names(names, sex))
        if " " in first or self._rng.random() >= TWO_GIVEN.get(names, 0.05):
            return tuple(first.split())
        second = self._next(given_names(names, sex)).split()[0]
        return (first, second) if second != first else (first,)

    def surnames(self, names: str) -> tuple[str, ...]:
        table = surnames(names)
        if self._rng.random() < TWO_SURNAMES.get(names, 0.02):
            return self._next(table), self._next(table)
        return (self._next(table),)

    def _next(self, table: Table) -> str:
        if not self._drawn.get(table):
            self._drawn[table] = table.draw(self._rng, 1000)
        return self._drawn[table].pop()


def _relative(person: Person, names: _Names, rng: Random) -> Person:
    kind = rng.choice(("twin", "sibling", "parent"))
    if kind == "parent":  # of the same name, but for the second surname
        earlier = timedelta(days=rng.randint(7000, 12000))
        other = names.surnames(person.origin.names)[:1]
        family = person.surnames[:1] + other if len(person.surnames) > 1 else person.surnames
        return replace(person, born=person.born - earlier, surnames=family)
    sex = rng.choice("FM")
    given = names.given(person.origin.names, sex)
    earlier = timedelta(days=0 if kind == "twin" else rng.randint(300, 3000))
    return replace(person, given=given, sex=sex, born=person.born - earlier)


def _phone(origin: Origin, rng: Random) -> str:
    if rng.random() < NO_PHONE:
        return ""
    line = f"{rng.randrange(100):02d}"
    if origin.iso3 == "MEX" and rng.random() < 0.4:
        return f"+52{rng.choice(MEXICAN_CODES)}00001{line}"
    return f"+1{rng.choice(AREA_CODES)}55501{line}"
