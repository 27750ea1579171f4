"""What those who entered a record stated of its protections, in about the shares of practice."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from random import Random
from typing import Final

from tieline.demo.people import Person
from tieline.keeping.records import PROTECTIONS

__all__ = ["is_child", "is_us_person", "screened", "stated"]

_RARE: Final = (
    ("asylum", 0.05),
    ("section_1367", 0.008),
    ("informant", 0.003),
    ("sealed", 0.002),
    ("medical", 0.002),
)
_OF_AGE: Final = 18 * 366
"""Days."""
_UNKNOWN: Final = 0.01
"""Where one question was left out: it counts as protected until somebody asks it."""


def screened(*flags: str) -> dict[str, bool | None]:
    """Each was asked; those named are set."""
    return {name: name in flags for name in PROTECTIONS}


def is_child(person: Person, *, at: datetime) -> bool:
    """Whether the person is under age then, by the true date of birth; in doubt they are."""
    return (at.date() - person.born).days < _OF_AGE


def is_us_person(person: Person) -> bool:
    """Whether the person is a citizen of the United States."""
    return person.origin.iso3 == "USA"


def stated(rng: Random, person: Person, *, at: datetime) -> Mapping[str, bool | None]:
    """As somebody answered them at entry."""
    said = screened()
    said["juvenile"], said["us_person"] = is_child(person, at=at), is_us_person(person)
    for name, share in _RARE:
        if rng.random() < share:
            said[name] = True
    if rng.random() < _UNKNOWN:
        said["section_1367"] = None
    return said
