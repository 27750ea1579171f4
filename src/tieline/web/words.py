"""Codes of the core in the words of a reader."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tieline.core.agreement.constructs import Obligation
from tieline.core.agreement.question import Action
from tieline.core.agreement.viewer import PurposeCode, Role
from tieline.core.records import FieldClass, Level

__all__ = [
    "CLASSES",
    "KINDS",
    "LEVELS",
    "OBLIGATIONS",
    "PURPOSES",
    "ROLES",
    "STANDINGS",
    "WAYS",
    "field_words",
]

ROLES: Final[dict[Role, Promise]] = {
    Role.AGENT: _("agent"),
    Role.INVESTIGATOR: _("investigator"),
    Role.SUPERVISOR: _("supervisor"),
    Role.ANALYST: _("analyst"),
    Role.SHARING_OFFICER: _("sharing officer"),
    Role.PROTECTION_DESK: _("protection desk"),
    Role.WATCH_DESK: _("watch desk"),
    Role.AUDITOR: _("auditor"),
    Role.INSPECTOR: _("inspector general"),
    Role.DEPARTMENT_AUDITOR: _("auditor of the department"),
    Role.REDRESS: _("redress officer"),
    Role.ADMINISTRATOR: _("administrator"),
}
PURPOSES: Final[dict[PurposeCode, Promise]] = {
    PurposeCode.PROCESSING: _("processing"),
    PurposeCode.CUSTODY: _("custody"),
    PurposeCode.REMOVAL: _("removal"),
    PurposeCode.PROSECUTION: _("prosecution"),
    PurposeCode.INVESTIGATION: _("investigation"),
    PurposeCode.LOOKOUT: _("lookout: confirming or validating"),
    PurposeCode.DECONFLICTION: _("deconfliction"),
    PurposeCode.OFFICER_SAFETY: _("officer safety"),
    PurposeCode.PROTECTION: _("protection"),
    PurposeCode.REDRESS: _("redress"),
    PurposeCode.OVERSIGHT: _("oversight"),
}
LEVELS: Final[dict[Level, Promise]] = {
    Level.NONE: _("nothing"),
    Level.POINTER: _("pointer: call"),
    Level.SUMMARY: _("summary"),
    Level.FULL: _("full"),
}
STANDINGS: Final[dict[str, Promise]] = {
    "unit": _("sworn officer of the owning unit"),
    "sworn": _("sworn officer"),
    "employee": _("employee, not sworn"),
    "contractor": _("contractor or local officer of a task force"),
    "watch": _("watch desk"),
    "desk": _("protection desk"),
    "auditor": _("auditor"),
    "administrator": _("administrator"),
}
"""Kinds of people as clauses tell them apart."""
WAYS: Final[dict[Action, Promise]] = {
    Action.SEARCH: _("a search"),
    Action.NOTIFY: _("a notice"),
    Action.EXPORT: _("a copy"),
}
CLASSES: Final[dict[FieldClass, Promise]] = {
    FieldClass.IDENTITY: _("Identity"),
    FieldClass.DESCRIPTION: _("Description"),
    FieldClass.CAUTION: _("Cautions"),
    FieldClass.LOOKOUT: _("Lookout"),
    FieldClass.APPREHENSION: _("Apprehension"),
    FieldClass.LOCATION: _("Place"),
    FieldClass.CONVEYANCE: _("Vehicles and vessels"),
    FieldClass.CUSTODY: _("Custody"),
    FieldClass.IMMIGRATION: _("Immigration"),
    FieldClass.OUTCOME: _("Outcome"),
    FieldClass.FEAR: _("Fear"),
    FieldClass.CRIMINAL_HISTORY: _("Criminal history"),
    FieldClass.CONTACT: _("Contact"),
    FieldClass.FAMILY: _("Family"),
    FieldClass.BIOMETRIC: _("Biometrics"),
    FieldClass.APPREHENSION_NARRATIVE: _("Account of the apprehension"),
    FieldClass.CASE_NARRATIVE: _("Case narrative"),
    FieldClass.SOURCE: _("Source"),
    FieldClass.COURT: _("Court matter"),
    FieldClass.MEDICAL: _("Medical"),
    FieldClass.PROTECTION: _("Protection"),
    FieldClass.HANDLING: _("Handling"),
}
"""In the order in which work needs them."""
KINDS: Final[dict[str, Promise]] = {
    "event": _("event"),
    "subject": _("subject"),
    "case": _("case"),
    "person": _("person"),
    "vehicle": _("vehicle"),
    "vessel": _("vessel"),
    "phone": _("phone"),
    "address": _("address"),
    "business": _("business"),
    "lookout": _("lookout"),
    "booking": _("booking"),
}
OBLIGATIONS: Final[dict[Obligation, Promise]] = {
    Obligation.CONFIRM_FIRST: _("Call the owner and confirm before you act on this."),
    Obligation.NO_ONWARD_SHARING: _("Not to be passed on."),
}
_FIELDS: Final[dict[str, Promise]] = {
    "a_number": _("A-number"),
    "a_number_state": _("A-number, state"),
    "curp": _("CURP"),
    "fin": _("FIN"),
    "ssn": _("Social security number"),
    "name_as_given": _("Name as given"),
    "vin": _("VIN"),
    "time_in_us": _("Time in the US"),
}


def field_words(name: str) -> str:
    """A field's name as a label."""
    if name in _FIELDS:
        return str(_FIELDS[name])
    words = name.replace("_", " ")
    return words[:1].upper() + words[1:]
