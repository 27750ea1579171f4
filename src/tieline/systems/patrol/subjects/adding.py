"""Adds subjects to events, and corrects them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, cast

from tieline.core.agreement.viewer import Viewer
from tieline.keeping.entering import EntryRefused
from tieline.keeping.keeper import Change
from tieline.systems.patrol.desk import Desk
from tieline.systems.patrol.entering import enter
from tieline.systems.patrol.events.event import Event
from tieline.systems.patrol.series import next_subject_numbers
from tieline.systems.patrol.subjects.clearances import check_departure, check_new, outcome_of
from tieline.systems.patrol.subjects.rules import problems_in_event
from tieline.systems.patrol.subjects.screening import answers_of, tighten
from tieline.systems.patrol.subjects.sources import adverse, check_sources
from tieline.systems.patrol.subjects.subject import Subject, SubjectDraft
from tieline.systems.patrol.writing import locked, made, own_record, stated_reason

__all__ = ["add_subject", "check_in_event", "correct_subject"]


def add_subject(desk: Desk, draft: SubjectDraft, *, author: Viewer, at: datetime) -> Subject:
    """A subject in an event of the author's agency, as protected as the answers demand.

    Raises `EntryRefused` or `NoSuchRecord`.
    """
    with locked(desk):
        subject = cast(Subject, made(desk, replace(draft, number=""), author=author, at=at))
        event = own_record(desk, Event, subject.event, author=author)
        check_in_event(subject, event)
        check_new(subject)
        check_sources(desk, subject, author=author)
        tighten(subject, at=at)
        (subject.number,) = next_subject_numbers(desk.keeper, event.number, wanted=1)
        desk.keeper.keep([Change(subject, author, at)])
    return subject


def correct_subject(
    desk: Desk,
    of: str,
    changes: Mapping[str, Any],
    *,
    why: str,
    author: Viewer,
    at: datetime,
    version: int | None = None,
) -> Subject:
    """A new version of a subject, who stays in the event. A new answer may make a protection
    stricter at once; it never ends one. Nobody is sent away by it without the protection desk's
    answer (P14).

    Raises `EntryRefused`, `NoSuchRecord` or `StaleRecord`.
    """
    reason = stated_reason(why)
    with locked(desk):
        subject = own_record(desk, Subject, of, author=author, version=version)
        if "event" in changes:
            raise EntryRefused({"event": "A subject stays in its event; add a new one."})
        before, outcome = answers_of(subject), outcome_of(subject)
        against = adverse(subject)
        enter(subject, changes, at=at)
        check_in_event(subject, own_record(desk, Event, subject.event, author=author))
        check_departure(desk, subject, before=outcome, at=at)
        check_sources(desk, subject, author=author, before=against)
        tighten(subject, at=at, before=before)
        desk.keeper.keep([Change(subject, author, at, reason)])
    return subject


def check_in_event(subject: Subject, event: Event) -> None:
    """Raises `EntryRefused` where the subject does not fit its event."""
    problems = problems_in_event(subject, event)
    if problems:
        raise EntryRefused(problems)
