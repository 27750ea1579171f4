"""The events of a unit, the newest first: all, or those of a number or of a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Final

from django.db.models import QuerySet
from django.utils import timezone

from tieline.core.agreement.disclose import Disclosure
from tieline.core.agreement.viewer import Viewer
from tieline.systems.patrol.desk import Desk
from tieline.systems.patrol.events.event import Event

__all__ = ["MOST", "events_of", "still_of"]

MOST: Final = 500
_LONGEST_NUMBER: Final = 64


def events_of(desk: Desk, viewer: Viewer, *, number: str = "", day: str = "") -> QuerySet[Event]:
    """Those that may match; what the viewer was shown of them has the last word: `still_of`."""
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
    return rows.order_by("-created_at", "-number")


def still_of(rows: Sequence[Disclosure], *, day: str) -> Sequence[Disclosure]:
    """Without those whose moment is closed to the viewer: being found would tell it."""
    if not day:
        return rows
    return [row for row in rows if isinstance(row.value("apprehended_at"), datetime)]


def _bounds(day: str) -> tuple[datetime, datetime] | None:
    """From midnight to midnight in the zone of the reader."""
    try:
        start = datetime.combine(date.fromisoformat(day), time.min)
        end = start + timedelta(days=1) - timedelta.resolution
        return timezone.make_aware(start), timezone.make_aware(end)
    except (ValueError, OverflowError):
        return None
