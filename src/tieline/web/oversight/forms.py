"""What is asked of a finding, and of a watch."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tieline.exchange.directory.models import Unit
from tieline.exchange.oversight.findings import LONGEST
from tieline.exchange.oversight.watches import LONGEST as LONGEST_REASON
from tieline.exchange.oversight.watches import MOST_DAYS

__all__ = ["FindingForm", "ReturnForm", "WatchForm", "WordsForm"]

_DAYS: Final = timedelta(days=14)
_WATCHED_DAYS: Final = timedelta(days=90)


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


class WatchForm(forms.Form):
    """Which record, why, and until when."""

    record = forms.CharField(
        label=gettext_lazy("Record"),
        max_length=64,
        help_text=gettext_lazy("Its number, as on the record: TCA-2611-000123-01, SR-26-000001."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=LONGEST_REASON,
        help_text=gettext_lazy("Why looks at it are to be known. Name people by their numbers."),
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )
    day = forms.DateField(
        label=gettext_lazy("Until the end of"), widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, *given: Any, today: date, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["day"].initial = today + _WATCHED_DAYS
        self._last = today + timedelta(days=MOST_DAYS - 1)
        self._today = today

    def clean_day(self) -> date:
        """A day of which the end can be told."""
        day: date = self.cleaned_data["day"]
        if not self._today <= day <= self._last:
            said = _("Choose a day from today until %(last)s.") % {"last": self._last.isoformat()}
            raise forms.ValidationError(said)
        return day
