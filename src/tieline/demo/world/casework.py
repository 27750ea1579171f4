"""The investigators' year: cases, whom and what they are about, and lookouts on some of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final

from tieline.core.agreement.viewer import Viewer
from tieline.demo.people import Person
from tieline.demo.world.cast import UNITS, author
from tieline.demo.world.encounters import Known
from tieline.demo.world.lines import Lines
from tieline.demo.world.protections import screened, stated
from tieline.demo.world.world import DemoArrival
from tieline.demo.world.written import write_down
from tieline.keeping.draft import Draft
from tieline.systems.investigations.cases.case import CaseDraft
from tieline.systems.investigations.lookouts.lookout import LookoutDraft, LookoutStatus
from tieline.systems.investigations.subjects.address import AddressDraft
from tieline.systems.investigations.subjects.business import BusinessDraft
from tieline.systems.investigations.subjects.person import PersonDraft
from tieline.systems.investigations.subjects.phone import PhoneDraft
from tieline.systems.investigations.subjects.vehicle import VehicleDraft

__all__ = ["Casework", "person_of"]

_OFFICES: Final = tuple(unit for agency, unit, _ in UNITS if agency == "investigations")
_REASONS: Final = (
    *(("smuggling", "notify"), ("smuggling", "refer"), ("document_fraud", "refer")),
    *(("narcotics", "refer"), ("warrant", "detain"), ("currency", "notify")),
)
_TITLES: Final = (
    "Stash houses",
    "Foot guides",
    "Load drivers",
    "False documents",
    "Money couriers",
)
_SILENT: Final = 0.05
_BY_PATROL: Final = 0.05
"""Records that the patrol's own intelligence people keep in the investigators' system (P1)."""
_THINGS: Final = 0.35
_OF_THE_KNOWN: Final = 0.4
"""Lines written down as a case's that are those of people in some case."""


@dataclass(slots=True)
class _Numbers:
    """Running numbers, of each series and year by itself."""

    counts: dict[str, int] = field(default_factory=dict)

    def case(self, office: str, year: int) -> str:
        return self._next(office, year, digits=4)

    def subject(self, year: int) -> str:
        return self._next("SR", year, digits=6)

    def lookout(self, year: int) -> str:
        return self._next("LK", year, digits=6)

    def _next(self, name: str, year: int, *, digits: int) -> str:
        series = f"{name}-{year % 100:02d}"
        self.counts[series] = self.counts.get(series, 0) + 1
        return f"{series}-{self.counts[series]:0{digits}d}"


