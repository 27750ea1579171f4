"""What the agency has shown to others this week, for its sharing officer."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Final

from django.db.models import Count
from django.utils.translation import gettext as _

from tieline.accounts.hats import HattedRequest
from tieline.core.agreement.viewer import Purpose, PurposeCode, Viewer
from tieline.core.ledger.events import Event
from tieline.keeping.lists import told_of
from tieline.keeping.rows import LedgerRow
from tieline.ui.tables import Cell, Column, Row, TableView
from tieline.wiring.systems import doors

__all__ = ["shown_this_week"]

_WEEK: Final = timedelta(days=7)
_EVENTS: Final = (Event.RECORD_SHOWN.value, Event.RECORD_REFUSED.value)


def shown_this_week(request: HattedRequest, viewer: Viewer) -> TableView:
    """Looks of other agencies at this agency's records, counted; refused ones beside them.

    Of records that the viewer may not know of, of a unit that is not his and sealed say, no look is
    counted: the count would tell that they are there, and looked for.
    """
    counted: Counter[tuple[str, str, str]] = Counter()
    purpose = request.purpose or Purpose(code=PurposeCode.OVERSIGHT, reason="shown this week")
    for system, door in doors().items():
        door.keeper.ledger.number_staged()
        looks = LedgerRow.objects.using(door.keeper.database).filter(
            at__gte=request.at - _WEEK, owner=viewer.agency, event__in=_EVENTS
        )
        of_others = looks.exclude(agency=viewer.agency).values_list("agency", "event", "record")
        of_records = list(of_others.annotate(n=Count("*")))
        known = told_of(
            door.keeper,
            {record for _, _, record, _ in of_records},
            viewer=viewer,
            purpose=purpose,
            at=request.at,
        )
        for agency, event, record, count in of_records:
            if record in known:
                counted[agency, system, event] += count
    pairs = sorted({(agency, system) for agency, system, _event in counted})
    return TableView(
        id="shown",
        caption=_("What we have shown in the last seven days"),
        columns=(
            Column("to", _("To"), optional=False),
            Column("system", _("From"), optional=False),
            Column("shown", _("Shown"), numeric=True, optional=False),
            Column("refused", _("Refused"), numeric=True, optional=False),
        ),
        rows=tuple(
            Row(
                id=f"{agency}-{system}",
                cells=(
                    Cell(agency),
                    Cell(system),
                    *(Cell(f"{counted[agency, system, event]:,}") for event in _EVENTS),
                ),
            )
            for agency, system in pairs
        ),
        total=len(pairs),
        empty=_("Nothing was shown to another agency."),
    )
