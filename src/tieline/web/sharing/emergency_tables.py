"""What was opened because a life was in danger, as tables."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from tieline.accounts.hats import HattedRequest
from tieline.core.agreement.emergencies import Danger
from tieline.core.agreement.viewer import Viewer
from tieline.exchange.sharing.emergencies import SeenEmergency, emergencies, waits_for
from tieline.exchange.sharing.models import ToldEmergency
from tieline.ui.parts import Tag, Tone
from tieline.ui.tables import Cell, Column, Row, TableView
from tieline.web.sharing.wording import DANGERS

__all__ = ["emergencies_table", "emergencies_that_wait", "opened_table", "standing_tag"]


def emergencies_that_wait(request: HattedRequest, viewer: Viewer) -> TableView:
    """For the home of those who confirm, see or review: what waits for them, the newest first."""
    found = emergencies(viewer=viewer, at=request.at)
    return emergencies_table(
        [one for one in found if waits_for(one.row, viewer=viewer, at=request.at)],
        id="emergencies",
        caption=_("Opened while a life was in danger, and waiting for you"),
        empty=_("None waits for you."),
        viewer=viewer,
        at=request.at,
    )


def emergencies_table(
    shown: Sequence[SeenEmergency],
    *,
    id: str,
    caption: str,
    empty: str,
    viewer: Viewer,
    at: datetime,
) -> TableView:
    """Emergencies with where they stand, and whether it is the viewer's turn."""
    return TableView(
        id=id,
        caption=caption,
        columns=(
            Column("number", _("Emergency"), optional=False),
            Column("record", _("Record"), optional=False),
            Column("by", _("Opened by"), optional=False),
            Column("danger", _("Danger")),
            Column("opened", _("Since")),
            Column("until", _("Until")),
            Column("state", _("State"), optional=False),
            Column("turn", _("Waits for"), optional=False),
        ),
        rows=tuple(
            Row(
                id=one.row.number,
                url=reverse("emergency", args=(one.row.number,)),
                cells=(*_cells(one, at), Cell(tag=_turn(one.row, viewer, at))),
            )
            for one in shown
        ),
        total=len(shown),
        empty=empty,
    )


def opened_table(shown: Sequence[SeenEmergency], *, at: datetime) -> TableView:
    """What others opened of the agency's own records, beside what it released."""
    return TableView(
        id="opened",
        caption=_("What others opened while a life was in danger"),
        columns=(
            Column("number", _("Emergency"), optional=False),
            Column("record", _("Record"), optional=False),
            Column("by", _("Opened by"), optional=False),
            Column("danger", _("Danger")),
            Column("opened", _("Since")),
            Column("until", _("Until")),
            Column("state", _("State"), optional=False),
        ),
        rows=tuple(
            Row(
                id=one.row.number,
                url=reverse("emergency", args=(one.row.number,)),
                cells=_cells(one, at),
            )
            for one in shown
        ),
        total=len(shown),
        empty=_("Nothing was opened so."),
    )


def standing_tag(row: ToldEmergency, at: datetime) -> Tag:
    """Where it stands, as all see it who are told of it."""
    now = row.read()
    if now.stands(at):
        if now.confirmed_at is not None:
            return Tag(_("open"), Tone.ATTENTION)
        return Tag(_("open, to be confirmed"), Tone.STOP)
    if now.is_unconfirmed(at):
        return Tag(_("not confirmed"), Tone.STOP)
    return Tag(_("closed") if now.closed_at is not None else _("term over"), Tone.QUIET)


def _cells(one: SeenEmergency, at: datetime) -> tuple[Cell, ...]:
    row = one.row
    return (
        Cell(row.number),
        Cell(row.record, detail=row.system) if one.names_record else Cell(row.owner_agency),
        Cell(row.opened_by, detail=f"{row.agency} {row.unit}"),
        Cell(str(DANGERS[Danger(row.danger)])),
        Cell(at=row.opened_at),
        Cell(at=row.expires_at),
        Cell(tag=standing_tag(row, at)),
    )


def _turn(row: ToldEmergency, viewer: Viewer, at: datetime) -> Tag:
    if waits_for(row, viewer=viewer, at=at):
        return Tag(_("you"), Tone.ATTENTION)
    return Tag(_("others, or nobody"), Tone.QUIET)
