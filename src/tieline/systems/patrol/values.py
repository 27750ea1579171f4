"""How each field must be written: what is understood is kept in one form, what is not is refused.

Fields of one name mean the same in both kinds, so one list serves both.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tieline.keeping import values
from tieline.keeping.values import Check, between, of_list, one_of
from tieline.systems.patrol.choices import BORDERS, FEAR_ANSWERS
from tieline.systems.patrol.issuer import NumberState

__all__ = ["CHECKS"]

CHECKS: Final[Mapping[str, Check]] = {
    **values.OF_PEOPLE,
    "a_number_state": lambda text: one_of(tuple(NumberState), text),
    "arrest_method": of_list("arrest-method", "Choose a method of the list."),
    "border": lambda text: one_of(BORDERS, text),
    "claimed_age": lambda years: int(between(years, 0, 120, "An age is 0 to 120 years.")),
    "disposition": of_list("dispositions", "Choose a disposition of the list."),
    "entry_status": of_list("entry-status", "Choose a status at entry of the list."),
    "fear_claimed": lambda text: one_of(FEAR_ANSWERS, text),
    "hull_number": values.hull,
    "latitude": lambda angle: between(angle, -90, 90, "A latitude is -90 to 90 degrees."),
    "longitude": lambda angle: between(angle, -180, 180, "A longitude is -180 to 180 degrees."),
    "prior_removals": lambda count: int(between(count, 0, 99, "It is a number from 0 to 99.")),
    "sector": of_list("sectors", "Choose a sector of the list."),
    "time_in_us": of_list("time-in-us", "Choose a time of the list."),
    "vehicle_plate": values.plate,
    "weight_kg": lambda weight: int(between(weight, 1, 450, "A weight is 1 to 450 kg.")),
}
