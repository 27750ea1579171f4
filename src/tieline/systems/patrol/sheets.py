"""What is asked of an event and of a subject, in the order in which work needs it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from tieline.keeping.values import CAUTIONS
from tieline.systems.pages.sheets import Sheet, coded, plain
from tieline.systems.patrol.choices import BORDERS, FEAR_ANSWERS
from tieline.systems.patrol.events.event import Event, EventDraft
from tieline.systems.patrol.issuer import NumberState
from tieline.systems.patrol.subjects.subject import Subject, SubjectDraft

__all__ = ["AT_ENTRY", "EVENT", "SHEETS", "SUBJECT"]

EVENT: Final = Sheet(
    model=Event,
    draft=EventDraft,
    groups=(
        (_("When and where"), ("apprehended_at", "sector", "station", "landmark", "border")),
        (_("Coordinates"), ("latitude", "longitude")),
        (_("How"), ("arrest_method", "vehicle_plate", "vehicle", "vessel_name", "hull_number")),
        (_("Account"), ("narrative", "medical_note")),
    ),
    labels={
        "apprehended_at": _("Apprehended at"),
        "hull_number": _("Number on the hull"),
        "medical_note": _("Medical: what had to be done at once"),
        "vehicle": _("Vehicle: make, model, color"),
        "vehicle_plate": _("Plate"),
    },
    hints={
        "apprehended_at": _("Blank takes the moment at which this is sent."),
        "landmark": _("As agents call it."),
        "latitude": _("In degrees: 31.4013. Blank where it is not known."),
        "longitude": _("In degrees, with a minus in the west: -111.2345."),
        "medical_note": _("A class of its own: it is not shown with the account."),
        "sector": _("The event is numbered by it. Blank takes that of your unit."),
        "vehicle_plate": _("With its state: SON ABC1234."),
    },
    choices={
        "arrest_method": coded("arrest-method"),
        "border": plain(*BORDERS),
        "sector": coded("sectors"),
    },
)

_LABELS: Final[Mapping[str, Any]] = {
    "a_number": _("A-number"),
    "a_number_state": _("How the A-number stands"),
    "birth_date": _("Date of birth"),
    "booked_in_at": _("Booked in at"),
    "booked_out_at": _("Booked out at"),
    "claimed_age": _("Age, as claimed"),
    "cautions": _("Cautions"),
    "entered_at": _("Entered the country at"),
    "entry_status": _("Status at entry"),
    "fear_claimed": _("Fear of return: the answer, once it was asked"),
    "fin": _("FIN"),
    "given_name": _("Given name"),
    "height_cm": _("Height in cm"),
    "marks": _("Scars, marks, tattoos"),
    "maternal_surname": _("Second surname (maternal)"),
    "name_as_given": _("Name as given"),
    "paternal_surname": _("First surname (paternal)"),
    "source_note": _("Source of cautions, charge and history"),
    "time_in_us": _("Time in the US"),
    "weight_kg": _("Weight in kg"),
}
_HINTS: Final[Mapping[str, Any]] = {
    "a_number": _("Seven to nine digits. Blank while it is pending: the work goes on."),
    "aliases": _("One a line."),
    "birth_date": _("1990-03-12, or what is known of it: 1990-03, 1990."),
    "cautions": _("Bare precautions, never a diagnosis."),
    "citizenship": _("The country, or its code. Blank counts as a US person until shown."),
    "claimed_age": _("In years, where the date of birth is not known."),
    "documents": _("One a line: MX passport G12345678."),
    "family_unit": _("The number of the family unit; the role in it belongs to it."),
    "fear_claimed": _("Blank: nobody asked, and the record stays protected."),
    "name_as_given": _("Letter for letter as the person said or wrote it, in any script."),
    "phone": _("With + and the country's code unless it is of the United States."),
    "source_note": _("Who or what it comes from, one a line. Blank: what you saw yourself."),
}

SUBJECT: Final = Sheet(
    model=Subject,
    draft=SubjectDraft,
    groups=(
        (
            _("Name"),
            ("name_as_given", "given_name", "paternal_surname", "maternal_surname", "aliases"),
        ),
        (_("Born, sex, citizenship"), ("birth_date", "claimed_age", "sex", "citizenship")),
        (_("Numbers"), ("a_number", "a_number_state", "fin", "fingerprint_file", "documents")),
        (_("Cautions"), ("cautions", "source_note")),
        (_("Entry"), ("entry_status", "entered_at", "time_in_us")),
        (_("Fear"), ("fear_claimed", "fear_note")),
        (_("Custody"), ("custody_place", "booked_in_at", "booked_out_at")),
        (_("Family"), ("family_unit", "family_role")),
        (_("Looks"), ("height_cm", "weight_kg", "eye", "hair", "marks")),
        (_("To be reached at"), ("phone", "intended_address")),
        (
            _("Immigration"),
            ("immigration_status", "charge", "prior_removals", "disposition", "processing_code"),
        ),
        (
            _("Notes"),
            ("criminal_history", "medical_note", "protection_note", "handling_note"),
        ),
    ),
    labels=_LABELS,
    hints=_HINTS,
    choices={
        "a_number_state": plain(*NumberState),
        "cautions": plain(*CAUTIONS, blank=False),
        "disposition": coded("dispositions"),
        "entry_status": coded("entry-status"),
        "fear_claimed": plain(*FEAR_ANSWERS),
        "sex": coded("sex"),
        "time_in_us": coded("time-in-us"),
    },
)

AT_ENTRY: Final = (
    *("name_as_given", "given_name", "paternal_surname", "maternal_surname", "aliases"),
    *("birth_date", "claimed_age", "sex", "citizenship", "a_number", "fin", "documents"),
    *("cautions", "source_note", "entry_status", "fear_claimed", "custody_place", "booked_in_at"),
    *("family_unit", "family_role", "marks", "phone"),
)
"""Of a subject, what is asked first; the rest is added when it is known."""
SHEETS: Final = {one.model.kind: one for one in (EVENT, SUBJECT)}
