"""The queue of links on which a viewer's agency has said nothing yet, what is at stake first.

Of each link it is asked anew whether this viewer may know of both records. The order is made of
what he may see: were it made of evidence that is withheld from him, the order would tell it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from itertools import count, islice
from math import fsum, inf
from typing import Final

from django.db import transaction
from django.db.models import BooleanField, Case, Q, QuerySet, Value, When

from tieline.core.agreement.clauses import Agreement
from tieline.core.agreement.disclose import NOTHING, Answer, Disclosure, disclose_each
from tieline.core.agreement.question import Action
from tieline.core.agreement.viewer import Purpose, PurposeCode, Viewer
from tieline.core.matching.online.weights import PROPOSED_FROM
from tieline.core.records import Pointer
from tieline.exchange.directory.ledger import LEDGER
from tieline.exchange.index.models import IndexedPointer, Judgement, Link, LinkState
from tieline.exchange.notices.entries import Known, entries, others, pointer_of
from tieline.exchange.notices.models import NoticeRow
from tieline.keeping.databases import EXCHANGE
from tieline.keeping.receiving import receive

__all__ = ["MOST", "Asked", "Queue", "ReviewItem", "Which", "queue", "read_queue"]

MOST: Final = 400
"""Links of one queue; where the viewer may know of more, it says so."""
_PART: Final = 200
_LOOKOUT: Final = "lookout"
_ASSOCIATION: Final = "association"
_OPEN: Final = (LinkState.PROPOSED, LinkState.UNSURE, LinkState.DISPUTED)


class Which(StrEnum):
    """Which links of the queue."""

    OPEN = ""
    """Those on which the agency said nothing, and those that wait for this second person."""
    SECOND = "second"
    UNSURE = "unsure"
    DISPUTED = "disputed"


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asks of the queue."""

    which: Which = Which.OPEN
    stake: str = ""
    """`lookout`, `strong` or `names`."""
    whole_agency: bool = False
    """Not of the viewer's unit and those below it alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewItem:
    """A link as its row in the queue: of both records the pointer, and no field."""

    link: str
    relation: str
    state: LinkState
    own_system: str
    own: Disclosure
    other_system: str
    other: Disclosure
    lookout: bool
    strong: bool
    clear: bool
    """A strong identifier speaks for it and nothing against it, all seen by the viewer: what may be
    judged with others at once."""
    waits: bool
    """For this viewer, as the second person."""
    score: float
    made_at: datetime
    known: Known = field(repr=False)

    @property
    def order(self) -> tuple[bool, bool, bool, float, float, str]:
        """What waits for one, then lookouts, then what is urgent, then what is learned most from:
        nearest to where links begin.
        """
        away = abs(self.score - PROPOSED_FROM)
        return (not self.waits, not self.lookout, not self.strong, away, -self.score, self.link)


@dataclass(frozen=True, slots=True)
class Queue:
    """All that this viewer may know of, in order."""

    items: tuple[ReviewItem, ...]
    more: bool

    def place(self, link: str) -> int | None:
        """Where a link stands in it."""
        return next((at for at, one in enumerate(self.items) if one.link == link), None)


def queue(
    asked: Asked, *, viewer: Viewer, purpose: Purpose | None, agreement: Agreement, at: datetime
) -> Queue:
    """The queue as it stands; it names links alone where nobody reads its rows."""
    items = list(islice(_items(asked, viewer, purpose, agreement, at), MOST + 1))
    told = sorted(items[:MOST], key=lambda one: one.order)
    return Queue(tuple(told), more=len(items) > MOST)


def _items(
    asked: Asked, viewer: Viewer, purpose: Purpose | None, agreement: Agreement, at: datetime
) -> Iterator[ReviewItem]:
    """Read until there are enough: what is hidden takes nobody's place, and nothing counts it."""
    links = _candidates(asked, viewer)
    for start in count(0, _PART):
        part = list(links[start : start + _PART])
        words = _latest_words(part, viewer)
        wanted = [one for one in part if _is_wanted(one, words.get(one.pk), asked, viewer)]
        for link, known, theirs in _known(wanted, viewer, purpose, agreement, at):
            yield _item(link, known, theirs, words.get(link.pk), viewer)
        if len(part) < _PART:
            return


def read_queue(
    asked: Asked,
    *,
    viewer: Viewer,
    purpose: Purpose | None,
    agreement: Agreement,
    at: datetime,
    read: Callable[[Queue], Sequence[ReviewItem]],
) -> Queue:
    """The same, of which those that `read` picks are shown: each foreign record in them is in the
    ledger as shown, at the level of a pointer.
    """
    with transaction.atomic(using=EXCHANGE):
        # First of all: no entry of a disclosure may follow one that forbids it (P15).
        LEDGER.hold()
        found = queue(asked, viewer=viewer, purpose=purpose, agreement=agreement, at=at)
        known = [one.known for one in read(found)]
        LEDGER.append(entries(known, viewer=viewer, purpose=purpose, agreement=agreement, at=at))
        receive(LEDGER, others(known), viewer=viewer, at=at)
    return found


