"""Holds as a table with their clocks, and what both holds and custodies show."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from tieline.accounts.hats import HattedRequest
from tieline.core.agreement.disclose import NOTHING, Disclosure
from tieline.core.agreement.viewer import Viewer
from tieline.keeping.removal_holds import RemovalHold
from tieline.systems.pages.facts import called
from tieline.ui.parts import FieldRow, Tag, Tone
from tieline.ui.tables import Cell, Column, Row, TableView
from tieline.web.coded import meaning
from tieline.wiring.protecting import Held, holds

__all__ = ["custody_record", "holds_table", "holds_to_answer", "state_tag"]


def holds_to_answer(request: HattedRequest, viewer: Viewer) -> TableView:
    """For the home of who answers them."""
    found, _away = holds(viewer, at=request.at)
    return holds_table([one for one in found if one.row.waits(request.at)], at=request.at)


def holds_table(found: Sequence[Held], *, at: datetime) -> TableView:
    """Each with its clock. The record in custody is not named: it is asked for on the hold's page,
    where its owner decides.
    """
    return TableView(
        id="holds",
        caption=_("Holds"),
        columns=(
            Column("number", _("Hold"), optional=False),
            Column("record", _("Our record"), optional=False),
            Column("custody", _("In custody of"), optional=False),
            Column("disposition", _("To be sent away by"), optional=False),
            Column("asked", _("Asked"), optional=False),
            Column("state", _("State"), optional=False),
            Column("due", _("Answer by"), optional=False),
        ),
        rows=tuple(
            Row(
                id=one.row.number,
                url=reverse("desk_hold", args=(one.row.number,)),
                cells=(
                    Cell(one.row.number),
                    Cell(one.row.record, detail=one.system),
                    Cell(f"{one.row.agency} {one.row.unit}", detail=one.row.contact),
                    Cell(one.row.disposition, detail=meaning("disposition", one.row.disposition)),
                    Cell(at=one.row.asked_at),
                    Cell(tag=state_tag(one.row, at)),
                    Cell(at=one.row.due_at) if one.row.waits(at) else Cell("—"),
                ),
            )
            for one in found
        ),
        total=len(found),
        empty=_("Nobody waits for your answer."),
    )


def custody_record(system: str, told: Disclosure | None) -> FieldRow:
    """Named as far as its owner's door tells of it, and no further."""
    label = _("Record of the custody")
    if told is None or told == NOTHING:
        return FieldRow(label, (_("not open to you here: whoever has custody tells you by phone"),))
    url = reverse("record", args=(system, told.number))
    return FieldRow(label, (str(told.number),), detail=called(told), url=url)


def state_tag(row: RemovalHold, at: datetime) -> Tag:
    """How a hold stands."""
    if not row.waits(at):
        return Tag(_("cleared"), Tone.QUIET)
    if row.is_overdue(at):
        return Tag(_("overdue: call now"), Tone.STOP)
    if row.called_at is not None:
        return Tag(_("called, holds"), Tone.ATTENTION)
    return Tag(_("call back"), Tone.ATTENTION)
