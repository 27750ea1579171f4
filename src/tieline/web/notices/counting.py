"""How many notices wait, for the head of each page."""

from __future__ import annotations

from django.db import Error

from tieline.accounts.hats import HattedRequest
from tieline.core.errors import TielineError
from tieline.exchange.notices.inbox import waiting
from tieline.keeping.agreements import in_force
from tieline.keeping.databases import EXCHANGE

__all__ = ["unread"]


def unread(request: HattedRequest) -> str:
    """Of those that this viewer may be told, `100+` where there are many; none while the exchange
    is away.
    """
    if request.viewer is None:
        return "0"
    try:
        now = waiting(
            viewer=request.viewer, agreement=in_force(EXCHANGE), purpose=None, at=request.at
        )
    except (Error, TielineError):
        return "0"
    return now.words
