"""Which system may be asked now, and when one that failed is asked again."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from tieline.core.ports import Cursor
from tieline.exchange.directory.models import SystemFeed
from tieline.keeping.databases import EXCHANGE

__all__ = ["LONGEST_WAIT", "cursor_of", "is_due", "note_failure", "note_success"]

_FIRST_WAIT: Final = timedelta(seconds=1)
LONGEST_WAIT: Final = timedelta(minutes=1)
"""What was protected late must be withdrawn within 60 seconds (P15): no longer pause than that."""


def cursor_of(system: str) -> Cursor:
    """Where to go on reading; the start for one that was never read."""
    found = SystemFeed.objects.filter(name=system).values_list("cursor", flat=True).first()
    return Cursor(found or "")


def is_due(system: str, at: datetime) -> bool:
    """Whether it may be asked now, or has to be left in peace for a while."""
    return not SystemFeed.objects.filter(name=system, next_try_at__gt=at).exists()


def note_success(system: str, *, cursor: Cursor, at: datetime) -> None:
    """Goes on from there; to be called in the transaction that took what was read."""
    SystemFeed.objects.update_or_create(
        name=system,
        defaults={"cursor": cursor, "last_ok_at": at, "failures": 0, "next_try_at": None},
    )


def note_failure(system: str, *, at: datetime, rng: random.Random) -> SystemFeed:
    """Wait twice as long as the last time, at least half of it and never longer than the most."""
    with transaction.atomic(using=EXCHANGE):
        feed, _ = SystemFeed.objects.select_for_update().get_or_create(name=system)
        feed.failures += 1
        doublings = min(feed.failures - 1, 16)
        wait = min(_FIRST_WAIT * 2**doublings, LONGEST_WAIT)
        # Systems that failed together do not come back together.
        feed.next_try_at = at + wait * rng.uniform(0.5, 1)
        feed.save()
        return feed
