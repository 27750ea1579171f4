"""Persons, derived from links and judgements, and kept up to date with them.

A strong identifier that nothing contradicts, or a person's word, joins two pointers; names alone
never do, and of what agencies dispute nothing follows. Which of them are one then is for
`core.matching.persons`. Only what a change touched is decided anew, in the transaction of the
change; deciding everything anew gives the same, which `unlike` checks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import Q, QuerySet

from tieline.core.matching.growing import Came, KnownPair, Rules, Turn, lineage, settle
from tieline.exchange.directory.ledger import LEDGER
from tieline.exchange.index.models import (
    IndexedPointer,
    Judgement,
    Link,
    LinkState,
    Membership,
    Person,
    PersonEvent,
    fresh_number,
)
from tieline.keeping.databases import EXCHANGE

__all__ = [
    "RULES",
    "forget_ended",
    "person_of",
    "rebuild",
    "rederived",
    "restore",
    "stored",
    "unlike",
]

RULES: Final = Rules(at_least=0.0)
"""What joins is told by the link; by how many bits, matters in the means alone."""
_ROWS: Final = 400
_SERIES: Final = "PN"
_ASSOCIATION: Final = "association"
_COLUMNS: Final = (
    *("left_id", "right_id", "score", "relation", "state", "strong", "contradicted", "frozen"),
)
_Said = tuple[int, int, float, str, str, bool, bool, bool]


def rebuild(links: Iterable[Link], *, at: datetime, judgement: Judgement | None = None) -> None:
    """Decide anew whose the ends of these links are, which have changed; inside the transaction in
    which they did.
    """
    _rebuild(_seeds(list(links)), at, judgement)


def forget_ended(*, links: Sequence[int], at: datetime, **about: object) -> None:
    """What `links_ended` sets off."""
    for part in _parts(links):
        rebuild(Link.objects.filter(pk__in=part).defer("evidence"), at=at)


def stored() -> dict[int, int]:
    """Of each pointer that is not alone, the oldest of its person."""
    return dict(Membership.objects.values_list("pointer_id", "person__oldest_id"))


def rederived() -> dict[int, int]:
    """The same, from links and judgements alone."""
    pairs = [_pair(said) for said in _of_persons(Link.objects.all())]
    rows = {row for one in pairs for row in (one.left, one.right)}
    return _together(settle(rows, pairs, RULES)) if rows else {}


def unlike() -> tuple[int, ...]:
    """Pointers whose stored person is not what links and judgements say: none, or it is a fault."""
    kept, derived = stored(), rederived()
    return tuple(
        sorted(row for row in kept.keys() | derived.keys() if kept.get(row) != derived.get(row))
    )


def restore(*, at: datetime) -> None:
    """Bring what is stored to what links and judgements say: after an upgrade, say."""
    with transaction.atomic(using=EXCHANGE):
        LEDGER.hold()
        for part in _parts(unlike()):
            _rebuild(set(part), at, None)


def _together(partition: Mapping[int, int]) -> dict[int, int]:
    labels = [label for row, label in partition.items() if row != label]
    shared = set(labels)
    return {row: label for row, label in partition.items() if label in shared}


def _seeds(links: Sequence[Link]) -> set[int]:
    """Ends that may be of another person now. Two that are alone stay alone unless something joins
    them, so most proposals on names are done with here.
    """
    ends = {row for one in links for row in (one.left_id, one.right_id)}
    seeds = {row for one in links if _joins(one) for row in (one.left_id, one.right_id)}
    for part in _parts(sorted(ends - seeds)):
        known = Membership.objects.filter(pointer__in=part)
        seeds.update(known.values_list("pointer_id", flat=True))
    return seeds


def _joins(link: Link) -> bool:
    said = (
        *(link.left_id, link.right_id, link.score, link.relation),
        *(link.state, link.strong, link.contradicted, link.frozen),
    )
    return _pair(said).joining(RULES)


def _pair(said: _Said) -> KnownPair:
    left, right, score, relation, state, strong, contradicted, frozen = said
    if relation == _ASSOCIATION:
        return KnownPair(left, right, joins=False)
    by_itself = strong and not contradicted and not frozen and state == LinkState.PROPOSED
    return KnownPair(
        left,
        right,
        score=score,
        joins=by_itself,
        same=state == LinkState.CONFIRMED and not frozen,
        apart=state == LinkState.REJECTED,
    )


def _of_persons(links: QuerySet[Link]) -> Iterable[Any]:
    """What each says that is of one, and is not closed: but that two are different stays so."""
    those = links.exclude(relation=_ASSOCIATION).filter(
        Q(frozen=False) | Q(state=LinkState.REJECTED)
    )
    return those.values_list(*_COLUMNS)


def _component(seeds: Iterable[int]) -> tuple[set[int], list[KnownPair]]:
    """All that chains of joining links connect to them, and every link among those."""
    rows = set(seeds)
    fresh = sorted(rows)
    pairs: dict[tuple[int, int], KnownPair] = {}
    while fresh:
        found: set[int] = set()
        for part in _parts(fresh):
            for said in _of_persons(Link.objects.filter(Q(left__in=part) | Q(right__in=part))):
                pair = pairs[said[0], said[1]] = _pair(said)
                if pair.joining(RULES):
                    found.update((pair.left, pair.right))
        fresh = sorted(found - rows)
        rows |= found
    return rows, [one for one in pairs.values() if one.left in rows and one.right in rows]


def _rebuild(seeds: set[int], at: datetime, judgement: Judgement | None) -> None:
    if not seeds:
        return
    rows, pairs = _component(seeds)
    before = {row: row for row in rows}
    members: set[int] = set()
    for part in _parts(sorted(rows)):
        known = Membership.objects.filter(pointer__in=part)
        for row, oldest in known.values_list("pointer_id", "person__oldest_id"):
            before[row] = oldest
            members.add(row)
    after = settle(rows, pairs, RULES)
    now = _together(after)
    moved = [row for row in rows if before[row] != after[row] or (row in members) != (row in now)]
    if not moved:
        return
    turns = lineage(before, after)
    named = {now[row] for row in moved if row in now}
    named |= {
        row for turn in turns if turn.came is Came.SPLIT_FROM for row in (turn.person, turn.other)
    }
    persons = _persons(
        named | {row for turn in turns for row in (turn.person, turn.other)}, named, at
    )
    for part in _parts(sorted(moved)):
        Membership.objects.filter(pointer__in=part).delete()
    Membership.objects.bulk_create(
        [Membership(pointer_id=row, person=persons[now[row]]) for row in moved if row in now],
        batch_size=_ROWS,
    )
    PersonEvent.objects.bulk_create(
        [
            PersonEvent(
                person=persons[turn.person],
                came=turn.came.value,
                other=persons[turn.other],
                judgement=judgement,
                at=at,
            )
            for turn in turns
            if _is_told(turn, persons)
        ],
        batch_size=_ROWS,
    )


def _is_told(turn: Turn, persons: Mapping[int, Person]) -> bool:
    """A pointer that was alone and has no name yet merges without one."""
    return turn.person in persons and turn.other in persons


def _persons(about: set[int], named: set[int], at: datetime) -> dict[int, Person]:
    """Those that there are, by their oldest pointer; `named` are made where there are none."""
    there: dict[int, Person] = {}
    for part in _parts(sorted(about)):
        there |= {one.oldest_id: one for one in Person.objects.filter(oldest__in=part)}
    fresh = []
    for oldest in sorted(named - there.keys()):
        there[oldest] = Person(number=_free_number(), oldest_id=oldest, made_at=at)
        fresh.append(there[oldest])
    Person.objects.bulk_create(fresh, batch_size=_ROWS)
    return there


def _free_number() -> str:
    # Drawn under the lock of the ledger, so nobody else draws it; two of one batch that are alike
    # are refused by the database, once in ten thousand million times.
    while True:
        number = fresh_number(_SERIES)
        if not Person.objects.filter(number=number).exists():
            return number


def person_of(pointer: IndexedPointer) -> Person | None:
    """Whose it is; None where it is alone."""
    found = Membership.objects.filter(pointer=pointer).select_related("person").first()
    return found.person if found else None


def _parts(keys: Sequence[int]) -> Iterable[Sequence[int]]:
    for start in range(0, len(keys), _ROWS):
        yield keys[start : start + _ROWS]
