"""Adds subject records to cases."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final, cast

from tieline.core.agreement.viewer import Viewer
from tieline.keeping.draft import Draft
from tieline.keeping.keeper import Change
from tieline.systems.investigations.cases.case import Case, CaseStatus
from tieline.systems.investigations.desk import Desk
from tieline.systems.investigations.entering import EntryRefused, check_sources
from tieline.systems.investigations.subjects.record import SubjectRecord
from tieline.systems.investigations.writing import locked, made, number, own_record

__all__ = ["add_subject", "check_subject"]

_NEEDS_ONE: Final = {
    "person": (
        "name_as_given",
        "given_name",
        "paternal_surname",
        "a_number",
        "fin",
        "documents",
        "marks",
    ),
    "vehicle": ("plate", "vin", "make", "model"),
    "vessel": ("hull_number", "name"),
    "phone": ("phone",),
    "address": ("address", "city"),
    "business": ("name", "registration"),
}
"""By which fields somebody or something is known at all; one of them must be there."""


def add_subject(desk: Desk, draft: Draft, *, author: Viewer, at: datetime) -> SubjectRecord:
    """A subject record of any kind, in a case of the author's agency that is not closed.

    Raises `EntryRefused` or `NoSuchRecord`.
    """
    with locked(desk):
        record = cast(SubjectRecord, made(desk, replace(draft, number=""), author=author, at=at))
        check_subject(record)
        check_sources(desk, record, author=author)
        case = own_record(desk, Case, record.case, author=author)
        if case.status == CaseStatus.CLOSED:
            raise EntryRefused({"case": "The case is closed; open it again first."})
        number(desk, record, at=at)
        desk.keeper.keep([Change(record, author, at)])
    return record


def check_subject(record: SubjectRecord) -> None:
    """Raises `EntryRefused` where it says nothing, or has a status that there is not."""
    problems: dict[str, str] = {}
    needed = _NEEDS_ONE[record.kind]
    if not any(getattr(record, name) for name in needed):
        problems[needed[0]] = f"Give one at least of: {', '.join(needed).replace('_', ' ')}."
    if getattr(record, "status", "active") not in ("active", "closed"):
        problems["status"] = "It may be: active, closed."
    if problems:
        raise EntryRefused(problems)
