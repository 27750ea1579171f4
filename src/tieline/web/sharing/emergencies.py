"""A record is opened because a life is in danger; that is confirmed, seen by its owner, ended and
reviewed.
"""

from __future__ import annotations

from typing import cast
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from tieline.accounts.hats import HattedRequest
from tieline.core.agreement.emergencies import Danger, cited_emergency, may_confirm
from tieline.core.agreement.viewer import Role, Viewer
from tieline.core.errors import TielineError
from tieline.core.records import FieldClass
from tieline.exchange.sharing import emergencies as told
from tieline.exchange.sharing.models import ToldEmergency, Verdict
from tieline.exchange.sharing.reviewing import review
from tieline.keeping.breaking import GlassRefused, Plea
from tieline.keeping.releasing import RELEASERS
from tieline.settings import node
from tieline.systems.pages.entry import WRITES, entered, sent
from tieline.ui.parts import ClockView, FactGroup, FieldRow
from tieline.web import errors
from tieline.web.access import may_open
from tieline.web.records.looking import look_at
from tieline.web.sharing.emergency_tables import emergencies_table, standing_tag
from tieline.web.sharing.forms import CloseForm, DangerForm, ReviewForm
from tieline.web.sharing.wording import DANGERS, VERDICTS, class_words
from tieline.wiring.emergencies import (
    close_emergency,
    confirm_emergency,
    danger_opens,
    open_in_emergency,
)

__all__ = [
    "emergencies",
    "emergency",
    "emergency_close",
    "emergency_confirm",
    "emergency_new",
    "emergency_review",
    "emergency_seen",
]


@WRITES
@never_cache
def emergency_new(request: HttpRequest, system: str, number: str) -> HttpResponse:
    """Open more of a record at once. Of one that is hidden, the page of one that is not there."""
    hatted = cast(HattedRequest, request)
    looked = look_at(hatted, system, number)
    if isinstance(looked, HttpResponse):
        return looked
    viewer, purpose = looked.viewer, looked.purpose
    opens = danger_opens(system, looked.told.number, viewer=viewer, purpose=purpose, at=hatted.at)
    if not opens:
        return errors.nothing(request)
    form = DangerForm(sent(request), case=purpose.number)

    def keep() -> HttpResponse:
        said = form.cleaned_data
        plea = Plea(
            record=looked.told.number,
            danger=Danger(said["danger"]),
            why=said["why"],
            case=said["case"],
        )
        made = open_in_emergency(system, plea, viewer=viewer, purpose=purpose, at=hatted.at)
        words = _("Open to you now, as %(number)s. A supervisor of yours has to confirm it.")
        messages.success(request, words % {"number": made})
        return redirect("record", system, looked.told.number)

    return entered(
        request,
        form,
        title=_("Open %(number)s: a life is in danger") % {"number": looked.told.number},
        lead=_(
            "For you alone, for %(minutes)d minutes: %(classes)s. %(agency)s, %(unit)s is told at "
            "once; another person, a supervisor of yours, has to confirm it within %(confirm)d "
            "minutes, or it closes and becomes a finding; and it is reviewed."
        )
        % {
            "minutes": node().emergency.minutes,
            "confirm": node().emergency.confirm_minutes,
            "classes": class_words(one.value for one in FieldClass if one in opens),
            "agency": looked.told.owner_agency,
            "unit": looked.told.owning_unit,
        },
        submit=_("Open it now"),
        keep=keep,
    )


@require_safe
@never_cache
def emergencies(request: HttpRequest) -> HttpResponse:
    """What the viewer, his unit or others with his agency's records opened so."""
    hatted = cast(HattedRequest, request)
    viewer = hatted.viewer
    if viewer is None:
        return errors.refused(request, errors.NO_HAT)
    try:
        found = told.emergencies(viewer=viewer, at=hatted.at)
    except TielineError:
        return errors.no_agreement(request)
    table = emergencies_table(
        found,
        id="emergencies",
        caption=_("Opened while a life was in danger"),
        empty=_("Nothing was opened so that you are to know of."),
        viewer=viewer,
        at=hatted.at,
    )
    return render(request, "web/sharing/emergencies.html", {"table": table})


