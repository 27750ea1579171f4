"""What an owner opened of one record beyond the agreement: to whom, for which case, until when.

A release is a second key. It opens what a clause lets the owner release and no prohibition closes;
asked anew at each look, under the text that is in force then. Nothing is copied by it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from tieline.core.agreement.viewer import Purpose, Viewer
from tieline.core.records import FieldClass, RecordNumber

__all__ = ["ORIGIN", "Release", "cited", "origins"]

ORIGIN: Final = "from:"
"""Begins the caveat of a record that came from a third agency: `from:county`."""
_CITED: Final = "release:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """Of one record, to one unit, for one case. It holds over [given_at, expires_at)."""

    number: str
    record: RecordNumber
    agency: str
    unit: str
    purpose_number: str
    classes: frozenset[FieldClass]
    consents: frozenset[str] = frozenset()
    """The third agencies that agreed to it."""
    copies: bool = False
    """Whether those to whom it is given may make numbered copies of what they are shown (P27)."""
    caveats: tuple[str, ...] = ()
    """What the owner asks of whoever is shown it."""
    given_at: datetime
    expires_at: datetime
    recalled_at: datetime | None = None

    def holds(self, number: str, *, viewer: Viewer, purpose: Purpose, at: datetime) -> bool:
        """Whether it speaks of this record, viewer, case and moment; in doubt, no."""
        return (
            bool(self.number)
            and self.record == number
            and (self.agency, self.unit) == (viewer.agency, viewer.unit)
            and bool(self.purpose_number)
            and self.purpose_number == purpose.number
            and self.recalled_at is None
            and self.given_at <= at < self.expires_at
        )


def origins(caveats: Collection[str]) -> frozenset[str]:
    """The third agencies that a record came from; a caveat that names none stands for one that
    nobody can ask, and so stays in the way.
    """
    return frozenset(one.removeprefix(ORIGIN) for one in caveats if one.startswith(ORIGIN))


def cited(number: str) -> str:
    """A release where clauses are cited, in the ledger too."""
    return f"{_CITED}{number}"
