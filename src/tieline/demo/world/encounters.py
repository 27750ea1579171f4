"""The patrol's year: events, and in each the people who were apprehended together."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Final

from tieline.core.agreement.viewer import Viewer
from tieline.demo.people import Person
from tieline.demo.world.cast import author
from tieline.demo.world.draws import LOCAL, Draws
from tieline.demo.world.protections import screened, stated
from tieline.demo.world.world import DemoArrival
from tieline.demo.world.written import write_down
from tieline.systems.patrol.events.event import EventDraft
from tieline.systems.patrol.subjects.subject import SubjectDraft

__all__ = ["Encounters", "Known", "subject_of"]

_EYES: Final = {"BRO": "brown", "BLU": "blue", "BLK": "black", "GRN": "green", "HAZ": "hazel"}
_METHODS: Final = ("PB", "L", "O", "TCA", "OA")
_STATUSES: Final = ("EWI", "EWI", "EWIM", "EWIM", "PWA", "PWAM", "DFC")
_LANDMARKS: Final = ("wash near the fence", "highway checkpoint", "rail yard", "ranch road", "")
_TASK_FORCE: Final = 0.03
"""Apprehensions that investigators make and write in the patrol's system (P1)."""
_A_NUMBER: Final = 0.4
_COMMON_YEAR: Final = 2025
"""Its months have no day that another year lacks."""
_QUIET: Final = timedelta(days=3)
"""Before the year ends: what happens then is in the scenes."""


@dataclass(frozen=True, slots=True)
class Known:
    """The numbers that a person truly has."""

    a_number: str = field(default="", repr=False)
    fin: str = field(default="", repr=False)
    passport: str = field(default="", repr=False)


@dataclass(slots=True)
class _Series:
    """How many events each sector and month has so far."""

    counts: dict[str, int] = field(default_factory=dict)

    def next(self, sector: str, at: datetime) -> str:
        series = f"{sector}-{at:%y%m}"
        self.counts[series] = self.counts.get(series, 0) + 1
        return f"{series}-{self.counts[series]:06d}"


class Encounters:
    """Makes events in the order of time, which is the order of their numbers."""

    def __init__(self, rng: Random, *, year_end: datetime) -> None:
        self._rng, self._draws, self._end = rng, Draws(rng), year_end
        self._series = _Series()

    def year(
        self, people: Sequence[Person], known: Sequence[Known], *, first: int = 0
    ) -> Iterator[tuple[DemoArrival, int | None]]:
        """Each event and subject, the subject with the place of the person in `people`."""
        groups = self._groups(first, len(people))
        whens = sorted(self._moment() for _ in groups)
        latest = whens[0][0]
        for members, (written_at, found_at, sector) in zip(groups, whens, strict=True):
            at = max(written_at, latest + timedelta(milliseconds=20))
            unit = self._unit(sector)
            # One at least, however small the year.
            task_force = members[0] == first or self._rng.random() < _TASK_FORCE
            by = author("investigations", "TU") if task_force else author("patrol", unit)
            event = self._event(sector, unit, at, found_at)
            yield DemoArrival(event, by, at), None
            for place, member in enumerate(members, start=1):
                latest = at + timedelta(milliseconds=place)
                draft = self._subject(event, place, people[member], known[member], latest)
                # Nothing that is to come can be kept: who was let out is written down then.
                yield DemoArrival(draft, by, draft.booked_out_at or latest), member

    def at(self, sector: str, by: Viewer, at: datetime, **about: object) -> EventDraft:
        """One event that a scene needs."""
        found_at = at - self._delay()
        return replace(self._event(sector, by.unit, at, found_at), **about)  # type: ignore[arg-type]

    def _groups(self, first: int, count: int) -> list[list[int]]:
        groups, place = [], first
        while place < count:
            size = int(self._draws.share("group"))
            groups.append(list(range(place, min(place + size, count))))
            place += size
        return groups

    def _moment(self) -> tuple[datetime, datetime, str]:
        """When it was written down, when it happened, and in which sector."""
        sector, month = self._draws.place()
        day = self._rng.randint(1, monthrange(_COMMON_YEAR, month)[1])
        hour, minute = int(self._draws.share("hour")), self._rng.randrange(60)
        delay, end = self._delay(), self._end - _QUIET
        local = datetime(end.year, month, day, hour, minute, tzinfo=LOCAL)
        if local + delay > end:
            local = local.replace(year=end.year - 1)
        found_at = local.astimezone(UTC)
        return found_at + delay, found_at, sector

    def _delay(self) -> timedelta:
        return timedelta(minutes=self._rng.randrange(20, 180))

    def _unit(self, sector: str) -> str:
        stations = {"TCA": "TCA/NGL", "RGV": "RGV/MCS"}
        if sector in stations and self._rng.random() < 0.3:
            return stations[sector]
        return sector

    def _event(self, sector: str, unit: str, at: datetime, found_at: datetime) -> EventDraft:
        rng = self._rng
        in_car = rng.random() < 0.15
        return EventDraft(
            number=self._series.next(sector, at),
            protections=screened(),
            apprehended_at=found_at,
            arrest_method=rng.choice(_METHODS),
            sector=sector,
            station=unit.partition("/")[2],
            landmark=rng.choice(_LANDMARKS),
            vehicle_plate=_plate(rng) if in_car else "",
            vehicle=rng.choice(("pickup, white", "sedan, gray", "van, blue")) if in_car else "",
            narrative="Invented account: seen by camera, followed, stopped without incident.",
        )

    def _subject(
        self, event: EventDraft, place: int, person: Person, known: Known, at: datetime
    ) -> SubjectDraft:
        return subject_of(
            person,
            known,
            self._rng,
            self._draws,
            event=event,
            place=place,
            at=at,
            now=self._end,
        )


