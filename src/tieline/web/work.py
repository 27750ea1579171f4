"""The purpose of a look, from the work in hand (P3)."""

from __future__ import annotations

import re
from typing import Final

from django.http import HttpRequest

from tieline.accounts.hats import HattedRequest
from tieline.core.agreement.viewer import Purpose, PurposeCode
from tieline.exchange.notices.inbox import own_number
from tieline.keeping.ledger import loggable_number
from tieline.wiring.systems import doors

__all__ = ["WORK", "overlap_in_hand", "overlap_purpose", "record_purpose"]

WORK: Final = "work"
"""In the address: the number of the overlap from which a record was opened."""
_OVERLAP: Final = re.compile(r"OV-\d{1,20}", re.ASCII)
_OWN: Final = {"patrol": PurposeCode.PROCESSING}


def overlap_in_hand(request: HttpRequest) -> str:
    """The number of the overlap from which a record was opened; blank for what can be none."""
    work = request.GET.get(WORK, "")
    return work if _OVERLAP.fullmatch(work) else ""


def overlap_purpose(request: HattedRequest, number: str) -> Purpose | None:
    """Who opens an overlap that his own unit was told of looks for deconfliction, with the number
    of his own record: nobody need type what is known.
    """
    if request.viewer is not None:
        own = own_number(number[:64], viewer=request.viewer)
        if own and loggable_number(own):
            return Purpose(code=PurposeCode.DECONFLICTION, number=own)
    return request.purpose


def record_purpose(request: HattedRequest, system: str, number: str) -> Purpose | None:
    """From an overlap, that overlap's; else what was stated; for an own record the record itself.

    That a record is one's own is not told by this: any other asks for a purpose, be it there or
    not.
    """
    work = overlap_in_hand(request)
    if work:
        return overlap_purpose(request, work)
    if request.purpose is not None or request.viewer is None:
        return request.purpose
    door = doors().get(system)
    if door is None or not loggable_number(number):
        return None
    kept = door.keeper.find(number)
    if kept is None or kept.owner_agency != request.viewer.agency:
        return None
    return Purpose(code=_OWN.get(system, PurposeCode.INVESTIGATION), number=number)
