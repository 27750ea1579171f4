"""Puts a draft, or a correction, into a record by the rules of this system."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from tieline.keeping import entering
from tieline.keeping.entering import EntryRefused, enter_protections
from tieline.keeping.records import KeptRecord
from tieline.systems.investigations.values import CHECKS

__all__ = ["EntryRefused", "enter", "enter_protections"]

_ADVERSE: Final = ("cautions", "criminal_history")


def enter(record: KeptRecord, values: Mapping[str, Any], *, at: datetime) -> None:
    """Set fields of a record; raises `EntryRefused` with every problem at once."""
    entering.enter(record, values, checks=CHECKS, further=_source_is_named, at=at)


def _source_is_named(record: Any, at: datetime) -> Mapping[str, str]:
    """P16: no adverse fact without its source."""
    if any(getattr(record, name, None) for name in _ADVERSE) and not record.source_note:
        return {
            "source_note": "Say who or what the caution or the criminal history comes from "
            "(8 USC 1367(a)(1))."
        }
    return {}
