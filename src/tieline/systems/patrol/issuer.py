"""The port to the owner of A-numbers and FINs (P5): asked, pending, allotted; never minted here."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

__all__ = ["Allotment", "Applicant", "Issuer", "NumberState"]


class NumberState(StrEnum):
    """How a number that was asked for stands."""

    PENDING = "pending"
    ALLOTTED = "allotted"
    CONSOLIDATED = "consolidated"
    """The person had several, and this is the one that counts now."""
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Applicant:
    """For whom a number is asked: the number of the subject, and who that is."""

    subject: str
    names: tuple[str, ...] = field(repr=False)
    birth_date: str = field(repr=False)
    sex: str = field(repr=False)
    citizenship: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Allotment:
    """The issuer's answer; it has a number where it was allotted or consolidated."""

    state: NumberState
    number: str = field(default="", repr=False)


class Issuer(Protocol):
    """Gives the same answer for the same subject, however often it is asked."""

    def a_number(self, applicant: Applicant, *, at: datetime) -> Allotment:
        """The person's A-number, or how the question stands."""
        ...

    def fin(self, applicant: Applicant, *, at: datetime) -> Allotment:
        """The person's fingerprint identification number, or how the question stands."""
        ...
