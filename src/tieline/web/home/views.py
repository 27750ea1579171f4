"""The first page after sign-in, by role."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final, TypeVar, cast

from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tieline.accounts.hats import HattedRequest
from tieline.core.agreement.viewer import Role, Viewer
from tieline.keeping.agreements import NoAgreement
from tieline.ui.parts import Link
from tieline.ui.tables import TableView
from tieline.web import errors
from tieline.web.access import may_open
from tieline.web.desk.custodies import custodies_to_see
from tieline.web.desk.tables import holds_to_answer
from tieline.web.home import work
from tieline.web.home.audit import refused_lately, reviews_due
from tieline.web.home.health import node_health
from tieline.web.home.rosters import roster_gaps
from tieline.web.home.shown import shown_this_week
from tieline.web.marks.views import marks_to_decide
from tieline.web.notices.rows import waiting
from tieline.web.redress.views import matters_due
from tieline.web.review.rows import to_review
from tieline.web.sharing.emergency_tables import emergencies_that_wait
from tieline.web.sharing.tables import requests_to_answer

__all__ = ["home"]

log = logging.getLogger(__name__)

_Made = TypeVar("_Made")
_Panel = Callable[[HattedRequest, Viewer], TableView]

_PANELS: Final[Mapping[Role, tuple[_Panel, ...]]] = {
    Role.AGENT: (work.in_custody, work.newest_events),
    Role.INVESTIGATOR: (work.lookouts_that_end, work.my_cases),
    Role.SUPERVISOR: (
        emergencies_that_wait,
        requests_to_answer,
        holds_to_answer,
        custodies_to_see,
        work.drafts_of_lookouts,
        marks_to_decide,
        work.in_custody,
        work.lookouts_that_end,
    ),
    Role.ANALYST: (to_review, work.my_cases),
    Role.WATCH_DESK: (),
    Role.SHARING_OFFICER: (emergencies_that_wait, requests_to_answer, shown_this_week),
    Role.PROTECTION_DESK: (holds_to_answer, custodies_to_see, work.unscreened),
    Role.AUDITOR: (emergencies_that_wait, reviews_due, refused_lately, shown_this_week),
    Role.INSPECTOR: (reviews_due, refused_lately),
    Role.DEPARTMENT_AUDITOR: (reviews_due, refused_lately),
    Role.REDRESS: (matters_due,),
    Role.ADMINISTRATOR: (roster_gaps, node_health),
}
_TELLS_NOTICES: Final = frozenset(
    {Role.AGENT, Role.INVESTIGATOR, Role.SUPERVISOR, Role.ANALYST, Role.WATCH_DESK}
)
_DOES: Final = (
    ("patrol:event_new", gettext_noop("New event")),
    ("investigations:case_new", gettext_noop("New case")),
    ("person_new", gettext_noop("New person")),
)


@require_safe
@never_cache
def home(request: HttpRequest) -> HttpResponse:
    """What needs this person now, in the assignment that is worn."""
    hatted = cast(HattedRequest, request)
    viewer = hatted.viewer
    if viewer is None:
        return errors.refused(request, errors.NO_HAT)
    panels = _PANELS[viewer.role]
    tables = [made for panel in panels if (made := _made(partial(panel, hatted, viewer)))]
    context: dict[str, Any] = {
        "tables": tables,
        "lacks": len(tables) < len(panels),
        "does": [
            Link(_(words), reverse(name)) for name, words in _DOES if may_open(name, viewer.role)
        ],
    }
    context["finds_looks"] = may_open("ledger", viewer.role)
    if viewer.role in _TELLS_NOTICES:
        context["notices"] = _made(partial(waiting, hatted, viewer, most=work.MOST))
        context["tells_notices"] = True
    return render(request, "web/home/home.html", context)


def _made(make: Callable[[], _Made]) -> _Made | None:
    """A part of the page; None where its system or the exchange does not answer: the others do."""
    try:
        return make()
    except (Error, NoAgreement) as error:
        log.error("a part of the home could not be made: %s", type(error).__name__)
        return None
