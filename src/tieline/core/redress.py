"""What people ask of a record that may be of them, and the closed list of what they are answered.

None of the answers turns on whose citizen somebody is. What the law excepts from access and what is
not there are answered in the same words: that a protected record exists is told to nobody, whoever
says that he is the person.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

__all__ = ["ANSWERS", "OUTCOMES", "TELLING", "Kind", "Outcome", "Statement"]


class Kind(StrEnum):
    """What somebody asks for."""

    ACCESS = "access"
    """To know what is held, and to whom it was disclosed (5 USC 552a(c)(3), (d)(1))."""
    AMENDMENT = "amendment"
    """That a record be put right (5 USC 552a(d)(2))."""
    MISTAKEN = "mistaken_identity"
    """Not to be taken for somebody else any more."""
    COMPLAINT = "complaint"
    """About how somebody was treated, or how what is known of him was used."""


class Outcome(StrEnum):
    """How a matter ends; there is no other way."""

    GIVEN = "given"
    AMENDED = "amended"
    REFUSED = "refused"
    KEPT_APART = "kept_apart"
    UPHELD = "upheld"
    NOT_UPHELD = "not_upheld"
    NOTHING_TOLD = "nothing_told"
    NOT_PROVED = "not_proved"


OUTCOMES: Final[Mapping[Kind, tuple[Outcome, ...]]] = {
    Kind.ACCESS: (Outcome.GIVEN, Outcome.NOTHING_TOLD, Outcome.NOT_PROVED),
    Kind.AMENDMENT: (
        Outcome.AMENDED,
        Outcome.REFUSED,
        Outcome.NOTHING_TOLD,
        Outcome.NOT_PROVED,
    ),
    Kind.MISTAKEN: (Outcome.KEPT_APART, Outcome.NOTHING_TOLD, Outcome.NOT_PROVED),
    Kind.COMPLAINT: (Outcome.UPHELD, Outcome.NOT_UPHELD, Outcome.NOTHING_TOLD),
}
TELLING: Final = frozenset({Outcome.GIVEN, Outcome.AMENDED, Outcome.REFUSED})
"""Those that say to the person that there is a record."""
ANSWERS: Final[Mapping[Outcome, str]] = {
    Outcome.GIVEN: "What the law lets you be told is enclosed (5 USC 552a(c)(3), (d)(1)).",
    Outcome.AMENDED: "The record was put right, and whoever received it is told "
    "(5 USC 552a(c)(4), (d)(2)).",
    Outcome.REFUSED: "The record is accurate, relevant, timely and complete as it is. You may have "
    "this decision reviewed, and file a statement of disagreement: it is then shown with "
    "whatever you dispute (5 USC 552a(d)(2)-(4)).",
    Outcome.KEPT_APART: "You are kept apart from whoever you were taken for. Name the redress "
    "number where it happens again.",
    Outcome.UPHELD: "Your complaint is upheld; what follows from it was set going.",
    Outcome.NOT_UPHELD: "Your complaint is not upheld.",
    Outcome.NOTHING_TOLD: "There is nothing that you can be told. What is not there and what the "
    "law excepts from access (5 USC 552a(j)(2), (k)(2)) are answered in these words.",
    Outcome.NOT_PROVED: "It is not proved that you are the person whom you ask about "
    "(5 USC 552a(b), (f)(2)). Ask again with a proof.",
}


@dataclass(frozen=True, slots=True)
class Statement:
    """What the person says against a field that was not amended (5 USC 552a(d)(3))."""

    name: str
    said: str = field(repr=False)
    filed_on: date
