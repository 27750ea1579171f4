"""What those who entered a record stated of its protections, in about the shares of practice."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Final

from tieline.keeping.records import PROTECTIONS

__all__ = ["screened", "stated"]

_RARE: Final = (
    ("asylum", 0.05),
    ("section_1367", 0.008),
    ("informant", 0.003),
    ("sealed", 0.002),
    ("medical", 0.002),
)
_UNKNOWN: Final = 0.01
"""Where one question was left out: it counts as protected until somebody asks it."""


def screened(*flags: str) -> dict[str, bool | None]:
    """Each was asked; those named are set."""
    return {name: name in flags for name in PROTECTIONS}


def stated(
    rng: Random, *, child: bool = False, us_person: bool = False
) -> Mapping[str, bool | None]:
    """As somebody answered them at entry."""
    said = screened()
    said["juvenile"], said["us_person"] = child, us_person
    for name, share in _RARE:
        if rng.random() < share:
            said[name] = True
    if rng.random() < _UNKNOWN:
        said["section_1367"] = None
    return said
