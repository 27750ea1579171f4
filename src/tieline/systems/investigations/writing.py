"""How records of this system are made and numbered; what is not of it lies in `keeping`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

from tieline.core.agreement.viewer import Viewer
from tieline.keeping import writing
from tieline.keeping.draft import Draft
from tieline.keeping.records import KeptRecord
from tieline.keeping.writing import NoSuchRecord, locked, own_record
from tieline.systems.investigations.desk import Desk
from tieline.systems.investigations.entering import enter
from tieline.systems.investigations.series import next_number, shape_of

__all__ = ["NoSuchRecord", "locked", "made", "number", "own_record", "series_of"]

_LONGEST_OFFICE: Final = 6


def made(
    desk: Desk,
    draft: Draft,
    *,
    author: Viewer,
    at: datetime,
    duty_contact: Callable[[str, str], str] | None = None,
) -> KeptRecord:
    """A new record of a draft, owned by its author's agency; not yet numbered, not yet kept."""
    return writing.made(desk, draft, enter=enter, author=author, at=at, duty_contact=duty_contact)


def number(desk: Desk, record: KeptRecord, *, at: datetime) -> None:
    """Give the record the next number of its series; the lock must be held."""
    series = series_of(record.kind, record.owning_unit, at=at)
    record.number = next_number(desk.keeper, series, shape_of(record.kind))


def series_of(kind: str, unit: str, *, at: datetime) -> str:
    """`TU-26-` for cases of the office TU, `SR-26-` for subject records, `LK-26-` for lookouts."""
    if kind == "case":
        office = "".join(sign for sign in unit.upper().partition("/")[0] if sign.isalnum())
        # A number of more than four letters in a row could be a name; the ledger takes none.
        prefix = office[: _LONGEST_OFFICE if any(map(str.isdigit, office)) else 4]
        # One of digits alone would make the number look like a date.
        prefix = prefix if prefix[:1].isalpha() else f"X{prefix}"
    else:
        prefix = "LK" if kind == "lookout" else "SR"
    return f"{prefix}-{at:%y}-"
