"""For whoever watches the node: whether it lives, and whether it can answer. Tells no more."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import Final

from django.db import Error, connections
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tieline.keeping.agreements import NoAgreement, in_force
from tieline.keeping.databases import ACCOUNTS, EXCHANGE, KEEPERS
from tieline.keeping.ledger import Ledger
from tieline.wiring.backlogs import behind
from tieline.wiring.disks import filling

__all__ = ["FILLING", "NO_ANSWER", "UNNUMBERED", "healthz", "readyz", "state_of"]

NO_ANSWER: Final = "no answer"
UNNUMBERED: Final = "entries wait"
"""It answers, and its ledger is written: but nobody gives the entries their place in the tree."""
FILLING: Final = "disk fills"
"""It answers, and its disk has little room left: once it is full nothing is told any more."""
_SERVING: Final = ("ready", UNNUMBERED, FILLING)

log = logging.getLogger(__name__)


@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """The process answers."""
    return JsonResponse({"alive": True})


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """Each system can be read and has an agreement; without the exchange a node still serves."""
    states = {"accounts" if one == ACCOUNTS else one: state_of(one) for one in KEEPERS}
    ready = all(said in _SERVING for name, said in states.items() if name != EXCHANGE)
    return JsonResponse({"ready": ready, "parts": states}, status=200 if ready else 503)


def state_of(database: str) -> str:
    """How a database is, in a word or two."""
    try:
        with connections[database].cursor() as cursor:
            cursor.execute("SELECT 1")
        in_force(database)
        if behind(Ledger(database, database), at=datetime.now(UTC)) is not None:
            return UNNUMBERED
        if filling(database) is not None:
            return FILLING
    except NoAgreement:
        return "no agreement"
    except Error as error:
        log.error("%s cannot be read: %s", database, type(error).__name__)
        return NO_ANSWER
    return "ready"
