"""The forms of a person's own account: what he looks for (P3), and his password."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.forms import PasswordChangeForm
from django.utils.translation import gettext_lazy as _

from tieline.accounts.hats import BadPurpose, stated_purpose
from tieline.accounts.models import User
from tieline.core.agreement.viewer import Purpose
from tieline.web.words import PURPOSES

__all__ = ["PasswordForm", "PurposeForm"]


class PasswordForm(PasswordChangeForm):
    """The old password, but for one that an administrator gave; then a new one, twice."""

    field_order = ("username", "old_password")

    # By it a keeper of passwords learns whose this one is; nothing else reads it.
    username = forms.CharField(
        label=_("User name"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "username", "readonly": True}),
    )

    def __init__(self, user: User, *given: Any, **more: Any) -> None:
        super().__init__(user, *given, initial={"username": user.username}, **more)
        told = {"password_incorrect": _("The old password is not right.")}
        self.error_messages = {**self.error_messages, **told}
        if user.one_time_until is not None:
            # It opened a moment ago, and nothing else but this page.
            del self.fields["old_password"]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if "old_password" in self.errors:
            # Of the new one nothing is told to whoever does not know the old one.
            for name in ("new_password1", "new_password2"):
                self.errors.pop(name, None)
        return said


class PurposeForm(forms.Form):
    """A purpose of the closed list with a number, or else with a reason."""

    code = forms.ChoiceField(
        label=_("What for"), choices=[(code.value, words) for code, words in PURPOSES.items()]
    )
    number = forms.CharField(
        label=_("Number of the case or event"),
        required=False,
        max_length=64,
        help_text=_("As on the case or event: TU-26-0417, TCA-2611-000123."),
    )
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=500,
        help_text=_("Without a number, say in words what the search is for."),
    )
    next = forms.CharField(required=False, widget=forms.HiddenInput, max_length=2_000)

    stated: Purpose

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if self.errors:
            return said
        try:
            self.stated = stated_purpose(said["code"], said["number"], said["reason"])
        except BadPurpose as error:
            self.add_error(None, f"{error.what}. {error.cure}")
        return said
