"""Another way of making keys: built beside the one that answers, which it then replaces."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import replace

import pytest
from tests.people import AT

from tieline.core.records import Pointer
from tieline.exchange.index import match as matching
from tieline.exchange.index.match import match_pending
from tieline.exchange.index.models import (
    IndexedPointer,
    KeySet,
    KeySetState,
    Link,
    PointerKey,
)

from .scene import ENGINE, changed, of_case, pointer, taken

pytestmark = pytest.mark.database


def by_name(one: Pointer) -> Iterable[str]:
    yield from (f"name:{name.casefold()}" for name in one.names)


def also_by_surname(one: Pointer) -> Iterable[str]:
    """What the old way finds, and those whose given name is another."""
    yield from by_name(one)
    yield from (f"surname:{name.split()[-1].casefold()}" for name in one.names)


OLD = replace(ENGINE, keys_of=by_name, keys_version="keys-1")
NEW = replace(
    ENGINE,
    keys_of=also_by_surname,
    keys_version="keys-2",
    earlier_keys={"keys-1": by_name},
)


def steps(engine: object, limit: int = 1_000) -> int:
    """To the very end; how many it took."""
    taken_ = 0
    while match_pending(engine=engine, at=AT, limit=limit).more:  # type: ignore[arg-type]
        taken_ += 1
        assert taken_ < 500
    return taken_


def linked() -> set[tuple[str, str]]:
    return {
        tuple(sorted((one.left.number, one.right.number)))
        for one in Link.objects.select_related("left", "right").filter(frozen=False)
    }


def the_sets() -> list[tuple[str, str]]:
    return list(KeySet.objects.order_by("id").values_list("version", "state"))


def known(count: int = 6) -> None:
    """People of both systems whom only the surname brings together, matched by the old keys."""
    for n in range(count):
        taken(
            pointer(f"TCA-2611-{n:06}-01", names=(f"Jose G{n}",), phones=(f"+1520555{n:04}",)),
            of_case(f"SR-26-{n:06}", names=(f"Pepe G{n}",), phones=(f"+1520555{n:04}",)),
        )
    steps(OLD)


def test_a_new_node_has_one_set_of_the_newest_way() -> None:
    taken(pointer(), of_case())
    steps(NEW)
    assert the_sets() == [("keys-2", "live")]
    assert linked() == {(of_case().number, pointer().number)}


def test_what_only_the_new_keys_find_is_found_once_it_is_built() -> None:
    known()
    assert linked() == set()
    steps(NEW, limit=5)
    assert linked() == {(f"SR-26-{n:06}", f"TCA-2611-{n:06}-01") for n in range(6)}
    assert the_sets() == [("keys-2", "live")]
    live = KeySet.objects.get()
    assert set(PointerKey.objects.values_list("key_set", flat=True)) == {live.pk}
    assert PointerKey.objects.count() == 12 * 2


def test_while_it_is_built_the_old_keys_find_whoever_comes() -> None:
    known()
    match_pending(engine=NEW, at=AT, limit=1)
    assert dict(the_sets()) == {"keys-1": "live", "keys-2": "building"}
    # The last of those that wait to be built: the new set knows nothing of it yet.
    last = "SR-26-000005"
    came = pointer("TCA-2611-000099-01", names=("Pepe G5",), phones=("+15205550005",))
    taken(came)
    match_pending(engine=NEW, at=AT, limit=1)
    assert (last, came.number) in linked()
    assert KeySet.objects.filter(state=KeySetState.BUILDING).exists()


def test_whoever_comes_is_matched_before_anything_is_built() -> None:
    known()
    for n in range(3):
        taken(of_case(f"SR-26-1{n:05}", names=(f"Ana X{n}",)))
    done = match_pending(engine=NEW, at=AT, limit=10)
    assert (done.pointers, done.more) == (3, True)
    assert KeySet.objects.get(state=KeySetState.BUILDING).reached == 0


@pytest.mark.parametrize("step", ["_who_meet", "write_links", "note_built"])
def test_killed_half_way_it_goes_on_where_it_was(
    step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    known()
    match_pending(engine=NEW, at=AT, limit=4)
    reached = KeySet.objects.get(state=KeySetState.BUILDING).reached

    def killed(*args: object, **more: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(matching, step, killed)
        with pytest.raises(KeyboardInterrupt):
            match_pending(engine=NEW, at=AT, limit=4)
    assert KeySet.objects.get(state=KeySetState.BUILDING).reached == reached > 0
    steps(NEW, limit=4)
    assert linked() == {(f"SR-26-{n:06}", f"TCA-2611-{n:06}-01") for n in range(6)}
    assert the_sets() == [("keys-2", "live")]
    assert PointerKey.objects.count() == 12 * 2


def test_a_way_that_nobody_knows_any_more_is_built_anew_and_said(
    caplog: pytest.LogCaptureFixture,
) -> None:
    known()
    taken(of_case("SR-26-000099", names=("Ana G1",), phones=("+15205550001",)))
    steps(replace(NEW, earlier_keys={}), limit=3)
    assert "keys of keys-1 cannot be made any more" in caplog.text
    assert the_sets() == [("keys-2", "live")]
    assert len(linked()) == 8  # six pairs, and two more with whoever came


def test_an_upgrade_in_the_midst_of_one_begins_anew() -> None:
    known()
    match_pending(engine=NEW, at=AT, limit=4)
    third = replace(NEW, keys_version="keys-3")
    steps(third, limit=4)
    assert the_sets() == [("keys-3", "live")]
    assert len(linked()) == 6
    assert PointerKey.objects.count() == 12 * 2


def test_the_way_back_is_an_upgrade_too() -> None:
    known()
    match_pending(engine=NEW, at=AT, limit=4)
    steps(OLD)
    assert the_sets() == [("keys-1", "live")]
    assert PointerKey.objects.count() == 12


def test_what_is_taken_back_meanwhile_gets_no_keys() -> None:
    known(2)
    match_pending(engine=NEW, at=AT, limit=1)
    taken(of_case("SR-26-000001").buried(version=2))
    steps(NEW, limit=1)
    gone = IndexedPointer.objects.get(number="SR-26-000001")
    assert not PointerKey.objects.filter(pointer=gone).exists()
    assert linked() == {("SR-26-000000", "TCA-2611-000000-01")}


@pytest.mark.parametrize("seed", range(12))
def test_in_any_order_it_ends_as_one_that_was_built_of_nothing(seed: int) -> None:
    rng = random.Random(seed)
    now = {}
    for _ in range(60):
        what = rng.choice(["come", "come", "change", "build", "go"])
        n = rng.randrange(8)
        name = rng.choice(["Jose", "Pepe"])
        make, number = rng.choice([(pointer, f"TCA-2611-{n:06}-01"), (of_case, f"SR-26-{n:06}")])
        about = {"names": (f"{name} G{n % 3}",), "phones": (f"+1520555000{n % 2}",)}
        if what == "build":
            match_pending(engine=rng.choice([NEW, NEW, OLD]), at=AT, limit=2)
        elif number not in now:
            now[number] = make(number, **about)
            taken(now[number])
        elif what == "change" and not now[number].tombstone:
            now[number] = changed(now[number], **about)
            taken(now[number])
        elif what == "go" and not now[number].tombstone:
            now[number] = now[number].buried(version=now[number].version + 1)
            taken(now[number])
    steps(NEW, limit=3)
    alive = [one for one in now.values() if not one.tombstone]
    expected = {
        tuple(sorted((one.number, two.number)))
        for one in alive
        for two in alive
        if one.number < two.number
        and set(also_by_surname(one)) & set(also_by_surname(two))
        and ENGINE.weigh(one, two).proposed
    }
    assert linked() == expected
    assert the_sets() == [("keys-2", "live")]
