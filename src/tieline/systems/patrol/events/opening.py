"""Opens events, and corrects them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, cast

from tieline.core.agreement.viewer import Viewer
from tieline.keeping.entering import EntryRefused
from tieline.keeping.keeper import Change
from tieline.reference import code_list
from tieline.systems.patrol.desk import Desk
from tieline.systems.patrol.entering import enter
from tieline.systems.patrol.events import rules as _rules  # noqa: F401
from tieline.systems.patrol.events.event import Event, EventDraft
from tieline.systems.patrol.series import next_event_number
from tieline.systems.patrol.writing import locked, made, own_record, stated_reason

__all__ = ["complete", "correct_event", "open_event"]

_BORDERS = {"northern": "northern", "southwest": "southern"}


def open_event(desk: Desk, draft: EventDraft, *, author: Viewer, at: datetime) -> Event:
    """A new event with the next number of its sector; raises `EntryRefused`."""
    with locked(desk):
        event = cast(
            Event,
            made(
                desk,
                complete(replace(draft, number=""), author=author, at=at),
                author=author,
                at=at,
            ),
        )
        event.number = next_event_number(desk.keeper, event.sector, at=at)
        desk.keeper.keep([Change(event, author, at)])
    return event


def correct_event(
    desk: Desk,
    of: str,
    changes: Mapping[str, Any],
    *,
    why: str,
    author: Viewer,
    at: datetime,
    version: int | None = None,
) -> Event:
    """A new version of an event; its number, and so its sector, stays.

    Raises `EntryRefused`, `NoSuchRecord` or `StaleRecord`.
    """
    reason = stated_reason(why)
    with locked(desk):
        event = own_record(desk, Event, of, author=author, version=version)
        sector = event.sector
        enter(event, changes, at=at)
        if event.sector != sector:
            raise EntryRefused({"sector": "The event is numbered by its sector; open a new one."})
        desk.keeper.keep([Change(event, author, at, reason)])
    return event


def complete(draft: EventDraft, *, author: Viewer, at: datetime) -> EventDraft:
    """The draft with what its author need not say; `TCA/NGL` is the station NGL of Tucson."""
    sectors = code_list("sectors")
    of_unit, _, station = author.unit.partition("/")
    known = sectors.entry(of_unit)
    sector = draft.sector or (known.code if known else "")
    where = sectors.entry(sectors.understand(sector).code) if sector else None
    same = where is not None and where.code == of_unit
    return replace(
        draft,
        apprehended_at=draft.apprehended_at or at,
        sector=sector,
        station=draft.station or (station if same else ""),
        border=draft.border or (_BORDERS.get(where.facts["border"], "") if where else ""),
    )
