"""The exchange against its systems: what differs is counted, and mended, whatever happened."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from tests.people import AT

from tieline.core.ports import Cursor, Pointers
from tieline.core.records import Pointer
from tieline.exchange.index.models import IndexedPointer
from tieline.exchange.index.relay import relay_once
from tieline.exchange.index.sync import Checked, check, repair

from .scene import Feed, pointer, seeded

pytestmark = pytest.mark.database


def numbered(place: int, **about: object) -> Pointer:
    return pointer(f"TCA-2611-{place:06}-01", **about)


def patrol(count: int = 3) -> Feed:
    return Feed("patrol", [numbered(place) for place in range(1, count + 1)])


def checked(feed: Feed) -> Checked:
    (one,) = check({"patrol": feed}, at=AT)
    return one


def relayed(feed: Feed) -> None:
    relay_once({"patrol": feed}, at=AT, rng=seeded())


def index() -> dict[str, int]:
    rows = IndexedPointer.objects.filter(system="patrol", tombstone=False)
    return dict(rows.values_list("number", "version"))


def told(feed: Feed) -> dict[str, int]:
    latest = {one.number: one for one in feed.outbox}
    return {n: one.version for n, one in latest.items() if not one.tombstone}


def test_where_all_is_equal_nothing_but_a_digest_is_asked() -> None:
    feed = patrol()
    relayed(feed)
    asked = feed.asked
    assert checked(feed) == Checked(system="patrol")
    assert feed.asked == asked + 1


def lost(feed: Feed) -> None:
    IndexedPointer.objects.filter(number=feed.outbox[0].number).delete()


def too_many(feed: Feed) -> None:
    del feed.outbox[0]


def not_yet_there(feed: Feed) -> None:
    feed.outbox.append(numbered(9))


def changed(feed: Feed) -> None:
    feed.outbox.append(replace(feed.outbox[0], version=2))


def taken_back(feed: Feed) -> None:
    feed.outbox.append(feed.outbox[0].buried(version=2))


@pytest.mark.parametrize(
    ("happened", "counts"),
    [
        (lost, (1, 0, 0)),
        (too_many, (0, 1, 0)),
        (not_yet_there, (1, 0, 0)),
        (changed, (0, 0, 1)),
        (taken_back, (0, 1, 0)),
    ],
)
def test_what_differs_is_counted_and_mended(
    happened: Callable[[Feed], None], counts: tuple[int, int, int]
) -> None:
    feed = patrol()
    relayed(feed)
    happened(feed)
    found = checked(feed)
    assert (found.missing, found.extra, found.stale) == counts
    assert not found.equal
    repair({"patrol": feed}, at=AT)
    assert checked(feed).equal
    assert index() == told(feed)
    repair({"patrol": feed}, at=AT)
    assert index() == told(feed)


def test_what_was_taken_for_gone_comes_back_by_the_next_repair() -> None:
    feed = patrol()
    relayed(feed)
    whole, feed.outbox = feed.outbox, []
    repair({"patrol": feed}, at=AT)
    assert index() == {}
    feed.outbox = whole
    assert checked(feed).missing == 3
    repair({"patrol": feed}, at=AT)
    assert index() == told(feed)


def test_what_arrives_while_a_repair_reads_stays() -> None:
    """A record that came behind the reading is none that the system has no more."""

    class Busy(Feed):
        def pointers_since(self, cursor: Cursor, *, limit: int) -> Pointers:
            found = super().pointers_since(cursor, limit=limit)
            if not found.more and len(self.outbox) == 3:
                self.outbox.append(numbered(9))
                relayed(Feed("patrol", self.outbox))
            return found

    feed = Busy("patrol", patrol().outbox)
    relayed(Feed("patrol", list(feed.outbox)))
    repair({"patrol": feed}, at=AT)
    assert index() == told(feed)
    assert len(index()) == 4


def test_a_system_that_does_not_answer_is_said_to_and_left_as_it_is() -> None:
    feed, other = patrol(), Feed("investigations", [])
    relayed(feed)
    feed.failing = True
    there = index()
    repair({"patrol": feed, "investigations": other}, at=AT)
    assert index() == there
    answers = [one.answered for one in check({"patrol": feed, "investigations": other}, at=AT)]
    assert answers == [False, True]
    assert "no answer" in checked(feed).words()
