"""The county jail's year as its export has it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from random import Random
from typing import Final

from tieline.demo.people import Person, invent_people
from tieline.demo.world.draws import LOCAL
from tieline.demo.world.protections import is_child, is_us_person
from tieline.demo.world.written import write_down

__all__ = ["COLUMNS", "PREFIX", "bookings_of"]

PREFIX: Final = "CJ-"
"""Before a booking's number in the system of the partner, as the map in county-jail.toml says."""

COLUMNS: Final = (
    *("booking_number", "name", "dob", "sex", "race", "charge", "booked_at", "released_at"),
    *("facility", "phone", "us_citizen", "juvenile_hold", "sealed", "medical_hold"),
)
_LATEST: Final = timedelta(hours=4)
"""Before the year ends."""
_SPAN: Final = timedelta(days=350)
_CHARGES: Final = ("Trespass", "Shoplifting", "Disorderly conduct", "Driving without a license")


def bookings_of(
    known: Mapping[int, Person], *, count: int, first: int, rng: Random, year_end: datetime
) -> Iterator[tuple[dict[str, str], int]]:
    """Rows with the columns of examples/partner, each with the place of its person. Some are of
    `known` people, by their places; the others get places from `first` on.
    """
    strangers = invent_people(count - len(known), rng=rng, today=year_end.date())
    booked = [*known.items(), *enumerate(strangers, start=first)]
    rng.shuffle(booked)
    for at, (place, person) in enumerate(booked):
        said = write_down(person, rng)
        moment = year_end - _LATEST - _SPAN * (len(booked) - at) / len(booked)
        surnames = f"{said.paternal_surname} {said.maternal_surname}".strip().upper()
        row = {
            "booking_number": f"{moment:%y}-{at + 1:06d}",
            "name": f"{surnames}, {said.given_name.upper()}".strip(", "),
            "dob": said.birth_date,
            "sex": said.sex,
            "race": "",
            "charge": rng.choice(_CHARGES),
            "booked_at": f"{moment.astimezone(LOCAL):%Y-%m-%d %H:%M}",
            "released_at": "",
            "facility": "Main",
            "phone": "",
            "us_citizen": "yes" if is_us_person(person) else "no",
            "juvenile_hold": "yes" if is_child(person, at=moment) else "no",
            "sealed": "yes" if rng.random() < 0.01 else "no",
            "medical_hold": "no",
        }
        yield row, place
