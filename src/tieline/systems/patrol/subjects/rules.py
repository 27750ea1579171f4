"""What must fit together in a subject, and in its event (domain.md 9)."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from tieline.systems.patrol.entering import by_rules
from tieline.systems.patrol.events.event import Event
from tieline.systems.patrol.issuer import NumberState
from tieline.systems.patrol.subjects.dispositions import problem_of_disposition
from tieline.systems.patrol.subjects.subject import Subject

__all__ = ["problems_in_event", "problems_of_subject"]

_NEEDS_ONE: Final = (
    *("name_as_given", "given_name", "paternal_surname", "aliases", "a_number", "fin"),
    *("documents", "marks", "fingerprint_file"),
)
"""By which fields somebody is known at all; one of them must be there."""
_MOMENTS: Final = ("entered_at", "booked_in_at", "booked_out_at")
_HAS_NUMBER: Final = (NumberState.ALLOTTED, NumberState.CONSOLIDATED)


@by_rules("subject")
def problems_of_subject(subject: Subject, at: datetime) -> dict[str, str]:
    """For each field that does not fit, what to do."""
    problems: dict[str, str] = {}
    if not any(getattr(subject, name) for name in _NEEDS_ONE):
        said = ", ".join(_NEEDS_ONE).replace("_", " ")
        problems[_NEEDS_ONE[0]] = f"Give one at least of: {said}."
    for name in _MOMENTS:
        moment = getattr(subject, name)
        if isinstance(moment, datetime) and moment > at:
            problems[name] = "It is to come. It is entered when it has happened."
    if subject.booked_out_at and not subject.booked_in_at:
        problems["booked_in_at"] = "Say when the custody began that has ended."
    elif subject.booked_out_at and subject.booked_out_at < subject.booked_in_at:
        problems["booked_out_at"] = "It is before the custody began."
    if bool(subject.family_unit) is not bool(subject.family_role):
        missing = "family_role" if subject.family_unit else "family_unit"
        problems[missing] = "A member of a family unit has its number and a role in it."
    if subject.a_number_state in _HAS_NUMBER and not subject.a_number:
        problems["a_number"] = "It was allotted; enter it."
    elif subject.a_number and subject.a_number_state in (NumberState.PENDING, NumberState.REFUSED):
        problems["a_number_state"] = "There is a number, so it is neither pending nor refused."
    problem = problem_of_disposition(subject)
    if problem:
        problems["disposition"] = problem
    return problems


def problems_in_event(subject: Subject, event: Event) -> dict[str, str]:
    """For each field that does not fit the subject's event, what to do."""
    problems: dict[str, str] = {}
    found = event.apprehended_at
    if subject.entered_at and found and subject.entered_at > found:
        problems["entered_at"] = "It is after the apprehension."
    if subject.booked_in_at and found and subject.booked_in_at < found:
        problems["booked_in_at"] = "It is before the apprehension."
    if subject.disposition == "T" and not event.narrative:
        problems["disposition"] = "This one needs the account in the event's narrative."
    return problems
