"""A question to the agreement, in the engine's form: every attribute, each of the right type.

Neither the viewer's nor the record's number is handed over: no clause may turn on a single person
or record, and no message of the engine can name one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from tieline.core.agreement.expression import Value
from tieline.core.agreement.viewer import Purpose, PurposeCode, Role, Viewer
from tieline.core.errors import TielineError
from tieline.core.records import Facts, FieldClass, Protections

__all__ = [
    "ACTIONS",
    "NAMESPACE",
    "OF_A_CLASS",
    "WHOLE",
    "Action",
    "Question",
    "Stated",
    "Unaskable",
    "context_of",
    "entities",
    "of_record",
    "of_viewer",
    "request",
    "stated",
]

NAMESPACE: Final = "Tieline"
_LONGEST: Final = 200
_SETS: Final = (frozenset, set, tuple)
WHOLE: Final = "whole"
"""What stands for a field class where the question is about the record as a whole."""


class Action(StrEnum):
    """What is asked of the agreement."""

    SEARCH = "search"
    """May the record be among the viewer's results?"""
    POINTER = "pointer"
    SUMMARY = "summary"
    FULL = "full"
    FIELD = "field"
    """May fields of one class be shown?"""
    NOTIFY = "notify"
    """May the viewer's unit be told of an overlap with it?"""
    EXPORT = "export"
    """May a copy be made (P27)?"""
    RELEASE = "release"
    """May its owner open it, or fields of one class, to the viewer beyond what the others give?"""
    EMERGENCY = "emergency"
    """May the viewer open it, or fields of one class, himself while a life is in danger?"""


ACTIONS: Final = tuple(Action)
OF_A_CLASS: Final = frozenset({Action.FIELD, Action.RELEASE, Action.EMERGENCY})
"""What may be asked of one field class: a field always, the others of the whole record as well."""


class Unaskable(TielineError):
    """An attribute has the wrong type or form. The text names the attribute, never its value."""


@dataclass(frozen=True, slots=True)
class Question:
    """One action; with `Action.FIELD`, and maybe with another of `OF_A_CLASS`, the field class."""

    action: Action
    field_class: FieldClass | None = None


@dataclass(frozen=True, slots=True)
class Stated:
    """A purpose as clauses see it."""

    code: str
    has_number: bool
    has_reason: bool


def of_viewer(viewer: Viewer) -> dict[str, Value]:
    """What a clause may ask of the viewer."""
    return {
        "agency": _text("agency", viewer.agency),
        "unit": _text("unit", viewer.unit),
        "department": _text("department", viewer.department, blank=True),
        "roles": _roles(viewer),
        "sworn": _truth("sworn", viewer.sworn),
        "employee": _truth("employee", viewer.employee),
    }


def of_record(facts: Facts, *, department: str) -> dict[str, Value]:
    """What a clause may ask of the record; `department` is its owner's."""
    protections = facts.protections
    if type(protections) is not Protections:
        raise Unaskable("protections are not stated")
    return {
        "kind": _text("kind", facts.kind),
        "owner": _text("owner agency", facts.owner_agency),
        "unit": _text("owning unit", facts.owning_unit),
        "department": _text("owner's department", department),
        "caveats": _texts("caveats", facts.caveats),
        **protections.effective,
    }


def entities(asked_by: Mapping[str, Value], asked_of: Mapping[str, Value]) -> str:
    """Viewer and record as Cedar reads them."""
    return json.dumps([_entity("Viewer", asked_by), _entity("Record", asked_of)])


def stated(purpose: Purpose) -> Stated:
    """What of the purpose a clause may ask: neither number nor reason itself."""
    if not isinstance(purpose.code, PurposeCode):
        raise Unaskable("the purpose is none of the closed list")
    return Stated(purpose.code.value, is_said(purpose.number), is_said(purpose.reason))


def context_of(question: Question, purpose: Stated) -> dict[str, Value]:
    """What a clause may ask of the question."""
    action, field_class = question.action, question.field_class
    if not isinstance(action, Action):
        raise Unaskable("the action is none of the closed list")
    given: object = field_class
    if given is None:
        fits = action is not Action.FIELD
    else:
        fits = isinstance(given, FieldClass) and action in OF_A_CLASS
    if not fits:
        raise Unaskable(
            "a field class goes with the actions field, release and emergency, and no other"
        )
    return {
        "purpose": purpose.code,
        "has_number": purpose.has_number,
        "has_reason": purpose.has_reason,
        "field_class": field_class.value if field_class is not None else WHOLE,
    }


def request(question: Question, purpose: Stated) -> dict[str, Any]:
    """The question as Cedar reads it."""
    context = context_of(question, purpose)
    return {
        "principal": _uid("Viewer", "viewer"),
        "action": _uid("Action", question.action.value),
        "resource": _uid("Record", "record"),
        "context": context,
    }


def is_said(text: object) -> bool:
    """Whether a number or reason says something: letters or digits, not spaces and signs alone."""
    return type(text) is str and any(sign.isalnum() for sign in text)


def _entity(kind: str, attributes: Mapping[str, Value]) -> dict[str, Any]:
    said = {
        name: sorted(value) if isinstance(value, frozenset) else value
        for name, value in attributes.items()
    }
    return {"uid": _uid(kind, kind.lower()), "attrs": said, "parents": []}


def _uid(kind: str, name: str) -> dict[str, str]:
    return {"type": f"{NAMESPACE}::{kind}", "id": name}


def _text(name: str, value: object, *, blank: bool = False) -> str:
    if type(value) is not str and not isinstance(value, StrEnum):
        raise Unaskable(f"{name} is not text")
    text = str(value)
    # Blank would equal blank: two units that nobody named are not one unit.
    if not blank and not text.strip():
        raise Unaskable(f"{name} is blank")
    if len(text) > _LONGEST or not text.isprintable():
        raise Unaskable(f"{name} is longer than {_LONGEST} signs, or holds signs that do not print")
    return text


def _texts(name: str, values: object) -> frozenset[str]:
    if values.__class__ is frozenset and not values:
        return values  # of no text there is none to check
    if not isinstance(values, _SETS) or len(values) > _LONGEST:
        raise Unaskable(f"{name} are not a set of texts")
    return frozenset(_text(name, value) for value in values)


def _roles(viewer: Viewer) -> frozenset[str]:
    roles = {viewer.role, *viewer.roles}
    if not all(isinstance(role, Role) for role in roles):
        raise Unaskable("a role is none of the closed list")
    return frozenset(role.value for role in roles)


def _truth(name: str, value: object) -> bool:
    # Not truthiness: the text "False" is true.
    if type(value) is not bool:
        raise Unaskable(f"{name} is neither true nor false")
    return value
