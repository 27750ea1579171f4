"""What the other side of an overlap may know of the own record, asked of the agreement anew."""

from __future__ import annotations

from datetime import datetime

from tieline.core.agreement.disclose import NOTHING, disclose
from tieline.core.agreement.viewer import Purpose, PurposeCode, Viewer
from tieline.exchange.directory.units import unit_viewer
from tieline.exchange.index.models import Link
from tieline.keeping.agreements import in_force
from tieline.keeping.databases import EXCHANGE

__all__ = ["is_known_to_other_side"]


def is_known_to_other_side(own: str, *, overlap: str, viewer: Viewer, at: datetime) -> bool:
    """Whether the unit at the other side may know that there is the viewer's record `own`.

    Else its number must not stand in the other's ledger, not even as what a look was for: a silent
    lookout would show there (P7).
    """
    link = Link.objects.filter(number=overlap).select_related("left", "right").first()
    if link is None:
        return False
    sides = {
        (link.left.number, link.left.owner_agency): (link.left, link.right),
        (link.right.number, link.right.owner_agency): (link.right, link.left),
    }
    mine, theirs = sides.get((own, viewer.agency), (None, None))
    if mine is None or theirs is None:
        return False
    answer = disclose(
        mine.read(),
        viewer=unit_viewer(agency=theirs.owner_agency, unit=theirs.owning_unit),
        # No more than that there is work in hand is asked of it.
        purpose=Purpose(code=PurposeCode.DECONFLICTION, number=theirs.number),
        agreement=in_force(EXCHANGE),
        at=at,
    )
    return answer.disclosure != NOTHING
