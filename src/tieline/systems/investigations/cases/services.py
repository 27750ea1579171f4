"""Opens and changes cases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, cast

from tieline.core.agreement.viewer import Viewer
from tieline.keeping.keeper import Change
from tieline.systems.investigations.cases.case import Case, CaseDraft, CaseStatus
from tieline.systems.investigations.desk import Desk
from tieline.systems.investigations.entering import EntryRefused, enter
from tieline.systems.investigations.lookouts.ending import lapsing
from tieline.systems.investigations.writing import locked, made, number, own_record

__all__ = ["change_case", "check_case", "complete", "open_case"]


def open_case(desk: Desk, draft: CaseDraft, *, author: Viewer, at: datetime) -> Case:
    """A new case, led by its author unless the draft says otherwise; raises `EntryRefused`."""
    with locked(desk):
        case = cast(
            Case,
            made(
                desk,
                complete(replace(draft, number=""), author=author, at=at),
                author=author,
                at=at,
            ),
        )
        check_case(case)
        number(desk, case, at=at)
        desk.keeper.keep([Change(case, author, at)])
    return case


def change_case(
    desk: Desk,
    of: str,
    changes: Mapping[str, Any],
    *,
    author: Viewer,
    at: datetime,
    version: int | None = None,
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
        desk.keeper.keep([Change(one, author, at) for one in (case, *ending)])
    return case


def complete(draft: CaseDraft, *, author: Viewer, at: datetime) -> CaseDraft:
    """The draft with what its author need not say."""
    return replace(
        draft,
        opened_on=draft.opened_on or at.date().isoformat(),
        agent=draft.agent or author.number,
        office=draft.office or author.unit,
    )


def check_case(case: Case) -> None:
    """Raises `EntryRefused` where a case lacks what every case has."""
    problems: dict[str, str] = {}
    if not case.title:
        problems["title"] = "Give the case a title."
    if case.status not in set(CaseStatus):
        problems["status"] = f"It may be: {', '.join(CaseStatus)}."
    if problems:
        raise EntryRefused(problems)
