"""Records that somebody opened, and with which he did nothing in the week after: by ledgers alone.

Only what was opened by itself counts, by its own door: not what stood in a list, beside another
record or in the answer to a search. To do something is whatever leaves an entry that is no look and
names the record, or the case or event for which it was opened.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from tieline.core.ledger.events import Event
from tieline.wiring.examined import LOOKS, SEARCHES, Deed

__all__ = ["PATIENCE", "Left", "Unfollowed"]

PATIENCE: Final = timedelta(days=7)
"""In which something is to follow."""


@dataclass(frozen=True, slots=True)
class Left:
    """How many records somebody opened, and how many of them he left at that."""

    viewer: str
    agency: str
    unit: str
    role: str
    opened: int
    left: int

    @property
    def share(self) -> float:
        """Of all that he opened."""
        return self.left / self.opened


@dataclass(slots=True)
class Unfollowed:
    """Is told of what ledgers hold, one after the other, each the newest first."""

    since: datetime
    until: datetime
    """Of the openings; what followed is read until `PATIENCE` later."""
    _opened: dict[tuple[str, str], dict[tuple[str, str], list[Deed]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )
    _done: dict[tuple[str, str], list[datetime]] = field(default_factory=lambda: defaultdict(list))
    """By person and number."""
    _waiting: dict[str, list[Deed]] = field(default_factory=dict)
    """By person, what was shown at one moment, until it is clear that no search stands before."""

    def note(self, deed: Deed) -> None:
        """One entry more of a ledger."""
        if deed.event in SEARCHES:
            # Within one request an entry behind that of a search is a row of its answer.
            if any(one.at == deed.at for one in self._waiting.get(deed.viewer, ())):
                del self._waiting[deed.viewer]
        elif deed.event == Event.RECORD_READ.value and deed.at_its_door:
            self._keep(deed)
        elif deed.event == Event.RECORD_SHOWN.value and deed.at_its_door and not deed.listed:
            before = self._waiting.get(deed.viewer, [])
            if before and before[0].at != deed.at:
                self._settle(deed.viewer)
            self._waiting.setdefault(deed.viewer, []).append(deed)
        elif deed.event not in LOOKS:
            for number in {deed.record, deed.case} - {""}:
                self._done[deed.viewer, number].append(deed.at)

    def end_of_ledger(self) -> None:
        """Nothing stands before what waits."""
        for viewer in list(self._waiting):
            self._settle(viewer)

    def by_person(self) -> Iterator[Left]:
        """Whoever opened anything, in the hat that was worn last; once all ledgers were read."""
        for moments in self._done.values():
            moments.sort()
        for (viewer, agency), records in self._opened.items():
            last = max((one for those in records.values() for one in those), key=lambda one: one.at)
            left = sum(not any(map(self._followed, those)) for those in records.values())
            yield Left(viewer, agency, last.unit, last.role, len(records), left)

    def _followed(self, opening: Deed) -> bool:
        for number in {opening.record, opening.case} - {""}:
            moments = self._done.get((opening.viewer, number), [])
            place = bisect_left(moments, opening.at)
            if place < len(moments) and moments[place] <= opening.at + PATIENCE:
                return True
        return False

    def _settle(self, viewer: str) -> None:
        for deed in self._waiting.pop(viewer):
            self._keep(deed)

    def _keep(self, deed: Deed) -> None:
        if self.since <= deed.at < self.until:
            self._opened[deed.viewer, deed.agency][deed.keeper, deed.record].append(deed)
