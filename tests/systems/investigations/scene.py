"""A desk of investigations for tests: people, a way to match, drafts that are complete."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from tieline.core.agreement.viewer import Purpose, PurposeCode, Role
from tieline.core.ports import Query
from tieline.core.records import Pointer
from tieline.keeping.records import PROTECTIONS
from tieline.systems.investigations.cases.case import CaseDraft
from tieline.systems.investigations.desk import Desk
from tieline.systems.investigations.lookouts.grounds import Grounds
from tieline.systems.investigations.lookouts.lookout import LookoutDraft
from tieline.systems.investigations.port import investigations_door
from tieline.systems.investigations.subjects.person import PersonDraft

from ... import people  # noqa: TID252 - tests are no installed package

NOW: Final = people.AT
OPEN: Final[Mapping[str, bool | None]] = dict.fromkeys(PROTECTIONS, False)
"""Somebody looked at each protection, and none is set."""
GROUNDS: Final = Grounds(
    first_amendment=False, association_alone=False, prohibited_source=False, counsel_needed=False
)

INVESTIGATOR: Final = replace(people.INVESTIGATOR, unit="TU")
SUPERVISOR: Final = replace(people.CASE_SUPERVISOR, unit="TU")
DESK_OFFICER: Final = replace(
    INVESTIGATOR, number="U-202", assignment="AS-202", role=Role.PROTECTION_DESK
)
AGENT: Final = people.AGENT
STRANGER: Final = people.OUTSIDER
CASE: Final = Purpose(code=PurposeCode.INVESTIGATION, number="TCA-2611-000123")


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


def desk_with(contacts: Mapping[str, str]) -> Desk:
    """A desk where units have these duty contacts."""
    return Desk(
        door=investigations_door(keys_of=keys_of, keys_of_query=keys_of_query, ranked=ranked),
        duty_contact=lambda agency, unit: contacts.get(unit, ""),
    )


def a_case(**more: Any) -> CaseDraft:
    return CaseDraft(title="Boats at night", protections=OPEN, **more)


def a_person(case: str, **more: Any) -> PersonDraft:
    return PersonDraft(
        **{
            "case": case,
            "given_name": "José Luis",
            "paternal_surname": "García",
            "maternal_surname": "Hernández",
            "birth_date": "1990-03-12",
            "sex": "M",
            "protections": OPEN,
            **more,
        }
    )


def a_lookout(subject: str, **more: Any) -> LookoutDraft:
    return LookoutDraft(
        **{
            "subject": subject,
            "reason": "smuggling",
            "facts": "Steered a boat on two nights.",
            "handling": "refer",
            "instructions": "Call the duty desk.",
            "effective_on": "2026-11-23",
            "expires_on": "2027-05-01",
            "source_note": "Report of the case, November 2.",
            "status": "active",
            "protections": OPEN,
            **more,
        }
    )