@require_safe
@never_cache
def emergency(request: HttpRequest, number: str) -> HttpResponse:
    """One of them, with what is to be done; of another's the same as of none."""
    hatted = cast(HattedRequest, request)
    shown = _shown(hatted, number)
    viewer = hatted.viewer
    if shown is None or viewer is None:
        return errors.nothing(request)
    row, at = shown.row, hatted.at
    owns = row.owner_agency == viewer.agency
    audits = viewer.role is Role.AUDITOR
    context = {
        "row": row,
        "tag": standing_tag(row, at),
        "names_record": shown.names_record,
        "opens_record": shown.names_record and may_open("record", viewer.role),
        "groups": (_opened(row), *((_reviewed(row),) if owns or audits else ())),
        "clock": _clock(row, owns, hatted),
        "confirms": may_confirm(row.read(), viewer=viewer, at=at),
        "sees": owns and row.seen_at is None and _answers(viewer),
        "closes": row.read().stands(at) and (_is_his(row, viewer) or (owns and _answers(viewer))),
        "reviews": told.may_review(row, viewer=viewer, at=at),
        "looks": _looks(row) if audits else "",
        "findings": _findings(row, viewer) if audits else (),
    }
    return render(request, "web/sharing/emergency.html", context)


@require_POST
@never_cache
def emergency_confirm(request: HttpRequest, number: str) -> HttpResponse:
    """As the second person: yes, a life is in danger."""
    hatted = cast(HattedRequest, request)
    if hatted.viewer is None:
        return errors.refused(request, errors.NO_HAT)
    try:
        confirm_emergency(number, viewer=hatted.viewer, at=hatted.at)
    except (told.NoSuchEmergency, GlassRefused):
        return errors.nothing(request)
    messages.success(request, _("Confirmed: %(number)s.") % {"number": number})
    return redirect("emergency", number)


@require_POST
@never_cache
def emergency_seen(request: HttpRequest, number: str) -> HttpResponse:
    """Say for the owner that it was seen."""
    hatted = cast(HattedRequest, request)
    if hatted.viewer is None:
        return errors.refused(request, errors.NO_HAT)
    try:
        told.take_note_of(number, viewer=hatted.viewer, at=hatted.at)
    except told.NoSuchEmergency:
        return errors.nothing(request)
    return redirect("emergency", number)


@WRITES
@never_cache
def emergency_close(request: HttpRequest, number: str) -> HttpResponse:
    """End it before its term: the very next look is closed."""
    hatted = cast(HattedRequest, request)
    shown, viewer = _shown(hatted, number), hatted.viewer
    if shown is None or viewer is None:
        return errors.nothing(request)
    owns = shown.row.owner_agency == viewer.agency and _answers(viewer)
    if not owns and not _is_his(shown.row, viewer):
        return errors.nothing(request)
    form = CloseForm(sent(request))

    def keep() -> HttpResponse:
        close_emergency(number, why=form.cleaned_data["why"], viewer=viewer, at=hatted.at)
        messages.success(request, _("Closed: %(number)s.") % {"number": number})
        return redirect("emergency", number)

    title = _("Close %(number)s") % {"number": number}
    return entered(request, form, title=title, submit=_("Close it"), keep=keep)


@WRITES
@never_cache
def emergency_review(request: HttpRequest, number: str) -> HttpResponse:
    """Say afterwards what it was."""
    hatted = cast(HattedRequest, request)
    shown, viewer = _shown(hatted, number), hatted.viewer
    if shown is None or viewer is None:
        return errors.nothing(request)
    if not told.may_review(shown.row, viewer=viewer, at=hatted.at):
        return errors.nothing(request)
    form = ReviewForm(sent(request))

    def keep() -> HttpResponse:
        said = form.cleaned_data
        review(number, Verdict(said["verdict"]), said=said["said"], viewer=viewer, at=hatted.at)
        messages.success(request, _("Reviewed: %(number)s.") % {"number": number})
        return redirect("emergency", number)

    return entered(
        request,
        form,
        title=_("Review %(number)s") % {"number": number},
        lead=_("Who opened it is not told of what you find; his unit's supervisor answers."),
        submit=_("Keep the review"),
        keep=keep,
    )


