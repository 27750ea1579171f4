"""The list of a protected record's prohibited sources (8 USC 1367(a)(1), P16)."""

from __future__ import annotations

from typing import Final

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from tieline.keeping.sourcing import SourceNotListed, end_listing, list_source, listed_on
from tieline.systems.pages.asking import Lines
from tieline.systems.pages.entry import WRITES
from tieline.web.desk.record_lists import RecordList

__all__ = ["end", "sources"]


class ListingForm(forms.Form):
    """Whom to list."""

    names = Lines(
        label=gettext_lazy("Name"),
        help_text=gettext_lazy("Each spelling that is known, one a line."),
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
    )
    numbers = Lines(
        required=False,
        label=gettext_lazy("Telephones and other numbers"),
        help_text=gettext_lazy("By which a source may be named as well, one a line."),
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
    )
    why = forms.CharField(
        label=gettext_lazy("What it rests on"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
    )


_LIST: Final = RecordList(
    page="sources",
    named="listed",
    form=ListingForm,
    rows=listed_on,
    closed=SourceNotListed,
    add=list_source,
    stop=end_listing,
)


@WRITES
@never_cache
def sources(request: HttpRequest, system: str, number: str) -> HttpResponse:
    """The list, and a form to add to it; to all but the owner's desk as of no record."""
    return _LIST.shown(request, system, number, added=_("It is listed."))


@require_POST
@never_cache
def end(request: HttpRequest, system: str, number: str, listing: str) -> HttpResponse:
    """Take somebody from the list."""
    return _LIST.ended(request, system, number, listing)