def _plate(rng: Random) -> str:
    return f"{rng.choice('ABCDEFGH')}{rng.choice('KLMNPR')}T{rng.randrange(1000, 9999)}"


def subject_of(
    person: Person,
    known: Known,
    rng: Random,
    draws: Draws,
    *,
    event: EventDraft,
    place: int,
    at: datetime,
    now: datetime,
    careless: float = 1.0,
) -> SubjectDraft:
    """A subject as the agent wrote them down."""
    said = write_down(person, rng, careless=careless)
    found = event.apprehended_at or at
    held = rng.random() < 0.6
    out = found + timedelta(hours=rng.randrange(6, 90))
    return SubjectDraft(
        number=f"{event.number}-{place:02d}",
        protections=stated(rng, person, at=at),
        event=event.number,
        given_name=said.given_name,
        paternal_surname=said.paternal_surname,
        maternal_surname=said.maternal_surname,
        name_as_given=said.name_as_given,
        aliases=said.aliases,
        birth_date=said.birth_date,
        sex=said.sex,
        citizenship=person.origin.iso3,
        a_number=known.a_number if rng.random() < _A_NUMBER else "",
        fin=known.fin if rng.random() < 0.5 else "",
        documents=(known.passport,) if known.passport and rng.random() < 0.3 else (),
        height_cm=int(rng.gauss(172 if person.sex == "M" else 160, 7)),
        weight_kg=int(rng.gauss(72, 10)),
        eye=_EYES.get(draws.share("eye"), "brown"),
        hair=draws.share("hair"),
        phone=said.phone if rng.random() < 0.4 else "",
        intended_address="Invented Street 12, Phoenix AZ" if rng.random() < 0.3 else "",
        entry_status=rng.choice(_STATUSES),
        custody_place=f"{event.sector} holding" if held else "",
        booked_in_at=found + timedelta(minutes=15) if held else None,
        booked_out_at=out if held and out <= now else None,
        prior_removals=rng.choice((0, 0, 0, 1, 2)),
        fear_claimed=rng.choices(("no", "yes", ""), (93, 5, 2))[0],
        criminal_history="None stated." if rng.random() < 0.1 else "",
        cautions=("armed",) if rng.random() < 0.01 else (),
    )
