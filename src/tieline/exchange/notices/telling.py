"""Decides whom to tell of a link, each side for itself, and takes back what no longer holds."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction

from tieline.core.agreement.clauses import Agreement
from tieline.core.agreement.disclose import disclose
from tieline.core.agreement.question import Action
from tieline.core.agreement.viewer import Purpose, PurposeCode, Viewer
from tieline.core.ledger.events import Event
from tieline.core.records import Facts, Level, NoticeKind
from tieline.exchange.directory.ledger import LEDGER
from tieline.exchange.directory.units import unit_viewer
from tieline.exchange.index.judging import words_of
from tieline.exchange.index.models import IndexedPointer, Link, LinkState
from tieline.exchange.index.naming import fits, named, placed
from tieline.exchange.notices.models import NoticeRow
from tieline.keeping.agreements import in_force
from tieline.keeping.databases import EXCHANGE
from tieline.keeping.ledger import Line, line

__all__ = ["Notified", "decide_anew", "notify_pending", "withdraw"]

_ROWS: Final = 400
_SERIES: Final = "NT"
_DIGITS: Final = 10
_LOOKOUT: Final = "lookout"
_WAITS: Final = {
    (NoticeKind.HIT, True): timedelta(minutes=10),
    (NoticeKind.HIT, False): timedelta(hours=1),
    (NoticeKind.OVERLAP, True): timedelta(hours=1),
    (NoticeKind.OVERLAP, False): timedelta(hours=24),
}
"""How long a unit has for it, by kind and urgency."""


@dataclass(slots=True)
class Notified:
    """What became of the links that were decided on."""

    links: int = 0
    sent: int = 0
    withheld: int = 0
    withdrawn: int = 0
    more: bool = False


@dataclass(frozen=True, slots=True)
class _Side:
    """One side of a link: whom to tell, and of what."""

    link: Link
    own: IndexedPointer
    other: IndexedPointer

    @property
    def kind(self) -> NoticeKind:
        is_hit = _LOOKOUT in (self.own.kind, self.other.kind)
        return NoticeKind.HIT if is_hit else NoticeKind.OVERLAP

    @property
    def turned(self) -> _Side:
        """The same link from the other side."""
        return _Side(self.link, self.other, self.own)


@dataclass(frozen=True, slots=True)
class _Told:
    allowed: bool
    clauses: tuple[str, ...]


@dataclass(slots=True)
class _Desk:
    """The agreement, asked for units; what it sees alike in two questions is asked once."""

    agreement: Agreement
    at: datetime
    viewers: dict[tuple[str, str], Viewer] = field(default_factory=dict)
    answers: dict[tuple[str, str, Facts], _Told] = field(default_factory=dict)

    def told(self, side: _Side) -> _Told:
        other = side.other.read()
        if other is None:
            return _Told(allowed=False, clauses=())
        key = (side.own.owner_agency, side.own.owning_unit, other.facts)
        if key not in self.answers:
            answer = disclose(
                other,
                viewer=self._viewer(side.own.owner_agency, side.own.owning_unit),
                # No more than that there is work in hand is asked of it.
                purpose=Purpose(code=PurposeCode.DECONFLICTION, number=side.own.number),
                agreement=self.agreement,
                at=self.at,
                way=Action.NOTIFY,
            )
            told = answer.disclosure.level > Level.NONE
            clauses = answer.disclosure.clauses if told else answer.inward.clauses
            self.answers[key] = _Told(told, tuple(one.replace(":", "-") for one in clauses))
        return self.answers[key]

    def _viewer(self, agency: str, unit: str) -> Viewer:
        if (agency, unit) not in self.viewers:
            self.viewers[agency, unit] = unit_viewer(agency=agency, unit=unit)
        return self.viewers[agency, unit]


@dataclass(frozen=True, slots=True)
class _Telling:
    row: NoticeRow
    side: _Side
    told: _Told
    mutual: bool
    """Whether the other side may be told of the link as well."""


@dataclass(frozen=True, slots=True)
class _Withholding:
    side: _Side
    told: _Told


@dataclass(slots=True)
class _Plan:
    """What is to be written of a batch."""

    fresh: list[_Telling] = field(default_factory=list)
    raised: list[_Telling] = field(default_factory=list)
    withheld: list[_Withholding] = field(default_factory=list)
    over: list[NoticeRow] = field(default_factory=list)

    def add(
        self, side: _Side, notice: NoticeRow | None, words: Mapping[str, LinkState], desk: _Desk
    ) -> None:
        """Decide on one side of a link, of which `notice` stands."""
        if notice is not None and not _is_at_home(notice, side):
            self.over.append(notice)
            notice = None
        told = desk.told(side) if _is_open(side, words) else None
        if told is not None and not told.allowed:
            self.withheld.append(_Withholding(side, told))
        if told is None or not told.allowed:
            if notice is not None:
                self.over.append(notice)
            return
        mutual = desk.told(side.turned).allowed
        if notice is None:
            self.fresh.append(_Telling(_fresh(side, desk.at), side, told, mutual))
        elif side.link.firm and not notice.urgent:
            _raise(notice, side, desk.at)
            self.raised.append(_Telling(notice, side, told, mutual))


def notify_pending(*, at: datetime, limit: int = 500) -> Notified:
    """Tell the units of links that are new or changed, at most `limit` links, oldest first.

    Told is who may be told now, by the agreement in force; what stands and may not be told any more
    is withdrawn. Doing it again sends nothing twice. While no agreement holds, links wait for one:
    of what came in between, units are told then. Raises `NoAgreement` where none was ever adopted.
    """
    plan = _Plan()
    with transaction.atomic(using=EXCHANGE):
        # Before the agreement is read: what a new one opens must not be decided by the old one.
        LEDGER.hold()
        desk = _Desk(in_force(EXCHANGE), at)
        if not desk.agreement.in_force(at):
            return Notified()
        waiting = Link.objects.filter(noticed=False).order_by("id")
        links = list(waiting.select_related("left", "right")[: limit + 1])
        more = len(links) > limit
        links = links[:limit]
        standing = _standing(links)
        words = words_of(links)
        for link in links:
            for side in _sides(link):
                notice = standing.pop((link.pk, side.own.pk), None)
                plan.add(side, notice, words[link.pk], desk)
        # What is left has no side any more: two records of one owner by now, say.
        plan.over.extend(standing.values())
        withdraw(plan.over, at=at)
        _write(plan, desk)
        for part in _parts([one.pk for one in links]):
            Link.objects.filter(pk__in=part).update(noticed=True)
    return Notified(
        links=len(links),
        sent=len(plan.fresh) + len(plan.raised),
        withheld=len(plan.withheld),
        withdrawn=len(plan.over),
        more=more,
    )


def decide_anew(**about: object) -> None:
    """Let every link wait again: by another agreement, or in another department, a unit may be told
    what it was not told before. What `adopted` and `department_changed` set off.
    """
    if about.get("database", EXCHANGE) == EXCHANGE:
        LEDGER.hold()
        Link.objects.filter(frozen=False).update(noticed=False)


def withdraw(notices: Iterable[NoticeRow], *, at: datetime) -> None:
    """Take notices back; inside a transaction. Nobody is told of them or of why (P15)."""
    rows = list(notices)
    places = LEDGER.append(
        [
            line(
                Event.NOTICE_WITHDRAWN,
                at=at,
                side={"notice": row.number},
                **_addressed(row.agency, row.unit),
                **placed(row.other),
            )
            for row in rows
        ]
    )
    for row, place in zip(rows, places, strict=True):
        row.withdrawn_at, row.changed = at, place
    NoticeRow.objects.bulk_update(rows, ["withdrawn_at", "changed"], batch_size=100)


def withdraw_ended(*, links: Sequence[int], at: datetime, **about: object) -> None:
    """What `links_ended` sets off."""
    for part in _parts(links):
        standing = NoticeRow.objects.filter(link__in=part, withdrawn_at__isnull=True)
        withdraw(standing.select_related("other"), at=at)


def _standing(links: Sequence[Link]) -> dict[tuple[int, int], NoticeRow]:
    found: dict[tuple[int, int], NoticeRow] = {}
    for part in _parts([one.pk for one in links]):
        rows = NoticeRow.objects.filter(link__in=part, withdrawn_at__isnull=True)
        found.update({(row.link_id, row.own_id): row for row in rows.select_related("other")})
    return found


def _sides(link: Link) -> tuple[_Side, ...]:
    if link.left.owner_agency == link.right.owner_agency:
        return ()
    return (_Side(link, link.left, link.right), _Side(link, link.right, link.left))


def _is_at_home(notice: NoticeRow, side: _Side) -> bool:
    return (notice.agency, notice.unit) == (side.own.owner_agency, side.own.owning_unit)


def _is_open(side: _Side, words: Mapping[str, LinkState]) -> bool:
    """Not where the unit's own agency said that they are different, and nobody contradicts it: a
    disputed link is before both (P13).
    """
    said = words.get(side.own.owner_agency)
    disputed = side.link.state == LinkState.DISPUTED
    return not side.link.frozen and (disputed or said is not LinkState.REJECTED)


def _fresh(side: _Side, at: datetime) -> NoticeRow:
    return NoticeRow(
        kind=side.kind,
        agency=side.own.owner_agency,
        unit=side.own.owning_unit,
        link=side.link,
        own=side.own,
        other=side.other,
        urgent=side.link.firm,
        sent_at=at,
        acknowledge_by=at + _WAITS[side.kind, side.link.firm],
    )


def _raise(notice: NoticeRow, side: _Side, at: datetime) -> None:
    """More speaks for it now: it is told again, as if nobody had seen it."""
    notice.urgent, notice.sent_at = True, at
    notice.acknowledge_by = at + _WAITS[side.kind, True]
    notice.acknowledged_at = notice.escalated_at = None
    notice.acknowledged_by = notice.acknowledged_as = notice.escalated_to = ""


def _write(plan: _Plan, desk: _Desk) -> None:
    _number([one.row for one in plan.fresh])
    told = [*plan.fresh, *plan.raised]
    places = LEDGER.append(
        [
            *(_sent(one, desk) for one in told),
            *(_kept_back(one, desk) for one in plan.withheld),
        ]
    )
    for one, place in zip(told, places, strict=False):
        one.row.changed = place
    NoticeRow.objects.bulk_create([one.row for one in plan.fresh], batch_size=50)
    columns = [
        *("kind", "urgent", "sent_at", "acknowledge_by", "changed"),
        *("acknowledged_at", "acknowledged_by", "acknowledged_as"),
        *("escalated_at", "escalated_to"),
    ]
    NoticeRow.objects.bulk_update([one.row for one in plan.raised], columns, batch_size=50)


def _sent(one: _Telling, desk: _Desk) -> Line:
    """Of which record a unit was told, and by which clauses. Who owns it is named only where he may
    know why: of a silent hit the finder's own auditor finds nothing (P7).
    """
    own, other = one.side.own, one.side.other
    return line(
        Event.NOTICE_SENT,
        at=desk.at,
        agreement=desk.agreement.digest,
        clauses=one.told.clauses,
        purpose=Purpose(code=PurposeCode.DECONFLICTION, number=own.number),
        side={**_said(one.side), "notice": one.row.number},
        **_addressed(own.owner_agency, own.owning_unit),
        **(named(other) if one.mutual else placed(other)),
    )


def _kept_back(one: _Withholding, desk: _Desk) -> Line:
    """Of which record a unit was not told. It names neither agency, and so is before no auditor:
    to either it would tell that there is something (P26).
    """
    own = one.side.own
    return line(
        Event.NOTICE_WITHHELD,
        at=desk.at,
        agreement=desk.agreement.digest,
        clauses=one.told.clauses,
        purpose=Purpose(code=PurposeCode.DECONFLICTION),
        side={**_said(one.side), "unit": f"{own.owner_agency} {own.owning_unit}"},
        **placed(one.side.other),
    )


def _said(side: _Side) -> dict[str, str]:
    return {"link": side.link.number, "own": f"{side.own.system} {side.own.number}"}


def _addressed(agency: str, unit: str) -> dict[str, Any]:
    if not fits("agency", agency):
        return {}
    return {"agency": agency, "unit": unit} if fits("unit", unit) else {"agency": agency}


def _number(rows: Sequence[NoticeRow]) -> None:
    """Drawn under the lock, so nobody else draws them; not in a row, which would count."""
    used = set[str]()
    for row in rows:
        while not row.number or row.number in used or _is_used(row.number):
            row.number = f"{_SERIES}-{secrets.randbelow(10**_DIGITS):0{_DIGITS}d}"
        used.add(row.number)


def _is_used(number: str) -> bool:
    return NoticeRow.objects.filter(number=number).exists()


def _parts(keys: Sequence[int]) -> Iterable[Sequence[int]]:
    for start in range(0, len(keys), _ROWS):
        yield keys[start : start + _ROWS]
