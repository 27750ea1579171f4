"""Matters of redress on the screen: what is due, and one with everything that was done."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tieline.accounts.hats import HattedRequest
from tieline.core.agreement.viewer import Viewer
from tieline.core.redress import ANSWERS, Outcome
from tieline.exchange.redress.matters import (
    NoSuchMatter,
    judgements_of,
    matters_for,
    may_decide,
    may_take,
    one_matter,
    steps_for,
    waiting_for,
)
from tieline.exchange.redress.models import Matter, MatterState
from tieline.ui.parts import FactGroup, FieldRow, Tag, Tone
from tieline.ui.tables import Asked, Cell, Column, Filter, Row, TableView
from tieline.ui.tables import asked as table_asked
from tieline.web import errors
from tieline.web.redress.words import ACTS, KINDS, OUTCOMES, STATES
from tieline.wiring.redressing import disputable

__all__ = ["matters_due", "redress", "redress_matter"]

_MOST = 10


@require_safe
@never_cache
def redress(request: HttpRequest) -> HttpResponse:
    """All that the agency entered or decides: first what is open, then what is decided."""
    hatted = cast(HattedRequest, request)
    viewer = hatted.viewer
    if viewer is None:
        return errors.refused(request, errors.NO_HAT)
    wanted = table_asked(request.GET, filters=("redress", "record"))
    rows = [one for one in matters_for(viewer) if _is_asked(one, wanted)]
    rows.sort(key=lambda one: one.state == MatterState.DECIDED)
    table = _table(rows, wanted, hatted.at, viewer)
    return render(request, "web/redress/redress.html", {"table": table})


@require_safe
@never_cache
def redress_matter(request: HttpRequest, number: str) -> HttpResponse:
    """One matter; of another's the same as of none."""
    hatted = cast(HattedRequest, request)
    viewer = hatted.viewer
    try:
        one = None if viewer is None else one_matter(number, viewer)
    except NoSuchMatter:
        one = None
    if viewer is None or one is None:
        return errors.nothing(request)
    context = {
        "matter": one,
        "kind": KINDS[one.kind],
        "tag": _state(one, hatted.at),
        "groups": _facts(one, viewer),
        "table": _history(one, viewer),
        "takes": may_take(one, viewer),
        "decides": may_decide(one, viewer),
        "disputes": disputable(one, viewer),
        "answer": ANSWERS[Outcome(one.outcome)] if one.outcome else "",
        "judgements": [
            _("%(link)s: not this person, said on %(day)s")
            % {"link": each.link.number, "day": each.at.date().isoformat()}
            for each in judgements_of(one, viewer)[:_MOST]
        ],
    }
    return render(request, "web/redress/matter.html", context)


def matters_due(request: HattedRequest, viewer: Viewer) -> TableView:
    """What the agency is to take or decide, for the home of its redress officer."""
    waiting = waiting_for(viewer)
    return _table(waiting[:_MOST], Asked(), request.at, viewer, total=len(waiting))


def _is_asked(one: Matter, wanted: Asked) -> bool:
    return all(getattr(one, name) == said.upper() for name, said in wanted.filters.items())


def _table(
    rows: list[Matter], wanted: Asked, at: datetime, viewer: Viewer, *, total: int | None = None
) -> TableView:
    page = wanted.page_of(rows)
    return TableView(
        id="matters",
        caption=_("Matters"),
        columns=(
            Column("number", _("Matter"), optional=False),
            Column("kind", _("Asks for"), optional=False),
            Column("person", _("Name")),
            Column("decides", _("Decides")),
            Column("state", _("State"), optional=False),
            Column("due", _("Due")),
        ),
        rows=tuple(_row(one, at) for one in page),
        total=len(rows) if total is None else total,
        asked=wanted,
        filters=(Filter("redress", _("Redress number")), Filter("record", _("Record")))
        if total is None
        else (),
        empty=_("There is no matter."),
    )


def _row(one: Matter, at: datetime) -> Row:
    due = one.due()
    return Row(
        id=one.number,
        url=reverse("redress_matter", args=(one.number,)),
        cells=(
            Cell(one.number, detail=one.received_on.isoformat()),
            Cell(str(KINDS[one.kind]), detail=one.redress),
            Cell(one.person),
            Cell(one.decides, detail=one.entered_by),
            Cell(tag=_state(one, at)),
            Cell(at=due) if due is not None else Cell(str(OUTCOMES[one.outcome])),
        ),
    )


def _state(one: Matter, at: datetime) -> Tag:
    due = one.due()
    if due is not None and due < at:
        return Tag(_("overdue"), Tone.STOP)
    words, tone = STATES[one.state]
    return Tag(str(words), tone)


def _facts(one: Matter, viewer: Viewer) -> tuple[FactGroup, ...]:
    said = [
        (_("Name"), one.person),
        (_("Where the answer goes"), one.reply_to),
        (_("Came on"), one.received_on.isoformat()),
        (_("Entered by"), one.entered_by),
        (_("Decides"), one.decides),
        (_("Record, as the person names it"), one.record),
        (_("Redress number"), one.redress),
        (_("What the person says"), one.said),
    ]
    if one.outcome:
        said.append((_("Outcome"), str(OUTCOMES[one.outcome])))
    if one.decided_on and one.decides == viewer.agency:
        said.append((_("Decided on"), one.decided_on))
    rows = tuple(FieldRow(words, (text,)) for words, text in said if text)
    return (FactGroup(title=_("The letter"), rows=rows),)


def _history(one: Matter, viewer: Viewer) -> TableView:
    steps = steps_for(one, viewer)
    return TableView(
        id="steps",
        caption=_("History"),
        columns=(
            Column("at", _("When"), optional=False),
            Column("who", _("Who"), optional=False),
            Column("act", _("What"), optional=False),
            Column("said", _("In words"), optional=False),
        ),
        rows=tuple(
            Row(
                id=str(place),
                cells=(
                    Cell(at=step.at),
                    Cell(
                        step.user or step.agency,
                        detail=" · ".join(filter(None, (step.unit, step.assignment))),
                    ),
                    Cell(str(ACTS[step.act])),
                    Cell(step.said),
                ),
            )
            for place, step in enumerate(steps)
        ),
        total=len(steps),
    )
