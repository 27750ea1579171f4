"""What is asked of a case, of each kind of subject record and of a lookout."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from tieline.keeping.values import CAUTIONS, SEXES
from tieline.systems.investigations.cases.case import CaseStatus
from tieline.systems.investigations.kinds import DRAFTS, KINDS
from tieline.systems.investigations.lookouts.reasons import REASONS, Handling
from tieline.systems.pages.sheets import Choices, Group, Sheet, plain

__all__ = ["SHEETS", "moving_on"]

_LABELS: Final[Mapping[str, Any]] = {
    "a_number": _("A-number"),
    "agent": _("Led by"),
    "birth_date": _("Date of birth"),
    "court_note": _("Matter of courts"),
    "effective_on": _("Begins on"),
    "expires_on": _("Ends on"),
    "fin": _("FIN"),
    "given_name": _("Given name"),
    "height_cm": _("Height in cm"),
    "length_m": _("Length in m"),
    "marks": _("Scars, marks, tattoos"),
    "maternal_surname": _("Second surname (maternal)"),
    "name_as_given": _("Name as given"),
    "paternal_surname": _("First surname (paternal)"),
    "source_note": _("Source: who or what this comes from"),
    "vin": _("VIN"),
}
_HINTS: Final[Mapping[str, Any]] = {
    "agent": _("The number of the user: U-200."),
    "aliases": _("One a line."),
    "birth_date": _("1990-03-12, or what is known of it: 1990-03, 1990."),
    "cautions": _("Bare precautions; each needs its source."),
    "citizenship": _("The country, or its code."),
    "country": _("The country, or its code."),
    "documents": _("One a line: MX passport G12345678."),
    "effective_on": _("As 2026-11-23; lookouts hold by whole days of UTC."),
    "expires_on": _("The first day on which it does not hold any more."),
    "facts": _("The person's own conduct, not whom they know."),
    "flag": _("The country, or its code."),
    "opened_on": _("As 2026-11-23."),
    "phone": _("With + and the country's code unless it is of the United States."),
    "plate": _("With its state: SON ABC1234."),
}


def _reasons() -> tuple[tuple[str, str], ...]:
    return ("", "—"), *((one.code, one.label) for one in REASONS.values())


_CHOICES: Final[Mapping[str, Choices]] = {
    "cautions": plain(*CAUTIONS, blank=False),
    "sex": lambda: [(one, one or "—") for one in ("", *SEXES)],
}
_OWN_CHOICES: Final[Mapping[str, Mapping[str, Choices]]] = {
    "case": {"status": plain(CaseStatus.OPEN, CaseStatus.PROPOSED, blank=False)},
    "lookout": {"handling": plain(*Handling), "reason": _reasons},
    "person": {"status": plain("active", "closed", blank=False)},
}

_NAMES: Final = (
    *("name_as_given", "given_name", "paternal_surname", "maternal_surname", "aliases"),
)
_BORN: Final = ("birth_date", "sex", "citizenship")
_NUMBERS: Final = ("a_number", "fin", "documents")
_REST: Final = ("remarks", "source_note")
_THING: Final = _("What it is")
_SAID: Final = _("What is known")
_GROUPS: Final[Mapping[str, tuple[Group, ...]]] = {
    "case": (
        (_("The case"), ("title", "category", "program", "status", "opened_on")),
        (_("What it is about"), ("synopsis", "narrative", "source_note", "court_note")),
        (_("Whose it is"), ("agent", "office")),
    ),
    "person": (
        (_("Name"), _NAMES),
        (_("Born, sex, citizenship"), _BORN),
        (_("Numbers"), _NUMBERS),
        (_("Looks"), ("height_cm", "eye", "hair", "marks")),
        (_("To be reached at"), ("phone", "address", "employer")),
        (_SAID, ("role_in_case", "criminal_history", *_REST, "cautions", "status")),
    ),
    "vehicle": (
        (_THING, ("plate", "vin", "make", "model", "year", "color")),
        (_SAID, (*_REST, "cautions")),
    ),
    "vessel": (
        (_THING, ("hull_number", "name", "flag", "length_m")),
        (_SAID, (*_REST, "cautions")),
    ),
    "phone": ((_THING, ("phone", "carrier")), (_SAID, _REST)),
    "address": ((_THING, ("address", "city", "state", "country")), (_SAID, _REST)),
    "business": ((_THING, ("name", "registration", "phone", "address")), (_SAID, _REST)),
    "lookout": (
        (
            _("Why, and what is to be done"),
            ("reason", "handling", "facts", "instructions", "effective_on", "expires_on"),
        ),
        (_("Source and cautions"), ("source_note", "cautions")),
        (_("Name, where it is not that of the record"), _NAMES),
        (_("Born, sex, citizenship"), _BORN),
        (_("Numbers"), (*_NUMBERS, "plate", "vin", "hull_number")),
    ),
}
_REQUIRED: Final[Mapping[str, frozenset[str]]] = {
    "case": frozenset({"title"}),
    "lookout": frozenset(
        {"reason", "handling", "facts", "effective_on", "expires_on", "source_note"}
    ),
}
SHEETS: Final[Mapping[str, Sheet]] = {
    model.kind: Sheet(
        model=model,
        draft=DRAFTS[model.kind],
        groups=_GROUPS[model.kind],
        labels=_LABELS,
        hints=_HINTS,
        choices={**_CHOICES, **_OWN_CHOICES.get(model.kind, {})},
        required=_REQUIRED.get(model.kind, frozenset()),
    )
    for model in KINDS
}


def moving_on(now: CaseStatus) -> Sheet:
    """The sheet of a case with what it may become from here."""
    case = SHEETS["case"]
    status = plain(now, *sorted(now.next), blank=False)
    return replace(case, choices={**case.choices, "status": status})
