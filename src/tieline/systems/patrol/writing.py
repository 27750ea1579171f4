"""How records of this system are made; what is not of it lies in `keeping`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from tieline.core.agreement.viewer import Viewer
from tieline.keeping import writing
from tieline.keeping.draft import Draft
from tieline.keeping.entering import EntryRefused
from tieline.keeping.records import KeptRecord
from tieline.keeping.writing import NoSuchRecord, locked, own_record
from tieline.systems.patrol.desk import Desk
from tieline.systems.patrol.entering import enter

__all__ = ["NoSuchRecord", "locked", "made", "own_record", "stated_reason"]


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


def stated_reason(why: str) -> str:
    """The reason of a correction, which must be one."""
    why = why.strip()[:500]
    if not why:
        raise EntryRefused({"why": "Say what was wrong, or what is new."})
    return why
