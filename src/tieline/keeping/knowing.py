"""Whether somebody may know of a record of his own agency, be it purged by now."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from tieline.core.agreement.disclose import NOTHING, disclose
from tieline.core.agreement.viewer import Purpose, PurposeCode, Viewer
from tieline.keeping import agreements
from tieline.keeping.door import Door
from tieline.keeping.graves import Grave

__all__ = ["may_know"]

_ANSWERING: Final = Purpose(code=PurposeCode.OVERSIGHT, reason="what the agency has shown")


def may_know(door: Door, number: str, *, viewer: Viewer, at: datetime) -> bool:
    """One that was sealed since is for its own unit alone. Nothing of the record is told by it."""
    kept = door.keeper.find(number)
    if kept is None:
        graves = Grave.objects.using(door.keeper.database).filter(number=number)
        return graves.filter(owner_agency=viewer.agency).exists()
    if kept.owner_agency != viewer.agency:
        return False
    agreement = agreements.in_force(door.keeper.database)
    answer = disclose(kept.record(), viewer=viewer, purpose=_ANSWERING, agreement=agreement, at=at)
    return answer.disclosure != NOTHING
