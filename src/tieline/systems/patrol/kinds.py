"""Which kinds of record there are, each with its table and its draft."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tieline.keeping.draft import Draft
from tieline.keeping.records import KeptRecord
from tieline.systems.patrol.events import rules as _event_rules  # noqa: F401
from tieline.systems.patrol.events.event import Event, EventDraft
from tieline.systems.patrol.subjects import rules as _subject_rules  # noqa: F401
from tieline.systems.patrol.subjects.subject import Subject, SubjectDraft

__all__ = ["DRAFTS", "KINDS"]

KINDS: Final[tuple[type[KeptRecord], ...]] = (Event, Subject)
DRAFTS: Final[Mapping[str, type[Draft]]] = {one.kind: one for one in (EventDraft, SubjectDraft)}
