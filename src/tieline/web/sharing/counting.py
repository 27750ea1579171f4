"""How many requests and emergencies wait for this person, for the head of each page."""

from __future__ import annotations

from django.db import Error

from tieline.accounts.hats import HattedRequest
from tieline.core.errors import TielineError
from tieline.exchange.sharing.emergencies import emergencies_waiting
from tieline.exchange.sharing.inbox import waiting_for

__all__ = ["emergencies_to_see", "to_see"]


def to_see(request: HattedRequest) -> int:
    """To be answered, or their answer to be seen; none while the exchange is away."""
    if request.viewer is None:
        return 0
    try:
        return waiting_for(viewer=request.viewer, at=request.at)
    except (Error, TielineError):
        return 0


def emergencies_to_see(request: HattedRequest) -> int:
    """To be confirmed, seen for the owner, or reviewed; none while the exchange is away."""
    if request.viewer is None:
        return 0
    try:
        return emergencies_waiting(viewer=request.viewer, at=request.at)
    except (Error, TielineError):
        return 0
