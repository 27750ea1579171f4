"""The agreement that decides, as a document in its reading order."""

from __future__ import annotations

from typing import Final, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tieline.accounts.hats import HattedRequest
from tieline.core.agreement.clauses import Agreement
from tieline.core.agreement.viewer import Role, Viewer
from tieline.keeping.agreements import in_force
from tieline.keeping.databases import ACCOUNTS
from tieline.reference.agreement import model_notice
from tieline.web.access import may_open
from tieline.web.agreement.reading import passages
from tieline.wiring.uses import DAYS, Uses, live_use

__all__ = ["agreement"]

_USE: Final = frozenset({Role.SHARING_OFFICER, Role.SUPERVISOR, Role.AUDITOR, Role.PROTECTION_DESK})
"""Who is told how often a clause decided."""


@require_safe
@never_cache
def agreement(request: HttpRequest) -> HttpResponse:
    """Who signed what, since when, and what each article and clause says; for those who answer for
    it also how often each clause decided, between their own agency and the others.
    """
    text = in_force(ACCOUNTS)
    hatted = cast(HattedRequest, request)
    viewer = hatted.viewer
    uses = _uses(hatted, viewer, text) if viewer is not None else None
    finds_looks = viewer is not None and may_open("ledger", viewer.role)
    context = {
        "text": text,
        "notice": model_notice(),
        "compares": viewer is not None and may_open("agreement_compare", viewer.role),
        "parts": passages(text, uses=uses, finds_looks=finds_looks),
        "uses": uses,
        "days": DAYS,
        "agency": viewer.agency if viewer is not None else "",
        "away": ", ".join(uses.away) if uses is not None else "",
    }
    return render(request, "web/agreement/agreement.html", context)


def _uses(request: HattedRequest, viewer: Viewer, text: Agreement) -> Uses | None:
    return live_use(viewer, text, at=request.at) if viewer.role in _USE else None
