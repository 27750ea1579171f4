"""What opens more of a record than the agreement gives by itself: its owner's word, or a danger.

A key is tried at the classes that are shut, and opens those that the text in force lets it open.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from tieline.core.agreement.clauses import Agreement
from tieline.core.agreement.decide import Decision
from tieline.core.agreement.emergencies import Emergency
from tieline.core.agreement.releases import Release
from tieline.core.agreement.releasing import opened, released
from tieline.core.agreement.viewer import Purpose, Viewer
from tieline.core.records import FieldClass, Record

__all__ = ["NO_KEYS", "Keys", "Turned"]


@dataclass(frozen=True, slots=True)
class Turned:
    """What keys opened of the classes that were shut."""

    opened: Mapping[FieldClass, Decision] = field(default_factory=dict)
    decisions: tuple[Decision, ...] = ()
    """Of every class that a key was tried at, the refusals too."""
    release: str = ""
    emergency: str = ""
    caveats: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Keys:
    """What may open more of a record than the agreement gives by itself."""

    release: Release | None = None
    emergency: Emergency | None = None

    def turned(
        self,
        record: Record,
        shut: Collection[FieldClass],
        viewer: Viewer,
        purpose: Purpose | None,
        agreement: Agreement,
        at: datetime,
    ) -> Turned:
        """The owner's word first: an emergency opens what that leaves shut."""
        about: dict[str, Any] = {"viewer": viewer, "purpose": purpose}
        about |= {"agreement": agreement, "at": at}
        by_release: dict[FieldClass, Decision] = {}
        by_viewer: dict[FieldClass, Decision] = {}
        if self.release is not None:
            by_release = released(record, self.release, shut, **about)
        given = _allowed(by_release)
        if self.emergency is not None:
            by_viewer = opened(record, self.emergency, frozenset(shut) - set(given), **about)
        taken = _allowed(by_viewer)
        return Turned(
            opened=given | taken,
            decisions=(*by_release.values(), *by_viewer.values()),
            release=self.release.number if self.release is not None and given else "",
            emergency=self.emergency.number if self.emergency is not None and taken else "",
            caveats=self.release.caveats if self.release is not None and given else (),
        )


NO_KEYS: Final = Keys()


def _allowed(decisions: Mapping[FieldClass, Decision]) -> dict[FieldClass, Decision]:
    return {one: said for one, said in decisions.items() if said.allowed}
