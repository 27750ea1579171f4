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
    """Each database with its state; how much is in it would count what is hidden (P26)."""
    names = {ledger.database: name for name, ledger in LEDGERS.items()}
    rows = [Row(id=names[one], cells=(Cell(names[one]), Cell(state_of(one)))) for one in KEEPERS]
    return TableView(
        id="health",
        caption=_("Health"),
        columns=(
            Column("part", _("Part"), optional=False),
            Column("state", _("State"), optional=False),
        ),
        rows=tuple(rows),
        total=len(rows),
    )
