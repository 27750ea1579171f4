"""Which dispositions send somebody away, and so need the protection desk's answer first (P14)."""

from __future__ import annotations

from typing import Final

from tieline.reference import code_list
from tieline.systems.patrol.subjects.subject import Subject

__all__ = ["departures", "departures_of", "sends_away"]

_LIST: Final = "dispositions"
_STAYS: Final = frozenset(
    {
        # released, paroled, admitted, or before a judge
        *("ADMIT", "DEF", "DEF/NS", "NTA", "NTA/DT", "NTA/PD", "NTA/REL", "P", "PD"),
        *("REL", "REL/PD", "WA/NTA"),
        # in somebody else's hands in this country; a child's transfer to HHS is one (P6)
        *("ABS", "DTNR", "HCA", "NIC", "TOT"),
        # not to be removed at all
        *("FBUSC", "NAR", "USC/PR", "ADMISSIBILITY REVIEW"),
        # referred to an asylum officer or a judge: nobody is sent away by that, so no hold may
        # stand in its way (8 USC 1225(b)(1)(A)(ii))
        *("ER/CF", "REINRF", "STW/CF", "VWP/CF", "VWP WITH I-863 NOTICE TO REFER (REFER TO IJ)"),
        # held on board: the ship has not sailed
        "CREWMEMBER DETAINED ON BOARD",
    }
)
"""All others send away, a code that is new to the list among them."""


def departures() -> tuple[str, ...]:
    """The code of each disposition that sends away, in the order of the list."""
    return tuple(one.code for one in code_list(_LIST).entries if sends_away(one.code))


def sends_away(code: str) -> bool:
    """Whether the desk must have answered; of a text that is no code of the list, too."""
    return bool(code) and code not in _STAYS


def departures_of(subject: Subject) -> tuple[str, ...]:
    """What of a subject's outcome sends away, each once: a processing code may say it as well."""
    processing = code_list(_LIST).understand(subject.processing_code).code
    said = (subject.disposition, processing)
    return tuple(dict.fromkeys(code for code in said if sends_away(code)))
