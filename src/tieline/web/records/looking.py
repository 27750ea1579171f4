"""A record asked of its own door, as every page does that is about one record."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.utils.translation import gettext as _

from tieline.accounts.hats import HattedRequest
from tieline.accounts.purposes import ask_purpose
from tieline.core.agreement.disclose import NOTHING, Disclosure
from tieline.core.agreement.viewer import Purpose, Viewer
from tieline.core.ports import SystemState
from tieline.core.records import RecordNumber
from tieline.exchange.federated import fetch
from tieline.keeping.door import Door
from tieline.keeping.own_work import Aim
from tieline.ui.parts import Refusal
from tieline.web import errors
from tieline.web.work import record_aim
from tieline.wiring.systems import doors

__all__ = ["Looked", "look_at", "no_answer"]


@dataclass(frozen=True, slots=True)
class Looked:
    """What the door showed to whom, and what for."""

    door: Door
    told: Disclosure
    viewer: Viewer
    purpose: Purpose
    aim: Aim


def look_at(request: HattedRequest, system: str, number: str) -> Looked | HttpResponse:
    """What the viewer is told, or the page that says why not: of an absent record as of a hidden
    one, also in how it asks for a purpose.
    """
    viewer, aim = request.viewer, record_aim(request, system, number)
    purpose, unstated = aim.purpose, request.purpose is None
    if viewer is None:
        return errors.refused(request, errors.NO_HAT)
    if purpose is None:
        return ask_purpose(request)
    door = doors().get(system)
    if door is None:
        return errors.nothing(request)
    request.purpose = purpose
    fetched = fetch(door, RecordNumber(number), viewer=viewer, purpose=purpose, at=request.at)
    if fetched.state is SystemState.NO_ANSWER:
        return no_answer(request, system)
    if fetched.disclosure == NOTHING:
        # What was hidden since the purpose was found asks as what is not there.
        return ask_purpose(request) if unstated else errors.nothing(request)
    return Looked(door, fetched.disclosure, viewer, purpose, aim)


def no_answer(request: HattedRequest, system: str) -> HttpResponse:
    """The record's system is away."""
    refusal = Refusal(
        what=_("%(system)s does not answer") % {"system": system},
        rule=_("A record is shown by its own system alone, with its entry in the ledger."),
        cure=_("Try again in a minute; if it is urgent, call the owner's duty desk."),
    )
    return errors.told(request, refusal, status=503)
