"""Requests, consents and releases as tables."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from tieline.accounts.hats import HattedRequest
from tieline.core.agreement.viewer import Viewer
from tieline.exchange.sharing.inbox import inbox
from tieline.exchange.sharing.models import Consent, ReleaseRequest, RequestKind, RequestState
from tieline.ui.parts import ClockView, Tag, Tone
from tieline.ui.tables import Cell, Column, Row, TableView
from tieline.web.sharing.wording import class_words, state_tag
from tieline.wiring.sharing import Given

__all__ = [
    "clock_of",
    "consent_tag",
    "consents_table",
    "releases_table",
    "requests_table",
    "requests_to_answer",
]


def requests_to_answer(request: HattedRequest, viewer: Viewer) -> TableView:
    """For the home of who answers for an agency: what is due first at the top."""
    rows = inbox(viewer=viewer, at=request.at).to_answer
    return requests_table(
        rows,
        id="to-answer",
        caption=_("Requests that wait for your answer"),
        empty=_("None waits for you."),
        at=request.at,
        inward=True,
    )


def requests_table(
    rows: Sequence[ReleaseRequest],
    *,
    id: str,
    caption: str,
    empty: str,
    at: datetime,
    inward: bool,
) -> TableView:
    """Requests with their clocks. `inward`: before the owner, who sees from whom they come."""
    return TableView(
        id=id,
        caption=caption,
        columns=(
            Column("number", _("Request"), optional=False),
            Column("record", _("Record"), optional=False),
            Column("who", _("From") if inward else _("Owner"), optional=False),
            Column("classes", _("Asked for")),
            Column("state", _("State"), optional=False),
            Column("due", _("Due"), optional=False),
        ),
        rows=tuple(
            Row(
                id=one.number,
                url=reverse("request", args=(one.number,)),
                cells=(
                    Cell(one.number),
                    Cell(one.record, detail=one.system),
                    Cell(f"{one.agency} {one.unit}", detail=one.purpose_number)
                    if inward
                    else Cell(f"{one.owner_agency} {one.owner_unit}"),
                    Cell(class_words(one.classes), detail=_besides(one)),
                    Cell(tag=state_tag(one.state, is_over=_is_over(one, at))),
                    _due(one, at),
                ),
            )
            for one in rows
        ),
        total=len(rows),
        empty=empty,
    )


def consents_table(rows: Sequence[Consent]) -> TableView:
    """What other agencies ask of this one's: may what it gave go on?"""
    return TableView(
        id="consents",
        caption=_("What we gave, and others are asked for"),
        columns=(
            Column("number", _("Request"), optional=False),
            Column("reference", _("What we gave"), optional=False),
            Column("from", _("Held by"), optional=False),
            Column("to", _("Asked for by"), optional=False),
            Column("state", _("State"), optional=False),
            Column("due", _("Due"), optional=False),
        ),
        rows=tuple(
            Row(
                id=one.request.number,
                url=reverse("consent", args=(one.request.number,)),
                cells=(
                    Cell(one.request.number),
                    Cell(one.reference),
                    Cell(one.request.owner_agency),
                    Cell(one.request.agency),
                    Cell(tag=consent_tag(one)),
                    Cell(at=one.due_at),
                ),
            )
            for one in rows
        ),
        total=len(rows),
        empty=_("Nothing is asked."),
    )


def releases_table(rows: Sequence[Given], *, at: datetime) -> TableView:
    """What the agency released: of which record, to whom, until when."""
    return TableView(
        id="releases",
        caption=_("What we have released"),
        columns=(
            Column("number", _("Release"), optional=False),
            Column("record", _("Record"), optional=False),
            Column("to", _("To"), optional=False),
            Column("classes", _("What")),
            Column("by", _("Given by")),
            Column("given", _("Since")),
            Column("until", _("Until"), optional=False),
            Column("state", _("State"), optional=False),
        ),
        rows=tuple(
            Row(
                id=one.row.number,
                url=reverse("release_recall", args=(one.system, one.row.number))
                if _stands(one, at)
                else "",
                cells=(
                    Cell(one.row.number, detail=_("recall") if _stands(one, at) else ""),
                    Cell(one.row.record, detail=one.system),
                    Cell(f"{one.row.agency} {one.row.unit}", detail=one.row.purpose_number),
                    Cell(
                        class_words(one.row.classes),
                        detail=_("and copies") if one.row.copies else "",
                    ),
                    Cell(one.row.given_by),
                    Cell(at=one.row.given_at),
                    Cell(at=one.row.expires_at),
                    Cell(tag=_standing(one, at)),
                ),
            )
            for one in rows
        ),
        total=len(rows),
        empty=_("Nothing was released."),
    )


def clock_of(row: ReleaseRequest, *, at: datetime) -> ClockView:
    """How long the owner has, and what stopped it."""
    state = RequestState(row.state)
    waits = state.waits or state.is_above
    return ClockView(
        name=_clock_name(row),
        started=row.asked_at,
        due=row.due_at,
        at=at,
        owner=f"{row.owner_agency} · {row.agency}"
        if state.is_above
        else f"{row.owner_agency} {row.owner_unit}",
        rule=_("put before %(desk)s") % {"desk": row.escalated_to} if row.escalated_to else "",
        settled="" if waits else str(state_tag(row.state, is_over=_is_over(row, at)).words),
    )


def _clock_name(row: ReleaseRequest) -> str:
    if row.state == RequestState.COUNCIL:
        return _("Decision of the council")
    if row.state == RequestState.DEPARTMENT:
        return _("Decision of the department")
    return _("Answer to the appeal") if row.appealed_at else _("Answer")


def consent_tag(one: Consent) -> Tag:
    """What the third agency said; what is not answered is no."""
    if one.given is None:
        return Tag(_("not answered: no"), Tone.ATTENTION)
    return Tag(_("agreed"), Tone.GOOD) if one.given else Tag(_("did not agree"), Tone.STOP)


def _besides(one: ReleaseRequest) -> str:
    if one.kind == RequestKind.STAMP:
        return _("the owner's stamp on it")
    return _("and copies") if one.copies else ""


def _due(one: ReleaseRequest, at: datetime) -> Cell:
    state = RequestState(one.state)
    if (state.waits or state.is_above) and at >= one.due_at:
        return Cell(at=one.due_at, tag=Tag(_("overdue"), Tone.STOP))
    return Cell(at=one.due_at)


def _is_over(one: ReleaseRequest, at: datetime) -> bool:
    return one.expires_at is not None and at >= one.expires_at


def _stands(one: Given, at: datetime) -> bool:
    return one.row.recalled_at is None and at < one.row.expires_at


def _standing(one: Given, at: datetime) -> Tag:
    if one.row.recalled_at is not None:
        return Tag(_("recalled"), Tone.QUIET)
    return Tag(_("open"), Tone.GOOD) if _stands(one, at) else Tag(_("term over"), Tone.QUIET)
