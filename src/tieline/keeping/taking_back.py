"""Ends the releases of a record that became hidden, in the transaction in which it did (P15)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Final

from tieline.core.agreement.releases import cited
from tieline.core.agreement.viewer import Viewer
from tieline.core.ledger.events import Event
from tieline.keeping import agreements
from tieline.keeping.ledger import Ledger, Line, line
from tieline.keeping.releases import ReleaseRow

__all__ = ["CORRECTED", "end_releases"]

CORRECTED: Final = "the owner corrected the record"
"""What is said of any correction, and of this: it must not tell that somebody is protected."""


def end_releases(ledger: Ledger, records: Collection[str], *, author: Viewer, at: datetime) -> None:
    """Take back what stands on these records; the lock is held. Prohibitions close them on the next
    look anyway: ended, they do not open again should the protection end.
    """
    rows = ReleaseRow.objects.using(ledger.database).filter(
        record__in=list(records), recalled_at__isnull=True, expires_at__gt=at
    )
    ended = list(rows.order_by("id"))
    if not ended:
        return
    agreement = agreements.in_force(ledger.database).digest
    ledger.append([_line(ledger, row, agreement, author, at) for row in ended])
    for row in ended:
        row.recalled_at, row.recalled_by = at, author.number
    columns = ["recalled_at", "recalled_by"]
    ReleaseRow.objects.using(ledger.database).bulk_update(ended, columns, batch_size=100)


def _line(ledger: Ledger, row: ReleaseRow, agreement: str, author: Viewer, at: datetime) -> Line:
    return line(
        Event.RELEASE_RECALLED,
        at=at,
        viewer=author,
        keeper=ledger.system,
        record=row.record,
        owner=row.owner,
        clauses=(cited(row.number).replace(":", "-"),),
        agreement=agreement,
        side={
            "to": f"{row.agency} {row.unit}",
            "until": row.expires_at.isoformat(),
            "case": row.purpose_number,
            "why": CORRECTED,
        },
        shown=tuple(row.classes),
    )
