"""The events of a unit, the newest first: all, or those of a number or of a day."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any, Final

from django.utils import timezone

from tieline.core.agreement.disclose import Disclosure
from tieline.core.agreement.viewer import Purpose, Viewer
from tieline.core.records import Facts
from tieline.keeping.lists import listed, newest
from tieline.systems.patrol.desk import Desk
from tieline.systems.patrol.events.event import Event

__all__ = ["MOST", "events_of"]

MOST: Final = 500
_LONGEST_NUMBER: Final = 64


def events_of(
    desk: Desk,
    viewer: Viewer,
    *,
    what: str,
    purpose: Purpose,
    at: datetime,
    most: int = MOST,
    number: str = "",
    day: str = "",
) -> tuple[Disclosure, ...]:
    """Those that the viewer may be told of. Of a day: where that moment is open to him, since being
    found would tell it.
    """
    about: dict[str, Any] = {"what": what, "viewer": viewer, "purpose": purpose, "at": at}
    if not (number or day):
        return newest(desk, Event, most=most, of=partial(_is_of, viewer), **about)
    rows = Event._default_manager.using(desk.keeper.database).filter(
        owner_agency=viewer.agency, owning_unit=viewer.unit
    )
    if number:
        # A sign that no number has cannot be asked of every database.
        said = number.upper()
        fits = len(said) <= _LONGEST_NUMBER and said.isascii() and said.isprintable()
        rows = rows.filter(number__contains=said) if fits else rows.none()
    if day:
        bounds = _bounds(day)
        rows = rows.filter(apprehended_at__range=bounds) if bounds else rows.none()
    by = ("apprehended_at",) if day else ()
    return listed(desk, rows.order_by("-created_at", "-number"), most=most, by=by, **about)


def _is_of(viewer: Viewer, facts: Facts) -> bool:
    return (facts.owner_agency, facts.owning_unit) == (viewer.agency, viewer.unit)


def _bounds(day: str) -> tuple[datetime, datetime] | None:
    """From midnight to midnight in the zone of the reader."""
    try:
        start = datetime.combine(date.fromisoformat(day), time.min)
        end = start + timedelta(days=1) - timedelta.resolution
        return timezone.make_aware(start), timezone.make_aware(end)
    except (ValueError, OverflowError):
        return None
