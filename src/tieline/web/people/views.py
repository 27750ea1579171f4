"""Find people of the administrator's agency, and look at one."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tieline.accounts.hats import HattedRequest
from tieline.ui.tables import asked
from tieline.web import errors
from tieline.web.people.finding import State, found, person_of
from tieline.web.people.pages import assignments_table, people_table, person_facts, state_tag

__all__ = ["people", "person"]


@require_safe
@never_cache
def people(request: HttpRequest) -> HttpResponse:
    """Everybody of the agency, and whom others have detailed to it."""
    hatted = cast(HattedRequest, request)
    viewer = hatted.viewer
    if viewer is None:
        return errors.refused(request, errors.NO_HAT)
    query = {name: str(value)[:200] for name, value in request.GET.items()}
    if query.get("state") not in set(State):
        query.pop("state", None)
    wanted = asked(query, sortable=("name", "number"), default="name", filters=("find", "state"))
    table = people_table(
        found(viewer.agency, wanted, at=hatted.at), wanted, viewer=viewer, at=hatted.at
    )
    return render(request, "web/people/people.html", {"table": table, "agency": viewer.agency})


@require_safe
@never_cache
def person(request: HttpRequest, number: str) -> HttpResponse:
    """One person, with what may be done; of another agency's the same as of nobody."""
    hatted = cast(HattedRequest, request)
    viewer = hatted.viewer
    one = person_of(viewer.agency, number) if viewer is not None else None
    if viewer is None or one is None:
        return errors.nothing(request)
    own = one.agency == viewer.agency
    context = {
        "person": one,
        "groups": person_facts(one, at=hatted.at),
        "assignments": assignments_table(one, viewer=viewer, at=hatted.at),
        "state": state_tag(one, at=hatted.at),
        "own": own,
        "may_administer": own and one.number != viewer.number,
    }
    return render(request, "web/people/person.html", context)
