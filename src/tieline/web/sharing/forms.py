"""What is asked of those who ask for more, and of those who answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from tieline.core.agreement.emergencies import Danger
from tieline.core.agreement.refusing import RefusalReason
from tieline.core.records import FieldClass
from tieline.exchange.sharing.models import Verdict
from tieline.keeping.emergencies import LONGEST_WHY
from tieline.systems.pages.asking import Moment
from tieline.web.people.forms import how_moments
from tieline.web.sharing.wording import DANGERS, REASONS, VERDICTS
from tieline.web.words import CLASSES

__all__ = [
    "AppealForm",
    "AskForm",
    "CloseForm",
    "ConsentForm",
    "DangerForm",
    "GrantForm",
    "RecallForm",
    "RefuseForm",
    "ReviewForm",
    "VerifyForm",
    "VoiceForm",
]

_USUALLY: Final = timedelta(days=3)
_OPEN_FOR: Final = timedelta(days=30)


def _area(longest: int, label: Any, hint: Any = "") -> forms.CharField:
    area = forms.Textarea(attrs={"rows": 3, "autocomplete": "off"})
    field = forms.CharField(label=label, max_length=longest, help_text=hint, widget=area)
    # With a measure, the browser would cut what is pasted without a word.
    field.widget.attrs.pop("maxlength", None)
    return field


def _choices(classes: Iterable[FieldClass]) -> list[tuple[str, Any]]:
    wanted = set(classes)
    return [(one.value, words) for one, words in CLASSES.items() if one in wanted]


class AskForm(forms.Form):
    """What of the record, why, and by when."""

    classes = forms.MultipleChoiceField(
        label=_("What you ask for"), widget=forms.CheckboxSelectMultiple, required=False
    )
    copies = forms.BooleanField(
        label=_("That your unit may make numbered copies of what it is shown"), required=False
    )
    why = _area(1_000, _("What it is needed for"), _("The owner reads it. No third person's name."))
    due_at = Moment(label=_("Answer wanted by"))

    def __init__(
        self, *given: Any, classes: Sequence[FieldClass], at: datetime, **more: Any
    ) -> None:
        super().__init__(*given, **more)
        self.fields["classes"].choices = _choices(classes)  # type: ignore[attr-defined]
        if not classes:
            del self.fields["classes"]
        self.initial["due_at"] = at + _USUALLY
        self.fields["due_at"].help_text = how_moments(at)


class VerifyForm(forms.Form):
    """What of the record is to be verified, for which paper, and by when."""

    classes = forms.MultipleChoiceField(
        label=_("What you want to use"), widget=forms.CheckboxSelectMultiple
    )
    why = _area(1_000, _("For which paper"), _("The owner reads it. No third person's name."))
    due_at = Moment(label=_("Answer wanted by"))

    def __init__(
        self, *given: Any, classes: Sequence[FieldClass], at: datetime, **more: Any
    ) -> None:
        super().__init__(*given, **more)
        self.fields["classes"].choices = _choices(classes)  # type: ignore[attr-defined]
        self.initial["due_at"] = at + _USUALLY
        self.fields["due_at"].help_text = how_moments(at)


class GrantForm(forms.Form):
    """All that was asked, or a part; until when, and what is asked of those who are shown it."""

    classes = forms.MultipleChoiceField(
        label=_("What is released"), widget=forms.CheckboxSelectMultiple, required=False
    )
    copies = forms.BooleanField(
        label=_("They may make numbered copies of what they are shown"),
        required=False,
        help_text=_("Each has a number, a mark and an end, and is called in with the release."),
    )
    expires_at = Moment(label=_("Until"))
    caveats = forms.CharField(
        label=_("Caveat"),
        max_length=500,
        required=False,
        help_text=_("Stands with the record wherever it is shown by this release."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(
        self,
        *given: Any,
        classes: Iterable[FieldClass],
        copies: bool,
        at: datetime,
        **more: Any,
    ) -> None:
        super().__init__(*given, **more)
        choices = _choices(classes)
        self.fields["classes"].choices = choices  # type: ignore[attr-defined]
        for name, is_asked in (("classes", bool(choices)), ("copies", copies)):
            if not is_asked:
                del self.fields[name]
        self.initial["classes"] = [value for value, _words in choices]
        self.initial["expires_at"] = at + _OPEN_FOR
        self.fields["expires_at"].help_text = how_moments(at)


class RefuseForm(forms.Form):
    """One of the reasons that there are."""

    reason = forms.ChoiceField(label=_("Reason"), choices=[("", "")])
    said = forms.CharField(
        label=_("What you add to it"),
        max_length=500,
        required=False,
        help_text=_("Those who asked read it."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *given: Any, reasons: Iterable[RefusalReason], **more: Any) -> None:
        super().__init__(*given, **more)
        choices = [("", ""), *((one.value, REASONS[one]) for one in reasons)]
        self.fields["reason"].choices = choices  # type: ignore[attr-defined]


class VoiceForm(GrantForm):
    """What an agency says in the council, or enters of the department's paper; the owner's, if it
    grants, also what is released and how.
    """

    grants = forms.ChoiceField(
        label=_("It is"),
        widget=forms.RadioSelect,
        choices=[("yes", _("to be released")), ("no", _("to stay refused"))],
    )
    why = _area(1_000, _("Why"), _("The other agency's sharing officers read it."))
    reference = forms.CharField(
        label=_("Reference of the department's paper"),
        max_length=200,
        help_text=_("Its number and day, as both agencies have it."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    field_order = ("grants", "reference", "why", "classes", "copies", "expires_at", "caveats")

    def __init__(self, *given: Any, is_owner: bool, on_paper: bool, **more: Any) -> None:
        super().__init__(*given, **more)
        del self.fields["why" if on_paper else "reference"]
        for name in ("classes", "copies", "expires_at", "caveats"):
            if not is_owner:
                self.fields.pop(name, None)
        if is_owner:
            self.fields["expires_at"].required = False

    def clean(self) -> None:
        said = super().clean() or self.cleaned_data
        ends = "expires_at" not in self.fields or said.get("expires_at")
        if said.get("grants") == "yes" and not ends and "expires_at" not in self.errors:
            self.add_error("expires_at", _("A release has an end: say until when."))


class AppealForm(forms.Form):
    """What speaks against the answer."""

    why = _area(1_000, _("What the owner did not weigh"))


class RecallForm(forms.Form):
    """Why a release is taken back; those who had it are not told."""

    why = _area(500, _("Why it is taken back"), _("For your agency's ledger alone."))


class ConsentForm(forms.Form):
    """Which third agency, and by what it finds what it gave."""

    agency = forms.ChoiceField(label=_("Agency that it came from"))
    reference = forms.CharField(
        label=_("What it gave you"),
        max_length=200,
        help_text=_("The number or date of its own message. It is not told of your record."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *given: Any, agencies: Iterable[str], **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["agency"].choices = [(one, one) for one in agencies]  # type: ignore[attr-defined]


class DangerForm(forms.Form):
    """Which danger, in words, and for which case; or that there is no number yet."""

    danger = forms.ChoiceField(label=_("What threatens a life now"), choices=[("", "")])
    why = _area(
        LONGEST_WHY,
        _("What happens, and what you need of this record"),
        _("Your supervisor, the owner and auditors read it. No third person's name."),
    )
    case = forms.CharField(
        label=_("Number of the case or event"),
        max_length=64,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    no_case = forms.BooleanField(label=_("There is no number yet"), required=False)

    def __init__(self, *given: Any, case: str, **more: Any) -> None:
        super().__init__(*given, **more)
        choices = [("", ""), *((one.value, DANGERS[one]) for one in Danger)]
        self.fields["danger"].choices = choices  # type: ignore[attr-defined]
        self.initial["case"] = case

    def clean_case(self) -> str:
        """As it stands in every ledger."""
        case: str = self.cleaned_data["case"].strip().upper()
        return case

    def clean(self) -> None:
        said = super().clean() or self.cleaned_data
        if bool(said.get("case")) == bool(said.get("no_case")):
            self.add_error(
                "case", _("Give the number, or say that there is none yet: one of both.")
            )


class CloseForm(forms.Form):
    """Why an emergency ends before its term."""

    why = _area(500, _("Why it is closed"), _("For the ledger alone."))


class ReviewForm(forms.Form):
    """What it was, and why that is so."""

    verdict = forms.ChoiceField(label=_("What you found"), widget=forms.RadioSelect)
    said = _area(1_000, _("Why"), _("Name people by their numbers alone. It is never changed."))

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        choices = [(one.value, VERDICTS[one]) for one in Verdict]
        self.fields["verdict"].choices = choices  # type: ignore[attr-defined]
