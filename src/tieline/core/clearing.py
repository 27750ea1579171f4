"""The question before anybody is sent away, and the one of two answers to it (P14).

Whoever asks learns *cleared* or *hold*, and of a hold no reason: 8 USC 1367(a)(2), 8 CFR 208.6, an
informant's safety, a claim of citizenship and a court's seal look alike. A source that does not
answer is a hold too.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Protocol

from tieline.core.matching.online.reading import Number, Understood
from tieline.core.records import Pointer, Protections

__all__ = [
    "ANSWER_HOLDS",
    "CLEARED_FOR",
    "DESK_ANSWERS_IN",
    "HOLDING",
    "UNIT_ALONE",
    "Answer",
    "Clearance",
    "Custody",
    "of_one_person",
    "reasons_to_hold",
    "reasons_to_tell",
]

ANSWER_HOLDS: Final = timedelta(hours=4)
"""An answer is a snapshot, and is asked anew within hours of departure (P8)."""
DESK_ANSWERS_IN: Final = timedelta(hours=1)
"""How long a desk has to call back."""
CLEARED_FOR: Final = timedelta(hours=24)
"""How long what a desk has cleared stays cleared; then it is held, and the desk told, again."""
HOLDING: Final = (
    *("section_1367", "asylum", "informant", "us_person"),
    *("sealed", "grand_jury", "intercept"),
)
"""The protections by which somebody is not sent away before a desk has said so. The others hide a
record for the sake of its source, and say nothing of the person's stay."""

UNIT_ALONE: Final = ("informant", "grand_jury", "intercept", "sealed")
"""Of these the unit that keeps the record answers: not even its agency's desk may know of it."""

_PEOPLE_S: Final = frozenset({"a_number", "fin", "passport", "curp"})
_LEAST_DIGITS: Final = 5
"""Of some paper's number; one with fewer is many people's."""


class Answer(StrEnum):
    """All that anybody is told who asks."""

    CLEARED = "cleared"
    HOLD = "hold"
    """Call the desk. It extends no custody (P6)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Custody:
    """Who is in custody, or about to be sent away, and who has them: what a desk is told."""

    system: str
    number: str
    """Of the record of the custody, on which the disposition is proposed."""
    disposition: str
    """Blank: nobody has asked yet whether they may be sent away."""
    agency: str
    unit: str
    contact: str
    """Whom to call of the unit."""
    asked_by: str
    """The number of the person who asks."""


class Clearance(Protocol):
    """Asks every source, and every desk whose record holds."""

    def ask(self, custody: Custody, pointer: Pointer, *, at: datetime) -> Answer:
        """The answer; `pointer` is the record's identity, whether or not it may be told of. A
        source that does not answer is a hold, and never an error.
        """
        ...

    def desks(self) -> tuple[str, ...]:
        """Whom to call: all desks that there are, so that the list tells nothing of who holds."""
        ...


def reasons_to_hold(protections: Protections) -> frozenset[str]:
    """The protections of a record by which its person is held; unknown counts as set."""
    effective = protections.effective
    return frozenset(name for name in HOLDING if effective[name])


def reasons_to_tell(protections: Protections) -> frozenset[str]:
    """Those by which the desk is told of a custody before anybody asks: that are known to be set.
    What nobody has asked yet holds a removal all the same; the desk has the list of it.
    """
    return frozenset(name for name in HOLDING if getattr(protections, name) is True)


def of_one_person(left: Understood, right: Understood) -> bool:
    """Whether two records share a number that is one person's.

    Stricter than a link, since more is at stake: a passport of which one side does not tell the
    country counts, and so does the number of any other paper.
    """
    return any(
        _is_one(kind, one, other)
        for kind, numbers in left.identifiers.items()
        if kind in _PEOPLE_S or kind == "document"
        for one in numbers
        for other in right.identifiers.get(kind, ())
    )


def _is_one(kind: str, one: Number, other: Number) -> bool:
    if one.number != other.number:
        return False
    if kind == "document" and sum(map(str.isdigit, one.number)) < _LEAST_DIGITS:
        return False
    return not one.place or not other.place or one.place == other.place
