"""What must stand before a lookout is active (domain: second-party check, P2, P16, P21)."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from tieline.core.agreement.viewer import Viewer
from tieline.core.errors import TielineError
from tieline.keeping.records import PROTECTIONS, KeptRecord
from tieline.keeping.sourcing import problem_of_sources
from tieline.systems.investigations.cases.case import Case, CaseStatus
from tieline.systems.investigations.desk import Desk
from tieline.systems.investigations.entering import EntryRefused
from tieline.systems.investigations.lookouts.lookout import Lookout, LookoutStatus
from tieline.systems.investigations.lookouts.reasons import REASONS, Handling

__all__ = [
    "IDENTITY",
    "Grounds",
    "LookoutRefused",
    "check_active",
    "check_status",
    "identified",
    "inherit",
]

_NAMES: Final = ("given_name", "paternal_surname", "maternal_surname", "name_as_given")
_NUMBERS: Final = ("a_number", "fin", "documents", "plate", "vin", "hull_number")
IDENTITY: Final = (*_NAMES, "aliases", "birth_date", "sex", "citizenship", *_NUMBERS, "cautions")
"""What a lookout takes from its subject record where it says nothing of its own."""


class LookoutRefused(TielineError):
    """A lookout that may not be placed, whatever is filled in; says the rule."""

    exit_code = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounds:
    """What the author answers for, beside the fields; all must be answered truly (P16, P21)."""

    first_amendment: bool
    """Whether it rests on what the person said, believed, or whom they met."""
    association_alone: bool
    """Whether it rests on nothing but knowing somebody."""
    prohibited_source: bool
    """Whether it rests solely on what a listed abuser or trafficker furnished."""
    counsel_needed: bool
    """Whether the person is a journalist, lawyer, member of clergy, advocate or official."""
    counsel: str = ""
    """Which counsel approved it, and when."""

    def check(self) -> None:
        """Raises `LookoutRefused` with the rule."""
        if self.first_amendment:
            raise LookoutRefused(
                "a lookout may not rest on activity that the First Amendment guards "
                "(5 USC 552a(e)(7))",
                cure="Without other facts, place none.",
            )
        if self.association_alone:
            raise LookoutRefused(
                "association alone is no reason for a lookout",
                cure="State facts of the person's own conduct, or place none.",
            )
        if self.prohibited_source:
            raise LookoutRefused(
                "a fact furnished solely by a listed abuser or trafficker supports no lookout "
                "(8 USC 1367(a)(1))",
                cure="Without an independent source, place none.",
            )
        if self.counsel_needed and not self.counsel.strip():
            raise LookoutRefused(
                "a lookout on a journalist, lawyer, member of clergy, advocate or official needs "
                "counsel's approval",
                cure="Ask counsel, then say who approved it and when.",
            )


def inherit(lookout: Lookout, subject: KeptRecord) -> None:
    """Take from the subject record what is blank, and its protections wherever they are stricter:
    a lookout must not tell of somebody whose record is hidden.
    """
    for name in IDENTITY:
        if not getattr(lookout, name) and getattr(subject, name, None):
            setattr(lookout, name, getattr(subject, name))
    for name in PROTECTIONS:
        stated, of_subject = getattr(lookout, name), getattr(subject, name)
        if of_subject is True or (of_subject is None and stated is False):
            setattr(lookout, name, of_subject)


def check_status(lookout: Lookout) -> None:
    """Raises `EntryRefused` where a lookout came with a status that there is not."""
    if lookout.status not in set(LookoutStatus):
        raise EntryRefused({"status": f"It may be: {', '.join(LookoutStatus)}."})


def check_active(
    desk: Desk, lookout: Lookout, case: Case | None, *, author: Viewer, at: datetime
) -> None:
    """Raises `EntryRefused`, `LookoutRefused` or `NoDutyContact` where one thing is lacking."""
    problems = {
        name: "It must be filled in before the lookout is active."
        for name in ("facts", "source_note", "effective_on", "expires_on")
        if not getattr(lookout, name)
    }
    _check_reason(lookout, problems)
    _check_period(desk, lookout, problems, at.date())
    if not identified(lookout):
        problems["name_as_given"] = (
            "Give a name with the date of birth, or a number: A-number, FIN, document, plate, VIN "
            "or hull number."
        )
    if lookout.handling == Handling.SILENT and not lookout.supervisor:
        problems["supervisor"] = "A silent lookout is made active by a supervisor."
    if "source_note" not in problems:
        # By whom it looks for once it is active: a draft is matched by nothing.
        active = copy(lookout)
        active.status = LookoutStatus.ACTIVE
        unsupported = problem_of_sources(
            desk, active, lookout.source_note, author=author, of=(lookout.subject,)
        )
        problems |= {"source_note": unsupported} if unsupported else {}
    if problems:
        raise EntryRefused(problems)
    if case is not None and case.status == CaseStatus.CLOSED:
        raise LookoutRefused(
            "the case is closed, and its lookouts lapse with it", cure="Open the case again first."
        )
    lookout.contact = desk.contact_of(lookout.owner_agency, lookout.owning_unit)
    lookout.status = LookoutStatus.ACTIVE


def _check_reason(lookout: Lookout, problems: dict[str, str]) -> None:
    reason = REASONS.get(lookout.reason)
    if reason is None:
        problems["reason"] = f"It may be: {', '.join(REASONS)}."
    if lookout.handling not in set(Handling):
        problems["handling"] = f"It may be: {', '.join(Handling)}."
    elif reason is not None and lookout.handling not in reason.handlings:
        problems["handling"] = (
            f"This reason is no ground for it; it may be: {', '.join(sorted(reason.handlings))}."
        )


def _check_period(desk: Desk, lookout: Lookout, problems: dict[str, str], today: date) -> None:
    if {"effective_on", "expires_on"} & problems.keys():
        return
    begins, ends = map(date.fromisoformat, (lookout.effective_on, lookout.expires_on))
    if not max(begins, today) < ends:
        problems["expires_on"] = "It must be later than the day on which the lookout begins."
    elif ends - begins > desk.longest_lookout:
        problems["expires_on"] = f"A lookout lasts {desk.longest_lookout.days} days at most."


def identified(lookout: Lookout) -> bool:
    """Whether it names somebody or something well enough to be come upon."""
    named = any(getattr(lookout, name) for name in _NAMES)
    numbered = any(getattr(lookout, name) for name in _NUMBERS)
    return numbered or (named and bool(lookout.birth_date))
