"""Bare precautions of a record, for its owner's protection desk: checked, then they cross (P18)."""

from __future__ import annotations

from typing import Final

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from tieline.keeping.precautions import (
    PrecautionRefused,
    check_precaution,
    checked_on,
    end_precaution,
)
from tieline.keeping.values import CAUTIONS
from tieline.systems.pages.entry import WRITES
from tieline.systems.pages.sheets import words
from tieline.web.desk.record_lists import RecordList

__all__ = ["end", "precautions"]


class PrecautionForm(forms.Form):
    """What is to cross, and on what it rests."""

    codes = forms.MultipleChoiceField(
        label=gettext_lazy("Precautions"),
        help_text=gettext_lazy("Never a diagnosis: what to do about contagion, not its name."),
        choices=[(code, words(code)) for code in CAUTIONS],
        widget=forms.CheckboxSelectMultiple,
    )
    basis = forms.CharField(
        label=gettext_lazy("On what it rests"),
        max_length=500,
        help_text=gettext_lazy("For the desk alone; it does not cross."),
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
    )


_LIST: Final = RecordList(
    page="precautions",
    named="checked",
    form=PrecautionForm,
    rows=checked_on,
    closed=PrecautionRefused,
    add=check_precaution,
    stop=end_precaution,
    as_shown=lambda rows: [(one, ", ".join(map(words, one.codes))) for one in rows],
)


@WRITES
@never_cache
def precautions(request: HttpRequest, system: str, number: str) -> HttpResponse:
    """What crosses, and a form to let more cross; to all but the owner's desk as of no record."""
    return _LIST.shown(request, system, number, added=_("It crosses from now on."))


@require_POST
@never_cache
def end(request: HttpRequest, system: str, number: str, listing: str) -> HttpResponse:
    """Let it cross no more."""
    return _LIST.ended(request, system, number, listing)
