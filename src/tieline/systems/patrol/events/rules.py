"""What must fit together in an event (domain.md 9)."""

from __future__ import annotations

from datetime import datetime

from tieline.systems.patrol.entering import by_rules
from tieline.systems.patrol.events.event import Event

__all__ = ["problems_of_event"]


@by_rules("event")
def problems_of_event(event: Event, at: datetime) -> dict[str, str]:
    """For each field that does not fit, what to do."""
    problems: dict[str, str] = {}
    if event.apprehended_at is None:
        problems["apprehended_at"] = "Say when it was."
    elif event.apprehended_at > at:
        problems["apprehended_at"] = "It is to come. An event is entered when it has happened."
    if not event.sector:
        problems["sector"] = "Say in which sector: the event is numbered by it."
    if (event.latitude is None) is not (event.longitude is None):
        missing = "latitude" if event.latitude is None else "longitude"
        problems[missing] = "Coordinates are two numbers; give both or none."
    elif event.latitude == event.longitude == 0:
        problems["latitude"] = "0, 0 stands for coordinates not known; leave both blank."
    return problems
