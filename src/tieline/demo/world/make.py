"""Makes the whole year of one seed: people first, then what each system wrote of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from random import Random
from typing import Final

from tieline.demo.people import Person, invent_people
from tieline.demo.world.bookings import bookings_of
from tieline.demo.world.casework import Casework
from tieline.demo.world.cast import CAST, duties
from tieline.demo.world.encounters import Encounters, Known
from tieline.demo.world.lines import Lines
from tieline.demo.world.scenes import Scenes
from tieline.demo.world.world import DemoArrival, World
from tieline.systems.patrol.events.event import EventDraft

__all__ = ["make_world"]

SUBJECTS: Final = 20_000
CASES: Final = 400
RECORDS: Final = 3_000
LOOKOUTS: Final = 600
BOOKINGS: Final = 1_500
IN_BOTH: Final = 900
KNOWN_TO_COUNTY: Final = 120
PLATES: Final = 150
_FIRST_A_NUMBER: Final = 200_000_000


def make_world(*, seed: int, year_end: datetime, scale: float = 1.0) -> World:
    """A year that ends at that moment. The same seed, moment and scale give the same year.

    `scale` is a share of about 20,000 subjects; the scenes are there at any scale. Django must be
    set up: the drafts are those of the systems.
    """
    rng = Random(seed)  # noqa: S311 - an invented year, no secret
    count = max(60, round(SUBJECTS * scale))
    lines = Lines(rng)
    people = lines.given_to(invent_people(count, rng=rng, today=year_end.date()))
    known = [_numbers(place, person, rng) for place, person in enumerate(people)]
    patrol_year = Encounters(rng, year_end=year_end)
    truth: list[tuple[int, str, str]] = []
    patrol = list(_told(patrol_year.year(people, known), "patrol", truth))
    both = rng.sample(range(count), min(count, max(20, round(IN_BOTH * scale))))
    others = lines.given_to(invent_people(round(RECORDS * scale), rng=rng, today=year_end.date()))
    work = Casework(rng, lines, year_end=year_end)
    cased = [*both, *range(count, count + len(others))]
    rng.shuffle(cased)
    everyone = [*people, *others]
    numbers = [*known, *(_numbers(count + at, one, rng) for at, one in enumerate(others))]
    cases = work.year(
        [everyone[one] for one in cased],
        [numbers[one] for one in cased],
        _plates(patrol, rng, round(PLATES * scale)),
        cases=max(8, round(CASES * scale)),
        subjects=max(60, round(RECORDS * scale)),
        lookouts=max(12, round(LOOKOUTS * scale)),
    )
    investigations = list(_told(cases, "investigations", truth, places=cased))
    scenes = Scenes(rng, year_end=year_end, encounters=patrol_year, casework=work)
    scenes.play()
    patrol += scenes.patrol
    investigations += scenes.investigations
    return World(
        people=CAST,
        duties=duties(),
        patrol=tuple(sorted(patrol, key=lambda one: one.at)),
        investigations=tuple(sorted(investigations, key=lambda one: one.at)),
        bookings=tuple(
            bookings_of(
                [everyone[one] for one in rng.sample(both, min(len(both), _share(scale)))],
                count=max(20, round(BOOKINGS * scale)),
                rng=rng,
                year_end=year_end,
            )
        ),
        truth=tuple(truth),
        scenes=tuple(scenes.told),
    )


def _share(scale: float) -> int:
    return max(5, round(KNOWN_TO_COUNTY * scale))


def _numbers(place: int, person: Person, rng: Random) -> Known:
    """The numbers that issuers gave the person: each one's own."""
    return Known(
        a_number=f"A{_FIRST_A_NUMBER + place * 37:09d}",
        fin=f"{1_000_000_000 + place * 101}",
        passport=f"{person.origin.iso3} passport {rng.choice('GNER')}{10_000_000 + place * 13}",
    )


def _told(
    arrivals: object, system: str, truth: list[tuple[int, str, str]], places: Sequence[int] = ()
) -> Sequence[DemoArrival]:
    kept = []
    for arrival, who in arrivals:  # type: ignore[attr-defined]
        kept.append(arrival)
        if who is not None:
            truth.append((places[who] if places else who, system, arrival.draft.number))
    return kept


def _plates(patrol: Sequence[DemoArrival], rng: Random, count: int) -> list[str]:
    """Plates that the patrol has met, for vehicles that investigators know too."""
    met = [
        one.draft.vehicle_plate
        for one in patrol
        if isinstance(one.draft, EventDraft) and one.draft.vehicle_plate
    ]
    return rng.sample(met, min(len(met), count))
