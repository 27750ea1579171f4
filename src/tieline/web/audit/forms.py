"""What is asked of a review."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy

from tieline.exchange.oversight.reviews import LONGEST

__all__ = ["ReviewForm", "SignForm"]

_DAYS: Final = (
    ("7", gettext_lazy("a week")),
    ("14", gettext_lazy("two weeks")),
    ("30", gettext_lazy("30 days")),
    ("90", gettext_lazy("90 days")),
)


class ReviewForm(forms.Form):
    """What a review is called, and how often it is run."""

    title = forms.CharField(
        label=gettext_lazy("Title"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    days = forms.TypedChoiceField(
        label=gettext_lazy("Run again after"), choices=_DAYS, coerce=int, initial="30"
    )


class SignForm(forms.Form):
    """What somebody says of what a review found in one period."""

    period = forms.CharField(widget=forms.HiddenInput, max_length=40)
    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)
    said = forms.CharField(
        label=gettext_lazy("What you found"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 6, "autocomplete": "off"}),
        help_text=gettext_lazy(
            "Say so where there is nothing to see to. Name people by their numbers alone. Nothing "
            "can be changed later."
        ),
    )

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.order_fields(["said", "period", "digest"])
