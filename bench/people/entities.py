"""Who the people truly are: families at one address, twins, and fathers and sons of one name.

Everybody has a number. People are made by blocks of numbers, each from the seed and the block's
own number, so ten million never stand in memory, and any of them can be made again.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from bench.people.tables import CITIES, Ints, tables
from numpy.random import Generator
from numpy.typing import NDArray

BLOCK = 100_000
TODAY = np.datetime64("2025-06-01", "D")
TWO_GIVEN = {"hispanic": 0.45, "english": 0.4, "portuguese": 0.2, "haitian": 0.2}
TWO_SURNAMES = {"hispanic": 0.93, "portuguese": 0.5}
OTHERWISE_TWO_GIVEN = 0.1
OTHERWISE_TWO_SURNAMES = 0.02

# What a person is to the one before: a stranger, or of one household.
STRANGER, SIBLING, TWIN, NAMESAKE, SPOUSE = range(5)
KINDS = (0.72, 0.14, 0.012, 0.018, 0.11)
# Nobody knows the day, so the papers themselves say the first of January.
ESTIMATED = 0.03


@dataclass(frozen=True, slots=True, eq=False)
class Entities:
    """A block of people, a column each; -1 where there is no second name."""

    first: int
    """The number of the first."""
    kind: Ints
    origin: Ints
    sex: Ints
    given: Ints
    given2: Ints
    surname: Ints
    surname2: Ints
    born: NDArray[np.datetime64]
    house: Ints
    """Numbers the household: the same address, and mostly the same phone."""
    has: dict[str, NDArray[np.bool_]]
    """Which numbers the person has been given, by column."""

    def __len__(self) -> int:
        return len(self.kind)

    def cut(self, number: int) -> Entities:
        """The first so many, or all."""
        names = [one.name for one in fields(self) if one.name not in ("first", "has")]
        has = {name: has[:number] for name, has in self.has.items()}
        columns = {name: getattr(self, name)[:number] for name in names}
        return Entities(first=self.first, has=has, **columns)


HAS = {"a_number": 0.65, "fin": 0.5, "passport": 0.4, "phone": 0.75}


def block(seed: int, number: int) -> Entities:
    """The people numbered from `number * BLOCK`."""
    rng = np.random.default_rng([seed, number, 1])
    kind = rng.choice(len(KINDS), BLOCK, p=KINDS)
    kind[0] = STRANGER
    # The stranger before somebody: the head of the household.
    head = np.maximum.accumulate(np.where(kind == STRANGER, np.arange(BLOCK), 0))
    origin = np.searchsorted(tables().share, rng.random(BLOCK), side="right")[head]
    sex = (rng.random(BLOCK) < 0.7).astype(np.int64)
    sex = np.where(kind == SPOUSE, 1 - sex[head], np.where(kind == NAMESAKE, sex[head], sex))
    given, given2 = _given(rng, origin, sex)
    surname, surname2 = _surnames(rng, origin)
    namesake, sibling = kind == NAMESAKE, (kind == SIBLING) | (kind == TWIN)
    of_head = sibling | namesake
    return Entities(
        first=number * BLOCK,
        kind=kind,
        origin=origin,
        sex=sex,
        given=np.where(namesake, given[head], given),
        given2=np.where(namesake, given2[head], given2),
        surname=np.where(of_head, surname[head], surname),
        # A father bears the same first surname; his second is of another mother.
        surname2=np.where(
            sibling | (namesake & (surname2[head] < 0)),
            surname2[head],
            np.where(namesake & (surname2 < 0), surname, surname2),
        ),
        born=_born(rng, kind, head),
        house=number * BLOCK + head,
        has={name: rng.random(BLOCK) < share for name, share in HAS.items()},
    )


def _given(rng: Generator, origin: Ints, sex: Ints) -> tuple[Ints, Ints]:
    table = tables()
    first, second = np.empty(BLOCK, np.int64), np.full(BLOCK, -1)
    for number, culture in enumerate(table.cultures):
        for of_sex in (0, 1):
            here = np.flatnonzero((table.culture_of[origin] == number) & (sex == of_sex))
            drawn = table.given[number][of_sex]
            first[here] = drawn.draw(rng.random(len(here)))
            two = here[rng.random(len(here)) < TWO_GIVEN.get(culture, OTHERWISE_TWO_GIVEN)]
            second[two] = drawn.draw(rng.random(len(two)))
    return first, np.where(second == first, -1, second)


def _surnames(rng: Generator, origin: Ints) -> tuple[Ints, Ints]:
    table = tables()
    first, second = np.empty(BLOCK, np.int64), np.full(BLOCK, -1)
    for number, culture in enumerate(table.cultures):
        here = np.flatnonzero(table.culture_of[origin] == number)
        drawn = table.surnames[number]
        first[here] = drawn.draw(rng.random(len(here)))
        two = here[rng.random(len(here)) < TWO_SURNAMES.get(culture, OTHERWISE_TWO_SURNAMES)]
        second[two] = drawn.draw(rng.random(len(two)))
    return first, second


def _born(rng: Generator, kind: Ints, head: Ints) -> NDArray[np.datetime64]:
    # Ages lie close together in the twenties with a long tail, as those of migrants do.
    days = (365.25 * np.minimum(82.0, 14 + rng.gamma(2.2, 7.0, BLOCK))).astype(np.int64)
    apart = rng.integers(300, 3000, BLOCK)
    older = rng.integers(7000, 12000, BLOCK)
    guessed = rng.random(BLOCK) < ESTIMATED
    days = np.where(kind == TWIN, days[head], days)
    days = np.where(kind == SIBLING, np.maximum(days[head] - apart, 300), days)
    days = np.where(
        kind == NAMESAKE, np.where(days[head] > 24000, days[head] - older, days[head] + older), days
    )
    born = TODAY - days.astype("timedelta64[D]")
    guessed = np.where(kind == TWIN, guessed[head], guessed)
    return np.where(guessed, born.astype("datetime64[Y]").astype("datetime64[D]"), born)


# Numbers are the person's own number multiplied and cut: all different, and no two alike. A
# number that is one digit off is now and then somebody else's, as it is with real ones.
def a_numbers(who: Ints) -> Ints:
    """Eight or nine digits."""
    return 20_000_000 + who * 472_882_027 % 879_999_991


def fins(who: Ints) -> Ints:
    """Ten digits."""
    return 1_000_000_000 + who * 479_001_599 % 7_999_999_973


def passports(who: Ints) -> Ints:
    """Eight digits behind a letter."""
    return 10_000_000 + who * 32_452_843 % 2_339_999_977


def phones(who: Ints) -> Ints:
    """Ten digits of the North American plan.

    The lines set aside for fiction are a hundred an area, far too few for a million people; so
    these are drawn from all. They stand in files that a benchmark makes and throws away.
    """
    mixed = who * 67_867_967 % 2_147_483_629
    return (201 + mixed % 700) * 10_000_000 + 2_000_000 + who * 15_485_863 % 7_999_993


def places(house: Ints, move: Ints) -> tuple[Ints, Ints, Ints]:
    """The number that says street and house, the city and the postal code, after `move` moves."""
    mixed = (house * 2_654_435_761 + move * 40_503 * 7919) % 2_147_483_647
    city = mixed // 7 % len(CITIES)
    start = np.array([code for _, code in CITIES])[city]
    return mixed, city, start * 100 + mixed // 1009 % 40
