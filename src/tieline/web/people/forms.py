"""What an administrator is asked: a person, an assignment, its end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from django import forms
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tieline.core.agreement.viewer import APART, Role
from tieline.systems.pages.asking import Moment
from tieline.web.words import ROLES

__all__ = ["AssignmentForm", "EndForm", "PersonForm", "how_moments"]

_PLAIN: Final = {"autocomplete": "off", "spellcheck": "false"}


class PersonForm(forms.Form):
    """A person; the agency is the administrator's own, and so is not asked."""

    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=120, widget=forms.TextInput(attrs=_PLAIN)
    )
    username = forms.CharField(
        label=gettext_lazy("User name"),
        max_length=64,
        help_text=gettext_lazy("For signing in: small letters, digits, `.`, `_` and `-`."),
        widget=forms.TextInput(attrs={**_PLAIN, "autocapitalize": "none"}),
    )
    number = forms.CharField(
        label=gettext_lazy("Number"),
        required=False,
        max_length=32,
        help_text=gettext_lazy("As U-123. Left blank, the next one that is free."),
        widget=forms.TextInput(attrs=_PLAIN),
    )
    sworn = forms.BooleanField(label=gettext_lazy("Sworn officer"), required=False)
    employee = forms.BooleanField(
        label=gettext_lazy("Employee of the government itself, no contractor"), required=False
    )
    trained_until = Moment(label=gettext_lazy("Trained on the agreement until"), required=False)

    def __init__(self, *given: Any, at: datetime, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["trained_until"].help_text = _(
            "Left blank, nothing of another agency opens. %(how)s"
        ) % {"how": how_moments(at)}

    def clean_number(self) -> str:
        number: str = self.cleaned_data["number"]
        return number.upper()


class EndForm(forms.Form):
    """The end of an assignment."""

    ends = Moment(label=gettext_lazy("Until"), required=False)

    def __init__(self, *given: Any, at: datetime, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["ends"].help_text = _("Left blank, it ends now. %(how)s") % {
            "how": how_moments(at)
        }


class AssignmentForm(forms.Form):
    """An assignment to a unit of the administrator's own agency."""

    unit = forms.ChoiceField(label=gettext_lazy("Unit"))
    role = forms.ChoiceField(label=gettext_lazy("Role"))
    acting = forms.BooleanField(
        label=gettext_lazy("Acting supervisor of the unit, beside the role"), required=False
    )
    task_force = forms.CharField(
        label=gettext_lazy("Task force"),
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs=_PLAIN),
    )
    starts = Moment(label=gettext_lazy("From"))
    ends = Moment(label=gettext_lazy("Until"), required=False)

    def __init__(
        self, *given: Any, units: Sequence[tuple[str, str]], at: datetime, **more: Any
    ) -> None:
        super().__init__(*given, **more)
        self.initial["starts"] = at
        blank = ("", gettext_lazy("choose one"))
        roles: list[tuple[str, str | Promise]] = [
            (one.value, ROLES[one]) for one in Role if one not in APART
        ]
        self.fields["unit"].choices = [blank, *units]  # type: ignore[attr-defined]
        self.fields["role"].choices = [blank, *roles]  # type: ignore[attr-defined]
        self.fields["starts"].help_text = how_moments(at)
        self.fields["ends"].help_text = _("Left blank, until it is ended.")


def how_moments(at: datetime) -> str:
    """How a moment is typed, and in which zone."""
    local = at.astimezone(timezone.get_current_timezone())
    return _("As 2026-11-23 14:05, in local time: %(zone)s (now %(now)s).") % {
        "zone": timezone.get_current_timezone_name(),
        "now": f"{local:%H:%M}",
    }
