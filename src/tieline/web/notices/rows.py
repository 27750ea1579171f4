"""Notices as rows: what of them this reader may know, in words."""

from __future__ import annotations

from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _

from tieline.accounts.hats import HattedRequest
from tieline.core.agreement.viewer import Viewer
from tieline.core.records import NoticeKind
from tieline.exchange.notices.inbox import InboxItem, inbox
from tieline.keeping.agreements import in_force
from tieline.keeping.databases import EXCHANGE
from tieline.ui.parts import Action, ClockView, NoticeRow, Tag, Tone
from tieline.web.words import KINDS

__all__ = ["every", "waiting"]

# Kinds that may be one and the same; any others have only something in common.
_NATURES: Final = {
    **dict.fromkeys(("subject", "person", "lookout", "booking"), "person"),
    **{kind: kind for kind in ("event", "case", "vehicle", "vessel", "phone", "address")},
    "business": "business",
}


def waiting(request: HattedRequest, viewer: Viewer, *, most: int) -> list[NoticeRow]:
    """Those that nobody of the unit has acknowledged, what is due first at the top."""
    return [_row(one, request) for one in _items(request, viewer, most, acknowledged=False)]


def every(request: HattedRequest, viewer: Viewer, *, most: int) -> list[NoticeRow]:
    """All that stand, acknowledged ones last."""
    return [_row(one, request) for one in _items(request, viewer, most)]


def _items(
    request: HattedRequest, viewer: Viewer, most: int, *, acknowledged: bool = True
) -> tuple[InboxItem, ...]:
    return inbox(
        viewer=viewer,
        agreement=in_force(EXCHANGE),
        purpose=None,
        at=request.at,
        limit=most,
        acknowledged=acknowledged,
    )


def _row(one: InboxItem, request: HattedRequest) -> NoticeRow:
    seen = one.acknowledged_at is not None
    clock = ClockView(
        name=_("Acknowledge"),
        started=one.sent_at,
        due=one.acknowledge_by,
        at=request.at,
        settled=_("acknowledged by %(who)s") % {"who": one.acknowledged_by} if seen else "",
    )
    return NoticeRow(
        id=one.number,
        at=one.sent_at,
        words=_words(one),
        sender=f"{one.other.owner_agency} {one.other.owning_unit}",
        url=reverse("overlap", args=(one.link,)),
        unread=not seen,
        tag=_tag(one),
        clock=clock,
        actions=() if seen else (Action(_("Acknowledge"), value=one.number),),
        action_url=reverse("notice_acknowledge", args=(one.number,)),
    )


def _words(one: InboxItem) -> str:
    said = {
        "own": one.own.number,
        "kind": KINDS.get(one.other.kind, one.other.kind),
        "other": one.other.number,
        "agency": one.other.owner_agency,
    }
    if one.kind is NoticeKind.HIT:
        return _("Hit: %(own)s and %(kind)s %(other)s of %(agency)s") % said
    if _NATURES.get(one.own.kind) != _NATURES.get(one.other.kind):
        return _("%(own)s may have to do with %(kind)s %(other)s of %(agency)s") % said
    return _("%(own)s may be the same as %(kind)s %(other)s of %(agency)s") % said


def _tag(one: InboxItem) -> Tag:
    if one.escalated_at is not None and one.acknowledged_at is None:
        return Tag(_("escalated to %(desk)s") % {"desk": one.escalated_to}, Tone.STOP)
    if one.urgent:
        return Tag(_("more than names"), Tone.ATTENTION)
    if _NATURES.get(one.own.kind) == _NATURES.get(one.other.kind) == "person":
        return Tag(_("names alone: proposed"), Tone.QUIET)
    return Tag(_("proposed"), Tone.QUIET)