def _shown(request: HattedRequest, number: str) -> told.SeenEmergency | None:
    if request.viewer is None:
        return None
    try:
        return told.one_emergency(number, viewer=request.viewer, at=request.at)
    except TielineError:
        return None


def _answers(viewer: Viewer) -> bool:
    return bool(RELEASERS & {viewer.role, *viewer.roles})


def _is_his(row: ToldEmergency, viewer: Viewer) -> bool:
    return (row.opened_by, row.opened_as) == (viewer.number, viewer.assignment)


def _opened(row: ToldEmergency) -> FactGroup:
    said = [
        FieldRow(_("Opened by"), (row.opened_by,), detail=f"{row.agency} {row.unit}"),
        FieldRow(_("Danger"), (str(DANGERS[Danger(row.danger)]),)),
        FieldRow(_("In words"), (row.why,)),
        FieldRow(_("For"), (row.case or _("no number yet"),)),
        FieldRow(_("Since"), ("",), at=row.opened_at),
        FieldRow(_("Until"), ("",), at=row.expires_at),
    ]
    if row.confirmed_at is not None:
        by = row.confirmed_by
        said.append(FieldRow(_("Confirmed"), ("",), at=row.confirmed_at, detail=by))
    if row.closed_at is not None:
        said.append(FieldRow(_("Closed"), ("",), at=row.closed_at, detail=row.closed_by))
    said.append(FieldRow(_("Owner told"), ("",), at=row.told_at, detail=row.told_to))
    if row.seen_at is not None:
        said.append(FieldRow(_("Seen by the owner"), ("",), at=row.seen_at, detail=row.seen_by))
    return FactGroup(title=_("What was opened"), rows=tuple(said))


def _reviewed(row: ToldEmergency) -> FactGroup:
    """For the owner and for auditors: who opened it is not told what is found about him."""
    if row.reviewed_at is None:
        said = [FieldRow(_("To be reviewed by"), ("",), at=row.review_by)]
        if row.escalated_to:
            said.append(FieldRow(_("Put before"), (row.escalated_to,)))
    else:
        said = [
            FieldRow(_("Reviewed"), ("",), at=row.reviewed_at, detail=row.reviewed_by),
            FieldRow(_("What was found"), (str(VERDICTS[Verdict(row.verdict)]),)),
            FieldRow(_("Why"), (row.said,)),
        ]
    return FactGroup(title=_("The review"), rows=tuple(said))


def _clock(row: ToldEmergency, owns: bool, request: HattedRequest) -> ClockView | None:
    """The one that runs: for the second person first, then for the owner's review."""
    if row.confirmed_at is None and request.at < row.confirm_by:
        return ClockView(
            name=_("Confirmation"),
            started=row.opened_at,
            due=row.confirm_by,
            at=request.at,
            owner=f"{row.agency} {row.unit}",
            rule=_("else it closes, and is a finding"),
        )
    if not owns:
        return None
    return ClockView(
        name=_("Review"),
        started=row.opened_at,
        due=row.review_by,
        at=request.at,
        owner=row.owner_agency,
        rule=_("put before %(desk)s") % {"desk": row.escalated_to} if row.escalated_to else "",
        settled=_("reviewed") if row.reviewed_at is not None else "",
    )


def _looks(row: ToldEmergency) -> str:
    """What the ledger has of it: each look under it cites its number."""
    asked = {"clause": cited_emergency(row.number).replace(":", "-")}
    return f"{reverse('ledger')}?{urlencode(asked)}"


def _findings(row: ToldEmergency, viewer: Viewer) -> tuple[str, ...]:
    """Those before a unit of the auditor's agency."""
    if row.agency != viewer.agency:
        return ()
    return tuple(one for one in (row.unconfirmed, row.misused) if one)
