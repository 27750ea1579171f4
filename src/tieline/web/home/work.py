"""Lists of own work for the homes: each cut by the agreement and in the ledger, like any list."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from tieline.accounts.hats import HattedRequest
from tieline.core.agreement.disclose import Disclosure
from tieline.core.agreement.viewer import Purpose, PurposeCode, Viewer
from tieline.core.records import Value
from tieline.keeping.desk import Desk
from tieline.keeping.lists import listed
from tieline.keeping.records import PROTECTIONS
from tieline.systems.investigations.cases.case import Case
from tieline.systems.investigations.desk import at_work as investigations
from tieline.systems.investigations.lookouts.approving import approvable
from tieline.systems.investigations.lookouts.lookout import Lookout, LookoutStatus
from tieline.systems.patrol.desk import at_work as patrol
from tieline.systems.patrol.finding import events_of
from tieline.systems.patrol.subjects.subject import IN_CUSTODY, UNSCREENED, Subject
from tieline.ui.tables import Cell, Column, Row, TableView

__all__ = [
    "drafts_of_lookouts",
    "in_custody",
    "lookouts_that_end",
    "my_cases",
    "newest_events",
    "unscreened",
]

MOST: Final = 10
_SOON: Final = timedelta(days=14)


def in_custody(request: HattedRequest, viewer: Viewer) -> TableView:
    """People in the unit's custody, those held longest first: their clocks run."""
    held = Subject._default_manager.using("patrol").filter(
        IN_CUSTODY, owner_agency=viewer.agency, owning_unit=viewer.unit
    )
    return _table(
        patrol(),
        _listed(
            request,
            viewer,
            patrol(),
            held.order_by("booked_in_at", "number"),
            what="in our custody",
            by=("booked_in_at", "booked_out_at"),
        ),
        id="custody",
        caption=_("In our custody"),
        columns=(
            ("name_as_given", _("Name")),
            ("booked_in_at", _("Booked in")),
            ("custody_place", _("Where")),
        ),
        empty=_("Nobody is in your unit's custody."),
    )


def newest_events(request: HattedRequest, viewer: Viewer) -> TableView:
    """The unit's events, the newest first."""
    what, desk = "our newest events", patrol()
    purpose = request.purpose or _own_work(what)
    rows = events_of(desk, viewer, what=what, purpose=purpose, at=request.at, most=MOST)
    return _table(
        desk,
        rows,
        id="newest",
        caption=_("Our newest events"),
        columns=(
            ("apprehended_at", _("When")),
            ("station", _("Station")),
            ("landmark", _("Landmark")),
        ),
        empty=_("No event of your unit yet."),
        page="patrol:event",
    )


def unscreened(request: HattedRequest, viewer: Viewer) -> TableView:
    """Subjects of whom a protection is unknown: hidden from all others until it is asked."""
    ours = Subject._default_manager.using("patrol").filter(UNSCREENED, owner_agency=viewer.agency)
    return _table(
        patrol(),
        _listed(
            request,
            viewer,
            patrol(),
            ours.order_by("-created_at", "number"),
            what="protections to be asked",
            by=PROTECTIONS,
        ),
        id="unscreened",
        caption=_("Protections not asked yet"),
        columns=(("name_as_given", _("Name")), ("event", _("Event"))),
        empty=_("Every protection was asked."),
    )


def my_cases(request: HattedRequest, viewer: Viewer) -> TableView:
    """The cases that the viewer leads."""
    mine = Case._default_manager.using("investigations").filter(
        owner_agency=viewer.agency, agent=viewer.number
    )
    return _table(
        investigations(),
        _listed(
            request,
            viewer,
            investigations(),
            mine.order_by("-updated_at", "number"),
            what="my cases",
            by=("agent",),
        ),
        id="cases",
        caption=_("My cases"),
        columns=(("title", _("Title")), ("status", _("Status")), ("opened_on", _("Opened"))),
        empty=_("No case that you lead."),
        page="investigations:case",
    )


def lookouts_that_end(request: HattedRequest, viewer: Viewer) -> TableView:
    """Active lookouts of the unit that end within two weeks unless they are renewed."""
    until = (request.at + _SOON).date().isoformat()
    ending = Lookout._default_manager.using("investigations").filter(
        owner_agency=viewer.agency,
        owning_unit=viewer.unit,
        status=LookoutStatus.ACTIVE,
        expires_on__lte=until,
    )
    return _table(
        investigations(),
        _listed(
            request,
            viewer,
            investigations(),
            ending.order_by("expires_on", "number"),
            what="lookouts that end",
            by=("status", "expires_on"),
        ),
        id="ending",
        caption=_("Lookouts that end within two weeks"),
        columns=(("name_as_given", _("Who")), ("reason", _("Reason")), ("expires_on", _("Ends"))),
        empty=_("None."),
    )


def drafts_of_lookouts(request: HattedRequest, viewer: Viewer) -> TableView:
    """Silent lookouts of the unit that a supervisor has to make active: this one, of those that
    others wrote.
    """
    drafts = Lookout._default_manager.using("investigations").filter(
        owner_agency=viewer.agency, owning_unit=viewer.unit, status=LookoutStatus.DRAFT
    )
    waiting = approvable(investigations(), drafts, viewer=viewer)
    return _table(
        investigations(),
        _listed(
            request,
            viewer,
            investigations(),
            waiting.order_by("created_at", "number"),
            what="lookouts to approve",
            by=("status", "handling"),
        ),
        id="drafts",
        caption=_("Lookouts to approve"),
        columns=(("name_as_given", _("Who")), ("reason", _("Reason"))),
        empty=_("None waits for you."),
    )


def _listed(
    request: HattedRequest,
    viewer: Viewer,
    desk: Desk,
    records: QuerySet[Any],
    *,
    what: str,
    by: Collection[str],
) -> tuple[Disclosure, ...]:
    purpose = request.purpose or _own_work(what)
    about: dict[str, Any] = {"viewer": viewer, "purpose": purpose, "at": request.at}
    return listed(desk, records, what=what, most=MOST, by=by, **about)


def _table(
    desk: Desk,
    rows: Sequence[Disclosure],
    *,
    id: str,
    caption: str,
    columns: Sequence[tuple[str, str]],
    empty: str,
    page: str = "record",
) -> TableView:
    system = desk.keeper.system
    return TableView(
        id=id,
        caption=caption,
        columns=(
            Column("number", _("Number"), optional=False),
            *(Column(name, words, optional=False) for name, words in columns),
        ),
        rows=tuple(
            Row(
                id=row.number,
                url=reverse(page, args=(system, row.number) if page == "record" else (row.number,)),
                cells=(Cell(row.number), *(_cell(row, name) for name, _ in columns)),
            )
            for row in rows
        ),
        total=len(rows),
        empty=empty,
    )


def _own_work(what: str) -> Purpose:
    """A home shows own work before anybody has said what for: the list itself is the reason."""
    return Purpose(code=PurposeCode.PROCESSING, reason=f"home: {what}")


def _cell(row: Disclosure, name: str) -> Cell:
    value: Value = row.value(name)
    if isinstance(value, datetime):
        return Cell(at=value)
    if isinstance(value, tuple):
        return Cell(", ".join(value))
    if value in (None, "") and name == "name_as_given":
        parts = (row.value(part) for part in ("given_name", "paternal_surname"))
        return Cell(" ".join(str(part) for part in parts if part))
    return Cell("" if value is None else str(value))
