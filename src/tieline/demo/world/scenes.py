"""Stories of the last two days, which a new user can find: each says what is to be seen."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random
from typing import Final

from tieline.demo.people import Person, invent_people
from tieline.demo.world.casework import Casework, person_of
from tieline.demo.world.cast import author
from tieline.demo.world.draws import Draws
from tieline.demo.world.encounters import Encounters, Known, subject_of
from tieline.demo.world.protections import is_us_person, screened
from tieline.demo.world.world import DemoArrival, Scene
from tieline.systems.investigations.cases.case import CaseDraft
from tieline.systems.investigations.subjects.person import PersonDraft
from tieline.systems.investigations.subjects.vehicle import VehicleDraft
from tieline.systems.investigations.subjects.vessel import VesselDraft
from tieline.systems.patrol.events.event import EventDraft
from tieline.systems.patrol.subjects.subject import SubjectDraft

__all__ = ["Scenes"]

_NAMES_ALONE: Final = 3
_NUMBERS: Final = 3
_FIRST_A_NUMBER: Final = 300_000_000
_FIRST_FIN: Final = 2_000_000_000
_BLOCKS: Final = 10_000
"""Of a hundred numbers each."""
_OLDER: Final = timedelta(days=6_000)
"""Nobody in a scene is a child: so much is added to the ages of those who are invented."""


@dataclass(frozen=True, slots=True)
class _Somebody:
    """Whom a scene is about."""

    place: int
    """Among those of all scenes."""
    person: Person
    a_number: str = field(repr=False)
    fin: str = field(repr=False)


class Scenes:
    """Both sides of each story: the investigators had it first, then the patrol came upon it."""

    def __init__(
        self, rng: Random, *, year_end: datetime, encounters: Encounters, casework: Casework
    ) -> None:
        self._rng, self._end = rng, year_end
        self._encounters, self._casework = encounters, casework
        self._draws = Draws(rng)
        self._now = year_end - timedelta(hours=46)
        self._agent = author("patrol", "TCA/NGL")
        self._investigator = author("investigations", "TU")
        self.patrol: list[DemoArrival] = []
        self.investigations: list[DemoArrival] = []
        self.told: list[Scene] = []
        self.truth: list[tuple[int, str, str]] = []
        """Who is who: the person's place among those of the scenes, system, number."""
        self._people = 0

    def play(self) -> None:
        """All of them, one after another."""
        case = self._case("Guides of the western wash")
        for _ in range(_NUMBERS):
            who = self._somebody()
            known_by = self._person(case, who, a_number=who.a_number)
            met = self._met(who, a_number=who.a_number)
            self._tell("overlap", "The same A-number in a case and in an event.", known_by, met)
        for _ in range(_NAMES_ALONE):
            who = self._somebody()
            met = self._met(who)
            self._tell(
                "names alone",
                "The same name and birth date, and nothing more.",
                self._person(case, who),
                met,
            )
        self._wanted(case)
        self._again()
        self._silent(case)
        self._protected(case)
        self._vehicle(case)
        self._boat(case)

    def _wanted(self, case: CaseDraft) -> None:
        who, said = self._somebody(), self._somebody()
        subject = self._person(case, who, fin=who.fin)
        self._look(who, subject, silent=False)
        # The name and the birth date are another's; the number of his fingers is his own.
        met = self._met(replace(who, person=said.person), fin=who.fin, held=True)
        self._tell(
            "resendez",
            "The wanted man sits in the patrol's own cell, under another name.",
            subject,
            met,
        )

    def _again(self) -> None:
        who, said = self._somebody(), self._somebody()
        first = self._met(
            who, fin=who.fin, prior_removals=2, criminal_history="Aggravated felony, long ago."
        )
        second = self._met(replace(who, person=said.person), fin=who.fin, held=True)
        self.told.append(
            Scene(
                "batres",
                "Apprehended twice in two days; the first time tells what was done before.",
                (first.number, second.number),
            )
        )

    def _silent(self, case: CaseDraft) -> None:
        who = self._somebody()
        subject = self._person(case, who, a_number=who.a_number)
        self._look(who, subject, silent=True)
        met = self._met(who, a_number=who.a_number, held=True)
        self._tell("silent", "A silent lookout: of the hit its owner alone is told.", subject, met)

    def _protected(self, case: CaseDraft) -> None:
        who = self._somebody()
        subject = self._person(
            case, who, a_number=who.a_number, protections=screened("section_1367")
        )
        met = self._met(who, a_number=who.a_number)
        self._tell(
            "protected", "A protected victim: absent for everybody but the owner.", subject, met
        )

    def _vehicle(self, case: CaseDraft) -> None:
        at = self._next()
        plate = f"NGL{self._rng.randrange(1000, 9999)}"
        vehicle = VehicleDraft(
            number=self._casework.numbers.subject(at.year),
            protections=screened(),
            case=case.number,
            plate=plate,
            make="Invented",
            color="white",
            remarks="Said to carry people from the western wash.",
        )
        self.investigations.append(DemoArrival(vehicle, self._investigator, at))
        event = self._event(vehicle_plate=plate, vehicle="pickup, white")
        self.told.append(
            Scene("load vehicle", "One plate, two files.", (vehicle.number, event.number))
        )

    def _boat(self, case: CaseDraft) -> None:
        at = self._next()
        hull = f"CF{self._rng.randrange(1000, 9999)}AB"
        vessel = VesselDraft(
            number=self._casework.numbers.subject(at.year),
            protections=screened(),
            case=case.number,
            hull_number=hull,
            name="Invented Star",
        )
        self.investigations.append(DemoArrival(vessel, self._investigator, at))
        event = self._event(hull_number=hull, vessel_name="Invented Star")
        self.told.append(Scene("boat", "One hull, two files.", (vessel.number, event.number)))

    def _somebody(self) -> _Somebody:
        """A man of whom no protection keeps the other side from being told."""
        while True:
            invented = invent_people(1, rng=self._rng, today=self._end.date() - _OLDER)
            (who,) = self._casework.lines.given_to(invented)
            if who.given and who.sex == "M" and not is_us_person(who):
                break
        place, self._people = self._people, self._people + 1
        number = self._rng.randrange(_BLOCKS) * 100 + place
        return _Somebody(place, who, f"A{_FIRST_A_NUMBER + number:09d}", f"{_FIRST_FIN + number}")

    def _case(self, title: str) -> CaseDraft:
        at = self._next()
        case = self._casework.case_for("TU", self._investigator, at, title)
        self.investigations.append(DemoArrival(case, self._investigator, at))
        return case

    def _person(self, case: CaseDraft, who: _Somebody, **about: object) -> PersonDraft:
        at = self._next()
        number = self._casework.numbers.subject(at.year)
        draft = person_of(
            *(who.person, Known(), self._rng), case=case, number=number, at=at, careless=0.0
        )
        draft = replace(draft, **{"protections": screened(), **about})  # type: ignore[arg-type]
        self.investigations.append(DemoArrival(draft, self._investigator, at))
        self.truth.append((who.place, "investigations", number))
        return draft

    def _look(self, who: _Somebody, subject: PersonDraft, *, silent: bool) -> None:
        at = self._next()
        lookout = self._casework.lookout(subject, at, silent=silent)
        self.investigations.append(DemoArrival(lookout, self._investigator, at))
        self.truth.append((who.place, "investigations", lookout.number))

    def _met(self, who: _Somebody, *, held: bool = False, **about: object) -> SubjectDraft:
        event = self._event()
        at = self._next()
        draft = subject_of(
            *(who.person, Known(), self._rng, self._draws),
            event=event,
            place=1,
            at=at,
            now=at,
            careless=0.0,
        )
        found = event.apprehended_at
        draft = replace(
            draft,
            protections=screened(),
            fear_claimed="no",
            custody_place="Nogales station, cell 2" if held else "",
            booked_in_at=found if held else None,
            booked_out_at=None,
            phone=self._casework.lines.next(),
            intended_address="Invented Street 12, Phoenix AZ",
        )
        draft = replace(draft, **about)  # type: ignore[arg-type]
        self.patrol.append(DemoArrival(draft, self._agent, at))
        self.truth.append((who.place, "patrol", draft.number))
        return draft

    def _event(self, **about: object) -> EventDraft:
        at = self._next()
        event = self._encounters.at("TCA", self._agent, at, **about)
        self.patrol.append(DemoArrival(event, self._agent, at))
        return event

    def _tell(self, name: str, says: str, one: PersonDraft, other: SubjectDraft) -> None:
        self.told.append(Scene(name, says, (one.number, other.number)))

    def _next(self) -> datetime:
        self._now += timedelta(minutes=25)
        return self._now
