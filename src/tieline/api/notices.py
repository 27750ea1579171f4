"""Notices of the caller's unit, and the overlap behind one with its evidence."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from ninja import Router

from tieline.api.caller import caller
from tieline.api.errors import NOTHING, REFUSALS, Refused
from tieline.api.form import Form
from tieline.api.told import Marked, RecordTold, WithheldField, told_of, withheld_of
from tieline.core.agreement.disclose import Disclosure
from tieline.core.records import FieldClass, NoticeKind
from tieline.exchange.index.models import LinkState
from tieline.exchange.index.overlap import overlap as seen
from tieline.exchange.notices.inbox import NoSuchNotice, inbox
from tieline.exchange.notices.inbox import acknowledge as take
from tieline.keeping.agreements import in_force
from tieline.keeping.databases import EXCHANGE
from tieline.wiring.disputes import disputed_overlap

__all__ = ["router"]

router = Router()


class PointerTold(Form):
    """That there is a record, whose it is, and whom to call; what is in it, its own page tells."""

    system: str
    number: str
    kind: str
    owner_agency: str
    owning_unit: str
    contact: str
    """Whom of the owning unit to call."""


class NoticeTold(Form):
    """A notice, as far as its reader may know both records."""

    number: str
    kind: NoticeKind
    urgent: bool
    """Whether more than names speak for it."""
    overlap: str
    relation: str
    state: LinkState
    own: PointerTold
    other: PointerTold
    sent_at: datetime
    acknowledge_by: datetime
    acknowledged_at: datetime | None
    acknowledged_by: str
    escalated_at: datetime | None
    escalated_to: str


class NoticesTold(Marked):
    """Unacknowledged ones first, then urgent ones, then the newest."""

    notices: list[NoticeTold]


class Acknowledged(Marked):
    """Who of the unit said first that it was seen."""

    number: str
    acknowledged_at: datetime
    acknowledged_by: str


class EvidenceTold(Form):
    """One reason for or against, with both values; the weights add up to the score."""

    feature: str
    left: str
    right: str
    field_class: FieldClass
    words: str
    weight: float


class JudgementTold(Form):
    """What an agency said of it; the reason is its own people's to read."""

    state: LinkState
    agency: str
    unit: str
    user: str
    at: datetime
    reason: str | None
    counts: bool
    """Whether it was said of the records as they are now."""


class OverlapTold(Marked):
    """Two records side by side, the caller's own at the left, and what speaks for and against."""

    number: str
    relation: str
    state: LinkState
    strong: bool
    left: RecordTold
    right: RecordTold
    evidence: list[EvidenceTold]
    """Rows whose kind of field is open on both sides, and no others."""
    score: float | None
    withheld: list[WithheldField]
    """Kinds that are closed on one side, whether or not there is evidence in them."""
    judgements: list[JudgementTold]
    made_at: datetime
    changed_at: datetime


@router.get(
    "/notices", url_name="notices", operation_id="notices", response={200: NoticesTold, **REFUSALS}
)
def notices(request: HttpRequest) -> NoticesTold:
    """What the unit was told of."""
    who = caller(request)
    items = inbox(viewer=who.viewer, agreement=in_force(EXCHANGE), purpose=who.purpose, at=who.at)
    return NoticesTold(
        notices=[
            NoticeTold(
                number=one.number,
                kind=one.kind,
                urgent=one.urgent,
                overlap=one.link,
                relation=one.relation,
                state=one.state,
                own=_pointer(one.own, system=one.own_system),
                other=_pointer(one.other, system=one.other_system),
                sent_at=one.sent_at,
                acknowledge_by=one.acknowledge_by,
                acknowledged_at=one.acknowledged_at,
                acknowledged_by=one.acknowledged_by,
                escalated_at=one.escalated_at,
                escalated_to=one.escalated_to,
            )
            for one in items
        ]
    )


@router.post(
    "/notices/{number}/acknowledge",
    url_name="notice_acknowledge",
    operation_id="notice_acknowledge",
    response={200: Acknowledged, **REFUSALS},
)
def notice_acknowledge(request: HttpRequest, number: str) -> Acknowledged:
    """Say for the unit that it was seen; the first to say so stands."""
    who = caller(request)
    try:
        row = take(number, viewer=who.viewer, at=who.at)
    except NoSuchNotice:
        raise Refused(404, NOTHING) from None
    return Acknowledged(
        number=row.number,
        acknowledged_at=row.acknowledged_at or who.at,
        acknowledged_by=row.acknowledged_by,
    )


@router.get(
    "/overlaps/{number}",
    url_name="overlap",
    operation_id="overlap",
    response={200: OverlapTold, **REFUSALS},
)
def overlap(request: HttpRequest, number: str) -> OverlapTold:
    """Both records and the evidence, as far as each may be seen. Only a person judges it."""
    who = caller(request)
    view = seen(
        number,
        viewer=who.viewer,
        purpose=who.purpose,
        agreement=in_force(EXCHANGE),
        at=who.at,
    )
    if view is None:
        raise Refused(404, NOTHING)
    view = disputed_overlap(view)
    return OverlapTold(
        number=view.number,
        relation=view.relation,
        state=view.state,
        strong=view.strong,
        left=told_of(view.left, system=view.left_system),
        right=told_of(view.right, system=view.right_system),
        evidence=[
            EvidenceTold(
                feature=one.feature,
                left=one.left,
                right=one.right,
                field_class=one.field_class,
                words=one.words,
                weight=one.weight,
            )
            for one in view.rows
        ],
        score=view.score,
        withheld=[withheld_of(one) for one in view.withheld],
        judgements=[
            JudgementTold(
                state=one.state,
                agency=one.agency,
                unit=one.unit,
                user=one.user,
                at=one.at,
                reason=one.reason,
                counts=one.counts,
            )
            for one in view.judgements
        ],
        made_at=view.made_at,
        changed_at=view.changed_at,
    )


def _pointer(told: Disclosure, *, system: str) -> PointerTold:
    return PointerTold(
        system=system,
        number=told.number,
        kind=told.kind,
        owner_agency=told.owner_agency,
        owning_unit=told.owning_unit,
        contact=told.contact,
    )
