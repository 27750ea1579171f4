"""How long a mark waits for a second person, and stands until somebody looks at it again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import timedelta
from typing import Final

__all__ = ["LONGEST", "MarkTerms"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkTerms:
    """In days. As they ship they are the longest; a node may make them shorter."""

    decide: int = 7
    """What nobody has approved by then falls by itself."""
    gang_label: int = 365
    """A yearly review (P21)."""
    intelligence: int = 5 * 365
    """28 CFR 23.20(h)."""

    @property
    def to_decide(self) -> timedelta:
        """From a proposal to its end, where nobody decides."""
        return timedelta(days=self.decide)

    def to_review(self, mark: str) -> timedelta:
        """How long a mark that was approved stands at most until it is reviewed."""
        return timedelta(
            days={"gang_label": self.gang_label, "intelligence": self.intelligence}[mark]
        )


LONGEST: Final[Mapping[str, int]] = {
    one.name: getattr(MarkTerms(), one.name) for one in fields(MarkTerms)
}
"""Of each term the days that none may be beyond."""
