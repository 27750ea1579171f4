"""Finds which pointers may be of the same: keys, candidates, evidence, links.

Three steps for each batch, so that nobody waits while pairs are weighed. Keys are committed before
candidates are looked for, so of two that match at once at least one sees both pointers. Whatever is
killed in between is done again: a pointer counts as matched only with its links, and each step
leaves what it would make again. When nothing waits, a new set of keys is built beside the old one.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import Count, F, Q

from tieline.core.matching.online.keys import stored
from tieline.exchange.directory.ledger import LEDGER
from tieline.exchange.index.engine import Engine, Weight
from tieline.exchange.index.keysets import (
    KeySets,
    clear_retired,
    current_sets,
    next_to_build,
    note_built,
)
from tieline.exchange.index.linking import Pair, write_links
from tieline.exchange.index.models import IndexedPointer, KeySet, Link, PointerKey
from tieline.keeping.bulk import insert_rows
from tieline.keeping.databases import EXCHANGE

__all__ = ["MOST_SHARING", "Matched", "match_pending"]

log = logging.getLogger(__name__)

MOST_SHARING: Final = 200
"""Pointers that share a key; one that more share tells nobody apart, and is not followed."""
_ROWS: Final = 4_000
"""A database that reads all keys to see which are shared does so once for so many pointers."""


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


@dataclass(slots=True)
class _Batch:
    """The pointers that are matched now."""

    rows: list[IndexedPointer] = field(default_factory=list)
    sets: tuple[int, ...] = ()
    """The sets of keys by which they meet."""
    built: KeySet | None = None
    """The set that is being built of them, where they do not wait themselves."""
    read: dict[int, Any] = field(default_factory=dict, repr=False)
    """What each says, as the engine reads it; nothing of one that was taken back."""
    kinds: dict[int, str] = field(default_factory=dict, repr=False)
    """The kind of each key that any of them has."""


def match_pending(*, engine: Engine, at: datetime, limit: int = 500) -> Matched:
    """Match pointers that are new or changed, at most `limit`, the longest waiting first; where
    none waits, as many of those for which a new set of keys is built.
    """
    done = Matched()
    batch = _keyed(engine, limit, done)
    if not batch.rows:
        return done
    met, linked = _who_meet(batch, done), _who_are_linked(batch.rows)
    pairs = _weighed(engine, batch, met, linked, done)
    with transaction.atomic(using=EXCHANGE):
        LEDGER.hold()
        steady = _steady(batch.rows, pairs)
        through = [row.pk for row in batch.rows if row.pk in steady]
        written = write_links(
            [one for one in pairs if one.left.pk in steady and one.right.pk in steady],
            of=through,
            weights=engine.version,
            at=at,
        )
        for part in _parts(through):
            IndexedPointer.objects.filter(pk__in=part).update(matched_version=F("version"))
        if batch.built is not None:
            note_built(batch.built, batch.rows[-1].pk)
    done.pointers = len(batch.rows)
    done.proposed, done.changed, done.ended = written.made, written.changed, written.ended
    if done.capped:
        log.warning("keys not followed, because too many share them: %s", dict(done.capped))
    return done


def _keyed(engine: Engine, limit: int, done: Matched) -> _Batch:
    """The next pointers, whose keys are in the index from now on."""
    with transaction.atomic(using=EXCHANGE):
        LEDGER.hold()
        sets = current_sets(engine)
        batch = _next(sets, limit, done)
        keys: list[tuple[int, int, int]] = []
        for row in batch.rows:
            for which, key, kind in _keys(engine, sets, row, batch, done):
                batch.kinds[key] = kind
                keys.append((key, row.pk, which))
        for part in _parts([row.pk for row in batch.rows]):
            there = PointerKey.objects.filter(pointer__in=part)
            if batch.built is not None:
                there = there.filter(key_set=batch.built.pk)
            there.delete()
        columns = ("key", "pointer_id", "key_set")
        insert_rows("index_pointerkey", columns, keys, database=EXCHANGE)
    return batch


def _next(sets: KeySets, limit: int, done: Matched) -> _Batch:
    """Those that wait; else those whose keys a new set lacks."""
    waiting = IndexedPointer.objects.filter(matched_version__lt=F("version")).order_by("id")
    rows = list(waiting[: limit + 1])
    if rows or sets.building is None:
        done.more = len(rows) > limit or sets.building is not None
        if not rows:
            done.more = clear_retired()
        return _Batch(rows[:limit], tuple(sets.makers))
    rows = list(next_to_build(sets.building, limit=limit))
    done.more = True
    if not rows:
        note_built(sets.building, None)
        log.info("pointers meet by %s from now on", sets.building.version)
    return _Batch(rows, (sets.building.pk,), sets.building)


def _keys(
    engine: Engine, sets: KeySets, row: IndexedPointer, batch: _Batch, done: Matched
) -> list[tuple[int, int, str]]:
    """Set, digest and kind of each key."""
    if row.tombstone:
        return []
    try:
        said = batch.read[row.pk] = engine.read(row.pointer)
        return [
            (which, stored(key), key.partition(":")[0])
            for which in batch.sets
            for key in sorted(sets.makers[which](said))
        ]
    except Exception as error:  # one that cannot be read must not stop those behind it
        done.failed += 1
        log.error("%s %s has no keys: %s", row.system, row.number, type(error).__name__)
        return []


def _who_meet(batch: _Batch, done: Matched) -> set[tuple[int, int]]:
    """Pairs that share a key; the lower one first."""
    return {pair for which in batch.sets for pair in _who_share(batch, which, done)}


def _who_share(batch: _Batch, which: int, done: Matched) -> set[tuple[int, int]]:
    ours = {row.pk for row in batch.rows}
    sharing: dict[int, int] = {}
    of_set = PointerKey.objects.filter(key_set=which)
    for part in _parts(sorted(ours)):
        # The database looks which keys are shared: few are, and all others stay there.
        keys = of_set.filter(pointer__in=part).values("key")
        counts = of_set.filter(key__in=keys).values_list("key").annotate(n=Count("*"))
        sharing |= dict(counts.filter(n__gt=1))
    done.capped.update(batch.kinds.get(key, "") for key, n in sharing.items() if n > MOST_SHARING)
    holders: dict[int, list[int]] = {}
    for part in _parts(sorted(key for key, n in sharing.items() if n <= MOST_SHARING)):
        found = of_set.filter(key__in=part).values_list("key", "pointer_id")
        for key, pk in found:
            holders.setdefault(key, []).append(pk)
    return {
        (one, other) if one < other else (other, one)
        for those in holders.values()
        for one in those
        if one in ours
        for other in those
        if other != one
    }


def _who_are_linked(rows: Sequence[IndexedPointer]) -> set[tuple[int, int]]:
    """Pairs of which there is a link already, whatever became of it."""
    linked: set[tuple[int, int]] = set()
    for part in _parts([row.pk for row in rows]):
        links = Link.objects.filter(Q(left__in=part) | Q(right__in=part))
        linked.update(links.values_list("left_id", "right_id"))
    return linked


def _weighed(
    engine: Engine,
    batch: _Batch,
    met: set[tuple[int, int]],
    linked: set[tuple[int, int]],
    done: Matched,
) -> list[Pair]:
    """All pairs that may make a link, as far as both sides are there; what was linked is weighed
    anew, whatever comes of it.
    """
    read, identities = _read(engine, batch, {pk for pair in met | linked for pk in pair}, done)
    found: list[tuple[int, int, Weight]] = []
    for left, right in sorted(met | linked):
        if left not in read or right not in read:
            continue
        try:
            if (left, right) in linked or engine.may_be_proposed(read[left], read[right]):
                found.append((left, right, engine.weigh(read[left], read[right])))
        except Exception as error:  # as with keys
            done.failed += 1
            log.error("%s not weighed: %s", _named((left, right)), type(error).__name__)
    rows = {row.pk: row for row in batch.rows}
    for part in _parts(sorted({pk for pair in found for pk in pair[:2]} - rows.keys())):
        rows |= IndexedPointer.objects.in_bulk(part)
    return [
        Pair(rows[left], rows[right], weight)
        for left, right, weight in found
        # What has another identity since it was read comes again by itself.
        if rows[left].identity_version == identities[left]
        and rows[right].identity_version == identities[right]
    ]


def _read(
    engine: Engine, batch: _Batch, wanted: set[int], done: Matched
) -> tuple[dict[int, Any], dict[int, int]]:
    """What those say whom the batch met, and by which identity; a tombstone says nothing."""
    read = dict(batch.read)
    identities = {row.pk: row.identity_version for row in batch.rows}
    for part in _parts(sorted(wanted - identities.keys())):
        met = IndexedPointer.objects.filter(pk__in=part, tombstone=False)
        for pk, identity, text in met.values_list("pk", "identity_version", "pointer"):
            try:
                read[pk], identities[pk] = engine.read(text), identity
            except Exception as error:  # as with keys
                done.failed += 1
                log.error("%s cannot be read: %s", _named((pk,)), type(error).__name__)
    return read, identities


def _named(pointers: Sequence[int]) -> str:
    rows = IndexedPointer.objects.filter(pk__in=pointers).order_by("pk")
    return " and ".join(map(str, rows.only("system", "number")))


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
