"""What is asked of who makes a copy, and of who says that one is gone."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tieline.keeping.copies import CopyForm, Fate

__all__ = ["FATES", "FORMS", "AttestForm", "CopyAsForm", "RecallCopyForm"]

FORMS: Final[dict[CopyForm, Promise]] = {
    CopyForm.PAGE: _("A page to print"),
    CopyForm.JSON: _("A file (JSON)"),
}
FATES: Final[dict[Fate, Promise]] = {
    Fate.SHREDDED: _("Shredded or burned"),
    Fate.DELETED: _("The file is deleted, with its copies"),
    Fate.RETURNED: _("Given back to the owner"),
    Fate.LOST: _("It cannot be found"),
}


def _choices(words: Any) -> list[tuple[str, Any]]:
    return [("", ""), *((one.value, said) for one, said in words.items())]


class CopyAsForm(forms.Form):
    """As what the copy is made."""

    form = forms.ChoiceField(label=_("As"), choices=_choices(FORMS))


class AttestForm(forms.Form):
    """What became of it."""

    fate = forms.ChoiceField(
        label=_("What became of it"),
        choices=_choices(FATES),
        help_text=_("You attest it with your name; it stands in the owner's ledger."),
    )


class RecallCopyForm(forms.Form):
    """Nothing to fill in: the holder is told no reason."""
