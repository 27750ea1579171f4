"""The inbox of a unit: of each notice it is asked anew what this reader may know."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count, islice, takewhile
from typing import Final

from django.db import transaction
from django.db.models import F, Max, Q, QuerySet

from tieline.core.agreement.clauses import Agreement
from tieline.core.agreement.decide import barred
from tieline.core.agreement.disclose import NOTHING, Disclosure, disclose_each
from tieline.core.agreement.question import Action
from tieline.core.agreement.viewer import Purpose, PurposeCode, Viewer
from tieline.core.errors import TielineError
from tieline.core.ledger.events import Event
from tieline.core.records import NoticeKind, Pointer
from tieline.exchange.directory.ledger import LEDGER
from tieline.exchange.index.models import LinkState
from tieline.exchange.index.naming import placed
from tieline.exchange.notices.entries import Known, entries, others, pointer_of
from tieline.exchange.notices.models import NoticeRow
from tieline.keeping.agreements import in_force
from tieline.keeping.databases import EXCHANGE
from tieline.keeping.ledger import line
from tieline.keeping.receiving import receive
from tieline.keeping.wake import ring_when_committed

__all__ = [
    "InboxItem",
    "NoSuchNotice",
    "Waiting",
    "acknowledge",
    "acknowledge_all",
    "inbox",
    "newest_change",
    "own_number",
    "unacknowledged",
    "waiting",
]

_MOST: Final = 200
_MOST_COUNTED: Final = 100
_PART_COUNTED: Final = _MOST_COUNTED + 1
_CHUNK: Final = 20
_MOST_REMEMBERED: Final = 1000
_COUNTS: Final[dict[tuple[object, ...], tuple[int, int]]] = {}
"""Of some rows, how many somebody may be told, and the newest of these."""


class NoSuchNotice(TielineError):
    """There is no such notice, or none that this viewer may be told: the same answer for both."""

    exit_code = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxItem:
    """A notice as this viewer may see it now: of both records the pointer, and no field."""

    number: str
    kind: NoticeKind
    urgent: bool
    """Whether more than names speak for it."""
    link: str
    """The number of the overlap."""
    relation: str
    state: LinkState
    own_system: str
    own: Disclosure
    """The record of the viewer's own agency."""
    other_system: str
    other: Disclosure
    sent_at: datetime
    acknowledge_by: datetime
    acknowledged_at: datetime | None
    acknowledged_by: str
    escalated_at: datetime | None
    escalated_to: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many notices wait, and how new the newest of them is."""

    count: int
    newest: int
    """Grows with each that comes; to be compared by the server, and never told."""
    more: bool = False

    @property
    def words(self) -> str:
        """As a page shows it: `100+` where nobody counted on."""
        return f"{self.count}+" if self.more else str(self.count)


def inbox(
    *,
    viewer: Viewer,
    agreement: Agreement,
    purpose: Purpose | None,
    at: datetime,
    limit: int = _MOST,
    acknowledged: bool = True,
) -> tuple[InboxItem, ...]:
    """Notices of the viewer's unit and the units below it: first what is due first, then what was
    acknowledged, the latest first; of those that he may be told the first, `limit` at most.

    Without a purpose they are looked at for deconfliction, each with the number of his own record.
    Each foreign record among them is in the ledger as shown, at the level of a pointer.
    """
    rows = _addressed_to(viewer).order_by(
        # Nulls stand first in one database and last in the other, unless it is said.
        F("acknowledged_at").desc(nulls_first=True),
        "acknowledge_by",
        "-id",
    )
    if not acknowledged:
        rows = rows.filter(acknowledged_at__isnull=True)
    with transaction.atomic(using=EXCHANGE):
        # First of all: no entry of a disclosure may follow one that forbids it (P15).
        LEDGER.hold()
        known = list(_first(rows, limit, viewer, agreement, purpose, at))
        items = tuple(map(_item, known))
        if items:
            seen = [f"{one.number} {one.other_system} {one.other.number}" for one in items]
            LEDGER.append(
                [
                    line(
                        Event.NOTICE_READ,
                        at=at,
                        viewer=viewer,
                        purpose=purpose or _own_work(items[0].own.number),
                        agreement=agreement.digest,
                        clauses=tuple(
                            sorted({clause for one in items for clause in one.other.clauses})
                        ),
                        count=len(items),
                        side={"notices": seen},
                    ),
                    *entries(known, viewer=viewer, purpose=purpose, agreement=agreement, at=at),
                ]
            )
            receive(LEDGER, others(known), viewer=viewer, at=at)
    return items


def waiting(
    *, viewer: Viewer, agreement: Agreement, purpose: Purpose | None, at: datetime
) -> Waiting:
    """The notices that wait to be acknowledged, of those that the viewer may be told; counted to
    100 and no further.

    It is on every page, names nothing, and so leaves no entry. A count is remembered by all that it
    hangs on, the version of every pointer in it among them, so that it is never an old one.
    """
    waits = _addressed_to(viewer).filter(acknowledged_at__isnull=True).order_by("-id")
    trained = viewer.trained_until is not None and at < viewer.trained_until
    of_whom = (viewer, purpose, agreement.digest, agreement.in_force(at), trained)
    told, newest, rows = 0, 0, waits
    # Hidden ones take nobody's place: it is read on until so many were found, or to the end.
    while told <= _MOST_COUNTED:
        versions = rows.values_list("id", "own", "own__version", "other", "other__version")
        part = tuple(versions[:_PART_COUNTED])
        found = _COUNTS.get((*of_whom, part))
        if found is None:
            known = _known(list(rows[:_PART_COUNTED]), viewer, agreement, purpose, at)
            numbers = [one.row.pk for one in known]
            found = (len(numbers), max(numbers, default=0))
            if len(_COUNTS) >= _MOST_REMEMBERED:
                _COUNTS.clear()
            _COUNTS[*of_whom, part] = found
        told, newest = told + found[0], newest or found[1]
        if len(part) < _PART_COUNTED:
            break
        rows = waits.filter(id__lt=part[-1][0])
    return Waiting(min(told, _MOST_COUNTED), newest, more=told > _MOST_COUNTED)


def acknowledge(number: str, *, viewer: Viewer, at: datetime) -> NoticeRow:
    """Say for the unit that the notice was seen; the first to say so stands.

    Raises `NoSuchNotice` where the viewer may not be told of it.
    """
    with transaction.atomic(using=EXCHANGE):
        LEDGER.hold()
        row = _addressed_to(viewer).filter(number=_sayable(number)).first()
        agreement = in_force(EXCHANGE)
        if row is None or not list(_known([row], viewer, agreement, None, at)):
            raise NoSuchNotice("there is no such notice for you", cure="Check the number.")
        if row.acknowledged_at is None:
            _take(row, viewer, agreement, at)
    return row


def acknowledge_all(overlap: str, *, viewer: Viewer, at: datetime) -> None:
    """Say for the unit that what it was told of an overlap was seen, by who may be told of it."""
    with transaction.atomic(using=EXCHANGE):
        LEDGER.hold()
        agreement = in_force(EXCHANGE)
        for one in _unseen_of(overlap, viewer, agreement, at):
            _take(one.row, viewer, agreement, at)


def unacknowledged(overlap: str, *, viewer: Viewer, at: datetime) -> str:
    """The number of a notice of an overlap that waits for the viewer's unit; blank where none does
    that he may be told. Asked on the page of that overlap, and so no look of its own.
    """
    found = _unseen_of(overlap, viewer, in_force(EXCHANGE), at)
    return next((one.row.number for one in found), "")


def _unseen_of(overlap: str, viewer: Viewer, agreement: Agreement, at: datetime) -> Iterator[Known]:
    rows = _addressed_to(viewer).filter(link__number=_sayable(overlap))
    unseen = rows.filter(acknowledged_at__isnull=True).order_by("id")
    yield from _known(list(unseen), viewer, agreement, None, at)


def _take(row: NoticeRow, viewer: Viewer, agreement: Agreement, at: datetime) -> None:
    """The lock is held."""
    row.acknowledged_at, row.acknowledged_by = at, viewer.number
    row.acknowledged_as = viewer.assignment
    (row.changed,) = LEDGER.append(
        [
            line(
                Event.NOTICE_TAKEN,
                at=at,
                viewer=viewer,
                agreement=agreement.digest,
                side={"notice": row.number},
                **placed(row.other),
            )
        ]
    )
    row.save(update_fields=["acknowledged_at", "acknowledged_by", "acknowledged_as", "changed"])
    ring_when_committed(EXCHANGE)


def own_number(
    overlap: str, *, viewer: Viewer, at: datetime, of: tuple[str, str] | None = None
) -> str:
    """The number of the own record in an overlap of which the viewer's unit was told, while he may
    know both its records; blank for any other, and where `of`, a system and a number, is neither.

    By it a page knows for which work in hand somebody looks (P3).
    """
    agreement = in_force(EXCHANGE)
    loose = Purpose(code=PurposeCode.DECONFLICTION, reason="an overlap")
    # Asked before anything is looked for: to whom the gates are shut, all numbers are alike.
    if barred(agreement, viewer=viewer, purpose=loose, at=at):
        return ""
    row = _addressed_to(viewer).filter(link__number=_sayable(overlap)).first()
    if row is None:
        return ""
    sides = [(one.system, one.number) for one in (row.own, row.other)]
    if of is not None and of not in sides:
        return ""
    return row.own.number if list(_known([row], viewer, agreement, None, at)) else ""


def newest_change(*, agency: str, unit: str) -> int:
    """Grows whenever anything happens to a notice of the unit or of those below it.

    To be compared by the server; it counts entries of the ledger, so no page may show it.
    """
    newest: int | None = NoticeRow.objects.filter(_of(agency, unit)).aggregate(
        newest=Max("changed")
    )["newest"]
    return -1 if newest is None else newest


def _addressed_to(viewer: Viewer) -> QuerySet[NoticeRow]:
    rows = NoticeRow.objects.filter(_of(viewer.agency, viewer.unit), withdrawn_at__isnull=True)
    return rows.filter(link__frozen=False).select_related("link", "own", "other")


def _sayable(number: str) -> str:
    """What holds NUL, say, is no number of anything, and no database takes it as a question."""
    return number if number.isprintable() else ""


def _of(agency: str, unit: str) -> Q:
    """A sector's desk has its stations' notices as well: TCA those of TCA/NGL."""
    return Q(agency=agency) & (Q(unit=unit) | Q(unit__startswith=f"{unit}/"))


def _first(
    rows: QuerySet[NoticeRow],
    limit: int,
    viewer: Viewer,
    agreement: Agreement,
    purpose: Purpose | None,
    at: datetime,
) -> Iterator[Known]:
    """Rows are read until there are enough, however many are hidden among them."""
    parts = (list(rows[start : start + _CHUNK]) for start in count(0, _CHUNK))
    found = (
        one
        for part in takewhile(bool, parts)
        for one in _known(part, viewer, agreement, purpose, at)
    )
    return islice(found, limit)


def _known(
    rows: Sequence[NoticeRow],
    viewer: Viewer,
    agreement: Agreement,
    purpose: Purpose | None,
    at: datetime,
) -> Iterator[Known]:
    """Those of which the viewer may know both records; what was asked once is not asked again."""
    there = [(row, row.own.read(), row.other.read()) for row in rows]
    whole = [
        (row, own, other) for row, own, other in there if own is not None and other is not None
    ]
    if not whole:
        return
    purpose = purpose or _own_work(whole[0][0].own.number)
    pointers: list[Pointer] = [one for _, own, other in whole for one in (own, other)]
    answers = disclose_each(
        pointers, viewer=viewer, purpose=purpose, agreement=agreement, at=at, way=Action.NOTIFY
    )
    for row, own, other in whole:
        ours, theirs = next(answers)[1], next(answers)[1]
        if NOTHING not in (ours.disclosure, theirs.disclosure):
            yield Known(row, own, pointer_of(ours, own), pointer_of(theirs, other))


def _item(one: Known) -> InboxItem:
    row = one.row
    return InboxItem(
        number=row.number,
        kind=NoticeKind(row.kind),
        urgent=row.urgent,
        link=row.link.number,
        relation=row.link.relation,
        state=LinkState(row.link.state),
        own_system=row.own.system,
        own=one.own.disclosure,
        other_system=row.other.system,
        other=one.other.disclosure,
        sent_at=row.sent_at,
        acknowledge_by=row.acknowledge_by,
        acknowledged_at=row.acknowledged_at,
        acknowledged_by=row.acknowledged_by,
        escalated_at=row.escalated_at,
        escalated_to=row.escalated_to,
    )


def _own_work(number: str) -> Purpose:
    return Purpose(code=PurposeCode.DECONFLICTION, number=number)