def _candidates(asked: Asked, viewer: Viewer) -> QuerySet[Link]:
    """What may be in it, what is at stake first, so that it is not cut off."""
    links = Link.objects.filter(frozen=False, state__in=_OPEN)
    links = links.filter(_ours("left", asked, viewer) | _ours("right", asked, viewer))
    of_lookout = Q(left__kind=_LOOKOUT) | Q(right__kind=_LOOKOUT)
    if asked.stake == "lookout":
        links = links.filter(of_lookout)
    elif asked.stake:
        links = links.filter(strong=asked.stake == "strong").exclude(of_lookout)
    first = Case(
        When(of_lookout, then=Value(True)), default=Value(False), output_field=BooleanField()
    )
    return links.select_related("left", "right").order_by(first.desc(), "-strong", "-id")


def _ours(side: str, asked: Asked, viewer: Viewer) -> Q:
    ours = Q(**{f"{side}__owner_agency": viewer.agency})
    if asked.whole_agency:
        return ours
    unit = f"{side}__owning_unit"
    return ours & (Q(**{unit: viewer.unit}) | Q(**{f"{unit}__startswith": f"{viewer.unit}/"}))


def _latest_words(links: Sequence[Link], viewer: Viewer) -> Mapping[int, Judgement]:
    """What the viewer's agency said last of each, of the records as they are now."""
    since = {link.pk: link.judged_before for link in links}
    rows = Judgement.objects.filter(link__in=list(since), agency=viewer.agency)
    rows = rows.select_related("second").order_by("id")
    return {row.link_id: row for row in rows if row.pk > since[row.link_id]}


def _waits(word: Judgement | None) -> bool:
    return word is not None and word.needs_second and not hasattr(word, "second")


def _is_wanted(link: Link, word: Judgement | None, asked: Asked, viewer: Viewer) -> bool:
    for_me = word is not None and _waits(word) and word.user != viewer.number
    if asked.which is Which.SECOND:
        return for_me
    if asked.which is Which.UNSURE:
        return word is not None and word.state == LinkState.UNSURE
    if asked.which is Which.DISPUTED:
        return link.state == LinkState.DISPUTED
    return for_me or _said_nothing(word)


def _said_nothing(word: Judgement | None) -> bool:
    if word is None or word.state == LinkState.PROPOSED:
        return True
    refused = hasattr(word, "second") and not word.second.agrees
    return word.needs_second and refused


def _known(
    links: Sequence[Link],
    viewer: Viewer,
    purpose: Purpose | None,
    agreement: Agreement,
    at: datetime,
) -> Iterator[tuple[Link, Known, Pointer]]:
    """Those of which the viewer may know both records, his own first."""
    there: list[tuple[Link, IndexedPointer, IndexedPointer, Pointer, Pointer]] = []
    for link in links:
        own, other = link.left, link.right
        if own.owner_agency != viewer.agency:
            own, other = other, own
        ours, theirs = own.read(), other.read()
        if ours is not None and theirs is not None:
            there.append((link, own, other, ours, theirs))
    if not there:
        return
    purpose = purpose or Purpose(code=PurposeCode.DECONFLICTION, number=there[0][1].number)
    pointers = [one for *_, ours, theirs in there for one in (ours, theirs)]
    answers = disclose_each(
        pointers, viewer=viewer, purpose=purpose, agreement=agreement, at=at, way=Action.NOTIFY
    )
    for link, own, other, ours, theirs in there:
        mine, its = next(answers)[1], next(answers)[1]
        if NOTHING not in (mine.disclosure, its.disclosure):
            # Nobody was sent this one; it says which two records are meant.
            row = NoticeRow(link=link, own=own, other=other)
            yield link, Known(row, ours, mine, its), theirs


def _item(
    link: Link, known: Known, theirs: Pointer, word: Judgement | None, viewer: Viewer
) -> ReviewItem:
    open_to_both = _classes(known.own) & _classes(known.other)
    seen = [one for one in link.evidence if one["field_class"] in open_to_both]
    lookout = _LOOKOUT in (link.left.kind, link.right.kind)
    told = Known(
        known.row,
        known.own_pointer,
        pointer_of(known.own, known.own_pointer),
        pointer_of(known.other, theirs),
    )
    return ReviewItem(
        link=link.number,
        relation=link.relation,
        state=LinkState(link.state),
        own_system=known.row.own.system,
        own=told.own.disclosure,
        other_system=known.row.other.system,
        other=told.other.disclosure,
        lookout=lookout,
        strong=link.strong,
        clear=link.strong
        and not link.contradicted
        and link.relation != _ASSOCIATION
        and len(seen) == len(link.evidence),
        waits=_waits(word) and word is not None and word.user != viewer.number,
        score=round(fsum(one["weight"] for one in seen), 1) if seen else -inf,
        made_at=link.made_at,
        known=told,
    )


def _classes(answer: Answer) -> frozenset[str]:
    return frozenset(one.value for one in answer.disclosure.whole)
