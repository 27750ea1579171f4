"""Another way of making a system's search keys: all records are found by it before it is served."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest
from tests.people import AGENT, AT

from tieline.core.records import Pointer
from tieline.keeping import search_keys
from tieline.keeping.heads import RecordHead, RecordKey
from tieline.keeping.keeper import Change, Keeper
from tieline.keeping.search_keys import FIRST, SearchKeys, are_current, renew

from .depot import DATABASE, KEEPER, crate, found, kept

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("crates")]

COUNT = 7


def by_surname(pointer: Pointer) -> Iterable[str]:
    return {f"s:{name.split()[-1].casefold()}" for name in pointer.names if name}


NEW = replace(KEEPER, keys_of=by_surname)


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    """Records whose keys are of the first way, and parts of two."""
    kept(*(crate(f"C-{n}", name=f"MARIA LOPEZ{n}") for n in range(COUNT)))
    monkeypatch.setattr(search_keys, "_AT_ONCE", 2)


def keys() -> dict[str, set[str]]:
    made: dict[str, set[str]] = {}
    for number, key in RecordKey.objects.using(DATABASE).values_list("number", "key"):
        made.setdefault(number, set()).add(key)
    return made


def of_new(count: int = COUNT) -> dict[str, set[str]]:
    return {f"C-{n}": {f"s:lopez{n}"} for n in range(count)}


def test_a_system_that_never_noted_any_has_the_first() -> None:
    assert are_current(FIRST, database=DATABASE)
    assert not are_current("keys-2", database=DATABASE)


def test_an_empty_system_is_of_any_version_at_once() -> None:
    assert renew(KEEPER, "keys-2") == 0
    assert are_current("keys-2", database=DATABASE)
    assert not are_current(FIRST, database=DATABASE)


@pytest.mark.usefixtures("known")
def test_all_records_are_found_by_the_new_keys_and_no_old_one_is_left() -> None:
    assert renew(NEW, "keys-2") == COUNT
    assert keys() == of_new()
    assert RecordKey.objects.using(DATABASE).count() == COUNT
    assert are_current("keys-2", database=DATABASE)
    assert renew(NEW, "keys-2") == 0


@pytest.mark.usefixtures("known")
def test_what_was_purged_gets_no_keys() -> None:
    KEEPER.purge("C-3", author=AGENT, at=AT)
    renew(NEW, "keys-2")
    assert keys() == {number: made for number, made in of_new().items() if number != "C-3"}


@pytest.mark.usefixtures("known")
def test_a_record_whose_head_does_not_know_its_identity_gets_keys() -> None:
    RecordHead.objects.using(DATABASE).filter(number="C-2").update(identity="")
    renew(NEW, "keys-2")
    assert keys() == of_new()


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize("parts", range(1, 5))
def test_killed_it_goes_on_behind_the_last_whole_part(
    parts: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    real = Keeper.make_keys

    def dying(keeper: Keeper, numbers: list[str]) -> None:
        real(keeper, numbers)
        made.extend(numbers)
        if len(made) > 2 * (parts - 1):
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Keeper, "make_keys", dying)
        with pytest.raises(KeyboardInterrupt):
            renew(NEW, "keys-2")
    # The part in which it died is as it was, and the node is not served.
    whole = 2 * (parts - 1)
    assert {number for number, of in keys().items() if of <= {f"s:lopez{number[2:]}"}} == {
        f"C-{n}" for n in range(whole)
    }
    assert not are_current("keys-2", database=DATABASE)
    assert not are_current(FIRST, database=DATABASE) or parts == 1
    assert renew(NEW, "keys-2") == COUNT - whole
    assert keys() == of_new()


@pytest.mark.usefixtures("known")
def test_the_way_back_makes_all_of_the_old_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    before = keys()
    with monkeypatch.context() as patch:
        patch.setattr(search_keys, "_AT_ONCE", COUNT - 1)
        assert search_keys._renew_part(NEW, "keys-2") == COUNT - 1
    assert renew(KEEPER, FIRST) == COUNT
    assert keys() == before
    assert list(SearchKeys.objects.using(DATABASE).values_list("version", "whole")) == [
        (FIRST, True)
    ]


@pytest.mark.usefixtures("known")
def test_what_is_written_afterwards_keeps_the_new_way() -> None:
    renew(NEW, "keys-2")
    record = found("C-0")
    record.name = "ANA RUIZ"
    NEW.keep([Change(record, AGENT, AT)])
    assert keys() == of_new() | {"C-0": {"s:ruiz"}}
