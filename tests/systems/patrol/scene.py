"""A desk of the patrol for tests: people, a way to match, drafts that are complete."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final

from tieline.core.agreement.viewer import Purpose, PurposeCode
from tieline.core.ports import Query
from tieline.core.records import Pointer
from tieline.keeping.records import PROTECTIONS
from tieline.systems.patrol.desk import Desk
from tieline.systems.patrol.events.event import EventDraft
from tieline.systems.patrol.issuer import Allotment, Applicant, NumberState
from tieline.systems.patrol.port import patrol_door
from tieline.systems.patrol.subjects.subject import SubjectDraft

from ... import people  # noqa: TID252 - tests are no installed package

NOW: Final = people.AT
EARLIER: Final = NOW - timedelta(hours=2)
OPEN: Final[Mapping[str, bool | None]] = dict.fromkeys(PROTECTIONS, False)
"""Somebody looked at each protection, and none is set."""

AGENT: Final = people.AGENT
COLLEAGUE: Final = replace(AGENT, number="U-101", assignment="AS-101")
DESK_OFFICER: Final = people.PROTECTION_DESK
INVESTIGATOR: Final = people.INVESTIGATOR
STRANGER: Final = people.OUTSIDER
INQUIRY: Final = Purpose(code=PurposeCode.INVESTIGATION, number="TU-26-0417")
MINE: Final[dict[str, Any]] = {"author": AGENT, "at": NOW}


def keys_of(pointer: Pointer) -> Iterable[str]:
    """The plainest way to match: the very same text."""
    texts = (*pointer.names, *pointer.phones, *pointer.plates)
    return {text.casefold()[:90] for text in texts} | {
        number.casefold()[:90] for _, number in pointer.identifiers
    }


def keys_of_query(query: Query) -> Iterable[str]:
    texts = (*query.names, *query.phones, *query.plates, *query.identifiers)
    return {text.casefold()[:90] for text in texts if text}


def ranked(query: Query, pointers: Sequence[Pointer]) -> Sequence[Pointer]:
    return pointers


@dataclass
class Registry:
    """An issuer that answers as it is told to; the first answer is that it takes time."""

    answers: dict[str, Allotment] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def a_number(self, applicant: Applicant, *, at: datetime) -> Allotment:
        self.asked.append(applicant.subject)
        return self.answers.get(applicant.subject, Allotment(state=NumberState.PENDING))

    fin = a_number


def desk_with(contacts: Mapping[str, str], **more: Any) -> Desk:
    """A desk where units have these duty contacts."""
    return Desk(
        door=patrol_door(keys_of=keys_of, keys_of_query=keys_of_query, ranked=ranked),
        duty_contact=lambda agency, unit: contacts.get(unit, ""),
        **more,
    )


def an_event(**more: Any) -> EventDraft:
    return EventDraft(
        **{
            "apprehended_at": EARLIER,
            "landmark": "Peña Blanca Lake",
            "vehicle_plate": "SON ABC123",
            "protections": OPEN,
            **more,
        }
    )


def a_subject(event: str, **more: Any) -> SubjectDraft:
    return SubjectDraft(
        **{
            "event": event,
            "given_name": "José Luis",
            "paternal_surname": "García",
            "maternal_surname": "Hernández",
            "birth_date": "1990-03-12",
            "sex": "M",
            "citizenship": "MX",
            "fear_claimed": "no",
            "protections": OPEN,
            **more,
        }
    )
