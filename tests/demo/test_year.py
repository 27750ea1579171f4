"""A whole invented year: as large as is told, as the published counts are, and telling nobody who
is who.
"""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tieline.demo.world.cast import SECTORS
from tieline.demo.world.draws import LOCAL
from tieline.demo.world.make import make_world
from tieline.demo.world.world import DemoArrival, World

DATA = Path(__file__).resolve().parents[2] / "src/tieline/demo/data"
END = datetime(2026, 11, 28, 14, 2, tzinfo=UTC)


@pytest.fixture(scope="module")
def whole() -> World:
    return make_world(seed=1, year_end=END)


def drafts(arrivals: tuple[DemoArrival, ...], kind: str = "") -> list[Any]:
    return [one.draft for one in arrivals if kind in ("", one.draft.kind)]


def rising(pairs: list[tuple[int, int]]) -> float:
    """Of neighbors by the first, how many are in the same order by the second."""
    assert len(pairs) > 300
    ordered = sorted(pairs)
    steps = [one[1] < other[1] for one, other in pairwise(ordered)]
    return sum(steps) / len(steps)


def test_none_of_a_persons_numbers_tells_another(whole: World) -> None:
    numbers = [
        (int(one.a_number[1:]), int(one.fin))
        for one in drafts(whole.patrol, "subject")
        if one.a_number and one.fin
    ]
    assert 0.4 < rising(numbers) < 0.6


def test_the_order_of_records_does_not_tell_who_is_who(whole: World) -> None:
    truth = {number: person for person, _, number in whole.truth}
    known = {truth[one.number]: at for at, one in enumerate(drafts(whole.investigations, "person"))}
    met = [(truth[one.number], at) for at, one in enumerate(drafts(whole.patrol, "subject"))]
    assert 0.4 < rising([(at, known[person]) for person, at in met if person in known]) < 0.6


def test_a_whole_year_has_the_sizes_that_are_told(whole: World) -> None:
    kinds = Counter(one.kind for one in drafts(whole.patrol + whole.investigations))
    assert 19_400 <= kinds["subject"] <= 20_600
    assert 13_600 <= kinds["event"] <= 14_500
    assert 400 <= kinds["case"] <= 405
    assert 590 <= kinds["lookout"] <= 610
    things = ("person", "vehicle", "vessel", "phone", "address", "business")
    assert 2_990 <= sum(kinds[one] for one in things) <= 3_020


def shares(rows: Any, key: str, count: str) -> dict[str, float]:
    found: Counter[str] = Counter()
    for row in rows:
        found[row[key]] += int(row[count])
    return {name: n / found.total() for name, n in found.items()}


def table(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader((DATA / f"{name}.csv").read_text("utf-8").splitlines()))


def test_sectors_months_hours_and_groups_are_those_of_the_published_counts(whole: World) -> None:
    events = drafts(whole.patrol, "event")
    months = table("sector_months")
    published = {
        "sector": shares(months, "sector", "apprehensions"),
        "month": shares(months, "month", "apprehensions"),
        "hour": shares([r for r in table("shares") if r["what"] == "hour"], "value", "count"),
        "group": shares([r for r in table("shares") if r["what"] == "group"], "value", "count"),
    }
    local = [one.apprehended_at.astimezone(LOCAL) for one in events]
    groups = Counter(one.event for one in drafts(whole.patrol, "subject"))
    invented = {
        "sector": Counter(one.sector for one in events),
        "month": Counter(str(one.month) for one in local),
        "hour": Counter(str(one.hour) for one in local),
        "group": Counter(str(n) for n in groups.values()),
    }
    for what, counts in invented.items():
        for value, share in published[what].items():
            assert counts[value] / len(events) == pytest.approx(share, abs=0.015), (what, value)
    assert published["sector"].keys() == set(SECTORS)
    northern = {"BLW", "SPW", "GFN", "DTM", "BUN", "SWB"}
    assert northern < invented["sector"].keys()
    assert max(Counter(one.date() for one in local).values()) < 0.01 * len(events)


def test_names_are_given_and_mistaken_as_in_life(whole: World) -> None:
    people = drafts(whole.patrol, "subject")
    assert 0.55 < sum(bool(one.maternal_surname) for one in people) / len(people) < 0.75
    assert 0.03 < sum(bool(one.aliases) for one in people) / len(people) < 0.1
    born = defaultdict(set)
    truth = {number: person for person, _, number in whole.truth}
    for one in people + drafts(whole.investigations, "person"):
        if len(one.birth_date) == 10:
            born[truth[one.number]].add(one.birth_date)
    assert sum(len(dates) > 1 for dates in born.values()) > 20
    surnames = {one.paternal_surname for one in people}
    assert len(surnames) > 2_000


def test_children_and_citizens_are_protected_in_every_system(whole: World) -> None:
    young = [one for one in drafts(whole.investigations, "person") if one.birth_date > "2009-06"]
    assert len(young) > 20
    assert sum(one.protections["juvenile"] is not True for one in young) < 0.2 * len(young)
    citizens = [one for one in drafts(whole.investigations, "person") if one.citizenship == "USA"]
    assert len(citizens) > 20
    assert all(one.protections["us_person"] for one in citizens)
    for column in ("us_citizen", "juvenile_hold"):
        assert {row[column] for row in whole.bookings} == {"yes", "no"}
