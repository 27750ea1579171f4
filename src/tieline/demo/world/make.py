"""Makes the whole year of one seed: people first, then what each system wrote of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import chain
from random import Random
from typing import Final

from tieline.demo.people import Person, invent_people
from tieline.demo.world.bookings import PREFIX, bookings_of
from tieline.demo.world.casework import Casework
from tieline.demo.world.cast import CAST, duties
from tieline.demo.world.encounters import Encounters, Known
from tieline.demo.world.lines import Lines
from tieline.demo.world.scenes import Scenes
from tieline.demo.world.world import DemoArrival, World
from tieline.systems.patrol.events.event import EventDraft

__all__ = ["make_world"]

SUBJECTS: Final = 19_500
"""In groups of the published sizes these are about 14,400 events."""
CASES: Final = 400
RECORDS: Final = 3_000
LOOKOUTS: Final = 600
BOOKINGS: Final = 1_500
MET: Final = 900
"""People whom cases may be about that the patrol meets; about half of them some case is about."""
KNOWN_TO_COUNTY: Final = 120
PLATES: Final = 150
_FIRST_A_NUMBER: Final = 200_000_000
_FIRST_FIN: Final = 1_000_000_000
_FIRST_PASSPORT: Final = 10_000_000
_NUMBERS: Final = 50_000_000
"""Of each series, to draw from."""
Truth = tuple[int, str, str]


def make_world(*, seed: int, year_end: datetime, scale: float = 1.0) -> World:
    """A year that ends at that moment. The same seed, moment and scale give the same year.

    `scale` is a share of about 20,000 subjects; the scenes are there at any scale. Django must be
    set up: the drafts are those of the systems.
    """
    rng = Random(seed)  # noqa: S311 - an invented year, no secret
    count, records = max(60, round(SUBJECTS * scale)), max(60, round(RECORDS * scale))
    lines, today = Lines(rng), year_end.date()
    people = lines.given_to(invent_people(count, rng=rng, today=today))
    # In the end more than are needed, since some records are of things.
    everyone = [*people, *lines.given_to(invent_people(records, rng=rng, today=today))]
    numbers = _numbers(everyone, rng)
    truth: list[Truth] = []
    patrol_year = Encounters(rng, year_end=year_end)
    patrol = _told(patrol_year.year(people, numbers[:count]), "patrol", range(count), truth)
    both = rng.sample(range(count), min(count, max(20, round(MET * scale))))
    cased = [*both, *range(count, len(everyone))]
    rng.shuffle(cased)
    work = Casework(rng, lines, year_end=year_end)
    cases = work.year(
        [everyone[one] for one in cased],
        [numbers[one] for one in cased],
        _plates(patrol, rng, round(PLATES * scale)),
        cases=max(8, round(CASES * scale)),
        subjects=records,
        lookouts=max(12, round(LOOKOUTS * scale)),
    )
    investigations = _told(cases, "investigations", cased, truth)
    scenes = Scenes(rng, year_end=year_end, encounters=patrol_year, casework=work)
    scenes.play()
    first = len(everyone)
    truth += [(first + place, system, number) for place, system, number in scenes.truth]
    jailed = rng.sample(both, min(len(both), max(5, round(KNOWN_TO_COUNTY * scale))))
    bookings = list(
        bookings_of(
            {one: everyone[one] for one in jailed},
            count=max(20, round(BOOKINGS * scale)),
            first=first + len(scenes.truth),
            rng=rng,
            year_end=year_end,
        )
    )
    truth += [(who, "partner", PREFIX + row["booking_number"]) for row, who in bookings]
    return World(
        people=CAST,
        duties=duties(),
        patrol=_in_order(patrol, scenes.patrol),
        investigations=_in_order(investigations, scenes.investigations),
        bookings=tuple(row for row, _ in bookings),
        truth=tuple(truth),
        scenes=tuple(scenes.told),
    )


def _numbers(people: Sequence[Person], rng: Random) -> list[Known]:
    """The numbers that issuers gave each person; none of them tells another."""
    drawn = (rng.sample(range(_NUMBERS), len(people)) for _ in range(3))
    return [
        Known(
            a_number=f"A{_FIRST_A_NUMBER + a_number}",
            fin=f"{_FIRST_FIN + fin}",
            passport=f"{one.origin.iso3} passport {rng.choice('GNER')}{_FIRST_PASSPORT + passport}",
        )
        for one, a_number, fin, passport in zip(people, *drawn, strict=True)
    ]


def _told(
    arrivals: Iterable[tuple[DemoArrival, int | None]],
    system: str,
    places: Sequence[int],
    truth: list[Truth],
) -> list[DemoArrival]:
    """The arrivals alone; the truth of those that are of a person goes where nobody looks."""
    kept = []
    for arrival, who in arrivals:
        kept.append(arrival)
        if who is not None:
            truth.append((places[who], system, arrival.draft.number))
    return kept


def _in_order(*arrivals: Iterable[DemoArrival]) -> tuple[DemoArrival, ...]:
    return tuple(sorted(chain(*arrivals), key=lambda one: one.at))


def _plates(patrol: Sequence[DemoArrival], rng: Random, count: int) -> list[str]:
    """Plates that the patrol has met, for vehicles that investigators know too."""
    met = [
        one.draft.vehicle_plate
        for one in patrol
        if isinstance(one.draft, EventDraft) and one.draft.vehicle_plate
    ]
    return rng.sample(met, min(len(met), count))
