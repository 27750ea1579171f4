"""Entries of ledgers as rows of a table, with what it may be filtered by."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _

from tieline.accounts.models import User
from tieline.core.agreement.viewer import PurposeCode
from tieline.core.ledger.events import Event
from tieline.exchange.oversight.examining import Examined
from tieline.ui.parts import Choice
from tieline.ui.tables import Asked as TableAsked
from tieline.ui.tables import Cell, Column, Filter, FilterKind, Row, TableView
from tieline.web.audit.happened import HAPPENED, happened
from tieline.web.words import PURPOSES
from tieline.wiring.ledgers import LEDGERS
from tieline.wiring.looks import HIDE, Asked, Look

__all__ = ["looks_table"]

_EVENTS: Final = (
    Event.RECORD_SHOWN,
    Event.RECORD_REFUSED,
    Event.RECORD_READ,
    Event.SEARCH_ANSWERED,
    Event.SEARCH_REFUSED,
    Event.RECORD_WRITTEN,
    Event.NOTICE_READ,
    Event.SIGN_IN_DONE,
    Event.SIGN_IN_REFUSED,
    Event.TOKEN_REFUSED,
    Event.AUDIT_SHOWN,
    Event.AGREEMENT_ADOPTED,
)


def looks_table(
    found: Sequence[Look], asked: Asked, *, filters_for: Examined | None = None
) -> TableView:
    """One page of entries; with filters for whom he examines, where he may change what is asked."""
    names = dict(
        User.objects.filter(number__in={one.text("viewer") for one in found}).values_list(
            "number", "name"
        )
    )
    return TableView(
        id="looks",
        caption=_("Looks"),
        columns=(
            Column("at", _("When"), optional=False),
            Column("who", _("Who")),
            Column("what", _("What")),
            Column("record", _("Record")),
            Column("purpose", _("Purpose")),
            Column("answer", _("Answer, by which clauses")),
        ),
        rows=tuple(_row(one, names) for one in found),
        total=len(found),
        asked=TableAsked(filters=asked.said),
        filters=_filters(filters_for) if filters_for is not None else (),
        empty=_("No entry that you may be told."),
    )


def _filters(examined: Examined) -> tuple[Filter, ...]:
    return (
        Filter(
            "system",
            _("Ledger of"),
            FilterKind.CHOICE,
            tuple(Choice(name, name) for name in LEDGERS),
        ),
        Filter("viewer", _("Person, U-…")),
        Filter("record", _("Record")),
        Filter(
            "event",
            _("What"),
            FilterKind.CHOICE,
            tuple(Choice(one.value, str(HAPPENED.get(one, one.says))) for one in _EVENTS),
        ),
        Filter("clause", _("Clause")),
        Filter(
            "purpose",
            _("Purpose"),
            FilterKind.CHOICE,
            tuple(Choice(one.value, str(PURPOSES[one])) for one in PurposeCode),
        ),
        *_of_agency(examined),
        Filter("unit", _("Unit")),
        Filter("words", _("Searched for")),
        Filter("day", _("Day"), FilterKind.DATE),
        Filter(
            "lists", _("Lists of own work"), FilterKind.CHOICE, (Choice(HIDE, _("left out here")),)
        ),
    )


def _of_agency(examined: Examined) -> tuple[Filter, ...]:
    # Of other agencies' people an auditor sees what they did with his records: no need to choose.
    if not examined.is_several:
        return ()
    if examined.agencies is None:
        return (Filter("agency", _("Agency")),)
    choices = tuple(Choice(one, one) for one in sorted(examined.agencies))
    return (Filter("agency", _("Agency"), FilterKind.CHOICE, choices),)


def _row(one: Look, names: dict[str, str]) -> Row:
    viewer, record = one.text("viewer"), one.text("record")
    name = names.get(viewer, "")
    hat = (one.text("agency"), one.text("unit"), one.text("assignment"))
    where = " · ".join(filter(None, (viewer if name else "", *hat)))
    purpose = " · ".join(filter(None, (one.text("purpose"), one.text("case"))))
    return Row(
        id=f"{one.system}-{one.handle}",
        url=reverse("who_saw", args=(record,)) if record else "",
        cells=(
            Cell(at=one.at, detail=one.system),
            Cell(name or viewer, detail=where),
            Cell(happened(one), detail=_searched(one)),
            Cell(record, detail=one.text("owner")),
            Cell(purpose, detail=str(one.query.get("reason", ""))),
            Cell(_answered(one), detail=_classes(one)),
        ),
    )


def _answered(one: Look) -> str:
    if one.event is Event.AGREEMENT_ADOPTED:
        # As much of the digest as the agreement's page begins with.
        return one.text("agreement")[:16]
    return " · ".join(filter(None, (one.text("level"), one.text("clauses"))))


def _classes(one: Look) -> str:
    said = []
    if one.text("shown"):
        said.append(_("shown: %(classes)s") % {"classes": _plain(one, "shown")})
    if one.text("withheld"):
        said.append(_("withheld: %(classes)s") % {"classes": _plain(one, "withheld")})
    return "; ".join(said)


def _plain(one: Look, name: str) -> str:
    return one.text(name).replace("_", " ")


def _searched(one: Look) -> str:
    query = one.query.get("query")
    if not isinstance(query, dict):
        return ""
    said = []
    for name, value in query.items():
        text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
        said.append(f"{name.replace('_', ' ')}: {text}")
    return "; ".join(said)
