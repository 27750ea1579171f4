"""Which keys pointers meet by: those that answer, and those that are built beside them.

A change of how keys are made is a set of its own. While the new one is built, the one that is
there answers, and what comes meanwhile has its keys in both; then the new one takes its place at
once, and what is left of the old one goes in small steps. Whatever is killed goes on where it was.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from tieline.exchange.index.engine import Engine
from tieline.exchange.index.models import IndexedPointer, KeySet, KeySetState, PointerKey

__all__ = ["KeySets", "clear_retired", "current_sets", "next_to_build", "note_built"]

log = logging.getLogger(__name__)

_CLEARED: Final = 2_000
"""Pointers whose old keys go in one step."""

KeysOf = Callable[[Any], Iterable[str]]


@dataclass(frozen=True, slots=True)
class KeySets:
    """The sets as they are now, each with what makes its keys; the one that answers is first."""

    makers: Mapping[int, KeysOf] = field(repr=False)
    building: KeySet | None = None


def current_sets(engine: Engine) -> KeySets:
    """The sets to write keys in; under the ledger's lock, because a set is begun here if needed."""
    newest = engine.keys_version
    makers = {**engine.earlier_keys, newest: engine.keys_of}
    rows = {KeySetState(one.state): one for one in KeySet.objects.order_by("id")}
    live, building = rows.get(KeySetState.LIVE), rows.get(KeySetState.BUILDING)
    if live is None and building is None:
        live = _begun(newest, KeySetState.LIVE)
    matched = IndexedPointer.objects.filter(matched_version__gt=0)
    if live is not None and live.version != newest and not matched.exists():
        # Nobody was ever sought by it: a new node's first set.
        live.version = newest
        live.save(update_fields=["version"])
    if live is not None and live.version not in makers:
        # Whoever comes can have no keys in it, so it would never be whole again.
        log.warning(
            "keys of %s cannot be made any more: what comes meets only what was built anew",
            live.version,
        )
        _retire(live)
        live = None
    if building is not None and building.version != newest:
        # Another upgrade, or the way back from one, before the last was done.
        _retire(building)
        building = None
    if building is None and (live is None or live.version != newest):
        building = _begun(newest, KeySetState.BUILDING)
    those = [one for one in (live, building) if one is not None]
    return KeySets({one.pk: makers[one.version] for one in those}, building)


def next_to_build(building: KeySet, *, limit: int) -> Sequence[IndexedPointer]:
    """The next pointers that have no keys in the set yet; when there are none, it is whole."""
    rest = IndexedPointer.objects.filter(pk__gt=building.reached, tombstone=False)
    return list(rest.order_by("pk")[:limit])


def note_built(building: KeySet, reached: int | None) -> None:
    """How far it was built; with None it is whole, and answers from now on. In the transaction in
    which that came to be so.
    """
    if reached is not None:
        building.reached = reached
        building.save(update_fields=["reached"])
        return
    for live in KeySet.objects.filter(state=KeySetState.LIVE):
        _retire(live)
    building.state = KeySetState.LIVE
    building.save(update_fields=["state"])


def clear_retired() -> bool:
    """Take away a part of what no longer answers; False where nothing is left of it. Inside a
    transaction.
    """
    retired = KeySet.objects.filter(state=KeySetState.RETIRED).order_by("id").first()
    if retired is None:
        return False
    rest = IndexedPointer.objects.filter(pk__gt=retired.reached).order_by("pk")
    part = list(rest.values_list("pk", flat=True)[:_CLEARED])
    if not part:
        retired.delete()
        return True
    PointerKey.objects.filter(pointer__in=part, key_set=retired.pk).delete()
    retired.reached = part[-1]
    retired.save(update_fields=["reached"])
    return True


def _begun(version: str, state: KeySetState) -> KeySet:
    return KeySet.objects.create(version=version, state=state)


def _retire(one: KeySet) -> None:
    one.state, one.reached = KeySetState.RETIRED, 0
    one.save(update_fields=["state", "reached"])
