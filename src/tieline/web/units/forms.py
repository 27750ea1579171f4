"""What an administrator is asked of a unit and of its roster."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tieline.systems.pages.asking import Moment
from tieline.web.people.finding import person_of
from tieline.web.people.forms import how_moments

__all__ = ["DutyForm", "RenameForm", "UnitForm"]

_PLAIN: Final = {"autocomplete": "off", "spellcheck": "false"}


class RenameForm(forms.Form):
    """What a unit is called."""

    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=120, widget=forms.TextInput(attrs=_PLAIN)
    )


class UnitForm(RenameForm):
    """A unit; the agency is the administrator's own, and so is not asked."""

    field_order = ("code", "name")

    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=32,
        help_text=gettext_lazy("As TCA, or TCA/NGL for a station of it."),
        widget=forms.TextInput(attrs={**_PLAIN, "autocapitalize": "characters"}),
    )

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        return code.upper()


class DutyForm(forms.Form):
    """A line of a roster: whom one reaches, from when until when."""

    contact = forms.CharField(
        label=gettext_lazy("Contact"),
        max_length=120,
        help_text=gettext_lazy(
            "Whom other agencies call at any hour: the desk and its telephone. It is shown to them."
        ),
        widget=forms.TextInput(attrs=_PLAIN),
    )
    user = forms.CharField(
        label=gettext_lazy("Who sits there"),
        required=False,
        max_length=32,
        help_text=gettext_lazy("As U-123, a person of your agency; may be left blank."),
        widget=forms.TextInput(attrs=_PLAIN),
    )
    starts = Moment(label=gettext_lazy("From"))
    ends = Moment(label=gettext_lazy("Until"), required=False)

    def __init__(self, *given: Any, agency: str, at: datetime, **more: Any) -> None:
        super().__init__(*given, **more)
        self._agency = agency
        self.initial["starts"] = at
        self.fields["starts"].help_text = how_moments(at)
        self.fields["ends"].help_text = _("Left blank, until it is ended.")

    def clean_user(self) -> str:
        number: str = self.cleaned_data["user"].upper()
        if number and person_of(self._agency, number) is None:
            raise forms.ValidationError(_("Nobody of your agency has this number."))
        return number
