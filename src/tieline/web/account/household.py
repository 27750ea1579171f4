"""Whom a person declares of the own household; shown on this page alone, and to him alone."""

from __future__ import annotations

from datetime import date
from typing import Any, Final, cast

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from tieline.accounts.hats import HattedRequest
from tieline.accounts.household import LONGEST_NAME, declare, declared_by, end
from tieline.accounts.models import HouseholdMember
from tieline.systems.pages.entry import WRITES, entered, sent
from tieline.ui.parts import Action, Tag, Tone
from tieline.ui.tables import Cell, Column, Row, TableView, asked
from tieline.web import errors

__all__ = ["household", "household_end", "household_new"]

_MOST_AT_ONCE: Final = 200


class MemberForm(forms.Form):
    """Who, and since when."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=LONGEST_NAME,
        help_text=gettext_lazy("Given name and surname; another name of the same person apart."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    since = forms.DateField(
        label=gettext_lazy("Of the household since"),
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def __init__(self, *given: Any, today: date, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["since"].initial = today


@require_safe
@never_cache
def household(request: HttpRequest) -> HttpResponse:
    """One's own: those who stand, then those of before."""
    hatted = cast(HattedRequest, request)
    wanted = asked(request.GET)
    rows = list(declared_by(hatted.user))
    table = TableView(
        id="household",
        caption=_("Household"),
        columns=(
            Column("name", _("Name"), optional=False),
            Column("since", _("Since")),
            Column("state", _("State"), optional=False),
        ),
        rows=tuple(_row(one) for one in wanted.page_of(rows)),
        total=len(rows),
        asked=wanted,
        actions=(Action(_("End"), value="end"),),
        action_url=reverse("household_end"),
        empty=_("You have declared nobody."),
    )
    return render(request, "web/account/household.html", {"table": table})


@WRITES
@never_cache
def household_new(request: HttpRequest) -> HttpResponse:
    """Declare one more."""
    hatted = cast(HattedRequest, request)
    viewer = hatted.viewer
    if viewer is None:
        return errors.refused(request, errors.NO_HAT)
    today = timezone.localtime(hatted.at).date()
    form = MemberForm(sent(request), today=today)

    def keep() -> HttpResponse:
        declare(hatted.user, today=today, by=viewer, at=hatted.at, **form.cleaned_data)
        messages.success(request, _("It is declared."))
        return redirect("household")

    return entered(
        request,
        form,
        title=_("Declare somebody of your household"),
        lead=_(
            "Only you read the name. That you declared somebody stands in the ledger without it."
        ),
        submit=_("Declare"),
        keep=keep,
    )


@require_POST
@never_cache
def household_end(request: HttpRequest) -> HttpResponse:
    """Those that were chosen belong to it no more; of others' nothing is told."""
    hatted = cast(HattedRequest, request)
    if hatted.viewer is None:
        return errors.refused(request, errors.NO_HAT)
    chosen = [int(one) for one in request.POST.getlist("row")[:_MOST_AT_ONCE] if _is_id(one)]
    count = end(hatted.user, chosen, by=hatted.viewer, at=hatted.at)
    words = ngettext("%(count)d name ended.", "%(count)d names ended.", count)
    messages.success(request, words % {"count": count})
    return redirect("household")


def _row(one: HouseholdMember) -> Row:
    if one.ended_at is None:
        state = Cell(tag=Tag(_("of the household"), Tone.GOOD))
    else:
        state = Cell(tag=Tag(_("ended"), Tone.QUIET), at=one.ended_at)
    return Row(id=str(one.pk), cells=(Cell(one.name), Cell(one.since.isoformat()), state))


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 16
