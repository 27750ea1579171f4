"""The purpose of a look, from the work in hand (P3)."""

from __future__ import annotations

import re
from typing import Final

from django.db import Error

from tieline.accounts.hats import HattedRequest
from tieline.core.agreement.viewer import Purpose, PurposeCode
from tieline.exchange.notices.inbox import own_number
from tieline.exchange.notices.other_side import is_known_to_other_side
from tieline.keeping.ledger import loggable_number
from tieline.keeping.own_work import Aim, aim_of
from tieline.wiring.systems import doors

__all__ = ["WORK", "overlap_in_hand", "overlap_purpose", "record_aim"]

WORK: Final = "work"
"""In the address: the number of the overlap from which a record was opened."""
_OVERLAP: Final = re.compile(r"OV-\d{1,20}", re.ASCII)
_OWN: Final = {"patrol": PurposeCode.PROCESSING}


def overlap_in_hand(request: HattedRequest, system: str, number: str) -> str:
    """The number of the overlap from which a record was opened; blank where the record is no side
    of it, and where the viewer's unit was not told of it or he may not know both sides.
    """
    work = request.GET.get(WORK, "")
    if request.viewer is None or not _OVERLAP.fullmatch(work):
        return ""
    own = own_number(work, viewer=request.viewer, at=request.at, of=(system, number))
    return work if own else ""


def overlap_purpose(request: HattedRequest, number: str) -> Purpose | None:
    """Who opens an overlap that his own unit was told of looks for deconfliction, with the number
    of his own record: nobody need type what is known. Where that record is hidden from the other
    side, he looks for what was stated, if anything was.
    """
    if request.viewer is not None:
        own = own_number(number[:64], viewer=request.viewer, at=request.at)
        if own and loggable_number(own) and _may_be_named(own, number[:64], request):
            return Purpose(code=PurposeCode.DECONFLICTION, number=own)
    return request.purpose


def _may_be_named(own: str, overlap: str, request: HattedRequest) -> bool:
    """Whether the own number may stand in the ledger of the other side. If not, a purpose is stated
    as for any other look: a reason that only such looks had would tell as much as the number (P7),
    and without any number clauses open less.
    """
    viewer = request.viewer
    return viewer is not None and is_known_to_other_side(
        own, overlap=overlap, viewer=viewer, at=request.at
    )


def record_aim(request: HattedRequest, system: str, number: str) -> Aim:
    """From an overlap, that overlap's; for an own case or event that record; else what was stated;
    for any other own record the record itself.

    That a record is one's own is not told by this: any other, and an own one that is hidden from
    the viewer, asks for a purpose as one that is not there.
    """
    work = overlap_in_hand(request, system, number)
    if work:
        return Aim(overlap_purpose(request, work))
    door = doors().get(system)
    if door is None or request.viewer is None:
        return Aim(request.purpose)
    try:
        return aim_of(
            door,
            number,
            viewer=request.viewer,
            stated=request.purpose,
            code=_OWN.get(system, PurposeCode.INVESTIGATION),
            at=request.at,
        )
    except Error:
        # The system is away; the look itself says so.
        return Aim(request.purpose)
