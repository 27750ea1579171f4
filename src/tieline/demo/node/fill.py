"""Takes the year in as each system takes records in, then lets the exchange find what both know."""

from __future__ import annotations

import csv
import random
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path
from typing import Any, Final

from tieline.core.errors import TielineError
from tieline.demo.node.desk import ask_about_some, warn_of_one
from tieline.demo.node.oversight import oversee
from tieline.demo.world.bookings import COLUMNS
from tieline.demo.world.world import DemoArrival, World
from tieline.exchange.index.match import match_pending
from tieline.exchange.index.relay import relay_once
from tieline.exchange.notices.telling import notify_pending
from tieline.keeping.heads import RecordHead
from tieline.settings import Node
from tieline.systems.investigations import desk as investigations_desk
from tieline.systems.investigations import intake as investigations_intake
from tieline.systems.partner.load import load
from tieline.systems.partner.sourcemap import read_source_map
from tieline.systems.patrol import desk as patrol_desk
from tieline.systems.patrol import intake as patrol_intake
from tieline.wiring.systems import doors, engine, set_to_work

__all__ = ["NotFilled", "fill"]

_BATCH: Final = 1_000
_MATCHED: Final = 4_000


class NotFilled(TielineError):
    """A demo that is not whole yet, and can be gone on with."""


def fill(
    node: Node, world: World, *, at: datetime, progress: Callable[[str, int, int], None]
) -> None:
    """Take in what is not there yet; a fill that was stopped goes on behind its last batch."""
    set_to_work()
    patrol = patrol_desk.at_work()
    _take(
        "patrol",
        world.patrol,
        lambda some: patrol_intake.take_in(
            patrol, [patrol_intake.Arrival(one.draft, one.author, one.at) for one in some]
        ),
        progress,
    )
    investigations = investigations_desk.at_work()
    _take(
        "investigations",
        world.investigations,
        lambda some: investigations_intake.take_in(
            investigations,
            [investigations_intake.Arrival(one.draft, one.author, one.at) for one in some],
        ),
        progress,
    )
    progress("partner", 0, 1)
    _load_bookings(node.folder, world, at=at)
    _exchange(at, progress)
    now = max(at, datetime.now(UTC))
    warn_of_one(at=now)
    ask_about_some(at=now)
    oversee(at=now)


def _take(
    system: str,
    arrivals: Sequence[DemoArrival],
    take_in: Callable[[Sequence[DemoArrival]], Any],
    progress: Callable[[str, int, int], None],
) -> None:
    """A batch is kept whole or not at all; what has its number there is there."""
    kept = set(RecordHead.objects.using(system).values_list("number", flat=True))
    waiting = [one for one in arrivals if one.draft.number not in kept]
    for start in range(0, len(waiting), _BATCH):
        progress(system, len(arrivals) - len(waiting) + start, len(arrivals))
        take_in(waiting[start : start + _BATCH])


def _load_bookings(folder: Path, world: World, *, at: datetime) -> None:
    file = folder / "bookings.csv"
    with file.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, COLUMNS)
        writer.writeheader()
        writer.writerows(world.bookings)
    said = (resources.files("tieline.demo") / "data" / "county-jail.toml").read_text("utf-8")
    load(doors()["partner"].keeper, file, read_source_map(said, name="county-jail"), at=at)


def _exchange(at: datetime, progress: Callable[[str, int, int], None]) -> None:
    # By the clock: a feed that failed before waits by it, and the ledger's moments only grow.
    at = max(at, datetime.now(UTC))
    relayed = relay_once(doors(), at=at, rng=random.Random())  # noqa: S311 - no secret
    if relayed.failed or relayed.waiting:
        raise NotFilled(
            f"the exchange could not read {', '.join([*relayed.failed, *relayed.waiting])}",
            cure="see what stands above, then call it again in a minute: it goes on from there",
        )
    matched, more = 0, True
    while more:
        progress("finding what both know", matched, 0)
        done = match_pending(engine=engine(), at=at, limit=_MATCHED)
        matched, more = matched + done.pointers, done.more and done.pointers > 0
    more = True
    while more:
        more = notify_pending(at=at).more
