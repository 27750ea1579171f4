"""Puts a draft, or a correction, into a record by the rules of this system."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from tieline.keeping import entering
from tieline.keeping.entering import EntryRefused, enter_protections
from tieline.keeping.records import KeptRecord
from tieline.systems.patrol.events.rules import problems_of_event
from tieline.systems.patrol.subjects.rules import problems_of_subject
from tieline.systems.patrol.values import CHECKS

__all__ = ["EntryRefused", "enter", "enter_protections"]

_FURTHER: Final[Mapping[str, Callable[[Any, datetime], Mapping[str, str]]]] = {
    "event": problems_of_event,
    "subject": problems_of_subject,
}


def enter(record: KeptRecord, values: Mapping[str, Any], *, at: datetime) -> None:
    """Set fields of a record; raises `EntryRefused` with every problem at once."""
    entering.enter(record, values, checks=CHECKS, further=_FURTHER[record.kind], at=at)
