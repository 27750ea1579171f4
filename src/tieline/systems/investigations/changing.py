"""Changes a case, and what hangs on it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tieline.core.agreement.viewer import Viewer
from tieline.keeping.keeper import Change
from tieline.systems.investigations.cases.case import Case, CaseStatus
from tieline.systems.investigations.cases.opening import check_case
from tieline.systems.investigations.desk import Desk
from tieline.systems.investigations.entering import EntryRefused, enter
from tieline.systems.investigations.lookouts.ending import lapsing
from tieline.systems.investigations.writing import locked, own_record

__all__ = ["change_case"]


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
