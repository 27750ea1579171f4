"""How the node is, for its administrator: never a record."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tieline.accounts.hats import HattedRequest
from tieline.core.agreement.viewer import Viewer
from tieline.keeping.databases import KEEPERS
from tieline.ui.tables import Cell, Column, Row, TableView
from tieline.web.health import state_of
from tieline.wiring.ledgers import LEDGERS

__all__ = ["node_health"]


def node_health(request: HattedRequest, viewer: Viewer) -> TableView:
    """Each database with its state, and how long its ledger is."""
    ledgers = {ledger.database: (name, ledger) for name, ledger in LEDGERS.items()}
    rows = []
    for database in KEEPERS:
        name, ledger = ledgers[database]
        state = state_of(database)
        entries = "" if state == "no answer" else f"{ledger.size():,}"
        rows.append(Row(id=name, cells=(Cell(name), Cell(state), Cell(entries))))
    return TableView(
        id="health",
        caption=_("Health"),
        columns=(
            Column("part", _("Part"), optional=False),
            Column("state", _("State"), optional=False),
            Column("entries", _("Ledger entries"), numeric=True, optional=False),
        ),
        rows=tuple(rows),
        total=len(rows),
    )
