"""How disclosures stand in tables of this system."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from tieline.core.agreement.disclose import Disclosure
from tieline.systems.pages.facts import cell, named
from tieline.systems.patrol.port import NAME
from tieline.ui.tables import Asked, Cell, Column, Filter, FilterKind, Row, TableView

__all__ = ["events_table", "subjects_table"]

_OF_EVENTS = ("apprehended_at", "sector", "station", "landmark")
_OF_SUBJECTS = ("birth_date", "claimed_age", "citizenship", "a_number", "cautions")


def events_table(rows: Sequence[Disclosure], asked: Asked) -> TableView:
    """Events; each leads to its own page."""
    return TableView(
        id="events",
        caption=_("Events of my unit"),
        columns=(
            Column("number", _("Number"), optional=False),
            Column("apprehended_at", _("Apprehended")),
            Column("sector", _("Sector")),
            Column("station", _("Station")),
            Column("landmark", _("Landmark")),
        ),
        rows=tuple(
            Row(
                id=row.number,
                url=reverse("patrol:event", args=(row.number,)),
                cells=(Cell(row.number), *(cell(row, name) for name in _OF_EVENTS)),
            )
            for row in asked.page_of(rows)
        ),
        total=len(rows),
        asked=asked,
        filters=(
            Filter("number", _("Number")),
            Filter("day", _("Day of the apprehension"), FilterKind.DATE),
        ),
        empty=_("Nothing that you may be told; this is not a clearance.")
        if asked.filters
        else _("No event of your unit yet."),
    )


def subjects_table(rows: Sequence[Disclosure], asked: Asked) -> TableView:
    """The subjects of an event."""
    return TableView(
        id="subjects",
        caption=_("Subjects"),
        columns=(
            Column("number", _("Number"), optional=False),
            Column("name", _("Name")),
            Column("birth_date", _("Born")),
            Column("claimed_age", _("Age, as claimed"), numeric=True),
            Column("citizenship", _("Citizenship")),
            Column("a_number", _("A-number")),
            Column("cautions", _("Cautions")),
        ),
        rows=tuple(
            Row(
                id=row.number,
                url=reverse("record", args=(NAME, row.number)),
                cells=(
                    Cell(row.number),
                    named(row),
                    *(cell(row, name) for name in _OF_SUBJECTS),
                ),
            )
            for row in asked.page_of(rows)
        ),
        total=len(rows),
        asked=asked,
        empty=_("No subject that you may be told of."),
    )
