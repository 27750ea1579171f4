"""The legal protections in words, and how a form asks for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tieline.core.agreement.circle import is_protection_desk
from tieline.core.agreement.viewer import Viewer
from tieline.keeping.desk import Desk
from tieline.keeping.protecting import Denial, Standing, standing
from tieline.keeping.records import PROTECTIONS
from tieline.systems.pages.sheets import words
from tieline.ui.moments import moment_words

__all__ = ["ProtectionForm", "at_entry", "standing_for", "stated"]

_WORDS: Final[Mapping[str, Promise]] = {
    "section_1367": _("Applicant as a victim of abuse, trafficking or crime (8 USC 1367)"),
    "asylum": _("Asked for asylum, or fear of return (8 CFR 208.6)"),
    "juvenile": _("A child, or of doubtful age (8 USC 1232(b)(4))"),
    "informant": _("A confidential source, or names one"),
    "grand_jury": _("Matter of a grand jury (Fed. R. Crim. P. 6(e))"),
    "intercept": _("Contents of an intercept (18 USC 2517)"),
    "sealed": _("Under seal of a court"),
    "medical": _("A medical record as a whole"),
    "us_person": _("A US citizen or permanent resident, or not shown to be none (5 USC 552a)"),
    "third_agency": _("From a third agency, not to be passed on"),
    "tax": _("Tax return information (26 USC 6103)"),
    "suspicious_activity": _("A report of suspicious activity (31 USC 5318(g)(2))"),
}
_STATES: Final[Mapping[str, bool | None]] = {"yes": True, "no": False, "unknown": None}
_STAYS: Final = {
    True: _("stays: yes"),
    False: _("stays: no"),
    None: _("stays: unknown, and so protected"),
}
_CHOICES: Final = (("yes", _("yes")), ("no", _("no")), ("unknown", _("unknown")))
_LONGEST_WHY: Final = 500
_LONGEST_BY: Final = 200
_ENDING: Final = ("denied_by", "denied_on", "appeals_exhausted")


def at_entry() -> dict[str, forms.Field]:
    """The two questions that each new record answers (P17)."""
    return {
        "protected": _checkboxes(_("Protections that apply")),
        "screened": forms.BooleanField(
            required=False,
            label=_("I looked at every protection, and all that apply are checked"),
            help_text=_("Otherwise those not checked are unknown, and the record is protected."),
        ),
    }


def stated(answers: Mapping[str, Any]) -> dict[str, bool | None]:
    """What the two questions say of each protection."""
    rest = False if answers["screened"] else None
    return {name: True if name in answers["protected"] else rest for name in PROTECTIONS}


class ProtectionForm(forms.Form):
    """Sets protections; for the protection desk, which alone is told how each stands, it states
    them anew: to others, that one is set would tell.
    """

    why = forms.CharField(
        label=_("What it rests on"),
        max_length=_LONGEST_WHY,
        help_text=_("It stands with the change, where it can be erased."),
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
    )

    def __init__(
        self, *given: Any, standing: Mapping[str, Standing] | None = None, **more: Any
    ) -> None:
        """`standing`: how each stands, for whom that is; without it one can only be set."""
        super().__init__(*given, **more)
        self._anew = standing is not None
        if standing is None:
            self.fields["protected"] = _checkboxes(_("Protections to be set"))
            self.fields["protected"].help_text = _(
                "Check each that is to be set. One that is set already stays so, and is not shown "
                "checked: how they stand is told to the protection desk alone (clause F11)."
            )
        else:
            self.fields.update(_ending())
            for name, one in standing.items():
                self.fields[name] = forms.ChoiceField(
                    required=False,
                    label=_label(name),
                    help_text=_said(one),
                    choices=[("", _STAYS[one.state]), *_CHOICES],
                )
        self.order_fields([name for name in self.fields if name not in self.base_fields])

    def groups(self) -> Iterator[tuple[Any, list[forms.BoundField]]]:
        """As the page shows them."""
        apart = {"why", *_ENDING}
        yield _("Protections"), [self[name] for name in self.fields if name not in apart]
        if self._anew:
            yield _("If that of 8 USC 1367 ends"), [self[name] for name in _ENDING]
        yield _("Why"), [self["why"]]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not self.errors and not self.states():
            self.add_error(None, _("Nothing is changed. Choose one protection at least."))
        return said

    def states(self) -> dict[str, bool | None]:
        """What was chosen; only after `is_valid`."""
        said = self.cleaned_data
        if not self._anew:
            return dict.fromkeys(said["protected"], True)
        return {name: _STATES[said[name]] for name in PROTECTIONS if said[name]}

    def denial(self) -> Denial | None:
        """What was said of it, as far as it was said; only after `is_valid`."""
        said = self.cleaned_data
        if not said.get("denied_by") or said.get("denied_on") is None:
            return None
        return Denial(
            by=said["denied_by"], on=said["denied_on"], appeals_exhausted=said["appeals_exhausted"]
        )


def standing_for(viewer: Viewer, desk: Desk, number: str) -> Mapping[str, Standing] | None:
    """How the protections of a record stand that was shown to its owner's protection desk; None
    to all others.
    """
    record = desk.keeper.find(number)
    if record is None or not is_protection_desk(viewer):
        return None
    return standing(desk, record)


def _said(one: Standing) -> str:
    if one.at is None or one.state is None:
        return ""
    stated = (
        _("Stated as yes by %(who)s, %(at)s") if one.state else _("Stated as no by %(who)s, %(at)s")
    )
    return stated % {"who": one.by, "at": moment_words(one.at)}


def _ending() -> dict[str, forms.Field]:
    """By what alone that protection ends (8 USC 1367(a))."""
    return {
        "denied_by": forms.CharField(
            required=False,
            label=_("Who denied the application"),
            max_length=_LONGEST_BY,
            widget=forms.TextInput(attrs={"autocomplete": "off"}),
        ),
        "denied_on": forms.DateField(
            required=False,
            label=_("Denied on"),
            widget=forms.DateInput(attrs={"type": "date"}),
        ),
        "appeals_exhausted": forms.BooleanField(
            required=False, label=_("All opportunities for appeal are exhausted")
        ),
    }


def _checkboxes(label: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        required=False,
        label=label,
        help_text=_("Check each that applies."),
        choices=[(name, _label(name)) for name in PROTECTIONS],
        widget=forms.CheckboxSelectMultiple,
    )


def _label(name: str) -> Any:
    return _WORDS.get(name) or words(name)
