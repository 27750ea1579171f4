"""What an auditor looks at first: who was refused lately."""

from __future__ import annotations

from typing import Final

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from tieline.accounts.hats import HattedRequest
from tieline.core.agreement.viewer import Viewer
from tieline.core.ledger.events import Event
from tieline.exchange.oversight.examining import examined_by
from tieline.exchange.oversight.reviews import unsigned
from tieline.ui.tables import Cell, Column, Row, TableView
from tieline.web.audit.happened import happened
from tieline.web.audit.reviews import period_rows
from tieline.wiring.looks import Asked, Look, away, looks, note_audit

__all__ = ["refused_lately", "reviews_due"]

_MOST: Final = 10
_EVENTS: Final = (
    Event.RECORD_REFUSED,
    Event.SEARCH_REFUSED,
    Event.SIGN_IN_REFUSED,
    Event.TOKEN_REFUSED,
    Event.CHANGE_REFUSED,
)


def refused_lately(request: HattedRequest, viewer: Viewer) -> TableView:
    """The latest refusals of every kind; that they were looked at is an entry itself (P28)."""
    found: list[Look] = []
    zone = timezone.get_current_timezone()
    examined = examined_by(viewer)
    missing = away(Asked(), examined)
    for event in _EVENTS:
        asked = Asked(event=event.value)
        found += looks(
            asked, viewer, zone=zone, limit=_MOST, after=None, without=missing, examined=examined
        )
    latest = sorted(found, key=lambda one: one.at, reverse=True)[:_MOST]
    note_audit(Asked(event="refused"), viewer, count=len(latest), at=request.at)
    caption = _("Refused lately")
    if missing:
        caption = _("Refused lately; without %(ledgers)s: no answer") % {
            "ledgers": ", ".join(missing)
        }
    return TableView(
        id="refused",
        caption=caption,
        columns=(
            Column("at", _("When"), optional=False),
            Column("who", _("Who"), optional=False),
            Column("what", _("What"), optional=False),
            Column("record", _("Record"), optional=False),
        ),
        rows=tuple(_row(one) for one in latest),
        total=len(latest),
        empty=_("Nothing was refused."),
    )


def reviews_due(request: HattedRequest, viewer: Viewer) -> TableView:
    """Periods of saved reviews that nobody has signed off yet, the oldest first."""
    waiting = unsigned(viewer, at=request.at)
    return TableView(
        id="reviews",
        caption=_("Reviews to be signed off"),
        columns=(
            Column("review", _("Review"), optional=False),
            Column("period", _("Period"), optional=False),
            Column("state", _("State"), optional=False),
        ),
        rows=period_rows(waiting[:_MOST], request.at),
        total=len(waiting),
        empty=_("None waits."),
    )


def _row(one: Look) -> Row:
    record = one.text("record")
    where = " · ".join(filter(None, (one.text("agency"), one.text("unit"), one.text("assignment"))))
    return Row(
        id=f"{one.system}-{one.handle}",
        url=reverse("who_saw", args=(record,)) if record else "",
        cells=(
            Cell(at=one.at, detail=one.system),
            Cell(one.text("viewer"), detail=where),
            Cell(happened(one)),
            Cell(record, detail=one.text("owner")),
        ),
    )
