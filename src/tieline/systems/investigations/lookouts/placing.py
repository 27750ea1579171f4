"""Drafts a lookout, and makes it active; a silent one by a second person."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import cast

from tieline.core.agreement.viewer import Viewer
from tieline.core.records import SILENT
from tieline.core.sources import COUNSEL
from tieline.keeping.keeper import Change
from tieline.systems.investigations.cases.case import Case
from tieline.systems.investigations.desk import Desk
from tieline.systems.investigations.entering import enter
from tieline.systems.investigations.lookouts.approving import check_approver
from tieline.systems.investigations.lookouts.grounds import (
    Grounds,
    LookoutRefused,
    check_active,
    inherit,
)
from tieline.systems.investigations.lookouts.lookout import Lookout, LookoutDraft, LookoutStatus
from tieline.systems.investigations.lookouts.reasons import Handling
from tieline.systems.investigations.subjects.record import SubjectRecord
from tieline.systems.investigations.writing import (
    NoSuchRecord,
    locked,
    made,
    number,
    own_record,
)

__all__ = [
    "activate_lookout",
    "case_of",
    "mark_silent",
    "place_lookout",
    "renew_lookout",
    "subject_of",
]


def place_lookout(
    desk: Desk, draft: LookoutDraft, *, grounds: Grounds, author: Viewer, at: datetime
) -> Lookout:
    """Keep a lookout: as a draft, or active at once where the draft says so.

    A silent one comes as a draft, which a supervisor other than its author makes active.
    Raises `EntryRefused`, `LookoutRefused`, `NoSuchRecord` or `NoDutyContact`.
    """
    grounds.check()
    active = draft.status == LookoutStatus.ACTIVE
    if active and draft.handling == Handling.SILENT:
        raise LookoutRefused(
            "a silent lookout is made active by a supervisor, not by its author",
            cure="Keep it as a draft, and ask a supervisor to make it active.",
        )
    with locked(desk):
        subject = subject_of(desk, draft.subject, author=author)
        lookout = cast(
            Lookout,
            made(
                desk,
                replace(draft, status=LookoutStatus.DRAFT, supervisor="", number=""),
                author=author,
                at=at,
            ),
        )
        inherit(lookout, subject)
        mark_silent(lookout)
        if grounds.counsel_needed:
            said = f"{lookout.source_note}\n{COUNSEL} {grounds.counsel.strip()}".strip()
            enter(lookout, {"source_note": said}, at=at)
        if active:
            check_active(desk, lookout, case_of(desk, subject), author=author, at=at)
        number(desk, lookout, at=at)
        desk.keeper.keep([Change(lookout, author, at)])
    return lookout


def activate_lookout(desk: Desk, of: str, *, author: Viewer, at: datetime) -> Lookout:
    """Make a draft active. Of a silent one, by a supervisor who did not write it."""
    with locked(desk):
        lookout = own_record(desk, Lookout, of, author=author)
        check_approver(desk, lookout, author=author)
        if lookout.handling == Handling.SILENT:
            lookout.supervisor = author.number
        subject = subject_of(desk, lookout.subject, author=author)
        inherit(lookout, subject)
        check_active(desk, lookout, case_of(desk, subject), author=author, at=at)
        desk.keeper.keep([Change(lookout, author, at)])
    return lookout


def renew_lookout(
    desk: Desk, of: str, *, expires_on: str, facts: str, author: Viewer, at: datetime
) -> Lookout:
    """Validate an active lookout against its grounds, stated anew, and let it go on (P21).

    It may outlast its closed case, since somebody answers for its grounds again.
    """
    with locked(desk):
        lookout = own_record(desk, Lookout, of, author=author)
        if lookout.status != LookoutStatus.ACTIVE:
            raise LookoutRefused(
                f"the lookout is {lookout.status} and cannot go on", cure="Place a new one."
            )
        today = at.date().isoformat()
        enter(
            lookout,
            {"effective_on": today, "expires_on": expires_on, "facts": facts},
            at=at,
        )
        check_active(desk, lookout, None, author=author, at=at)
        desk.keeper.keep([Change(lookout, author, at)])
    return lookout


def mark_silent(lookout: Lookout) -> None:
    """Put the caveat by which the agreement hides it."""
    others = [caveat for caveat in lookout.caveats if caveat != SILENT]
    lookout.caveats = [*others, SILENT] if lookout.handling == Handling.SILENT else others


def subject_of(desk: Desk, of: str, *, author: Viewer) -> SubjectRecord:
    """The subject record of a lookout; raises `NoSuchRecord`."""
    kept = desk.keeper.find(of) if of else None
    if not isinstance(kept, SubjectRecord) or kept.owner_agency != author.agency:
        raise NoSuchRecord(
            "this is no number of a subject record of your agency", cure="Check the number."
        )
    return kept


def case_of(desk: Desk, subject: SubjectRecord) -> Case | None:
    """The case of a subject record."""
    rows = Case._default_manager.using(desk.keeper.database)
    return rows.filter(number=subject.case).first()
