"""The names that people bear, as numbers into one long list: a million are drawn at once."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache
from random import Random

import numpy as np
from numpy.typing import NDArray

from tieline.demo import names as demo

Ints = NDArray[np.int64]
Texts = NDArray[np.object_]

# Lists of the commonest names end where most families begin. Without a tail every surname would
# be common, and the rarity of a name could help nobody.
RARE = 0.08
RARE_A_TABLE = 4000
SEXES = ("F", "M")

STREETS = (
    *("Main", "Oak", "Pine", "Cedar", "Elm", "Lincoln", "Washington", "Lake", "Hill", "Park"),
    *("Mesquite", "Palo Verde", "San Jacinto", "Del Rio", "Hidalgo", "Juárez", "Morelos"),
    *("Guerrero", "Zaragoza", "Sunset", "River", "Mission", "Camino Real", "Alameda", "Paisano"),
    *("Saguaro", "Ocotillo", "Bluebonnet", "Cardinal", "Highland", "Jefferson", "Walnut", "2nd"),
    *("3rd", "4th", "5th", "6th", "7th", "8th", "9th", "10th", "Church", "Railroad", "Airport"),
)
STREET_KINDS = ("St", "Ave", "Rd", "Dr", "Ln", "Blvd", "Ct", "Way")
# Places that stand at or near the two land borders, or to which people go on; the number is how
# their postal codes begin.
CITIES = (
    *(("El Paso", 799), ("Laredo", 780), ("McAllen", 785), ("Brownsville", 785)),
    *(("Eagle Pass", 788), ("Del Rio", 788), ("San Diego", 921), ("Calexico", 922)),
    *(("Yuma", 853), ("Nogales", 856), ("Tucson", 857), ("Douglas", 856), ("Las Cruces", 880)),
    *(("Houston", 770), ("San Antonio", 782), ("Dallas", 752), ("Los Angeles", 900)),
    *(("Phoenix", 850), ("Chicago", 606), ("Miami", 331), ("New York", 100), ("Newark", 71)),
    *(("Blaine", 982), ("Spokane", 992), ("Havre", 595), ("Grand Forks", 582), ("Detroit", 482)),
    *(("Buffalo", 142), ("Massena", 136), ("Swanton", 54), ("Houlton", 47), ("Atlanta", 303)),
)


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """Some of the names, and how often each is drawn."""

    codes: Ints
    cumulative: NDArray[np.float64]

    def draw(self, chance: NDArray[np.float64]) -> Ints:
        """One code for each number from 0 to 1."""
        return self.codes[np.searchsorted(self.cumulative, chance, side="right")]


@dataclass(frozen=True, slots=True, eq=False)
class Tables:
    """Every name once, and for each culture the tables that number them."""

    texts: Texts
    cultures: tuple[str, ...]
    surnames: tuple[Drawn, ...]
    """By culture."""
    given: tuple[tuple[Drawn, ...], ...]
    """By culture and sex."""
    origins: tuple[demo.Origin, ...]
    culture_of: Ints
    """By origin."""
    share: NDArray[np.float64]
    """Of origins, cumulative."""


@cache
def tables() -> Tables:
    """All of the demo's tables; nothing here depends on a seed."""
    origins, cumulative = demo.origins()
    cultures = tuple(dict.fromkeys(origin.names for origin in origins))
    known: dict[str, int] = {}
    surnames = tuple(_surnames(culture, known) for culture in cultures)
    given = tuple(
        (
            _drawn(demo.given_names(culture, "F"), known),
            _drawn(demo.given_names(culture, "M"), known),
        )
        for culture in cultures
    )
    texts = np.array(list(known), dtype=object)
    return Tables(
        texts=texts,
        cultures=cultures,
        surnames=surnames,
        given=given,
        origins=origins,
        culture_of=np.array([cultures.index(origin.names) for origin in origins]),
        share=np.array(cumulative) / cumulative[-1],
    )


def _drawn(table: demo.Table, known: dict[str, int]) -> Drawn:
    codes = np.array([known.setdefault(name, len(known)) for name in table.values])
    return Drawn(codes, np.array(table.cumulative) / table.cumulative[-1])


def _surnames(culture: str, known: dict[str, int]) -> Drawn:
    """The commonest by their weights, and behind them a long tail of rare ones."""
    common = _drawn(demo.surnames(culture), known)
    tail = _spliced(demo.surnames(culture).values, RARE_A_TABLE)
    codes = np.array([known.setdefault(name, len(known)) for name in tail])
    shares = np.full(len(codes), RARE / len(codes))
    return Drawn(
        np.concatenate([common.codes, codes]),
        np.concatenate([common.cumulative * (1 - RARE), 1 - RARE + np.cumsum(shares)]),
    )


def _spliced(names: tuple[str, ...], number: int) -> list[str]:
    """Names that nobody listed: the head of one of the culture's names and the end of another."""
    rng = Random(" ".join(names))
    single = [name for name in names if " " not in name and len(name) > 3]
    made = {
        one[: (len(one) + 1) // 2] + other[len(other) // 2 :]
        for one, other in (rng.sample(single, 2) for _ in range(number))
    }
    return sorted(made - set(names))


def capitals(text: str) -> str:
    """In capitals without accents, as older systems write."""
    apart = unicodedata.normalize("NFD", text.replace("Đ", "D").replace("đ", "d"))
    return "".join(mark for mark in apart if not unicodedata.combining(mark)).upper()
