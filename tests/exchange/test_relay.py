"""The relay: reads each system to its end; one that fails is left in peace for a while."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.people import AT

from tieline.exchange.directory.feeds import LONGEST_WAIT, cursor_of, is_due, note_failure
from tieline.exchange.directory.models import SystemFeed
from tieline.exchange.index.models import IndexedPointer
from tieline.exchange.index.relay import relay_once

from .scene import Feed, of_case, pointer, seeded

pytestmark = pytest.mark.database


def patrol(count: int = 3) -> Feed:
    return Feed("patrol", [pointer(f"TCA-2611-{n:06}-01") for n in range(1, count + 1)])


def test_every_system_is_read_to_its_end_and_no_further_than_new() -> None:
    feeds = {"patrol": patrol(5), "investigations": Feed("investigations", [of_case()])}
    relayed = relay_once(feeds, at=AT, rng=seeded(), batch=2)
    assert relayed.taken == {"patrol": 5, "investigations": 1}
    assert relay_once(feeds, at=AT, rng=seeded()).taken == {"patrol": 0, "investigations": 0}
    assert cursor_of("patrol") == "5"


def test_one_system_that_fails_stops_no_other() -> None:
    feeds = {"investigations": Feed("investigations", failing=True), "patrol": patrol()}
    relayed = relay_once(feeds, at=AT, rng=seeded())
    assert (relayed.taken, relayed.failed) == ({"patrol": 3}, ["investigations"])


def test_what_fails_is_left_in_peace_and_asked_again_later() -> None:
    feed = patrol()
    feed.failing = True
    relay_once({"patrol": feed}, at=AT, rng=seeded())
    asked = feed.asked
    relayed = relay_once({"patrol": feed}, at=AT, rng=seeded())
    assert (relayed.waiting, feed.asked) == (["patrol"], asked)
    feed.failing = False
    relayed = relay_once({"patrol": feed}, at=AT + timedelta(seconds=2), rng=seeded())
    assert relayed.taken == {"patrol": 3}
    kept = SystemFeed.objects.get()
    assert (kept.failures, kept.next_try_at) == (0, None)


def test_the_pause_grows_but_never_beyond_what_protection_allows() -> None:
    """P15: what was protected late must be withdrawn within 60 seconds."""
    rng, pauses = seeded(), []
    for _ in range(40):
        feed = note_failure("patrol", at=AT, rng=rng)
        assert feed.next_try_at is not None
        pauses.append(feed.next_try_at - AT)
    assert pauses[0] <= timedelta(seconds=1)
    assert pauses[-1] > timedelta(seconds=29)
    assert max(pauses) <= LONGEST_WAIT <= timedelta(seconds=60)
    assert is_due("patrol", AT + LONGEST_WAIT)


def test_a_system_that_says_more_and_does_not_go_on_has_failed() -> None:
    relayed = relay_once({"patrol": Feed("patrol", stuck=True)}, at=AT, rng=seeded())
    assert relayed.failed == ["patrol"]


def test_what_one_batch_brought_stays_when_the_next_one_fails() -> None:
    class Falling(Feed):
        def pointers_since(self, cursor, *, limit):  # type: ignore[no-untyped-def]
            self.failing = cursor == "2"
            return super().pointers_since(cursor, limit=limit)

    feed = Falling("patrol", patrol(4).outbox)
    relayed = relay_once({"patrol": feed}, at=AT, rng=seeded(), batch=2)
    assert relayed.failed == ["patrol"]
    assert cursor_of("patrol") == "2"
    assert IndexedPointer.objects.count() == 2
