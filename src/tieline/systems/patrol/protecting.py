"""Sets and ends the legal protections of a record (P15)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from tieline.core.agreement.viewer import Viewer
from tieline.keeping.heads import RecordVersion
from tieline.keeping.protecting import Denial, ProtectionRefused, Restated, restate
from tieline.keeping.records import KeptRecord
from tieline.keeping.writing import own_record_of_any_kind
from tieline.systems.patrol.desk import Desk
from tieline.systems.patrol.subjects.screening import may_be_a_child
from tieline.systems.patrol.subjects.subject import Subject
from tieline.systems.patrol.writing import locked

__all__ = ["Denial", "ProtectionRefused", "set_protection", "set_protections"]


def set_protection(
    desk: Desk,
    of: str,
    name: str,
    state: bool | None,
    *,
    why: str,
    author: Viewer,
    at: datetime,
    denial: Denial | None = None,
) -> KeptRecord:
    """State one protection anew; see `set_protections`."""
    said = {name: state}
    return set_protections(desk, of, said, why=why, author=author, at=at, denial=denial)


def set_protections(
    desk: Desk,
    of: str,
    states: Mapping[str, bool | None],
    *,
    why: str,
    author: Viewer,
    at: datetime,
    denial: Denial | None = None,
) -> KeptRecord:
    """State protections of an event or a subject anew, and take its pointer back if one is set.

    One that is set ends only by the protection desk's hand, that of 8 USC 1367 by a denial; that
    somebody of doubtful age is no child is decided by a second person (P11).
    Raises `EntryRefused`, `NoSuchRecord` or `ProtectionRefused`.
    """
    with locked(desk):
        record = own_record_of_any_kind(desk, of, author=author)
        if isinstance(record, Subject) and states.get("juvenile") is False:
            _ask_a_second_person(desk, record, author=author, at=at)
        restate(desk, [Restated(record, states)], why=why, author=author, at=at, denial=denial)
    return record


def _ask_a_second_person(desk: Desk, subject: Subject, *, author: Viewer, at: datetime) -> None:
    if subject.juvenile is False or not may_be_a_child(subject, at=at):
        return
    first = RecordVersion.objects.using(desk.keeper.database).filter(
        number=subject.number, version=1
    )
    if author.number in {subject.author, *first.values_list("author", flat=True)}:
        raise ProtectionRefused(
            "whoever may be a child is one until a second person decides on several kinds of "
            "evidence (8 USC 1232(b)(4))",
            cure="Ask somebody who neither entered nor last changed the subject.",
        )
