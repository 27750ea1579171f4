"""An overlap as two columns with the evidence between them."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tieline.core.agreement.clauses import Agreement
from tieline.core.agreement.disclose import Disclosure
from tieline.core.agreement.viewer import Viewer
from tieline.exchange.index.models import LinkState
from tieline.exchange.index.overlap import Judged, OverlapView
from tieline.ui.parts import (
    Action,
    Evidence,
    EvidenceRow,
    FactGroup,
    Side,
    Tag,
    TimelineEntry,
    Tone,
    WithheldRow,
)
from tieline.web.records.pages import why_withheld
from tieline.web.words import CLASSES, KINDS, LEVELS, field_words
from tieline.web.work import WORK

__all__ = ["disputed", "evidence_of", "judged", "withheld_of"]

_STATES: Final = {
    LinkState.PROPOSED: gettext_lazy("proposed by the machine; a person decides"),
    LinkState.CONFIRMED: gettext_lazy("judged the same"),
    LinkState.REJECTED: gettext_lazy("judged different"),
    LinkState.UNSURE: gettext_lazy("judged unsure"),
    LinkState.DISPUTED: gettext_lazy("disputed: the agencies differ"),
}


def evidence_of(view: OverlapView, viewer: Viewer) -> Evidence:
    """The rows that this viewer may see on both sides; the sum is that of these rows alone."""
    ours = viewer.agency in (view.left.owner_agency, view.right.owner_agency)
    return Evidence(
        left=_side(view, view.left_system, view.left),
        right=_side(view, view.right_system, view.right),
        rows=tuple(
            EvidenceRow(field_words(one.feature), one.left, one.right, one.words, one.weight)
            for one in view.rows
        ),
        total=view.score or 0.0,
        verdict=str(_STATES[view.state]),
        actions=_actions() if ours else (),
        action_url=reverse("overlap_judge", args=(view.number,)),
    )


def withheld_of(view: OverlapView, agreement: Agreement) -> tuple[FactGroup, ...]:
    """Kinds of fields that are closed on one side, whether or not there is anything in them."""
    rows = tuple(
        WithheldRow(str(CLASSES[one.field_class]), why_withheld(one.clauses, one.reason, agreement))
        for one in view.withheld
    )
    return (FactGroup(_("Not compared for you"), rows),) if rows else ()


def disputed(view: OverlapView) -> tuple[tuple[str, str, str, date], ...]:
    """Record, field, the person's words and their day, of what is disputed on either side."""
    return tuple(
        (told.number, field_words(one.name), one.said, one.filed_on)
        for told in (view.left, view.right)
        for one in told.statements
    )


def judged(view: OverlapView) -> tuple[TimelineEntry, ...]:
    """What each agency said, the latest first; of one's own also what waits for a second person."""
    return tuple(
        TimelineEntry(
            at=one.at,
            words=str(_STATES[one.state]) if one.state != LinkState.PROPOSED else _("taken back"),
            who=f"{one.agency} {one.unit}",
            detail=_detail(one),
            tag=_tag(one),
        )
        for one in view.judgements
    )


def _detail(one: Judged) -> str:
    """Its reason, and under which number *not this person* is kept, and until when (P12)."""
    said = [one.reason or ""]
    if one.redress and one.review_on:
        kept = _("not this one: kept under %(number)s, to be looked at again on %(day)s")
        said.append(kept % {"number": one.redress, "day": one.review_on.isoformat()})
    return " · ".join(filter(None, said))


def _tag(one: Judged) -> Tag | None:
    if one.waits:
        return Tag(_("waits for a second person"), Tone.ATTENTION)
    if one.second:
        words = _("confirmed by %(who)s") if one.agrees else _("refused by %(who)s")
        return Tag(words % {"who": one.second}, Tone.QUIET)
    if not one.counts:
        return Tag(_("no more in force"), Tone.QUIET)
    return None


def _side(view: OverlapView, system: str, told: Disclosure) -> Side:
    names = told.value("names")
    title = names[0] if isinstance(names, tuple) and names else told.number
    return Side(
        title=title,
        holder=f"{told.owner_agency} {told.owning_unit}",
        number=f"{KINDS.get(told.kind, told.kind)} {told.number}",
        url=f"{reverse('record', args=(system, told.number))}?{WORK}={view.number}",
        level=str(LEVELS[told.level]),
    )


def _actions() -> tuple[Action, ...]:
    return (
        Action(_("same"), value="same", key="s", says=_("Say that the two are the same.")),
        Action(_("different"), value="different", key="d", says=_("Say that they are not.")),
        Action(_("unsure"), value="unsure", key="u", says=_("Leave it open, for whoever knows.")),
        Action(_("undo"), value="undo", key="z", says=_("Take your agency's word back.")),
    )
