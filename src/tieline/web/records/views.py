"""One record, fetched through its owner's door."""

from __future__ import annotations

from typing import cast

from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tieline.accounts.hats import HattedRequest, take_up
from tieline.accounts.purposes import ask_purpose
from tieline.core.agreement.disclose import Disclosure
from tieline.core.agreement.viewer import Viewer
from tieline.core.errors import TielineError
from tieline.keeping.agreements import in_force
from tieline.keeping.databases import ACCOUNTS
from tieline.keeping.history import editions
from tieline.systems.pages.facts import called
from tieline.ui.tables import asked
from tieline.web import errors
from tieline.web.access import may_open
from tieline.web.records.beside import cautions, holders, viewers
from tieline.web.records.doing import (
    ask_url,
    copy_url,
    danger_url,
    doing,
    released_by,
    sending,
    verify_url,
)
from tieline.web.records.looking import Looked, look_at, no_answer
from tieline.web.records.pages import fact_groups, versions
from tieline.web.records.pages import seers as seers_table
from tieline.web.records.seers import each_told
from tieline.web.records.stamped import stamp_groups
from tieline.web.words import KINDS, LEVELS, OBLIGATIONS, field_words
from tieline.web.work import overlap_in_hand, record_aim
from tieline.wiring.systems import doors

__all__ = ["history", "record", "seers"]


@require_safe
@never_cache
def record(request: HttpRequest, system: str, number: str) -> HttpResponse:
    """A record as this viewer may see it. That there is none, or that it is hidden, looks alike."""
    hatted = cast(HattedRequest, request)
    looked = _looked(hatted, system, number)
    if isinstance(looked, HttpResponse):
        return looked
    told, viewer = looked.told, looked.viewer
    agreement = in_force(ACCOUNTS)
    context = {
        "told": told,
        "system": looked.door.describe(),
        "kind": KINDS.get(told.kind, told.kind),
        "name": called(told),
        "level": LEVELS[told.level],
        "system_name": system,
        "foreign": told.owner_agency != viewer.agency,
        "duties": [OBLIGATIONS[one] for one in told.obligations if one in OBLIGATIONS],
        "does": doing(told, system=system, viewer=viewer),
        "sends": sending(told, system=system, viewer=viewer),
        "groups": fact_groups(told, system=system, agreement=agreement),
        "viewers": viewers(system, told.number, hatted, agreement),
        "tells_seers": _answers_for(told, viewer),
        "holders": holders(system, told.number, hatted),
        "precautions": cautions(system, told.number, hatted),
        "work": overlap_in_hand(hatted, system, number),
        "asks": ask_url(told, system=system, viewer=viewer),
        "copies": copy_url(told, system=system, viewer=viewer),
        "verify": verify_url(told, system=system, viewer=viewer),
        "stamps": stamp_groups(told, system=system, viewer=viewer, purpose=looked.purpose),
        "released": released_by(told),
        "danger": danger_url(
            told, system=system, viewer=viewer, purpose=looked.purpose, at=hatted.at
        ),
        "disputed": [(field_words(one.name), one.said, one.filed_on) for one in told.statements],
    }
    return render(request, "web/records/record.html", context)


@require_safe
@never_cache
def seers(request: HttpRequest, system: str, number: str) -> HttpResponse:
    """What people of each party would be told of a record, for who answers for it: of its owner."""
    hatted = cast(HattedRequest, request)
    looked = _looked(hatted, system, number)
    if isinstance(looked, HttpResponse):
        return looked
    kept = looked.door.keeper.find(looked.told.number)
    # Another agency's people learn of no clause that hides it from somebody: it would tell why.
    if kept is None or not _answers_for(looked.told, looked.viewer):
        return errors.nothing(request)
    agreement, wanted = in_force(ACCOUNTS), asked(request.GET, filters=("agency", "purpose"))
    found = each_told(kept.decided_by, agreement=agreement, at=hatted.at, **wanted.filters)
    context = {"table": seers_table(found, wanted, agreement), "system": system, "number": number}
    return render(request, "web/records/seers.html", context)


def _answers_for(told: Disclosure, viewer: Viewer) -> bool:
    return told.owner_agency == viewer.agency and may_open("record_seers", viewer.role)


def _looked(request: HattedRequest, system: str, number: str) -> Looked | HttpResponse:
    """The record through its door, with what it is looked at for; else the answer to send."""
    looked = look_at(request, system, number)
    if isinstance(looked, Looked) and looked.aim.work is not None:
        take_up(request, looked.purpose, is_nameable=looked.aim.work.is_nameable)
    return looked


@require_safe
@never_cache
def history(request: HttpRequest, system: str, number: str) -> HttpResponse:
    """What each version of a record changed, for the people of its owner."""
    hatted = cast(HattedRequest, request)
    viewer, aim = hatted.viewer, record_aim(hatted, system, number)
    purpose, unstated = aim.purpose, hatted.purpose is None
    if viewer is None:
        return errors.refused(request, errors.NO_HAT)
    if purpose is None:
        return ask_purpose(request)
    door = doors().get(system)
    if door is None:
        return errors.nothing(request)
    hatted.purpose = purpose
    try:
        found = editions(door, number, viewer=viewer, purpose=purpose, at=hatted.at)
    except (Error, TielineError):
        return no_answer(hatted, system)
    if not found:
        return ask_purpose(request) if unstated else errors.nothing(request)
    context = {"system": system, "number": number, "entries": versions(found)}
    return render(request, "web/records/history.html", context)
