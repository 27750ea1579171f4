"""The search over every system of the node."""

from __future__ import annotations

from typing import Final, cast
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tieline.accounts.hats import HattedRequest
from tieline.accounts.purposes import ask_purpose
from tieline.core.asking import LONGEST, understood
from tieline.core.ports import Query
from tieline.exchange.federated import search as ask
from tieline.web import errors
from tieline.web.search.pages import said_of, states, table
from tieline.wiring.systems import doors

__all__ = ["search"]

_FIRST: Final = 20
_MOST: Final = 50
"""Of each system. Each row is a disclosure with its entry: no more are made than are looked at."""


@require_safe
@never_cache
def search(request: HttpRequest) -> HttpResponse:
    """Rows of each system that this viewer may know of, and the state of each."""
    hatted = cast(HattedRequest, request)
    words = request.GET.get("q", "")[:LONGEST].strip()
    if hatted.viewer is None:
        return errors.refused(request, errors.NO_HAT)
    if not words:
        return render(request, "web/search/search.html", {"words": ""})
    if hatted.purpose is None:
        return ask_purpose(request)
    query = understood(words)
    if query == Query():
        return render(request, "web/search/search.html", {"words": words, "unclear": True})
    every = "all" in request.GET
    systems = {name: door for name, door in doors().items() if _is_asked(request, name)}
    answers = ask(
        systems,
        query,
        viewer=hatted.viewer,
        purpose=hatted.purpose,
        at=hatted.at,
        limit=_MOST if every else _FIRST,
    )
    context = {
        "words": words,
        "said": said_of(query),
        "states": states(answers, words),
        "table": table(answers, query),
        "more": [one.name for one in answers if one.more],
        "every": every,
        "every_url": f"{request.path}?{urlencode({'q': words, 'all': ''})}",
    }
    return render(request, "web/search/search.html", context)


def _is_asked(request: HttpRequest, name: str) -> bool:
    """One system may be asked again by itself."""
    wish = request.GET.get("system", "")
    return not wish or wish == name or wish not in doors()
