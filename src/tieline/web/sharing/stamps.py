"""Asking for the owner's stamp, and putting it."""

from __future__ import annotations

from typing import Any, Final, cast

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from tieline.accounts.hats import HattedRequest
from tieline.accounts.purposes import ask_purpose
from tieline.core.errors import TielineError
from tieline.core.records import FieldClass
from tieline.exchange.sharing.verifying import ask_stamp, verifiable
from tieline.keeping.stamps import StampAnswer
from tieline.systems.pages.entry import WRITES, entered, sent
from tieline.web import errors
from tieline.web.records.looking import look_at
from tieline.web.sharing.forms import VerifyForm
from tieline.web.words import CLASSES
from tieline.wiring.stamping import put_stamp, to_be_stamped

__all__ = ["ANSWERS", "request_stamp", "stamp_new"]

ANSWERS: Final[dict[StampAnswer, Promise]] = {
    StampAnswer.STAMPED: gettext_lazy("verified: complete, timely, accurate and relevant"),
    StampAnswer.CORRECTED: gettext_lazy("corrected: what stands now is verified"),
    StampAnswer.NOT_TO_BE_USED: gettext_lazy("not to be used"),
}


class StampForm(forms.Form):
    """An answer for each class, on the version that was looked at."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self, *given: Any, classes: tuple[FieldClass, ...], version: int, **more: Any
    ) -> None:
        super().__init__(*given, **more)
        self.initial["version"] = version
        choices = [("", ""), *((one.value, words) for one, words in ANSWERS.items())]
        for one in classes:
            self.fields[one.value] = forms.ChoiceField(label=str(CLASSES[one]), choices=choices)


@WRITES
@never_cache
def stamp_new(request: HttpRequest, system: str, number: str) -> HttpResponse:
    """Ask the owner whether what is shown may go into an affidavit."""
    hatted = cast(HattedRequest, request)
    looked = look_at(hatted, system, number)
    if isinstance(looked, HttpResponse):
        return looked
    classes = verifiable(looked.told, viewer=looked.viewer)
    if not classes:
        return errors.nothing(request)
    if not looked.purpose.number:
        # A reason alone names no paper that it could be for.
        return ask_purpose(request)
    form = VerifyForm(sent(request), classes=classes, at=hatted.at)

    def keep() -> HttpResponse:
        said = form.cleaned_data
        made = ask_stamp(
            looked.told,
            system=system,
            classes=[FieldClass(one) for one in said["classes"]],
            why=said["why"],
            due_at=said["due_at"],
            viewer=looked.viewer,
            purpose=looked.purpose,
            at=hatted.at,
        )
        words = _("Asked: %(number)s. Its clock runs.")
        messages.success(request, words % {"number": made.number})
        return redirect("request", made.number)

    told = looked.told
    return entered(
        request,
        form,
        title=_("Have %(number)s verified") % {"number": told.number},
        lead=_("By %(agency)s, %(unit)s, for %(case)s. Until it is, do not use it in an affidavit.")
        % {"agency": told.owner_agency, "unit": told.owning_unit, "case": looked.purpose.number},
        submit=_("Ask the owner"),
        keep=keep,
    )


@WRITES
@never_cache
def request_stamp(request: HttpRequest, number: str) -> HttpResponse:
    """Say of each class that was asked whether it may be used."""
    hatted = cast(HattedRequest, request)
    viewer = hatted.viewer
    if viewer is None:
        return errors.refused(request, errors.NO_HAT)
    try:
        row, version, classes = to_be_stamped(number, viewer=viewer, at=hatted.at)
    except TielineError:
        return errors.nothing(request)
    if not classes:
        return errors.nothing(request)
    form = StampForm(sent(request), classes=classes, version=version)

    def keep() -> HttpResponse:
        said = form.cleaned_data
        put_stamp(
            number,
            {one: StampAnswer(said[one.value]) for one in classes},
            version=said["version"],
            viewer=viewer,
            at=hatted.at,
        )
        messages.success(request, _("Answered: %(number)s.") % {"number": number})
        return redirect("request", number)

    words = _(
        "%(record)s, version %(version)s, for %(agency)s, %(unit)s, and %(case)s: whether it is "
        "complete, timely, accurate and relevant. What is wrong, correct first. The answer is void "
        "as soon as a value is another one."
    )
    return entered(
        request,
        form,
        title=_("The owner's stamp on %(number)s") % {"number": number},
        lead=words
        % {
            "record": row.record,
            "version": version,
            "agency": row.agency,
            "unit": row.unit,
            "case": row.purpose_number,
        },
        submit=_("Put the stamp"),
        keep=keep,
    )
