"""How entries of the exchange's ledger tell of a request."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from tieline.core.agreement.viewer import Purpose, PurposeCode, Viewer
from tieline.core.ledger.canonical import Json
from tieline.core.ledger.events import Event
from tieline.exchange.index.naming import fits
from tieline.exchange.sharing.models import ReleaseRequest
from tieline.keeping.ledger import Line, line

__all__ = ["purpose_of", "request_line"]


def purpose_of(row: ReleaseRequest) -> Purpose:
    """What the request is for: the work of those who ask, which its answer is looked at for."""
    return Purpose(code=PurposeCode(row.purpose), number=row.purpose_number)


def request_line(
    event: Event,
    row: ReleaseRequest,
    *,
    at: datetime,
    viewer: Viewer | None = None,
    side: Mapping[str, Json] | None = None,
) -> Line:
    """An entry that both may find: it names the record and its owner. Number and words of the
    request stand in the side row.
    """
    whose = {"owner": row.owner_agency} if fits("owner", row.owner_agency) else {}
    return line(
        event,
        at=at,
        viewer=viewer,
        purpose=purpose_of(row),
        keeper=row.system,
        record=row.record,
        side={"request": row.number, **(side or {})},
        **whose,
    )
