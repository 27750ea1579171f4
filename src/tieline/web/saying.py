"""A judgement from a page: whoever judges has seen what his unit was told of it."""

from __future__ import annotations

from django.db import transaction

from tieline.accounts.hats import HattedRequest
from tieline.core.agreement.viewer import Purpose, Viewer
from tieline.exchange.index.judging import judge
from tieline.exchange.index.models import Judgement, LinkState
from tieline.exchange.notices.inbox import acknowledge_all
from tieline.keeping.agreements import in_force
from tieline.keeping.databases import EXCHANGE
from tieline.wiring.held import is_held

__all__ = ["say"]


def say(
    number: str,
    state: LinkState,
    *,
    request: HattedRequest,
    viewer: Viewer,
    purpose: Purpose,
    reason: str,
    stamp: str = "",
) -> Judgement:
    """Keep it, and acknowledge the notices; raises what `judge` does."""
    with transaction.atomic(using=EXCHANGE):
        said = judge(
            number,
            state,
            viewer=viewer,
            purpose=purpose,
            agreement=in_force(EXCHANGE),
            reason=reason,
            at=request.at,
            held=is_held,
            stamp=stamp,
        )
        if state is not LinkState.PROPOSED:
            acknowledge_all(number, viewer=viewer, at=request.at)
    return said
