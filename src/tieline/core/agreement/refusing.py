"""The closed list of reasons for which an owner may refuse a release (P4)."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["RefusalReason"]


class RefusalReason(StrEnum):
    """Legal or operational, each to be named; that one would rather not is no reason.

    After the memorandum on one department, February 1, 2007.
    """

    LAW = "law"
    """A statute, a rule or an order of court forbids it."""
    PERSON = "person"
    """It would endanger somebody: a victim, a source, an officer."""
    OPERATION = "operation"
    """It would spoil an operation or a prosecution that is under way."""
    THIRD_AGENCY = "third_agency"
    """It came from a third agency, which did not agree."""
    NO_NEED = "no_need"
    """The request does not show what it is needed for."""
    NOT_HELD = "not_held"
    """The record does not hold what is asked for."""
