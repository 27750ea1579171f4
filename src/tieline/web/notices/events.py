"""Tells an open page that its notices changed, so that nobody need load it again."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Final, cast

from asgiref.sync import sync_to_async
from django.db import Error, connections
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.views.decorators.http import require_safe

from tieline.accounts.hats import HattedRequest
from tieline.core.agreement.viewer import Viewer
from tieline.core.errors import TielineError
from tieline.exchange.notices.inbox import newest_change, waiting
from tieline.keeping.agreements import in_force
from tieline.keeping.databases import EXCHANGE
from tieline.web import errors

__all__ = ["events"]

log = logging.getLogger(__name__)

_EVERY: Final = 1.0
_LONGEST: Final = 300
"""Rounds; the browser then asks anew, and session and assignment are looked at again."""


@require_safe
def events(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """A stream of `notices`, whose data is how many wait."""
    viewer = cast(HattedRequest, request).viewer
    if viewer is None:
        return errors.refused(request, errors.NO_HAT)
    answer = StreamingHttpResponse(_stream(viewer), content_type="text/event-stream")
    answer.headers["Cache-Control"] = "no-store"
    return answer


async def _stream(viewer: Viewer) -> AsyncIterator[str]:
    # What changed is compared here and never told: it would count entries of the ledger.
    known, place = None, 0
    yield "retry: 2000\n\n"
    for _round in range(_LONGEST):
        try:
            newest, count = await sync_to_async(_asked, thread_sensitive=False)(viewer, known)
        except (Error, TielineError) as error:
            # The exchange is away: the stream ends, and the browser asks again by itself.
            log.error("notices cannot be counted: %s", type(error).__name__)
            return
        if newest != known:
            known, place = newest, place + 1
            yield f"id: {place}\nevent: notices\ndata: {count}\n\n"
        await asyncio.sleep(_EVERY)


def _asked(viewer: Viewer, known: int | None) -> tuple[int, int]:
    try:
        newest = newest_change(agency=viewer.agency, unit=viewer.unit)
        if newest == known:
            return newest, 0
        at = datetime.now(UTC)
        return newest, waiting(viewer=viewer, agreement=in_force(EXCHANGE), purpose=None, at=at)
    finally:
        connections.close_all()
