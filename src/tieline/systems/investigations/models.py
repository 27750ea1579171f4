"""All tables of the investigations database, gathered for Django."""

from tieline.systems.investigations.cases.case import Case
from tieline.systems.investigations.lookouts.lookout import Lookout
from tieline.systems.investigations.series import NumberSeries
from tieline.systems.investigations.subjects.address import Address
from tieline.systems.investigations.subjects.business import Business
from tieline.systems.investigations.subjects.person import Person
from tieline.systems.investigations.subjects.phone import PhoneLine
from tieline.systems.investigations.subjects.vehicle import Vehicle
from tieline.systems.investigations.subjects.vessel import Vessel

__all__ = [
    "Address",
    "Business",
    "Case",
    "Lookout",
    "NumberSeries",
    "Person",
    "PhoneLine",
    "Vehicle",
    "Vessel",
]
