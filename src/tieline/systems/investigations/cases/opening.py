"""Opens cases."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import cast

from tieline.core.agreement.viewer import Viewer
from tieline.keeping.keeper import Change
from tieline.systems.investigations.cases.case import Case, CaseDraft, CaseStatus
from tieline.systems.investigations.desk import Desk
from tieline.systems.investigations.entering import EntryRefused
from tieline.systems.investigations.writing import locked, made, number

__all__ = ["check_case", "complete", "open_case"]


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
