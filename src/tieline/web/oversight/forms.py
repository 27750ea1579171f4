"""What is asked of a finding."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy

from tieline.exchange.directory.models import Unit
from tieline.exchange.oversight.findings import LONGEST

__all__ = ["FindingForm", "ReturnForm", "WordsForm"]

_DAYS: Final = timedelta(days=14)


class WordsForm(forms.Form):
    """What somebody says of a finding."""

    said = forms.CharField(
        label=gettext_lazy("In words"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 6, "autocomplete": "off"}),
        help_text=gettext_lazy("Name people by their numbers alone. Nothing can be changed later."),
    )


class ReturnForm(WordsForm):
    """Why the answer is none, and by when another is wanted."""

    due = forms.DateField(
        label=gettext_lazy("Answer wanted by"), widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, *given: Any, today: date, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["due"].initial = today + _DAYS


class FindingForm(ReturnForm):
    """Of what it is, and who is to answer."""

    field_order = ("about", "title", "unit", "due", "said")

    about = forms.CharField(
        label=gettext_lazy("About"),
        max_length=64,
        help_text=gettext_lazy("The number of a person (U-100), a record or a clause."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    title = forms.CharField(
        label=gettext_lazy("Title"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    unit = forms.ChoiceField(
        label=gettext_lazy("Unit that answers"),
        help_text=gettext_lazy("Its supervisor is asked; not where the finding is about him."),
    )

    def __init__(self, *given: Any, agency: str, **more: Any) -> None:
        super().__init__(*given, **more)
        units = Unit.objects.filter(agency__code=agency).order_by("code")
        field = self.fields["unit"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [("", ""), *((one.code, f"{one.code} · {one.name}") for one in units)]