class Casework:
    """Makes cases with all that belongs to them, each a little later than the one before."""

    def __init__(self, rng: Random, lines: Lines, *, year_end: datetime) -> None:
        self._rng, self._end = rng, year_end
        self.lines = lines
        self.numbers = _Numbers()

    def year(
        self,
        people: Sequence[Person],
        known: Sequence[Known],
        shared_plates: Sequence[str],
        *,
        cases: int,
        subjects: int,
        lookouts: int,
    ) -> Iterator[tuple[DemoArrival, int | None]]:
        """Each record, those of persons with the place of the person in `people`."""
        rng, places = self._rng, iter(range(len(people)))
        plates = iter(shared_plates)
        begins = self._end - timedelta(days=360)
        step = timedelta(days=350) / max(cases, 1)
        written = placed = 0
        for case_at in range(cases):
            at = begins + step * case_at
            office = "TU" if case_at % 3 == 0 else rng.choice(_OFFICES)
            by = author("investigations", office)
            # One at least, however small the year.
            if case_at == 1 or rng.random() < _BY_PATROL:
                by = author("patrol", "TCA/NGL")
            case = self._case(office, by, at)
            yield DemoArrival(case, by, at), None
            # So many that all cases together have as many as were asked for.
            each = subjects * (case_at + 1) // cases - subjects * case_at // cases
            for place in range(1, each + 1):
                at += timedelta(minutes=1)
                # So many of those to come that all together are as many as were asked for.
                wanted = (lookouts - placed) / ((subjects - written) * (1 - _THINGS))
                written += 1
                if rng.random() < _THINGS:
                    thing = self._thing(case, at, place, plates=plates, people=people)
                    yield DemoArrival(thing, by, at), None
                    continue
                who = next(places, None)
                if who is None:
                    break
                number = self.numbers.subject(at.year)
                draft = person_of(people[who], known[who], rng, case=case, number=number, at=at)
                yield DemoArrival(draft, by, at), who
                if rng.random() < wanted and (draft.birth_date or draft.a_number):
                    placed += 1
                    at += timedelta(seconds=30)
                    yield DemoArrival(self.lookout(draft, at), by, at), who

    def case_for(self, office: str, by: Viewer, at: datetime, title: str) -> CaseDraft:
        """One case that a scene needs."""
        made = self._case(office, by, at)
        return CaseDraft(
            **{
                name: getattr(made, name)
                for name in ("number", "protections", "status", "opened_on", "agent", "office")
            },
            title=title,
            synopsis="Invented for the demo.",
        )

    def lookout(
        self, subject: PersonDraft, at: datetime, *, silent: bool | None = None
    ) -> LookoutDraft:
        """A lookout on a person; it holds for some months from that day."""
        rng = self._rng
        reason, handling = rng.choice(_REASONS)
        quiet = rng.random() < _SILENT if silent is None else silent
        # A lookout can only be taken in while it could still be placed.
        ends = at + timedelta(days=rng.choice((90, 180, 360)))
        over = ends <= self._end
        return LookoutDraft(
            number=self.numbers.lookout(at.year),
            protections=subject.protections,
            subject=subject.number,
            reason=reason,
            facts="Invented facts of the person's own conduct, seen on two days.",
            handling="silent" if quiet else handling,
            instructions="Call the duty desk.",
            effective_on=at.date().isoformat(),
            expires_on=ends.date().isoformat(),
            status=LookoutStatus.EXPIRED if over else LookoutStatus.ACTIVE,
            source_note="Own observation.",
            supervisor="U-202" if quiet else "",
        )

    def _case(self, office: str, by: Viewer, at: datetime) -> CaseDraft:
        return CaseDraft(
            number=self.numbers.case(office, at.year),
            protections=screened(),
            title=f"{self._rng.choice(_TITLES)}, {office}",
            status="open",
            opened_on=at.date().isoformat(),
            synopsis="Invented for the demo.",
            narrative="Invented leads and plans.",
            agent=by.number,
            office=office,
        )

    def _thing(
        self,
        case: CaseDraft,
        at: datetime,
        place: int,
        *,
        plates: Iterator[str],
        people: Sequence[Person],
    ) -> Draft:
        rng, number = self._rng, self.numbers.subject(at.year)
        about: dict[str, Any] = {
            "number": number,
            "protections": screened(),
            "case": case.number,
        }
        kind = place % 4
        if kind == 0:
            whose = rng.choice(people).phone if rng.random() < _OF_THE_KNOWN else ""
            return PhoneDraft(**about, phone=whose or self.lines.next())
        if kind == 1:
            plate = next(plates, "") or f"ZX{rng.randrange(10000, 99999)}"
            return VehicleDraft(**about, plate=plate, make="Invented", color="white")
        if kind == 2:
            return AddressDraft(
                **about,
                address=f"{rng.randrange(100, 999)} Invented Road",
                city="Tucson",
                state="AZ",
            )
        return BusinessDraft(**about, name=f"Invented Trading {rng.randrange(1000)}")


def person_of(
    person: Person,
    known: Known,
    rng: Random,
    *,
    case: CaseDraft,
    number: str,
    at: datetime,
    careless: float = 1.0,
) -> PersonDraft:
    """A person as the investigator wrote them down at that moment."""
    said = write_down(person, rng, careless=careless)
    return PersonDraft(
        number=number,
        protections=stated(rng, person, at=at),
        case=case.number,
        given_name=said.given_name,
        paternal_surname=said.paternal_surname,
        maternal_surname=said.maternal_surname,
        name_as_given=said.name_as_given,
        aliases=said.aliases,
        birth_date=said.birth_date,
        sex=said.sex,
        citizenship=person.origin.iso3,
        a_number=known.a_number if rng.random() < 0.3 else "",
        fin=known.fin if rng.random() < 0.2 else "",
        documents=(known.passport,) if known.passport and rng.random() < 0.3 else (),
        phone=said.phone if rng.random() < 0.4 else "",
        role_in_case=rng.choice(("guide", "driver", "courier", "associate")),
        remarks="Invented remarks of the investigator.",
        source_note="Own observation.",
        cautions=("violent",) if rng.random() < 0.02 else (),
    )
