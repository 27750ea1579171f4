"""The county jail's year as its export has it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Final

from tieline.demo.people import Person, invent_people
from tieline.demo.world.written import write_down

__all__ = ["COLUMNS", "bookings_of"]

COLUMNS: Final = (
    *("booking_number", "name", "dob", "sex", "race", "charge", "booked_at", "released_at"),
    *("facility", "phone", "us_citizen", "juvenile_hold", "sealed", "medical_hold"),
)
_CHARGES: Final = ("Trespass", "Shoplifting", "Disorderly conduct", "Driving without a license")


def bookings_of(
    known: Sequence[Person], *, count: int, rng: Random, year_end: datetime
) -> Iterator[dict[str, str]]:
    """Rows with the columns of examples/partner; some are of people whom the others know."""
    strangers = invent_people(count - len(known), rng=rng, today=year_end.date())
    booked = [*known, *strangers]
    rng.shuffle(booked)
    for place, person in enumerate(booked):
        said = write_down(person, rng)
        at = year_end - timedelta(hours=4 + (len(booked) - place) * 5)
        surnames = f"{said.paternal_surname} {said.maternal_surname}".strip().upper()
        yield {
            "booking_number": f"26-{place + 1:06d}",
            "name": f"{surnames}, {said.given_name.upper()}".strip(", "),
            "dob": said.birth_date,
            "sex": said.sex,
            "race": "",
            "charge": rng.choice(_CHARGES),
            "booked_at": f"{at:%Y-%m-%d %H:%M}",
            "released_at": "",
            "facility": "Main",
            "phone": "",
            "us_citizen": "no",
            "juvenile_hold": "no",
            "sealed": "yes" if rng.random() < 0.01 else "no",
            "medical_hold": "no",
        }
