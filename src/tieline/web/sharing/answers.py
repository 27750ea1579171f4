"""The owner's answers: to grant, to refuse, to ask a third agency, to recall; and that agency's."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from tieline.accounts.hats import HattedRequest
from tieline.core.agreement.refusing import RefusalReason
from tieline.core.errors import TielineError
from tieline.core.records import FieldClass
from tieline.exchange.directory.models import Agency
from tieline.exchange.sharing.answering import ask_consent, to_be_answered
from tieline.exchange.sharing.inbox import NoSuchRequest
from tieline.exchange.sharing.models import ReleaseRequest
from tieline.keeping.agreements import agreed_refusals
from tieline.keeping.databases import EXCHANGE
from tieline.systems.pages.entry import WRITES, entered, sent
from tieline.web import errors
from tieline.web.sharing.forms import ConsentForm, GrantForm, RecallForm, RefuseForm
from tieline.web.sharing.wording import class_words
from tieline.wiring import sharing

__all__ = [
    "consent_answer",
    "release_recall",
    "request_consent",
    "request_grant",
    "request_refuse",
]


@WRITES
@never_cache
def request_grant(request: HttpRequest, number: str) -> HttpResponse:
    """Release all that was asked, or a part; only what a clause lets this person release."""
    hatted = cast(HattedRequest, request)
    row = _to_answer(hatted, number)
    viewer = hatted.viewer
    if row is None or viewer is None:
        return errors.nothing(request)
    decided = sharing.open_to_release(row, viewer=viewer, at=hatted.at)
    can = [one for one, said in decided.items() if said.allowed]
    closed = [one for one, said in decided.items() if not said.allowed]
    form = GrantForm(sent(request), classes=can, copies=row.copies, at=hatted.at)

    def keep() -> HttpResponse:
        said = form.cleaned_data
        made = sharing.grant(
            number,
            classes=[FieldClass(one) for one in said.get("classes", ())],
            copies=said.get("copies", False),
            expires_at=said["expires_at"],
            caveats=said["caveats"],
            viewer=viewer,
            at=hatted.at,
        )
        words = _("Released: %(number)s. It can be recalled at any moment.")
        messages.success(request, words % {"number": made.release})
        return redirect("request", number)

    lead = _("%(record)s, to %(agency)s, %(unit)s, for %(case)s.") % {
        "record": row.record,
        "agency": row.agency,
        "unit": row.unit,
        "case": row.purpose_number,
    }
    if closed:
        words = _("The agreement closes to a release: %(classes)s.")
        lead = f"{lead} {words % {'classes': class_words(one.value for one in closed)}}"
    title = _("Release on %(number)s") % {"number": number}
    return entered(request, form, title=title, lead=lead, submit=_("Release"), keep=keep)


@WRITES
@never_cache
def request_refuse(request: HttpRequest, number: str) -> HttpResponse:
    """Refuse, for one of the reasons that there are."""
    hatted = cast(HattedRequest, request)
    row = _to_answer(hatted, number)
    viewer = hatted.viewer
    if row is None or viewer is None:
        return errors.nothing(request)
    form = RefuseForm(sent(request), reasons=agreed_refusals(EXCHANGE))

    def keep() -> HttpResponse:
        said = form.cleaned_data
        reason = RefusalReason(said["reason"])
        sharing.refuse(number, reason, said=said["said"], viewer=viewer, at=hatted.at)
        messages.success(request, _("Refused: %(number)s.") % {"number": number})
        return redirect("request", number)

    return entered(
        request,
        form,
        title=_("Refuse %(number)s") % {"number": number},
        lead=_("A refusal has a reason of this list; that one would rather not is none."),
        submit=_("Refuse"),
        keep=keep,
    )


@WRITES
@never_cache
def request_consent(request: HttpRequest, number: str) -> HttpResponse:
    """Ask the agency that it came from; until it agrees nothing is released."""
    hatted = cast(HattedRequest, request)
    row = _to_answer(hatted, number)
    viewer = hatted.viewer
    if row is None or viewer is None:
        return errors.nothing(request)
    known = Agency.objects.exclude(code__in=(row.agency, row.owner_agency)).order_by("code")
    form = ConsentForm(sent(request), agencies=known.values_list("code", flat=True))

    def keep() -> HttpResponse:
        said = form.cleaned_data
        asked = ask_consent(
            number, said["agency"], reference=said["reference"], viewer=viewer, at=hatted.at
        )
        words = _("%(agency)s was asked. Until it agrees, nothing is released.")
        messages.success(request, words % {"agency": asked.agency})
        return redirect("request", number)

    return entered(
        request,
        form,
        title=_("Ask for consent on %(number)s") % {"number": number},
        lead=_("What came from a third agency goes on with its consent alone."),
        submit=_("Ask for consent"),
        keep=keep,
    )


@WRITES
@never_cache
def release_recall(request: HttpRequest, system: str, number: str) -> HttpResponse:
    """Take a release back: the very next look is closed."""
    hatted = cast(HattedRequest, request)
    viewer = hatted.viewer
    if viewer is None or sharing.release_of(system, number, agency=viewer.agency) is None:
        return errors.nothing(request)
    form = RecallForm(sent(request))

    def keep() -> HttpResponse:
        why = form.cleaned_data["why"]
        sharing.recall_release(system, number, why=why, viewer=viewer, at=hatted.at)
        messages.success(request, _("Recalled: %(number)s.") % {"number": number})
        return redirect("releases")

    title = _("Recall %(number)s") % {"number": number}
    return entered(request, form, title=title, submit=_("Recall"), keep=keep)


@require_POST
@never_cache
def consent_answer(request: HttpRequest, number: str) -> HttpResponse:
    """Yes or no of the agency that gave it; a no ends what stood on its yes."""
    hatted = cast(HattedRequest, request)
    if hatted.viewer is None:
        return errors.refused(request, errors.NO_HAT)
    said = request.POST.get("action", "")
    try:
        if said in ("yes", "no"):
            sharing.answer_consent(number, given=said == "yes", viewer=hatted.viewer, at=hatted.at)
    except NoSuchRequest:
        return errors.nothing(request)
    return redirect("consent", number)


def _to_answer(request: HattedRequest, number: str) -> ReleaseRequest | None:
    """None for a request that is not this viewer's to answer, as for one that is not there."""
    if request.viewer is None:
        return None
    try:
        return to_be_answered(number, viewer=request.viewer, at=request.at)
    except TielineError:
        return None
