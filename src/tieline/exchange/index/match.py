"""Finds which pointers may be of the same: keys, candidates, evidence, links.

Three steps for each batch, so that nobody waits while pairs are weighed. Keys are committed before
candidates are looked for, so of two that match at once at least one sees both pointers. Whatever is
killed in between is done again: a pointer counts as matched only with its links, and each step
leaves what it would make again.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Count, F, Q

from tieline.core.matching.online.keys import stored
from tieline.core.records import Pointer
from tieline.exchange.directory.ledger import LEDGER
from tieline.exchange.index.engine import Engine, Weight
from tieline.exchange.index.linking import Pair, write_links
from tieline.exchange.index.models import IndexedPointer, Link, PointerKey
from tieline.keeping.databases import EXCHANGE

__all__ = ["MOST_SHARING", "Matched", "match_pending"]

log = logging.getLogger(__name__)

MOST_SHARING: Final = 200
"""Pointers that share a key; one that more share tells nobody apart, and is not followed."""
_ROWS: Final = 400


@dataclass(slots=True)
class Matched:
    """What became of a batch."""

    pointers: int = 0
    proposed: int = 0
    """Links that are new, or came back."""
    changed: int = 0
    """Links of which the evidence is another now."""
    ended: int = 0
    capped: Counter[str] = field(default_factory=Counter)
    """Keys that were not followed, because too many share them, by their kind."""
    failed: int = 0
    """Pointers that could not be read or weighed; the log says why."""
    more: bool = False


def match_pending(*, engine: Engine, at: datetime, limit: int = 500) -> Matched:
    """Match pointers that are new or changed, at most `limit`, the longest waiting first."""
    done = Matched()
    rows, said = _keyed(engine, limit, done)
    if not rows:
        return done
    met = _who_meet(rows, said, done)
    pairs = _weighed(engine, rows, met, done)
    with transaction.atomic(using=EXCHANGE):
        LEDGER.hold()
        steady = _steady(rows, pairs)
        through = [row.pk for row in rows if row.pk in steady]
        written = write_links(
            [one for one in pairs if one.left.pk in steady and one.right.pk in steady],
            of=through,
            weights=engine.version,
            at=at,
        )
        for part in _parts(through):
            IndexedPointer.objects.filter(pk__in=part).update(matched_version=F("version"))
    done.pointers = len(rows)
    done.proposed, done.changed, done.ended = written.made, written.changed, written.ended
    if done.capped:
        log.warning("keys not followed, because too many share them: %s", dict(done.capped))
    return done


def _keyed(
    engine: Engine, limit: int, done: Matched
) -> tuple[list[IndexedPointer], dict[int, dict[int, str]]]:
    """The next pointers with their keys, which are in the index from now on."""
    with transaction.atomic(using=EXCHANGE):
        LEDGER.hold()
        waiting = IndexedPointer.objects.filter(matched_version__lt=F("version")).order_by("id")
        rows = list(waiting[: limit + 1])
        done.more = len(rows) > limit
        rows = rows[:limit]
        said = {row.pk: _keys(engine, row, done) for row in rows}
        for part in _parts([row.pk for row in rows]):
            PointerKey.objects.filter(pointer__in=part).delete()
        PointerKey.objects.bulk_create(
            [PointerKey(key=key, pointer_id=pk) for pk, keys in said.items() for key in keys],
            batch_size=2_000,
        )
    return rows, said


def _keys(engine: Engine, row: IndexedPointer, done: Matched) -> dict[int, str]:
    """Digest and kind of each key."""
    pointer = row.read()
    if pointer is None:
        return {}
    try:
        return {stored(key): key.partition(":")[0] for key in sorted(engine.keys_of(pointer))}
    except Exception as error:  # one that cannot be read must not stop those behind it
        done.failed += 1
        log.error("%s %s has no keys: %s", row.system, row.number, type(error).__name__)
        return {}


def _who_meet(
    rows: Sequence[IndexedPointer], said: Mapping[int, Mapping[int, str]], done: Matched
) -> set[tuple[int, int]]:
    """Pairs that share a key, and pairs that are linked already; the lower one first."""
    kinds = {key: kind for keys in said.values() for key, kind in keys.items()}
    holders: dict[int, list[int]] = {}
    for part in _parts(sorted(kinds)):
        counts = PointerKey.objects.filter(key__in=part).values_list("key").annotate(n=Count("id"))
        shared = [key for key, n in counts.filter(n__gt=1) if n <= MOST_SHARING]
        done.capped.update(kinds[key] for key, n in counts.filter(n__gt=MOST_SHARING))
        found = PointerKey.objects.filter(key__in=shared).values_list("key", "pointer_id")
        for key, pk in found:
            holders.setdefault(key, []).append(pk)
    met = {
        (min(row.pk, other), max(row.pk, other))
        for row in rows
        for key in said[row.pk]
        for other in holders.get(key, ())
        if other != row.pk
    }
    for part in _parts([row.pk for row in rows]):
        links = Link.objects.filter(Q(left__in=part) | Q(right__in=part))
        met.update(links.values_list("left_id", "right_id"))
    return met


def _weighed(
    engine: Engine,
    rows: Sequence[IndexedPointer],
    met: set[tuple[int, int]],
    done: Matched,
) -> list[Pair]:
    """All pairs that met, as far as both sides are there; what was linked is weighed anew."""
    known = {row.pk: row for row in rows}
    others = sorted({pk for pair in met for pk in pair} - known.keys())
    for part in _parts(others):
        known.update(IndexedPointer.objects.in_bulk(part))
    read: dict[int, Pointer] = {}
    for pk, row in known.items():
        pointer = row.read()
        if pointer is not None:
            read[pk] = pointer
    pairs: list[Pair] = []
    for left, right in sorted(met):
        if left not in read or right not in read:
            continue
        weight = _weigh(engine, read[left], read[right], done)
        if weight is not None:
            pairs.append(Pair(known[left], known[right], weight))
    return pairs


def _weigh(engine: Engine, left: Pointer, right: Pointer, done: Matched) -> Weight | None:
    try:
        return engine.weigh(left, right)
    except Exception as error:  # as with keys
        done.failed += 1
        log.error("%s and %s not weighed: %s", left.number, right.number, type(error).__name__)
        return None


def _steady(rows: Sequence[IndexedPointer], pairs: Sequence[Pair]) -> set[int]:
    """Those that are as they were weighed. Of the batch, any others come again; what a batch met
    and has another identity since comes again by itself.
    """
    of_batch = {row.pk: row.version for row in rows}
    met = {side.pk: side.identity_version for one in pairs for side in (one.left, one.right)}
    steady: set[int] = set()
    for part in _parts(sorted(of_batch.keys() | met.keys())):
        now = IndexedPointer.objects.filter(pk__in=part, tombstone=False)
        for pk, version, identity in now.values_list("pk", "version", "identity_version"):
            if of_batch.get(pk, version) == version and met.get(pk, identity) == identity:
                steady.add(pk)
    return steady


def _parts(keys: Sequence[int]) -> Iterable[Sequence[int]]:
    for start in range(0, len(keys), _ROWS):
        yield keys[start : start + _ROWS]
