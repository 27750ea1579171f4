"""A link as one viewer may see it: both pointers cut, and of the evidence what both cuts open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from math import fsum
from typing import Final

from django.db import transaction
from django.db.models import Q

from tieline.core.agreement.clauses import Agreement
from tieline.core.agreement.disclose import NOTHING, Answer, Disclosure, Withheld, disclose
from tieline.core.agreement.viewer import Purpose, Viewer
from tieline.core.ledger.events import Event
from tieline.core.records import FieldClass, Pointer
from tieline.exchange.directory.ledger import LEDGER
from tieline.exchange.index.judging import stamp_of
from tieline.exchange.index.models import (
    IndexedPointer,
    Judgement,
    Link,
    LinkState,
    SecondWord,
)
from tieline.exchange.index.seconding import waiting_of
from tieline.keeping.databases import EXCHANGE
from tieline.keeping.door import disclosure_line
from tieline.keeping.ledger import Line, line
from tieline.keeping.receiving import receive

__all__ = ["EvidenceRow", "Judged", "LinkedRecord", "OverlapView", "links_of", "overlap"]

_LONGEST_NUMBER: Final = 64


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """One reason for or against; both sides may be seen."""

    feature: str
    left: str = field(repr=False)
    right: str = field(repr=False)
    field_class: FieldClass
    words: str
    weight: float


@dataclass(frozen=True, slots=True)
class Judged:
    """What an agency said. Its reason is free text, which no clause can cut: it stays with it."""

    state: LinkState
    agency: str
    unit: str
    user: str
    at: datetime
    reason: str | None = field(repr=False)
    """None for other agencies."""
    counts: bool
    """Whether it was said of the records as they are now."""
    waits: bool = False
    """Whether it waits for a second person; only its own agency is told."""
    second: str = ""
    """Who confirmed or refused it, of the same agency."""
    agrees: bool = False
    redress: str = ""
    """Of a rejection the number under which it is kept, and when it is looked at again (P12)."""
    review_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OverlapView:
    """Two records side by side, the viewer's own at the left where one is his agency's."""

    number: str
    relation: str
    state: LinkState
    strong: bool
    left_system: str
    left: Disclosure
    right_system: str
    right: Disclosure
    rows: tuple[EvidenceRow, ...]
    """Only those whose kind of field is open to the viewer on both sides."""
    score: float | None
    """The sum of those rows; None where there is none."""
    withheld: tuple[Withheld, ...]
    """Kinds of fields that are closed on one side, whether or not there is any evidence in them:
    that a row was left out would tell what the other side holds."""
    judgements: tuple[Judged, ...]
    """The latest first."""
    made_at: datetime
    changed_at: datetime
    stamp: str = ""
    """To be sent back with a judgement (`judging.stamp_of`)."""

    @property
    def waiting(self) -> Judged | None:
        """What a person of the viewer's agency said, if it waits for a second one."""
        return next((one for one in self.judgements if one.waits), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedRecord:
    """Another record that may be of the same, or has to do with it."""

    link: str
    relation: str
    state: LinkState
    firm: bool
    system: str
    other: Disclosure


def overlap(
    link_number: str, *, viewer: Viewer, purpose: Purpose, agreement: Agreement, at: datetime
) -> OverlapView | None:
    """The link, or None where there is none, where neither record is the viewer's agency's, and
    where the viewer may not know of both.
    """
    with transaction.atomic(using=EXCHANGE):
        # First of all: no entry of a disclosure may follow one that forbids it (P15).
        LEDGER.hold()
        link = _find(link_number)
        if link is not None and viewer.agency not in (
            link.left.owner_agency,
            link.right.owner_agency,
        ):
            # That two others' records meet, and what was said of it, is for those two.
            link = None
        sides = _in_order(link, viewer) if link else ()
        # Of an absent link as much is asked as of one that is closed.
        answers = [
            disclose(one, viewer=viewer, purpose=purpose, agreement=agreement, at=at)
            for one in ([side.read() for side in sides] or [None, None])
        ]
        if link is None or any(one.disclosure == NOTHING for one in answers):
            refused = line(
                Event.RECORD_REFUSED,
                at=at,
                viewer=viewer,
                purpose=purpose,
                agreement=agreement.digest,
                level="none",
                side={"link": link_number[:_LONGEST_NUMBER]},
            )
            LEDGER.append([refused])
            return None
        LEDGER.append(
            [
                _seen(side, answer, viewer, purpose, agreement, at)
                for side, answer in zip(sides, answers, strict=True)
            ]
        )
        told = [one.disclosure for one in answers]
        receive(LEDGER, zip((one.system for one in sides), told, strict=True), viewer=viewer, at=at)
        return _view(link, sides, told, _judged(link, viewer))


def links_of(
    system: str,
    number: str,
    *,
    viewer: Viewer,
    purpose: Purpose,
    agreement: Agreement,
    at: datetime,
    limit: int = 50,
) -> tuple[LinkedRecord, ...]:
    """Who holds more about this, as far as the viewer may know: the firmest first.

    Empty where nobody does, where he may not be told, and where he may not know of the record
    itself. What was said to be another's is among them, by its state (P12).
    """

    def ask(pointer: Pointer | None) -> Answer:
        return disclose(pointer, viewer=viewer, purpose=purpose, agreement=agreement, at=at)

    with transaction.atomic(using=EXCHANGE):
        LEDGER.hold()
        row = IndexedPointer.objects.filter(system=system, number=number, tombstone=False).first()
        if row is None or ask(row.read()).disclosure == NOTHING:
            return ()
        found: list[LinkedRecord] = []
        entries: list[Line] = []
        links = Link.objects.filter(Q(left=row) | Q(right=row), frozen=False)
        links = links.select_related("left", "right").order_by("-strong", "-score", "id")
        for link in links:
            other = link.right if link.left_id == row.pk else link.left
            answer = ask(other.read())
            if answer.disclosure == NOTHING:
                continue
            if len(found) >= limit:
                break
            found.append(
                LinkedRecord(
                    link=link.number,
                    relation=link.relation,
                    state=LinkState(link.state),
                    firm=link.firm,
                    system=other.system,
                    other=answer.disclosure,
                )
            )
            entries.append(_seen(other, answer, viewer, purpose, agreement, at))
        LEDGER.append(entries)
        receive(LEDGER, [(one.system, one.other) for one in found], viewer=viewer, at=at)
    return tuple(found)


def _find(number: str) -> Link | None:
    if not number.isprintable() or len(number) > _LONGEST_NUMBER:
        return None
    found = Link.objects.filter(number=number, frozen=False).select_related("left", "right")
    return found.first()


def _in_order(link: Link, viewer: Viewer) -> tuple[IndexedPointer, IndexedPointer]:
    if link.right.owner_agency == viewer.agency != link.left.owner_agency:
        return link.right, link.left
    return link.left, link.right


def _seen(
    side: IndexedPointer,
    answer: Answer,
    viewer: Viewer,
    purpose: Purpose,
    agreement: Agreement,
    at: datetime,
) -> Line:
    return disclosure_line(
        answer,
        number=side.number,
        keeper=side.system,
        owner=side.owner_agency,
        viewer=viewer,
        purpose=purpose,
        agreement=agreement,
        at=at,
    )


def _view(
    link: Link,
    sides: Sequence[IndexedPointer],
    told: Sequence[Disclosure],
    judgements: tuple[Judged, ...],
) -> OverlapView:
    left, right = told
    turned = sides[0].pk != link.left_id
    open_to_both = _classes(left) & _classes(right)
    rows = tuple(
        EvidenceRow(
            feature=said["feature"],
            left=said["right"] if turned else said["left"],
            right=said["left"] if turned else said["right"],
            field_class=FieldClass(said["field_class"]),
            words=said["words"],
            weight=said["weight"],
        )
        for said in link.evidence
        if said["field_class"] in open_to_both
    )
    return OverlapView(
        number=link.number,
        relation=link.relation,
        state=LinkState(link.state),
        strong=link.strong,
        left_system=sides[0].system,
        left=left,
        right_system=sides[1].system,
        right=right,
        rows=rows,
        score=round(fsum(row.weight for row in rows), 1) if rows else None,
        withheld=_closed(left, right),
        judgements=judgements,
        made_at=link.made_at,
        changed_at=link.changed_at,
        stamp=stamp_of(link),
    )


def _classes(told: Disclosure) -> frozenset[str]:
    """Those of which the evidence tells nothing that is not shown anyway."""
    return frozenset(one.value for one in told.whole)


def _closed(left: Disclosure, right: Disclosure) -> tuple[Withheld, ...]:
    """One for each kind of field: a pointer has the same fields whatever it holds."""
    first: dict[FieldClass, Withheld] = {}
    for one in (*right.withheld, *left.withheld, *right.cut, *left.cut):
        first.setdefault(one.field_class, one)
    return tuple(first.values())


def _judged(link: Link, viewer: Viewer) -> tuple[Judged, ...]:
    """What waits for a second person, or was refused by one, is no word of the agency: nobody but
    itself is told.
    """
    rows = Judgement.objects.filter(link=link).select_related("second").order_by("-id")
    waiting = waiting_of(link, viewer.agency)
    return tuple(
        _word(row, link, viewer, waits=row == waiting)
        for row in rows
        if row.agency == viewer.agency or not row.needs_second or _agreed(row)
    )


def _word(row: Judgement, link: Link, viewer: Viewer, *, waits: bool) -> Judged:
    second = _second(row)
    return Judged(
        state=LinkState(row.state),
        agency=row.agency,
        unit=row.unit,
        user=row.user,
        at=row.at,
        reason=row.reason if row.agency == viewer.agency else None,
        counts=row.pk > link.judged_before and (not row.needs_second or _agreed(row)),
        waits=waits,
        second=second.user if second else "",
        agrees=second.agrees if second else False,
        redress=row.redress,
        review_on=row.review_on,
    )


def _second(row: Judgement) -> SecondWord | None:
    return getattr(row, "second", None)


def _agreed(row: Judgement) -> bool:
    second = _second(row)
    return second is not None and second.agrees
