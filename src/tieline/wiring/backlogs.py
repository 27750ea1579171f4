"""Entries that wait for their place in the tree, where they wait too long or are too many."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from tieline.keeping.ledger import Ledger
from tieline.keeping.postgresql.staging import Backlog

__all__ = ["MOST", "PATIENCE", "behind"]

PATIENCE: Final = timedelta(seconds=10)
"""How old the oldest may be. A part that looks twice a second leaves none that old."""
MOST: Final = 10_000
"""How many may wait: what half a minute of the greatest load leaves."""


def behind(ledger: Ledger, *, at: datetime) -> Backlog | None:
    """What waits, if that is cause for an alarm: nobody numbers, or not fast enough."""
    waits = ledger.backlog()
    if waits.oldest is None or (at - waits.oldest <= PATIENCE and waits.count <= MOST):
        return None
    return waits
