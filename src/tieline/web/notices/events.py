"""Tells an open page that its notices changed, so that nobody need load it again."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Final, cast

from asgiref.sync import sync_to_async
from django.contrib.sessions.backends.db import SessionStore
from django.db import Error, connections
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.views.decorators.http import require_safe

from tieline.accounts.hats import HattedRequest, active_assignment
from tieline.accounts.models import User
from tieline.core.agreement.viewer import Viewer
from tieline.core.errors import TielineError
from tieline.exchange.notices.inbox import Waiting, newest_change, waiting
from tieline.keeping.agreements import in_force
from tieline.keeping.databases import EXCHANGE
from tieline.web import errors

__all__ = ["events"]

log = logging.getLogger(__name__)

_EVERY: Final = 1.0
_LOOKED_AT_AGAIN: Final = 5
"""Rounds after which session, person and assignment are looked at again."""
_LONGEST: Final = 300
"""Rounds; the browser then asks anew, and session and assignment are looked at again."""


@require_safe
def events(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """A stream of `notices`, whose data is how many wait: told when that changes, and when one more
    came that is beyond counting.
    """
    viewer = cast(HattedRequest, request).viewer
    if viewer is None:
        return errors.refused(request, errors.NO_HAT)
    stream = _stream(viewer, request.session.session_key or "")
    answer = StreamingHttpResponse(stream, content_type="text/event-stream")
    answer.headers["Cache-Control"] = "no-store"
    return answer


async def _stream(viewer: Viewer, session: str) -> AsyncIterator[str]:
    # What changed is compared here and never told: it would count entries of the ledger.
    known: int | None = None
    told: Waiting | None = None
    place = 0
    yield "retry: 2000\n\n"
    for round_ in range(_LONGEST):
        try:
            if round_ % _LOOKED_AT_AGAIN == 0:
                stands = sync_to_async(_stands, thread_sensitive=False)
                if not await stands(viewer, session):
                    return
            newest, now = await sync_to_async(_asked, thread_sensitive=False)(viewer, known)
        except (Error, TielineError) as error:
            # The exchange is away: the stream ends, and the browser asks again by itself.
            log.error("notices cannot be counted: %s", type(error).__name__)
            return
        # A notice of the unit that is not for this viewer changes nothing of what is told.
        if now is not None and _is_news(now, told):
            place, told = place + 1, now
            yield f"id: {place}\nevent: notices\ndata: {now.words}\n\n"
        known = newest
        await asyncio.sleep(_EVERY)


def _stands(viewer: Viewer, session: str) -> bool:
    """Whether the sign-in still is one, of somebody who may sign in and wears the same hat."""
    try:
        if not SessionStore(session).exists(session):
            return False
        person = User.objects.filter(number=viewer.number, is_active=True).first()
        hat = active_assignment(person, at=datetime.now(UTC)) if person is not None else None
        return hat is not None and hat.number == viewer.assignment
    finally:
        connections.close_all()


def _is_news(now: Waiting, told: Waiting | None) -> bool:
    return told is None or now.words != told.words or now.newest > told.newest


def _asked(viewer: Viewer, known: int | None) -> tuple[int, Waiting | None]:
    try:
        newest = newest_change(agency=viewer.agency, unit=viewer.unit)
        if newest == known:
            return newest, None
        at = datetime.now(UTC)
        return newest, waiting(viewer=viewer, agreement=in_force(EXCHANGE), purpose=None, at=at)
    finally:
        connections.close_all()
