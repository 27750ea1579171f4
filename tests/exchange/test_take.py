"""What is taken from a system: each version once, none older than what is there, all or none."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from tests.people import AT

from tieline.core.ledger.events import Event
from tieline.core.ledger.judging import examine as verify
from tieline.core.ports import Cursor
from tieline.exchange.directory.feeds import cursor_of
from tieline.exchange.directory.ledger import LEDGER
from tieline.exchange.index import take as taking
from tieline.exchange.index.models import IndexedPointer
from tieline.exchange.index.take import take
from tieline.keeping.databases import EXCHANGE
from tieline.keeping.rows import LedgerRow

from .scene import changed, of_case, pointer, taken

pytestmark = pytest.mark.database


def row(number: str) -> IndexedPointer:
    return IndexedPointer.objects.get(number=number)


def events() -> Counter[str]:
    return Counter(LedgerRow.objects.using(EXCHANGE).values_list("event", flat=True))


def test_a_pointer_is_kept_as_it_came_and_written_down() -> None:
    one = pointer(phones=("+15205550101",), identifiers=(("a_number", "A012345678"),))
    taken(one)
    assert row(one.number).read() == one
    assert events()[Event.POINTER_TAKEN] == 1
    assert cursor_of("patrol") == "7"
    assert verify(LEDGER.exported()).sound


def test_redelivery_changes_nothing() -> None:
    one = pointer()
    taken(one)
    before = LEDGER.size()
    again = taken(one, one)["patrol"]
    assert (again.live, again.buried, again.known) == (0, 0, 2)
    assert LEDGER.size() == before


def test_an_older_version_never_overwrites_a_newer() -> None:
    one = pointer()
    taken(changed(one, names=("Jose LOPEZ",)))
    taken(one)
    assert row(one.number).version == 2
    kept = row(one.number).read()
    assert kept is not None
    assert kept.names == ("Jose LOPEZ",)


def test_of_one_batch_the_newest_stays_in_whatever_order() -> None:
    one = pointer()
    result = take("patrol", [changed(one), one], cursor=Cursor("1"), at=AT)
    assert (result.live, result.known) == (1, 1)
    assert row(one.number).version == 2


def test_of_a_tombstone_nothing_is_left_but_that_it_is_one() -> None:
    one = pointer(contact="CANARY")
    taken(one)
    taken(one.buried(version=2))
    kept = row(one.number)
    assert (kept.tombstone, kept.pointer, kept.read()) == (True, "", None)
    assert events()[Event.POINTER_WITHDRAWN] == 1
    taken(one)
    assert row(one.number).tombstone, "what was taken back is not revived by an old word"


def test_what_comes_after_a_tombstone_lives_again() -> None:
    one = pointer()
    taken(one, one.buried(version=2))
    taken(replace(one, version=3))
    assert row(one.number).read() == replace(one, version=3)


@pytest.mark.parametrize(
    "odd",
    [
        replace(pointer("X-1"), system="investigations"),
        pointer(""),
        pointer("x" * 65),
        pointer("a\x00b"),
        pointer("X-1", version=0),
        pointer("X-1", version=1 << 60),
        pointer("X-1", kind="y" * 33),
        pointer("X-1", owning_unit=""),
    ],
)
def test_a_pointer_that_cannot_be_is_refused_and_stops_no_other(odd: object) -> None:
    assert isinstance(odd, type(pointer()))
    result = take("patrol", [odd, pointer()], cursor=Cursor("2"), at=AT)
    assert (result.live, len(result.refused)) == (1, 1)
    assert [one.number for one in IndexedPointer.objects.all()] == [pointer().number]
    assert events()[Event.POINTER_REFUSED] == 1


def test_a_batch_is_taken_whole_with_its_cursor_or_not_at_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise OSError("no more room")

    monkeypatch.setattr(taking, "note_success", broken)
    with pytest.raises(OSError, match="room"):
        taken(pointer())
    assert not IndexedPointer.objects.exists()
    assert cursor_of("patrol") == ""
    assert events()[Event.POINTER_TAKEN] == 0


def test_systems_may_use_the_same_number() -> None:
    taken(pointer("SAME-1"), of_case("SAME-1"))
    assert IndexedPointer.objects.filter(number="SAME-1").count() == 2


def test_only_a_change_of_identity_is_matched_anew() -> None:
    one = pointer()
    taken(one)
    IndexedPointer.objects.update(matched_version=1)
    taken(changed(one, contact="another desk"))
    assert (row(one.number).matched_version, row(one.number).identity_version) == (2, 1)
    taken(changed(changed(one), names=("Jose LOPEZ",)))
    assert (row(one.number).matched_version, row(one.number).identity_version) == (0, 3)


def test_a_child_found_out_late_is_matched_anew() -> None:
    """P11."""
    one = pointer()
    taken(one)
    IndexedPointer.objects.update(matched_version=1)
    taken(pointer(one.number, "juvenile", version=2))
    assert row(one.number).matched_version == 0
