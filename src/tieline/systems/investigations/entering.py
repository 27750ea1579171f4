"""Puts a draft, or a correction, into a record by the rules of this system."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from tieline.core.agreement.viewer import Viewer
from tieline.keeping import entering
from tieline.keeping.entering import EntryRefused, enter_protections
from tieline.keeping.records import KeptRecord
from tieline.keeping.sourcing import problem_of_sources
from tieline.systems.investigations.desk import Desk
from tieline.systems.investigations.values import CHECKS

__all__ = ["EntryRefused", "adverse", "check_sources", "enter", "enter_protections"]

_ADVERSE: Final = ("cautions", "criminal_history")
_NAMED_IN: Final = "source_note"


def enter(record: KeptRecord, values: Mapping[str, Any], *, at: datetime) -> None:
    """Set fields of a record; raises `EntryRefused` with every problem at once."""
    entering.enter(record, values, checks=CHECKS, further=_source_is_named, at=at)


def adverse(record: KeptRecord) -> tuple[Any, ...]:
    """What speaks against somebody, with its source, as it stands; blank where nothing does."""
    facts = tuple(getattr(record, name, None) or None for name in _ADVERSE)
    return (*facts, getattr(record, _NAMED_IN, "")) if any(facts) else ()


def check_sources(
    desk: Desk, record: KeptRecord, *, author: Viewer, before: tuple[Any, ...] = ()
) -> None:
    """Raises `EntryRefused` where what is new rests on nobody, or on a prohibited source alone
    (P16): in the same words, since the second would tell of a protection.
    """
    now = adverse(record)
    if not now or now == before:
        return
    problem = problem_of_sources(desk, record, now[-1], author=author)
    if problem:
        raise EntryRefused({_NAMED_IN: problem})


def _source_is_named(record: Any, at: datetime) -> Mapping[str, str]:
    """P16: no adverse fact without its source."""
    if any(getattr(record, name, None) for name in _ADVERSE) and not record.source_note:
        return {
            "source_note": "Say who or what the caution or the criminal history comes from "
            "(8 USC 1367(a)(1))."
        }
    return {}
