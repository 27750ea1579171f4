"""A look at a record from a page of its own system, and what is said where there is nothing."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from tieline.accounts.hats import HattedRequest, take_up
from tieline.accounts.purposes import ask_purpose
from tieline.core.agreement.disclose import Disclosure
from tieline.core.agreement.viewer import Purpose, PurposeCode, Viewer
from tieline.core.errors import TielineError
from tieline.core.records import RecordNumber
from tieline.keeping.desk import Desk
from tieline.keeping.own_work import aim_of
from tieline.ui.parts import Refusal

__all__ = ["Look", "look", "look_at_own", "nothing", "own_work", "refused"]


@dataclass(frozen=True, slots=True)
class Look:
    """Who looks, what for, and what they were told."""

    viewer: Viewer
    purpose: Purpose
    told: Disclosure

    @property
    def own(self) -> bool:
        """Whether the record is of the viewer's agency."""
        return self.told.owner_agency == self.viewer.agency


def look(
    request: HattedRequest, desk: Desk, number: str, *, kinds: Collection[str], work: PurposeCode
) -> Look | HttpResponse:
    """A record of these kinds through the door; else the answer to send, the same for one that is
    absent, one that is hidden and one of another kind.

    `work`: what people of its owner work for (decision 0008).
    """
    viewer, stated = request.viewer, request.purpose
    if viewer is None:
        return nothing(request)
    door = desk.door
    aim = aim_of(door, number, viewer=viewer, stated=stated, code=work, at=request.at)
    purpose = aim.purpose
    if purpose is None:
        return ask_purpose(request)
    fetched = door.fetch(RecordNumber(number), viewer=viewer, purpose=purpose, at=request.at)
    if fetched.disclosure.kind not in kinds:
        return nothing(request) if stated else ask_purpose(request)
    request.purpose = purpose
    if aim.work is not None:
        take_up(request, purpose, is_nameable=aim.work.is_nameable)
    return Look(viewer, purpose, fetched.disclosure)


def look_at_own(
    request: HattedRequest, desk: Desk, number: str, *, kinds: Collection[str], work: PurposeCode
) -> Look | HttpResponse:
    """The same, for who wants to change it: only its owner's people may."""
    seen = look(request, desk, number, kinds=kinds, work=work)
    if isinstance(seen, HttpResponse) or seen.own:
        return seen
    owner = seen.told.owner_agency
    refusal = Refusal(
        what=_("This is for its owner"),
        rule=_("Only people of the agency that owns a record change it."),
        cure=_("Ask %(owner)s to change it.") % {"owner": owner},
        contact=seen.told.contact,
    )
    return _told(request, refusal, 403)


def own_work(request: HattedRequest, code: PurposeCode, what: str) -> Purpose:
    """What for a list of one's own work is shown: the list itself says it."""
    request.purpose = request.purpose or Purpose(code=code, reason=what)
    return request.purpose


def nothing(request: HttpRequest) -> HttpResponse:
    refusal = Refusal(
        what=_("Nothing here that you may be told"),
        rule=_("What is absent and what is closed to you look the same."),
        cure=_("Check the number. This is not a clearance."),
    )
    return _told(request, refusal, 404)


def refused(request: HttpRequest, error: TielineError) -> HttpResponse:
    """What a service would not do, and its cure."""
    refusal = Refusal(what=_("This was not done"), rule=error.what, cure=error.cure)
    return _told(request, refusal, 422)


def _told(request: HttpRequest, refusal: Refusal, status: int) -> HttpResponse:
    return render(request, "ui/told.html", {"refusal": refusal}, status=status)
