"""A year is taken in by the systems' own rules, once, and what both know of its people is found."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path

import pytest
from django.db.models import Q
from tests.ledgers import rows_of

from tieline.core.ledger.judging import examine as verify
from tieline.demo.node.agreement import agree
from tieline.demo.node.fill import fill
from tieline.demo.node.people import make_directory
from tieline.demo.world.make import make_world
from tieline.demo.world.world import World
from tieline.exchange.index.models import IndexedPointer, Link
from tieline.exchange.notices.models import NoticeRow
from tieline.keeping.databases import KEEPERS
from tieline.keeping.heads import RecordHead
from tieline.keeping.ledger import Ledger
from tieline.settings import Node, node
from tieline.systems.investigations import desk as investigations_desk
from tieline.systems.patrol import desk as patrol_desk

pytestmark = [
    pytest.mark.database,
    pytest.mark.django_db(databases="__all__", transaction=True),
]

END = datetime(2028, 2, 29, 3, 0, tzinfo=UTC)
SYSTEMS = ("patrol", "investigations", "partner")
BOTH = [("overlap", agency, True) for agency in ("investigations", "patrol")]
HITS = [("hit", agency, True) for agency in ("investigations", "patrol")]
WEAK = [("overlap", agency, False) for agency in ("investigations", "patrol")]
TOLD = {
    "overlap": BOTH,
    "names alone": WEAK,
    "resendez": HITS + BOTH,
    "silent": HITS[:1] + BOTH,
    "batres": [],
    "protected": [],
    "load vehicle": WEAK,
    "boat": WEAK,
}
"""Of each scene: what kind of notice goes to which agency, and whether it is urgent."""


@pytest.fixture(autouse=True)
def desks() -> Iterator[None]:
    """Whatever desks were at work before are so afterwards."""
    kept = [list(one._DESKS) for one in (patrol_desk, investigations_desk)]
    yield
    patrol_desk._DESKS[:], investigations_desk._DESKS[:] = kept


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Node:
    made = replace(node(), folder=tmp_path)
    # Whose parties sign with keys of this build.
    monkeypatch.setattr("tieline.keeping.agreements.node", lambda: made)
    return made


@pytest.fixture
def world(here: Node) -> World:
    """A small year, taken in."""
    made = make_world(seed=8, year_end=END, scale=0.01)
    agree(here, at=END)
    make_directory(made, at=END)
    fill(here, made, at=END, progress=lambda doing, done, of: None)
    return made


def there() -> dict[str, int]:
    """How much there is of everything."""
    counts = {f"heads of {one}": RecordHead.objects.using(one).count() for one in SYSTEMS}
    counts |= {f"lines of {one}": rows_of(one).count() for one in KEEPERS}
    kinds = (IndexedPointer, Link, NoticeRow)
    return counts | {one.__name__: one._default_manager.count() for one in kinds}


def test_all_of_it_is_kept_once_whoever_comes_again(here: Node, world: World) -> None:
    taken = {
        "patrol": [one.draft.number for one in world.patrol],
        "investigations": [one.draft.number for one in world.investigations],
        "partner": [f"CJ-{row['booking_number']}" for row in world.bookings],
    }
    for system, numbers in taken.items():
        kept = RecordHead.objects.using(system).values_list("number", flat=True)
        assert sorted(kept) == sorted(numbers)
    before = there()
    agree(here, at=END)
    make_directory(world, at=END)
    fill(here, world, at=END, progress=lambda doing, done, of: None)
    assert there() == before
    for database in KEEPERS:
        name = "accounts" if database == "default" else database
        assert verify(Ledger(database, name).exported()).sound, database


def test_each_scene_is_told_as_it_says(world: World) -> None:
    for scene in world.scenes:
        about = Q(own__number__in=scene.records) | Q(other__number__in=scene.records)
        told = NoticeRow.objects.filter(about).values_list("kind", "agency", "urgent")
        assert sorted(told) == sorted(TOLD[scene.name]), scene.name


def test_matching_can_be_measured_against_the_truth(world: World) -> None:
    truth = {(system, number): person for person, system, number in world.truth}
    known = set(IndexedPointer.objects.values_list("system", "number"))
    people = defaultdict(set)
    for side in known & truth.keys():
        people[truth[side]].add(side)
    same = {frozenset(pair) for sides in people.values() for pair in combinations(sides, 2)}
    found = {
        frozenset(((one.left.system, one.left.number), (one.right.system, one.right.number)))
        for one in Link.objects.filter(strong=True).select_related("left", "right")
    }
    of_people = {pair for pair in found if pair <= truth.keys()}
    assert len(of_people) > 10
    assert of_people <= same
    linked = {
        frozenset(((one.left.system, one.left.number), (one.right.system, one.right.number)))
        for one in Link.objects.select_related("left", "right")
    }
    assert len(linked & same) > 0.7 * len(same), (len(linked & same), len(same))
