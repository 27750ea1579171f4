"""Answers of several systems as one table."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from tieline.core.agreement.disclose import Disclosure
from tieline.core.matching.online.lexicon import Lexicon
from tieline.core.ports import Query, SystemState
from tieline.exchange.federated import SystemAnswer
from tieline.ui import parts
from tieline.ui.tables import Cell, Column, Row, TableView
from tieline.web.search.reasons import reasons
from tieline.web.words import KINDS, LEVELS
from tieline.wiring.systems import lexicon

__all__ = ["said_of", "states", "table"]

_ANSWERS = {
    SystemState.ANSWERED: parts.SystemAnswer.ANSWERED,
    SystemState.STALE: parts.SystemAnswer.ANSWERED,
    SystemState.REFUSED: parts.SystemAnswer.REFUSED,
    SystemState.NO_ANSWER: parts.SystemAnswer.NO_ANSWER,
}
_NAMES = ("name_as_given", "names", "name")
_PARTS = ("given_name", "paternal_surname", "maternal_surname")
_THINGS = (
    "plate",
    "vehicle_plate",
    "vin",
    "hull_number",
    "vessel_name",
    "phone",
    "address",
    "city",
)


def said_of(query: Query) -> str:
    """What was understood, in words."""
    said = [
        *(_("name %(text)s") % {"text": one} for one in query.names),
        *([_("born %(text)s") % {"text": query.birth_date}] if query.birth_date else ()),
        *(_("number %(text)s") % {"text": one} for one in query.identifiers),
        *(_("phone %(text)s") % {"text": one} for one in query.phones),
        *(_("plate %(text)s") % {"text": one} for one in query.plates),
    ]
    return " · ".join(said)


def states(answers: Sequence[SystemAnswer], words: str) -> tuple[parts.SystemState, ...]:
    """Who answered. It depends on viewer and purpose, never on what there is (P26)."""
    return tuple(
        parts.SystemState(
            system=one.name,
            answer=_ANSWERS[one.state],
            seconds=one.took if one.state is SystemState.NO_ANSWER else None,
            refusal=_("by the agreement, for this assignment and purpose")
            if one.state is SystemState.REFUSED
            else "",
            retry_url=f"{reverse('search')}?{urlencode({'q': words, 'system': one.name})}"
            if one.state is SystemState.NO_ANSWER
            else "",
        )
        for one in answers
    )


def table(answers: Sequence[SystemAnswer], query: Query) -> TableView:
    """Every row that was told, the system that holds it beside it."""
    rows = [(one.name, told) for one in answers for told in one.rows]
    known = lexicon()
    return TableView(
        id="found",
        caption=_("Found"),
        columns=(
            Column("number", _("Number"), optional=False),
            Column("who", _("Who or what")),
            Column("born", _("Born")),
            Column("kind", _("Kind")),
            Column("holder", _("Who holds it")),
            Column("level", _("Level")),
            Column("why", _("Why it matched")),
        ),
        rows=tuple(_row(system, told, query, known) for system, told in rows),
        total=len(rows),
        empty=_("Nothing that you may be told; this is not a clearance."),
    )


def _row(system: str, told: Disclosure, query: Query, known: Lexicon) -> Row:
    holder = f"{told.owner_agency} {told.owning_unit}"
    return Row(
        id=told.number,
        url=reverse("record", args=(system, told.number)),
        cells=(
            Cell(told.number),
            Cell(_named(told)),
            Cell(str(told.value("birth_date") or "")),
            Cell(str(KINDS.get(told.kind, told.kind))),
            Cell(holder, detail=_("in %(system)s") % {"system": system}),
            Cell(str(LEVELS[told.level]), detail=told.contact),
            Cell(reasons(told, query, lexicon=known)),
        ),
    )


def _named(told: Disclosure) -> str:
    for names in (_NAMES, _PARTS, _THINGS):
        said = []
        for name in names:
            value = told.value(name)
            said += list(value) if isinstance(value, tuple) else [str(value or "")]
        text = " ".join(dict.fromkeys(filter(None, said)))
        if text:
            return text
    return ""
