"""That what speaks against a subject rests on a source that can support it (P16)."""

from __future__ import annotations

from typing import Any, Final

from tieline.core.agreement.viewer import Viewer
from tieline.keeping.sourcing import problem_of_sources
from tieline.systems.patrol.desk import Desk
from tieline.systems.patrol.entering import EntryRefused
from tieline.systems.patrol.subjects.subject import Subject

__all__ = ["adverse", "check_sources"]

_ADVERSE: Final = ("cautions", "criminal_history", "charge", "disposition", "processing_code")


def adverse(subject: Subject) -> tuple[Any, ...]:
    """What speaks against the subject, with its source, as it stands; blank where nothing does."""
    facts = tuple(getattr(subject, name) or None for name in _ADVERSE)
    return (*facts, subject.source_note) if any(facts) else ()


def check_sources(
    desk: Desk, subject: Subject, *, author: Viewer, before: tuple[Any, ...] = ()
) -> None:
    """Raises `EntryRefused` where what is new rests on nobody, or on a prohibited source alone: in
    the same words, since the second would tell of a protection. A blank source is the author.
    """
    now = adverse(subject)
    if not now or now == before or not subject.source_note:
        return
    problem = problem_of_sources(desk, subject, subject.source_note, author=author)
    if problem:
        raise EntryRefused({"source_note": problem})
