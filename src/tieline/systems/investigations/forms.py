"""One form for each kind of record, made from its columns: nothing is asked that is not kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Final

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from tieline.core.errors import TielineError
from tieline.keeping.draft import Draft
from tieline.keeping.records import PROTECTIONS, KeptRecord
from tieline.systems.investigations.cases.case import CaseStatus
from tieline.systems.investigations.entering import EntryRefused
from tieline.systems.investigations.kinds import DRAFTS, KINDS
from tieline.systems.investigations.lookouts.grounds import Grounds
from tieline.systems.investigations.lookouts.reasons import REASONS, Handling
from tieline.systems.investigations.values import CAUTIONS, SEXES

__all__ = ["CancelForm", "LookoutForm", "RecordForm"]

_MODELS: Final = {model.kind: model for model in KINDS}
_LONGEST_LIST: Final = 10_000
_NOT_ASKED: Final = {
    "case": frozenset({"agent", "office"}),
    "lookout": frozenset({"subject", "status", "supervisor"}),
}
_NOT_OF_SUBJECTS: Final = frozenset({"case", "status"})
_LABELS: Final[Mapping[str, Any]] = {
    "a_number": _("A-number"),
    "fin": _("FIN"),
    "vin": _("VIN"),
    "height_cm": _("Height in cm"),
    "length_m": _("Length in m"),
    "name_as_given": _("Name as given"),
    "source_note": _("Source: who or what this comes from"),
    "court_note": _("Matter of courts"),
    "protected": _("Protections that are set"),
}
_HINTS: Final[Mapping[str, Any]] = {
    "aliases": _("One a line."),
    "documents": _("One a line: MX passport G12345678."),
    "birth_date": _("1990-03-12, or what is known of it: 1990-03, 1990."),
    "phone": _("With + and the country's code unless it is of the United States."),
    "plate": _("With its state: SON ABC1234."),
    "citizenship": _("The country, or its code."),
    "expires_on": _("The first day on which it does not hold any more."),
    "facts": _("The person's own conduct, not whom they know."),
    "cautions": _("Bare precautions; each needs its source."),
}
_CHOICES: Final[Mapping[tuple[str, str], tuple[str, ...]]] = {
    ("case", "status"): (CaseStatus.OPEN, CaseStatus.PROPOSED),
    ("person", "sex"): ("", *SEXES),
    ("lookout", "sex"): ("", *SEXES),
    ("lookout", "handling"): ("", *Handling),
}


class RecordForm(forms.Form):
    """Asks for a draft of one kind."""

    def __init__(self, kind: str, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.kind = kind
        model = _MODELS[kind]
        left_out = _NOT_ASKED.get(kind, _NOT_OF_SUBJECTS)
        for column, _class in model.columns():
            if column not in left_out:
                self.fields[column] = _asked(model, column)
        self.fields["screened"] = forms.BooleanField(
            required=False,
            label=_("I looked at every protection, and all that apply are checked"),
            help_text=_("Otherwise those not checked are unknown, and the record is protected."),
        )
        self.fields["protected"] = forms.MultipleChoiceField(
            required=False,
            label=_LABELS["protected"],
            choices=[(one, _words(one)) for one in PROTECTIONS],
            widget=forms.CheckboxSelectMultiple,
        )

    def draft(self, **more: Any) -> Draft:
        """What was entered; only after `is_valid`."""
        said = self.cleaned_data
        rest = False if said["screened"] else None
        draft = DRAFTS[self.kind]
        known = {one.name for one in fields(draft)}
        return draft(
            protections={one: True if one in said["protected"] else rest for one in PROTECTIONS},
            **{
                name: value.splitlines() if name in ("aliases", "documents") else value
                for name, value in said.items()
                if name in known
            },
            **more,
        )

    def refuse(self, error: TielineError) -> None:
        """Say beside each field what a service said of it."""
        if isinstance(error, EntryRefused):
            for name, problem in error.problems.items():
                self.add_error(name if name in self.fields else None, problem)
        else:
            self.add_error(None, f"{error.what[:1].upper()}{error.what[1:]}. {error.cure}")


class LookoutForm(RecordForm):
    """A lookout with the questions its author answers for (P16, P21)."""

    first_amendment = forms.BooleanField(
        required=False,
        label=_("It rests on what the person said or believed, or on whom they met"),
    )
    association_alone = forms.BooleanField(
        required=False, label=_("It rests on nothing but knowing somebody")
    )
    prohibited_source = forms.BooleanField(
        required=False,
        label=_("It rests solely on what a listed abuser or trafficker furnished"),
    )
    counsel_needed = forms.BooleanField(
        required=False,
        label=_("The person is a journalist, lawyer, member of clergy, advocate or official"),
    )
    counsel = forms.CharField(
        required=False, max_length=200, label=_("Which counsel approved it, and when")
    )

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__("lookout", *given, **more)
        self.order_fields([name for name in self.fields if name not in self.base_fields])

    def grounds(self) -> Grounds:
        """The answers; only after `is_valid`."""
        return Grounds(**{one.name: self.cleaned_data[one.name] for one in fields(Grounds)})


class CancelForm(forms.Form):
    """Why a lookout ends."""

    why = forms.CharField(max_length=500, label=_("Why it ends"))


def _asked(model: type[KeptRecord], name: str) -> forms.Field:
    column = model._meta.get_field(name)
    about: dict[str, Any] = {
        "required": (model.kind, name) in (("case", "title"),),
        "label": _LABELS.get(name, _words(name)),
        "help_text": _HINTS.get(name, ""),
    }
    if name == "cautions":
        return forms.MultipleChoiceField(
            **about,
            choices=[(one, _words(one)) for one in CAUTIONS],
            widget=forms.CheckboxSelectMultiple,
        )
    if name == "reason":
        reasons = [("", "—"), *((one.code, one.label) for one in REASONS.values())]
        return forms.ChoiceField(**about, choices=reasons)
    choices = _CHOICES.get((model.kind, name))
    if choices is not None:
        return forms.ChoiceField(**about, choices=[(str(one), one or "—") for one in choices])
    if isinstance(column, models.IntegerField):
        return forms.IntegerField(**about)
    if isinstance(column, models.FloatField):
        return forms.FloatField(**about)
    if isinstance(column, models.JSONField):
        return forms.CharField(
            **about, max_length=_LONGEST_LIST, widget=forms.Textarea(attrs={"rows": 2})
        )
    if isinstance(column, models.TextField):
        return forms.CharField(
            **about, max_length=column.max_length, widget=forms.Textarea(attrs={"rows": 4})
        )
    return forms.CharField(**about, max_length=getattr(column, "max_length", None))


def _words(name: str) -> str:
    return name.replace("_", " ").capitalize()
