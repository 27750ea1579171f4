"""Which kinds of subject record there are."""

from __future__ import annotations

from typing import Final

from tieline.systems.investigations.subjects.address import Address
from tieline.systems.investigations.subjects.business import Business
from tieline.systems.investigations.subjects.person import Person
from tieline.systems.investigations.subjects.phone import PhoneLine
from tieline.systems.investigations.subjects.record import SubjectRecord
from tieline.systems.investigations.subjects.vehicle import Vehicle
from tieline.systems.investigations.subjects.vessel import Vessel

__all__ = ["SUBJECTS"]

SUBJECTS: Final[tuple[type[SubjectRecord], ...]] = (
    Person,
    Vehicle,
    Vessel,
    PhoneLine,
    Address,
    Business,
)
