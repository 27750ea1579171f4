"""The pages on which a lookout is placed, made active, renewed and ended."""

from __future__ import annotations

from typing import Final, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from tieline.accounts.hats import HattedRequest
from tieline.core.agreement.viewer import PurposeCode
from tieline.core.errors import TielineError
from tieline.systems.investigations.desk import at_work
from tieline.systems.investigations.forms import CancelForm, LookoutForm, RenewalForm
from tieline.systems.investigations.lookouts.ending import cancel_lookout
from tieline.systems.investigations.lookouts.lookout import Lookout, LookoutDraft, LookoutStatus
from tieline.systems.investigations.lookouts.placing import (
    activate_lookout,
    place_lookout,
    renew_lookout,
)
from tieline.systems.investigations.lookouts.reasons import Handling
from tieline.systems.investigations.port import NAME
from tieline.systems.investigations.subjects.kinds import SUBJECTS
from tieline.systems.pages.entry import WRITES, entered, say_hidden, sent
from tieline.systems.pages.looks import look_at_own, refused

__all__ = ["activate", "cancel", "new", "renew"]

_WORK: Final = PurposeCode.INVESTIGATION
_SUBJECT_KINDS: Final = frozenset(model.kind for model in SUBJECTS)


@WRITES
@never_cache
def new(request: HttpRequest, number: str) -> HttpResponse:
    """Place a lookout on a subject record; a silent one becomes a draft for a supervisor."""
    hatted = cast(HattedRequest, request)
    seen = look_at_own(hatted, at_work(), number, kinds=_SUBJECT_KINDS, work=_WORK)
    if isinstance(seen, HttpResponse):
        return seen
    today = hatted.at.date().isoformat()
    form = LookoutForm(sent(request), at=hatted.at, initial={"effective_on": today})

    def keep() -> HttpResponse:
        silent = form.cleaned_data["handling"] == Handling.SILENT
        status = LookoutStatus.DRAFT if silent else LookoutStatus.ACTIVE
        draft = cast(LookoutDraft, form.draft(subject=number, status=status))
        grounds = form.grounds()
        made = place_lookout(at_work(), draft, grounds=grounds, author=seen.viewer, at=hatted.at)
        if silent:
            messages.info(request, _("A supervisor has to make the silent lookout active."))
            # Were the subject to vanish with it, its vanishing would tell (P7).
            words = _(
                "Silent is the lookout alone: what other agencies may be told of %(subject)s stays "
                "as it was."
            )
            messages.info(request, words % {"subject": number})
        say_hidden(request, made)
        return redirect("record", NAME, made.number)

    title = _("Lookout on %(subject)s") % {"subject": number}
    lead = _("What is left blank of name, birth and numbers is taken from the subject record.")
    submit = _("Place the lookout")
    return entered(request, form, title=title, submit=submit, keep=keep, lead=lead)


@require_POST
@never_cache
def activate(request: HttpRequest, number: str) -> HttpResponse:
    """A supervisor makes a draft active."""
    hatted = cast(HattedRequest, request)
    seen = look_at_own(hatted, at_work(), number, kinds={Lookout.kind}, work=_WORK)
    if isinstance(seen, HttpResponse):
        return seen
    try:
        activate_lookout(at_work(), number, author=seen.viewer, at=hatted.at)
    except TielineError as error:
        return refused(request, error)
    return redirect("record", NAME, number)


@WRITES
@never_cache
def renew(request: HttpRequest, number: str) -> HttpResponse:
    """Let an active lookout go on, its grounds stated anew (P21)."""
    hatted = cast(HattedRequest, request)
    seen = look_at_own(hatted, at_work(), number, kinds={Lookout.kind}, work=_WORK)
    if isinstance(seen, HttpResponse):
        return seen
    form = RenewalForm(sent(request))

    def keep() -> HttpResponse:
        said = form.cleaned_data
        renew_lookout(
            at_work(),
            number,
            expires_on=said["expires_on"],
            facts=said["facts"],
            author=seen.viewer,
            at=hatted.at,
        )
        return redirect("record", NAME, number)

    title = _("Renew the lookout %(number)s") % {"number": number}
    lead = _("It ends on %(day)s. Its facts so far: %(facts)s") % {
        "day": seen.told.value("expires_on") or "—",
        "facts": seen.told.value("facts") or "—",
    }
    submit = _("Renew the lookout")
    return entered(request, form, title=title, submit=submit, keep=keep, lead=lead)


@WRITES
@never_cache
def cancel(request: HttpRequest, number: str) -> HttpResponse:
    """End a lookout, and say why."""
    hatted = cast(HattedRequest, request)
    seen = look_at_own(hatted, at_work(), number, kinds={Lookout.kind}, work=_WORK)
    if isinstance(seen, HttpResponse):
        return seen
    form = CancelForm(sent(request))

    def keep() -> HttpResponse:
        why = form.cleaned_data["why"]
        cancel_lookout(at_work(), number, why=why, author=seen.viewer, at=hatted.at)
        return redirect("record", NAME, number)

    title = _("Cancel the lookout %(number)s") % {"number": number}
    return entered(request, form, title=title, submit=_("Cancel the lookout"), keep=keep)
