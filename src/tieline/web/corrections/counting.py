"""How many corrections wait for this person, for the head of each page."""

from __future__ import annotations

from django.db import Error

from tieline.accounts.hats import HattedRequest
from tieline.core.errors import TielineError
from tieline.exchange.corrections.inbox import corrections_waiting

__all__ = ["corrections_to_see"]


def corrections_to_see(request: HattedRequest) -> int:
    """To be acknowledged; none while the exchange is away."""
    if request.viewer is None:
        return 0
    try:
        return corrections_waiting(viewer=request.viewer)
    except (Error, TielineError):
        return 0
