"""The marks of a record with their grounds, and what may be done with each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tieline.accounts.hats import HattedRequest
from tieline.core.agreement.viewer import Viewer
from tieline.core.marks import TO_BE_APPROVED, Mark
from tieline.keeping.marking import PEOPLE, marks_on, may_decide, may_end
from tieline.keeping.marks import MarkRow
from tieline.ui.parts import FactGroup, FieldRow, Link, Tag, Tone
from tieline.ui.tables import Cell, Column, Row, TableView
from tieline.web.marks.opening import Opened, opened
from tieline.web.marks.words import (
    FACT_KINDS,
    NEW,
    RELIABILITIES,
    SENSITIVITIES,
    VALIDITIES,
    mark_words,
)
from tieline.wiring.marking import waiting_marks

__all__ = ["marks", "marks_to_decide"]

_MOST = 10


@dataclass(frozen=True, slots=True)
class Shown:
    """One mark as the page has it."""

    groups: tuple[FactGroup, ...]
    tag: Tag
    does: tuple[Link, ...]


@require_safe
@never_cache
def marks(request: HttpRequest, system: str, number: str) -> HttpResponse:
    """All marks, those that count first; to others what any page of the record tells them."""
    found = opened(request, system, number)
    if isinstance(found, HttpResponse):
        return found
    rows = marks_on(found.desk, number)
    borne = {row.mark for row in rows if row.is_live}
    others = sorted(set(found.record.caveats) - borne)
    context = {
        "system": system,
        "number": number,
        "shown": [_shown(row, found) for row in rows],
        "others": ", ".join(map(mark_words, others)),
        "new": [
            Link(str(words), reverse("mark_new", args=(system, number, what)))
            for what, words in NEW.items()
            if what not in borne and (what != Mark.GANG_LABEL or found.record.kind in PEOPLE)
        ],
    }
    return render(request, "web/marks/marks.html", context)


def marks_to_decide(request: HattedRequest, viewer: Viewer) -> TableView:
    """For the home of whoever approves and reviews them."""
    waiting = waiting_marks(viewer, at=request.at)
    return TableView(
        id="marks",
        caption=_("Marks to decide on"),
        columns=(
            Column("number", _("Record"), optional=False),
            Column("mark", _("Mark"), optional=False),
            Column("due", _("Due"), optional=False),
        ),
        rows=tuple(
            Row(
                id=one.row.number,
                url=reverse("marks", args=(one.system, one.row.record)),
                cells=(
                    Cell(one.row.record, detail=one.system),
                    Cell(mark_words(one.row.mark), detail=str(_state(one.row).words)),
                    _due(one.row),
                ),
            )
            for one in waiting[:_MOST]
        ),
        total=len(waiting),
        empty=_("None waits for you."),
    )


def _due(row: MarkRow) -> Cell:
    if row.decide_by is not None:
        return Cell(at=row.decide_by)
    return Cell(row.review_on.isoformat() if row.review_on is not None else "—")


def _shown(row: MarkRow, found: Opened) -> Shown:
    facts = FactGroup(title=mark_words(row.mark), rows=tuple(_facts(row)))
    return Shown((facts,), _state(row), tuple(_does(row, found)))


def _state(row: MarkRow) -> Tag:
    if not row.is_live:
        return Tag(_("counts no more"), Tone.QUIET)
    if row.waits:
        return Tag(_("closes; to be approved"), Tone.ATTENTION)
    return Tag(_("stands"), Tone.PLAIN)


def _facts(row: MarkRow) -> Iterator[FieldRow]:
    yield from _grounds(row.grounds)
    if row.counsel:
        yield FieldRow(_("Counsel"), (row.counsel,))
    yield _moment(_("Proposed") if row.mark in TO_BE_APPROVED else _("Set"), row.set_by, row.set_at)
    for words, who, at in (
        (_("Approved"), row.approved_by, row.approved_at),
        (_("Reviewed"), row.reviewed_by, row.reviewed_at),
        (_("Ended"), row.ended_by, row.ended_at),
    ):
        if at is not None:
            yield _moment(words, who, at)
    if row.ended_why:
        yield FieldRow(_("Why it ended"), (row.ended_why,))
    if row.decide_by is not None:
        yield FieldRow(_("Falls, unless it is approved"), ("",), at=row.decide_by)
    elif row.is_live and row.review_on is not None:
        yield FieldRow(_("Ends, unless it is reviewed"), (row.review_on.isoformat(),))


def _moment(words: str, who: str, at: datetime) -> FieldRow:
    return FieldRow(words, ("",), at=at, detail=who)


def _grounds(grounds: dict[str, Any]) -> Iterator[FieldRow]:
    for place, fact in enumerate(grounds.get("facts", ()), start=1):
        kind = _said(FACT_KINDS, fact["kind"])
        yield FieldRow(
            _("Fact %(place)s") % {"place": place},
            (fact["said"],),
            detail=f"{kind} · {fact['source']}",
        )
    for name, words, known in (
        ("why", _("On what it rests"), None),
        ("suspicion", _("Reasonable suspicion"), None),
        ("source", _("Source"), None),
        ("reliability", _("Reliability of the source"), RELIABILITIES),
        ("validity", _("Validity of the content"), VALIDITIES),
        ("sensitivity", _("Sensitivity"), SENSITIVITIES),
    ):
        if name in grounds:
            yield FieldRow(words, (_said(known or {}, str(grounds[name])),))


def _said(known: dict[str, Promise], code: str) -> str:
    return str(known.get(code, code))


def _does(row: MarkRow, found: Opened) -> Iterator[Link]:
    args = (found.system, found.number, row.number)
    if may_decide(row, found.record, found.viewer):
        if row.waits:
            yield Link(_("Approve"), reverse("mark_approve", args=args))
        elif row.mark in TO_BE_APPROVED:
            yield Link(_("Review"), reverse("mark_review", args=args))
    if may_end(found.desk, row, found.record, found.viewer):
        end = reverse("mark_end", args=args)
        if row.waits:
            yield Link(_("Refuse"), end)
        elif row.mark == Mark.UNAPPROVED:
            yield Link(_("Approve the record"), end)
        else:
            yield Link(_("End it"), end)
