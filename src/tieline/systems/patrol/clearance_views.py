"""The page on which the protection desks are asked before somebody is sent away (P14)."""

from __future__ import annotations

from datetime import datetime
from typing import Final, cast

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.cache import never_cache

from tieline.accounts.hats import HattedRequest
from tieline.core.agreement.viewer import PurposeCode
from tieline.core.clearing import Answer
from tieline.core.errors import TielineError
from tieline.reference import code_list
from tieline.systems.pages.entry import WRITES, sent
from tieline.systems.pages.forms import refuse
from tieline.systems.pages.looks import look_at_own
from tieline.systems.patrol.desk import at_work
from tieline.systems.patrol.subjects.answers import DeskAnswer
from tieline.systems.patrol.subjects.clearances import answers_on, ask_desks
from tieline.systems.patrol.subjects.departing import departures
from tieline.systems.patrol.subjects.subject import Subject
from tieline.ui.parts import Tag, Tone
from tieline.ui.tables import Cell, Column, Row, TableView

__all__ = ["clearance"]

_MOST: Final = 50


class ClearanceForm(forms.Form):
    """Which way somebody is to be sent."""

    disposition = forms.ChoiceField(
        label=gettext_lazy("Proposed disposition"),
        help_text=gettext_lazy("Those that send nobody away need no answer, and are not here."),
    )

    def __init__(self, *given: object, **more: object) -> None:
        super().__init__(*given, **more)  # type: ignore[arg-type]
        listed = code_list("dispositions")
        field = cast(forms.ChoiceField, self.fields["disposition"])
        field.choices = [
            ("", "—"),
            *(
                (code, f"{code} · {entry.label}")
                for code in departures()
                if (entry := listed.entry(code))
            ),
        ]


@WRITES
@never_cache
def clearance(request: HttpRequest, number: str) -> HttpResponse:
    """Ask, and see what was answered: *cleared*, or *hold*, and of a hold no reason."""
    hatted = cast(HattedRequest, request)
    desk = at_work()
    seen = look_at_own(hatted, desk, number, kinds={Subject.kind}, work=PurposeCode.REMOVAL)
    if isinstance(seen, HttpResponse):
        return seen
    form = ClearanceForm(sent(request))
    if form.is_bound and form.is_valid():
        proposed = form.cleaned_data["disposition"]
        try:
            ask_desks(desk, number, proposed, author=seen.viewer, at=hatted.at)
            return redirect("patrol:subject_clearance", number)
        except TielineError as error:
            refuse(form, error)
    # How a disposition stands is an outcome, which is closed to some of the owner's own people.
    open_to = any(one.name == "disposition" for one in seen.told.shown)
    answers = answers_on(desk, number, most=_MOST) if open_to else []
    latest = answers[0] if answers else None
    context = {
        "told": seen.told,
        "form": form,
        "table": _table(answers, hatted.at),
        "held": latest is not None and latest.answer == Answer.HOLD,
        "cleared": latest is not None
        and latest.answer == Answer.CLEARED
        and latest.counts(hatted.at),
        "desks": desk.clearance.desks() if desk.clearance is not None else (),
    }
    status = 422 if form.is_bound else 200
    return render(request, "patrol/clearance.html", context, status=status)


def _table(answers: list[DeskAnswer], at: datetime) -> TableView:
    return TableView(
        id="answers",
        caption=_("Answers of the protection desks"),
        columns=(
            Column("at", _("Asked"), optional=False),
            Column("disposition", _("To be sent away by"), optional=False),
            Column("answer", _("Answer"), optional=False),
            Column("who", _("By"), optional=False),
        ),
        rows=tuple(
            Row(
                id=str(place),
                cells=(
                    Cell(at=one.asked_at),
                    Cell(one.disposition),
                    Cell(tag=_tag(one, at)),
                    Cell(one.asked_by, detail=one.asked_as),
                ),
            )
            for place, one in enumerate(answers)
        ),
        total=len(answers),
        empty=_("Nobody has asked yet."),
    )


def _tag(one: DeskAnswer, at: datetime) -> Tag:
    if one.answer == Answer.HOLD:
        return Tag(_("hold, call the desk"), Tone.STOP)
    if not one.counts(at):
        return Tag(_("cleared, over four hours ago: ask again"), Tone.QUIET)
    return Tag(pgettext("answer of the protection desk", "cleared"), Tone.GOOD)
