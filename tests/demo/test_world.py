"""Whatever seed, moment and scale it has, an invented year is one that its systems take."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import Counter, defaultdict
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from tests.demo.told import digest_of

from tieline.core.agreement.viewer import APART, Viewer
from tieline.demo.mistakes import misdate
from tieline.demo.people import invent_people
from tieline.demo.world.cast import CAST, UNITS
from tieline.demo.world.draws import LOCAL
from tieline.demo.world.make import make_world
from tieline.demo.world.world import DemoArrival, World
from tieline.keeping.draft import Draft
from tieline.systems.investigations import desk as investigations_desk
from tieline.systems.investigations import writing as investigations
from tieline.systems.patrol import desk as patrol_desk
from tieline.systems.patrol import writing as patrol
from tieline.wiring.systems import doors

END = datetime(2026, 11, 28, 14, 2, tzinfo=UTC)
YEARS = (
    (1, datetime(2028, 2, 29, 23, 59, 59, 999_999, tzinfo=UTC), 0.01),
    (2, datetime(2027, 1, 1, tzinfo=UTC), 0.05),
    (3, datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC), 0.02),
    (4, datetime(2027, 6, 15, 12, tzinfo=UTC), 0.05),
    (5, datetime(2028, 3, 1, 0, 0, 1, tzinfo=UTC), 0.05),
    (6, END, 0.3),
)
OF_PEOPLE = ("subject", "person", "lookout")
NOBODYS = re.compile(r"\+1\d{3}55501\d\d|\+52\d{3}000\d{4}")
SCENES = ["overlap"] * 3 + ["names alone"] * 3
SCENES += ["resendez", "batres", "silent", "protected", "load vehicle", "boat"]


@pytest.fixture(scope="module", params=YEARS, ids=lambda year: f"{year[1]:%Y-%m-%d}")
def year(request: pytest.FixtureRequest) -> tuple[World, datetime]:
    seed, end, scale = request.param
    return make_world(seed=seed, year_end=end, scale=scale), end


def moments_of(draft: Draft) -> list[datetime]:
    said = [getattr(draft, one.name) for one in fields(draft)]
    return [one for one in said if isinstance(one, datetime)]


def drafts(arrivals: tuple[DemoArrival, ...], kind: str = "") -> list[Any]:
    return [one.draft for one in arrivals if kind in ("", one.draft.kind)]


def test_every_draft_is_one_that_its_system_takes(year: tuple[World, datetime]) -> None:
    world, _ = year

    def on_duty(agency: str, unit: str) -> str:
        return {(one.agency, one.unit): one.contact for one in world.duties}[agency, unit]

    one_desk = patrol_desk.Desk(door=doors()["patrol"], duty_contact=on_duty)
    other = investigations_desk.Desk(door=doors()["investigations"], duty_contact=on_duty)
    for one in world.patrol:
        patrol.made(one_desk, one.draft, author=one.author, at=one.at)
    for one in world.investigations:
        investigations.made(other, one.draft, author=one.author, at=one.at)


def test_all_comes_in_the_order_of_time_within_one_year(year: tuple[World, datetime]) -> None:
    world, end = year
    for arrivals in (world.patrol, world.investigations):
        moments = [one.at for one in arrivals]
        assert moments == sorted(moments)
        assert end - timedelta(days=370) < moments[0]
        assert moments[-1] <= end
        assert [one for one in arrivals if max([one.at, *moments_of(one.draft)]) > one.at] == []
    booked = [datetime.fromisoformat(one["booked_at"]) for one in world.bookings]
    assert booked == sorted(booked)
    assert booked[-1].replace(tzinfo=LOCAL) < end


def test_what_a_record_belongs_to_comes_before_it(year: tuple[World, datetime]) -> None:
    world, _ = year
    for arrivals in (world.patrol, world.investigations):
        there: dict[str, Viewer] = {}
        for one in arrivals:
            above = [getattr(one.draft, name, "") for name in ("event", "case", "subject")]
            assert [there.get(name) for name in above if name] in ([], [one.author])
            there[one.draft.number] = one.author


def test_no_number_is_given_twice_and_those_of_a_series_grow(year: tuple[World, datetime]) -> None:
    world, _ = year
    for arrivals in (world.patrol, world.investigations):
        numbers = [one.number for one in drafts(arrivals)]
        assert len(set(numbers)) == len(numbers)
        series = defaultdict(list)
        for one in drafts(arrivals):
            if one.kind != "subject":  # who was let out later is written down later
                name, _, count = one.number.rpartition("-")
                series[name].append(int(count))
        assert all(counts == list(range(1, len(counts) + 1)) for counts in series.values())
    assert len({row["booking_number"] for row in world.bookings}) == len(world.bookings)


def test_scenes_are_there_at_any_scale(year: tuple[World, datetime]) -> None:
    world, _ = year
    assert [one.name for one in world.scenes] == SCENES
    there = {one.number for one in drafts(world.patrol + world.investigations)}
    assert {number for one in world.scenes for number in one.records} <= there


def test_each_agency_writes_in_the_system_of_the_other_too(year: tuple[World, datetime]) -> None:
    world, _ = year
    for arrivals in (world.patrol, world.investigations):
        authors = Counter(one.author.agency for one in arrivals)
        assert authors.keys() == {"patrol", "investigations"}
        assert min(authors.values()) < 0.3 * len(arrivals)


def test_every_line_is_one_that_nobody_has(year: tuple[World, datetime]) -> None:
    world, _ = year
    lines = [one.phone for one in drafts(world.patrol, "subject") if one.phone]
    lines += [
        one.phone for kind in ("person", "phone") for one in drafts(world.investigations, kind)
    ]
    assert [one for one in lines if one and NOBODYS.fullmatch(one) is None] == []
    desks = [re.sub(r"[^+\d]", "", one.contact.rpartition(",")[2]) for one in world.duties]
    assert [one for one in desks if NOBODYS.fullmatch(one) is None] == []
    assert len(set(desks)) == len(UNITS)
    assert not set(desks) & set(lines)


def test_the_truth_has_every_record_that_is_of_a_person_once(year: tuple[World, datetime]) -> None:
    world, _ = year
    written = [
        (system, one.number)
        for system in ("patrol", "investigations")
        for one in drafts(getattr(world, system))
        if one.kind in OF_PEOPLE
    ]
    written += [("partner", f"CJ-{row['booking_number']}") for row in world.bookings]
    assert sorted((system, number) for _, system, number in world.truth) == sorted(written)
    known = defaultdict(set)
    for person, system, _ in world.truth:
        known[person].add(system)
    # Whom all three systems know are few, and in a small year there may be none.
    assert Counter(map(len, known.values())).keys() >= {1, 2}
    truth = {number: person for person, _, number in world.truth}
    for scene in world.scenes:
        whose = {truth.get(number) for number in scene.records}
        assert len(whose) == 1, scene.name


def test_the_same_seed_moment_and_scale_give_the_same_year_in_another_process(root: Path) -> None:
    seed, end, scale = YEARS[0]
    here = digest_of(make_world(seed=seed, year_end=end, scale=scale))
    command = [sys.executable, "-m", "tests.demo.told", str(seed), end.isoformat(), str(scale)]
    environment = {**os.environ, "PYTHONHASHSEED": "4711"}
    there = subprocess.run(
        command, capture_output=True, text=True, cwd=root, env=environment, check=True
    )
    assert there.stdout == here
    others = [(seed + 1, end, scale), (seed, end - timedelta(hours=1), scale), (seed, end, 0.02)]
    digests = {
        digest_of(make_world(seed=one, year_end=moment, scale=size)) for one, moment, size in others
    }
    assert len(digests | {here}) == 4


def test_nobody_is_older_than_any_record_takes_even_where_the_date_is_mistyped() -> None:
    rng = Random(7)
    for today in (date(2026, 11, 28), date(2028, 2, 29)):
        people = invent_people(100_000, rng=rng, today=today)
        written = [misdate(one.born, rng) for one in people] + [one.born for one in people]
        assert today.year - min(written).year < 119
        assert max(written) < today - timedelta(days=2 * 366)


def test_nobody_signs_in_twice_and_every_hat_is_of_a_unit() -> None:
    hats = [hat for one in CAST for hat in one.hats]
    assert len({hat.number for hat in hats}) == len(hats)
    assert len({one.username for one in CAST}) == len({one.number for one in CAST}) == len(CAST)
    # Who examines others is of no agency that is examined, and in no directory.
    of_units = {(hat.agency, hat.unit) for hat in hats if hat.role not in APART}
    assert of_units <= {(a, unit) for a, unit, _ in UNITS}
