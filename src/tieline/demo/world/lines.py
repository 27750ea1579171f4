"""Telephone lines that belong to nobody, for people who have one of their own each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import cycle
from random import Random
from typing import Final

from tieline.demo.people import AREA_CODES, MEXICAN_CODES, Person

__all__ = ["DESKS", "Lines"]

DESKS: Final = "520"
"""The area whose lines are those of duty desks alone."""

_OF_AMERICA: Final = 100
"""Lines 0100 to 0199 of exchange 555 are set aside for fiction, in each area."""
_OF_MEXICO: Final = 10_000
"""Of the exchange 000, which is given to nobody."""


class Lines:
    """Gives each line once, until all are given; two who share one share it for a reason."""

    def __init__(self, rng: Random) -> None:
        areas = [code for code in AREA_CODES if code != DESKS]
        america = [f"+1{code}55501{n:02d}" for code in areas for n in range(_OF_AMERICA)]
        mexico = [f"+52{code}000{n:04d}" for code in MEXICAN_CODES for n in range(_OF_MEXICO)]
        every = [*america, *mexico]
        rng.shuffle(every)
        self._free = cycle(every)

    def next(self) -> str:
        """A line that nobody has yet."""
        return next(self._free)

    def given_to(self, people: Sequence[Person]) -> list[Person]:
        """The same people, whoever has a phone with a line of his own; relatives keep sharing."""
        given: list[Person] = []
        for before, person in zip([None, *people], people, strict=False):
            if not person.phone:
                given.append(person)
                continue
            family = before is not None and before.surnames[:1] == person.surnames[:1]
            shared = family and before is not None and before.phone == person.phone
            given.append(replace(person, phone=given[-1].phone if shared else self.next()))
        return given
