"""Changes cases and subject records, and the lookouts that hang on them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tieline.core.agreement.viewer import Viewer
from tieline.keeping.keeper import Change
from tieline.systems.investigations.cases.case import Case, CaseStatus
from tieline.systems.investigations.cases.opening import check_case
from tieline.systems.investigations.desk import Desk
from tieline.systems.investigations.entering import (
    EntryRefused,
    adverse,
    check_sources,
    enter,
)
from tieline.systems.investigations.lookouts.carrying import carried, identity_of
from tieline.systems.investigations.lookouts.ending import lapsing
from tieline.systems.investigations.subjects.adding import check_subject
from tieline.systems.investigations.subjects.record import SubjectRecord
from tieline.systems.investigations.writing import NoSuchRecord, locked, own_record

__all__ = ["change_case", "correct"]


def change_case(
    desk: Desk,
    of: str,
    changes: Mapping[str, Any],
    *,
    author: Viewer,
    at: datetime,
    version: int | None = None,
    why: str = "",
) -> Case:
    """Correct or move on a case. When it closes, its lookouts end within 24 hours (P21).

    Raises `EntryRefused`, `NoSuchRecord` or `StaleRecord`.
    """
    with locked(desk):
        case = own_record(desk, Case, of, author=author, version=version)
        before = CaseStatus(case.status)
        enter(case, changes, at=at)
        check_case(case)
        after = CaseStatus(case.status)
        if after is not before and after not in before.next:
            may = ", ".join(sorted(before.next))
            raise EntryRefused({"status": f"A case that is {before} may become: {may}."})
        closed = after is CaseStatus.CLOSED and before is not after
        ending = lapsing(desk, of, at=at) if closed else ()
        desk.keeper.keep([Change(one, author, at, why) for one in (case, *ending)])
    return case


def correct(
    desk: Desk,
    of: str,
    changes: Mapping[str, Any],
    *,
    author: Viewer,
    at: datetime,
    version: int | None = None,
    why: str = "",
) -> SubjectRecord:
    """A new version of a subject record, in the case that it belongs to. What its lookouts have
    from it changes with it, so that nobody is looked for by what was an error.

    Raises `EntryRefused`, `LookoutRefused`, `NoSuchRecord` or `StaleRecord`.
    """
    with locked(desk):
        kept = desk.keeper.find(of)
        if not isinstance(kept, SubjectRecord):
            raise NoSuchRecord(
                "this is no number of a subject record of your agency", cure="Check the number."
            )
        record = own_record(desk, type(kept), of, author=author, version=version)
        if "case" in changes:
            raise EntryRefused({"case": "A subject record stays in its case; add a new one."})
        before, against = identity_of(record), adverse(record)
        enter(record, changes, at=at)
        check_subject(record)
        check_sources(desk, record, author=author, before=against)
        lookouts = carried(desk, record, before=before)
        desk.keeper.keep([Change(one, author, at, why) for one in (record, *lookouts)])
    return record
