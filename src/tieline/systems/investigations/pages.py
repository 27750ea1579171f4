"""How disclosures stand in tables of this system."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from tieline.core.agreement.disclose import Disclosure
from tieline.systems.investigations.port import NAME
from tieline.systems.pages.facts import cell, named
from tieline.ui.tables import Asked, Cell, Column, Row, TableView

__all__ = ["cases_table", "lookouts_table", "subjects_table"]


def cases_table(rows: Sequence[Disclosure], asked: Asked) -> TableView:
    """Cases; each leads to its own page."""
    return TableView(
        id="cases",
        caption=_("My cases"),
        columns=(
            Column("number", _("Number"), optional=False),
            Column("title", _("Title")),
            Column("category", _("Category")),
            Column("status", _("Status")),
            Column("opened_on", _("Opened")),
        ),
        rows=tuple(
            Row(
                id=row.number,
                url=reverse("investigations:case", args=(row.number,)),
                cells=(
                    Cell(row.number),
                    *(cell(row, name) for name in ("title", "category", "status", "opened_on")),
                ),
            )
            for row in asked.page_of(rows)
        ),
        total=len(rows),
        asked=asked,
        empty=_("No case that you lead."),
    )


def subjects_table(rows: Sequence[Disclosure], asked: Asked) -> TableView:
    """The subject records of a case."""
    return TableView(
        id="subjects",
        caption=_("Subject records"),
        columns=(
            Column("number", _("Number"), optional=False),
            Column("kind", _("Kind")),
            Column("who", _("Who or what")),
            Column("updated", _("Version"), numeric=True),
        ),
        rows=tuple(
            Row(
                id=row.number,
                url=reverse("record", args=(NAME, row.number)),
                cells=(Cell(row.number), Cell(row.kind), named(row), Cell(str(row.version))),
            )
            for row in asked.page_of(rows)
        ),
        total=len(rows),
        asked=asked,
        empty=_("No subject record yet."),
    )


def lookouts_table(rows: Sequence[Disclosure], asked: Asked) -> TableView:
    """The lookouts of a case."""
    names = ("subject", "reason", "handling", "status", "expires_on")
    return TableView(
        id="lookouts",
        caption=_("Lookouts"),
        columns=(
            Column("number", _("Number"), optional=False),
            Column("subject", _("Subject")),
            Column("reason", _("Reason")),
            Column("handling", _("Handling")),
            Column("status", _("Status")),
            Column("expires_on", _("Ends")),
        ),
        rows=tuple(
            Row(
                id=row.number,
                url=reverse("record", args=(NAME, row.number)),
                cells=(Cell(row.number), *(cell(row, name) for name in names)),
            )
            for row in asked.page_of(rows)
        ),
        total=len(rows),
        asked=asked,
        empty=_("No lookout."),
    )
