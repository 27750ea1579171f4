"""Puts a draft, or a correction, into a record by the rules of this system."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from tieline.keeping import entering
from tieline.keeping.entering import EntryRefused, enter_protections
from tieline.keeping.records import KeptRecord
from tieline.systems.patrol.values import CHECKS

__all__ = ["EntryRefused", "by_rules", "enter", "enter_protections"]

Rules = Callable[[Any, datetime], Mapping[str, str]]
"""For each field that does not fit with the others, what to do."""

_RULES: Final[dict[str, Rules]] = {}


def by_rules(kind: str) -> Callable[[Rules], Rules]:
    """Have the records of a kind entered by these rules; without any, none can be entered."""

    def keep(rules: Rules) -> Rules:
        _RULES[kind] = rules
        return rules

    return keep


def enter(record: KeptRecord, values: Mapping[str, Any], *, at: datetime) -> None:
    """Set fields of a record; raises `EntryRefused` with every problem at once."""
    entering.enter(record, values, checks=CHECKS, further=_RULES[record.kind], at=at)
