"""The forms of this system that ask for more than a record's own fields."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tieline.systems.investigations.lookouts.grounds import Grounds
from tieline.systems.investigations.sheets import SHEETS
from tieline.systems.pages.forms import EntryForm

__all__ = ["CancelForm", "LookoutForm", "RenewalForm"]


class LookoutForm(EntryForm):
    """A lookout with the questions its author answers for (P16, P21)."""

    first_amendment = forms.BooleanField(
        required=False,
        label=_("It rests on what the person said or believed, or on whom they met"),
    )
    association_alone = forms.BooleanField(
        required=False, label=_("It rests on nothing but knowing somebody")
    )
    prohibited_source = forms.BooleanField(
        required=False,
        label=_("It rests solely on what a listed abuser or trafficker furnished"),
    )
    counsel_needed = forms.BooleanField(
        required=False,
        label=_("The person is a journalist, lawyer, member of clergy, advocate or official"),
    )
    counsel = forms.CharField(
        required=False, max_length=200, label=_("Which counsel approved it, and when")
    )

    def __init__(self, *given: Any, at: datetime, **more: Any) -> None:
        super().__init__(SHEETS["lookout"], *given, at=at, **more)
        self.order_fields([name for name in self.fields if name not in self.base_fields])

    def groups(self) -> Iterator[tuple[Any, list[forms.BoundField]]]:
        *of_sheet, (title, rest) = super().groups()
        yield from of_sheet
        yield _("What you answer for"), [one for one in rest if one.name in self.base_fields]
        yield title, [one for one in rest if one.name not in self.base_fields]

    def grounds(self) -> Grounds:
        """The answers; only after `is_valid`."""
        return Grounds(**{one.name: self.cleaned_data[one.name] for one in fields(Grounds)})


class RenewalForm(forms.Form):
    """Until when a lookout goes on, and on which grounds, stated anew (P21)."""

    expires_on = forms.CharField(
        max_length=10,
        label=_("Ends on"),
        help_text=_("The first day on which it does not hold any more: 2027-05-01."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    facts = forms.CharField(
        max_length=4_000,
        label=_("Facts"),
        help_text=_("The person's own conduct, as it stands today: it replaces what stands there."),
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
    )


class CancelForm(forms.Form):
    """Why a lookout ends."""

    why = forms.CharField(
        max_length=500,
        label=_("Why it ends"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
