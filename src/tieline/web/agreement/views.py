"""The agreement that decides, clause by clause, in words."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tieline.accounts.hats import HattedRequest
from tieline.keeping.agreements import in_force
from tieline.keeping.databases import ACCOUNTS
from tieline.reference.agreement import model_notice
from tieline.web.access import may_open

__all__ = ["agreement"]


@require_safe
def agreement(request: HttpRequest) -> HttpResponse:
    """Who signed what, since when, and what each clause says."""
    text = in_force(ACCOUNTS)
    context = {
        "text": text,
        "notice": model_notice(),
        "compares": _compares(request),
        "clauses": [(name, text.clauses[name]) for name in sorted(text.clauses, key=_order)],
    }
    return render(request, "web/agreement/agreement.html", context)


def _compares(request: HttpRequest) -> bool:
    viewer = cast(HattedRequest, request).viewer
    return viewer is not None and may_open("agreement_compare", viewer.role)


def _order(name: str) -> tuple[bool, str]:
    # What is given before what is forbidden.
    return not name.startswith("P"), name
