"""What every page shows around its content: who I am here, why I look, what needs me."""

from __future__ import annotations

from typing import Any, Final, cast

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from tieline.accounts.hats import HattedRequest
from tieline.accounts.models import Assignment, User
from tieline.core.agreement.viewer import Purpose, Role, Viewer
from tieline.core.asking import LONGEST
from tieline.settings import node
from tieline.ui.parts import (
    Accent,
    Agency,
    Choice,
    Link,
    NavItem,
    Preferences,
    PurposeLine,
    Shell,
    Stamp,
)
from tieline.web.access import may_open
from tieline.web.corrections.counting import corrections_to_see
from tieline.web.notices.counting import unread
from tieline.web.sharing.counting import emergencies_to_see, to_see
from tieline.web.words import PURPOSES, ROLES
from tieline.wiring.protecting import waiting

__all__ = ["shell"]

_ACCENTS: Final = {
    "patrol": Accent.GREEN,
    "investigations": Accent.BLUE,
    "county": Accent.GOLD,
}
# What stands left, in this order, with the letter after g; shown to whoever may open it.
_NAV: Final = (
    ("home", gettext_noop("Work"), "w"),
    ("search", gettext_noop("Search"), "s"),
    ("patrol:events", gettext_noop("Events"), "e"),
    ("investigations:cases", gettext_noop("Cases"), "c"),
    ("review", gettext_noop("Review"), "r"),
    ("requests", gettext_noop("Requests"), "q"),
    ("emergencies", gettext_noop("Emergencies"), "b"),
    ("desk", gettext_noop("Holds"), "i"),
    ("redress", gettext_noop("Redress"), "d"),
    ("notices", gettext_noop("Notices"), ""),
    ("corrections", gettext_noop("Corrections"), "k"),
    ("copies", gettext_noop("Copies"), "y"),
    ("people", gettext_noop("People"), "p"),
    ("units", gettext_noop("Units"), "u"),
    ("ledger", gettext_noop("Ledger"), "l"),
    ("audit_reviews", gettext_noop("Reviews"), "v"),
    ("outliers", gettext_noop("Outliers"), "o"),
    ("findings", gettext_noop("Findings"), "f"),
    ("agreement", gettext_noop("Agreement"), "t"),
)
# One's own account, under the assignment in the head.
_OWN: Final = (
    ("preferences", gettext_noop("Preferences")),
    ("tokens", gettext_noop("Tokens")),
    ("household", gettext_noop("Household")),
    ("account_password", gettext_noop("Change password")),
)


def shell(request: HttpRequest) -> dict[str, Any]:
    """For templates; without a sign-in there is only the strip."""
    hatted = cast(HattedRequest, request)
    viewer = getattr(hatted, "viewer", None)
    if viewer is None:
        return {"demo": node().demo}
    return {"demo": node().demo, "shell": _shell(hatted, viewer)}


def _shell(request: HattedRequest, viewer: Viewer) -> Shell:
    assignment = request.assignment
    count = unread(request) if may_open("notices", viewer.role) else "0"
    counts: dict[str, int | str] = {"notices": count}
    if may_open("requests", viewer.role):
        counts["requests"] = to_see(request)
    if may_open("emergencies", viewer.role):
        counts["emergencies"] = emergencies_to_see(request)
    if may_open("desk", viewer.role):
        counts["desk"] = waiting(viewer, at=request.at)
    if may_open("corrections", viewer.role):
        counts["corrections"] = corrections_to_see(request)
    return Shell(
        assignment=_hat(assignment) if assignment else "",
        agency=Agency(viewer.agency, _ACCENTS.get(viewer.agency, Accent.GRAY)),
        stamp=Stamp(
            mark=_("Law enforcement sensitive; not to be passed on"),
            viewer=f"{request.user.name} · {viewer.number} · {viewer.assignment}",
            at=request.at,
        ),
        nav=tuple(
            NavItem(
                _(words),
                reverse(name),
                key,
                current=request.resolver_match is not None
                and request.resolver_match.view_name == name,
                count=counts.get(name),
            )
            for name, words, key in _NAV
            if may_open(name, viewer.role)
        ),
        purpose=_purpose(request.purpose),
        purpose_url=reverse("purpose") if may_open("purpose", viewer.role) else "",
        assignments=_hats(request),
        assignment_url=reverse("assignment"),
        home_url=reverse("home"),
        search_url=reverse("search") if may_open("search", viewer.role) else "",
        search_words=request.GET.get("q", "")[:LONGEST] if _is(request, "search") else "",
        search_longest=LONGEST,
        notices_url=reverse("notices") if may_open("notices", viewer.role) else "",
        notices=count,
        events_url=reverse("events") if may_open("events", viewer.role) else "",
        links=tuple(Link(_(words), reverse(name)) for name, words in _OWN),
        sign_out_url=reverse("account_logout"),
        preferences=_preferences(request.user),
    )


def _preferences(person: User) -> Preferences:
    return Preferences(
        theme=person.theme,
        density=person.density,
        single_keys=person.single_keys,
        url=reverse("preference"),
    )


def _is(request: HttpRequest, name: str) -> bool:
    return request.resolver_match is not None and request.resolver_match.view_name == name


def _purpose(purpose: Purpose | None) -> PurposeLine | None:
    if purpose is None:
        return None
    words = PURPOSES[purpose.code]
    if purpose.number or not purpose.reason:
        return PurposeLine(str(words), purpose.number)
    return PurposeLine(f"{words} · {purpose.reason}")


def _hat(one: Assignment) -> str:
    words = f"{one.unit} · {ROLES[Role(one.role)]}"
    return f"{words} ({_('acting')})" if one.acting else words


def _hats(request: HattedRequest) -> tuple[Choice, ...]:
    worn = request.assignment
    held = [
        one for one in request.user.assignments.order_by("starts", "id") if one.holds(request.at)
    ]
    if len(held) < 2:
        return ()
    return tuple(
        Choice(one.number, f"{one.agency} · {_hat(one)}", current=one == worn) for one in held
    )
