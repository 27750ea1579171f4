"""What is asked of a matter. Nobody's citizenship is: redress does not turn on it (P29)."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy

from tieline.core.redress import OUTCOMES, Kind
from tieline.exchange.directory.models import Agency
from tieline.exchange.redress.matters import LONGEST
from tieline.exchange.redress.models import Matter
from tieline.web.redress.words import KINDS
from tieline.web.redress.words import OUTCOMES as OUTCOME_WORDS
from tieline.web.words import field_words

__all__ = ["DecideForm", "DisagreeForm", "MatterForm"]

_PLAIN: Final = {"autocomplete": "off", "spellcheck": "false"}
_WORDS: Final = {"rows": 6, "autocomplete": "off"}


class MatterForm(forms.Form):
    """What came by letter."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What is asked for"),
        choices=[("", ""), *((one.value, KINDS[one]) for one in Kind)],
    )
    received_on = forms.DateField(
        label=gettext_lazy("Came on"),
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy("The clock runs from this day."),
    )
    person = forms.CharField(
        label=gettext_lazy("Name"), max_length=120, widget=forms.TextInput(attrs=_PLAIN)
    )
    reply_to = forms.CharField(
        label=gettext_lazy("Where the answer goes"),
        max_length=200,
        widget=forms.TextInput(attrs=_PLAIN),
    )
    decides = forms.ChoiceField(
        label=gettext_lazy("Agency that decides"),
        help_text=gettext_lazy(
            "As far as the letter tells whose record it is. It is sent there, and its people say "
            "that they have it."
        ),
    )
    record = forms.CharField(
        label=gettext_lazy("Number of the record, if the person names one"),
        max_length=64,
        required=False,
        widget=forms.TextInput(attrs=_PLAIN),
    )
    redress = forms.CharField(
        label=gettext_lazy("Redress number, if the person names one"),
        max_length=16,
        required=False,
        widget=forms.TextInput(attrs=_PLAIN),
    )
    said = forms.CharField(
        label=gettext_lazy("What the person says"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs=_WORDS),
    )

    def __init__(self, *given: Any, agency: str, today: date, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["received_on"].initial = today
        field = self.fields["decides"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        agencies = Agency.objects.order_by("code")
        field.choices = [(one.code, f"{one.code} · {one.name}") for one in agencies]
        field.initial = agency


class DecideForm(forms.Form):
    """How a matter ends, and why."""

    outcome = forms.ChoiceField(label=gettext_lazy("Outcome"))
    record = forms.CharField(
        label=gettext_lazy("Record on which it was decided"),
        max_length=64,
        required=False,
        widget=forms.TextInput(attrs=_PLAIN),
        help_text=gettext_lazy(
            "Where the outcome tells the person that there is one. Your agency alone is shown it."
        ),
    )
    said = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs=_WORDS),
        help_text=gettext_lazy("For your agency alone. The person is told the outcome's words."),
    )

    def __init__(self, *given: Any, matter: Matter, **more: Any) -> None:
        super().__init__(*given, **more)
        field = self.fields["outcome"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        ways = OUTCOMES[Kind(matter.kind)]
        field.choices = [("", ""), *((one.value, OUTCOME_WORDS[one]) for one in ways)]
        self.fields["record"].initial = matter.record


class DisagreeForm(forms.Form):
    """What the person says against one field."""

    name = forms.ChoiceField(label=gettext_lazy("Field that is disputed"))
    said = forms.CharField(
        label=gettext_lazy("Statement of disagreement"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs=_WORDS),
        help_text=gettext_lazy(
            "As the person wrote it. Whoever is shown the field reads it, in every agency. Nothing "
            "can be changed later."
        ),
    )

    def __init__(self, *given: Any, names: tuple[str, ...], **more: Any) -> None:
        super().__init__(*given, **more)
        field = self.fields["name"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [("", ""), *((one, field_words(one)) for one in names)]
