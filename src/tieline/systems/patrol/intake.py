"""Takes in many records at once: imports, and the demo's thousands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from tieline.core.agreement.viewer import Viewer
from tieline.keeping.draft import Draft
from tieline.keeping.keeper import Change
from tieline.keeping.records import KeptRecord
from tieline.systems.patrol.desk import Desk
from tieline.systems.patrol.events.event import Event, EventDraft
from tieline.systems.patrol.events.opening import complete
from tieline.systems.patrol.series import (
    BadNumber,
    event_of,
    next_event_number,
    next_subject_numbers,
    take_event_numbers,
)
from tieline.systems.patrol.subjects.adding import check_in_event
from tieline.systems.patrol.subjects.clearances import check_new
from tieline.systems.patrol.subjects.screening import tighten
from tieline.systems.patrol.subjects.sources import check_sources
from tieline.systems.patrol.subjects.subject import Subject
from tieline.systems.patrol.writing import NoSuchRecord, locked, made

__all__ = ["Arrival", "take_in"]


@dataclass(frozen=True, slots=True)
class Arrival:
    """A record that comes in: whose hand wrote it, when. Blank numbers take the next ones."""

    draft: Draft
    author: Viewer
    at: datetime


def take_in(desk: Desk, arrivals: Iterable[Arrival]) -> list[KeptRecord]:
    """Keep them all, or none; events may come before or with their subjects, in any order.

    Each meets the same rules, and is as protected, as one that is entered by hand. Some thousand
    at a time go through at the best rate. Raises `EntryRefused`, `NoSuchRecord`, `BadNumber` or
    `NumberTaken`.
    """
    arrivals = list(arrivals)
    duty_contact = cache(desk.duty_contact)
    with locked(desk):
        records: list[KeptRecord] = []
        for one in arrivals:
            draft = one.draft
            if isinstance(draft, EventDraft):
                draft = complete(draft, author=one.author, at=one.at)
            records.append(
                made(desk, draft, author=one.author, at=one.at, duty_contact=duty_contact)
            )
        _number_events(desk, records, arrivals)
        events = _events_of(desk, records)
        _number_subjects(desk, records)
        for record, one in zip(records, arrivals, strict=True):
            if isinstance(record, Subject):
                _settle(desk, record, events, one)
        changes = [
            Change(record, one.author, one.at)
            for record, one in zip(records, arrivals, strict=True)
        ]
        if changes:
            desk.keeper.keep(changes)
    return records


def _number_events(desk: Desk, records: Sequence[KeptRecord], arrivals: Sequence[Arrival]) -> None:
    events = [
        (record, one.at)
        for record, one in zip(records, arrivals, strict=True)
        if isinstance(record, Event)
    ]
    take_event_numbers(desk.keeper, (event.number for event, _ in events if event.number))
    for event, at in events:
        if not event.number:
            event.number = next_event_number(desk.keeper, event.sector, at=at)


def _events_of(desk: Desk, records: Sequence[KeptRecord]) -> Mapping[str, Event]:
    """The events of all subjects, those that come with them and those that are kept."""
    events: dict[str, Event] = {one.number: one for one in records if isinstance(one, Event)}
    wanted = {one.event for one in records if isinstance(one, Subject)}
    missing = sorted(wanted - events.keys())
    kept = desk.keeper.find_many(missing)
    return events | {number: one for number, one in kept.items() if isinstance(one, Event)}


def _number_subjects(desk: Desk, records: Sequence[KeptRecord]) -> None:
    taken: dict[str, list[str]] = {}
    blank: dict[str, list[Subject]] = {}
    for one in records:
        if not isinstance(one, Subject):
            continue
        if not one.number:
            blank.setdefault(one.event, []).append(one)
            continue
        if event_of(one.number) != one.event:
            raise BadNumber(
                "a subject came with the number of another event",
                cure="A subject's number is that of its event with -01, -02 and so on behind it.",
            )
        taken.setdefault(one.event, []).append(one.number)
    for event, subjects in blank.items():
        numbers = next_subject_numbers(
            desk.keeper, event, wanted=len(subjects), taken=taken.get(event, ())
        )
        for subject, number in zip(subjects, numbers, strict=True):
            subject.number = number


def _settle(desk: Desk, subject: Subject, events: Mapping[str, Event], arrival: Arrival) -> None:
    event = events.get(subject.event)
    if event is None or event.owner_agency != subject.owner_agency:
        raise NoSuchRecord(
            "a subject came that belongs to no event of its agency",
            cure="Take in its event first, or with it.",
        )
    check_in_event(subject, event)
    if subject.booked_out_at is None:
        # What is long over came about elsewhere; whoever is still here is asked about here.
        check_new(subject)
    check_sources(desk, subject, author=arrival.author)
    tighten(subject, at=arrival.at)
