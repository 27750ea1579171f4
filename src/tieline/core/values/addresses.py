"""Addresses as clerks write them, in English and Spanish: the same words for the same street."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Self

from anyascii import anyascii

from tieline.core.values.placeholders import why_missing

__all__ = ["Address", "house_numbers"]

_LONGEST: Final = 500
_APART: Final = re.compile(r"[^A-Z0-9#]+")
_CLOSED: Final = re.compile(r"['’`]|(?<=\b[A-Z])\.(?=[A-Z]\b)")
"""An apostrophe, and the full stops of P.O.: what is beside them is one word."""
_HALVES: Final = re.compile(r"\b(\d+)\s+1/2\b")
_BOX: Final = re.compile(
    r"\b(?:P ?O ?|POST OFFICE |APARTADO ?POSTAL |APDO ?POSTAL )(?:BOX )?(?=\d)|\bPO BOX "
)
_ZIP: Final = re.compile(r"(?<=[A-Z] )(\d{5}) \d{4}$")
_NUMBER: Final = re.compile(r"\d+[A-Z]?")

_STREETS: Final = {
    "ALLEY": "ALY", "AVENUE": "AVE", "AV": "AVE", "AVEN": "AVE", "AVN": "AVE", "AVDA": "AVE",
    "AVENIDA": "AVE", "BOULEVARD": "BLVD", "BOUL": "BLVD", "BULEVAR": "BLVD", "BVD": "BLVD",
    "BYPASS": "BYP", "CANYON": "CYN", "CAUSEWAY": "CSWY", "CIRCLE": "CIR", "CIRC": "CIR",
    "COURT": "CT", "COVE": "CV", "CREEK": "CRK", "CROSSING": "XING", "DRIVE": "DR", "DRV": "DR",
    "ESTATES": "ESTS", "EXPRESSWAY": "EXPY", "EXTENSION": "EXT", "FREEWAY": "FWY",
    "GARDENS": "GDNS", "HEIGHTS": "HTS", "HIGHWAY": "HWY", "HIWAY": "HWY", "JUNCTION": "JCT",
    "LANE": "LN",
    "LOOP": "LOOP", "MOUNTAIN": "MTN", "PARKWAY": "PKWY", "PKY": "PKWY", "PLACE": "PL",
    "PLAZA": "PLZ", "POINT": "PT", "RANCH": "RNCH", "RANCHO": "RNCH", "ROAD": "RD", "ROUTE": "RTE",
    "SQUARE": "SQ", "STREET": "ST", "STR": "ST", "STRT": "ST", "SAINT": "ST", "TERRACE": "TER",
    "TERR": "TER", "TRAIL": "TRL", "TURNPIKE": "TPKE", "VALLEY": "VLY", "VIEW": "VW",
    "VISTA": "VIS",
    "CALLE": "C", "CLL": "C", "CALZADA": "CALZ", "CARRETERA": "CARR", "CALLEJON": "CJON",
    "CERRADA": "CDA", "PRIVADA": "PRIV", "PROLONGACION": "PROL", "ANDADOR": "AND",
    "COLONIA": "COL", "FRACCIONAMIENTO": "FRACC", "BARRIO": "BO", "MANZANA": "MZA", "MZ": "MZA",
    "LOTE": "LT", "EDIFICIO": "EDIF", "KILOMETRO": "KM", "PISO": "FL", "FLOOR": "FL",
}  # fmt: skip
"""What the United States Postal Service writes for each (Publication 28, appendix C1), and Mexico's
for its own (INEGI, norma técnica sobre domicilios geográficos, DOF 2010-11-12)."""
_UNITS: Final = {
    "APARTMENT": "APT", "APPT": "APT", "UNIT": "APT", "SUITE": "APT", "STE": "APT", "DEPTO": "APT",
    "DEPARTAMENTO": "APT", "DPTO": "APT", "DEP": "APT", "INTERIOR": "APT", "INT": "APT",
    "SPACE": "APT", "SPC": "APT", "TRLR": "APT", "TRAILER": "APT", "ROOM": "APT", "RM": "APT",
    "BUILDING": "BLDG",
}  # fmt: skip
"""A dwelling in a house: one clerk's unit is the next one's apartment."""
_WINDS: Final = {
    "NORTH": "N", "SOUTH": "S", "EAST": "E", "WEST": "W", "NORTHEAST": "NE", "NORTHWEST": "NW",
    "SOUTHEAST": "SE", "SOUTHWEST": "SW", "NORTE": "N", "NTE": "N", "SUR": "S", "ORIENTE": "E",
    "OTE": "E", "PONIENTE": "W", "PTE": "W",
}  # fmt: skip
_ORDINALS: Final = {
    "FIRST": "1ST", "SECOND": "2ND", "THIRD": "3RD", "FOURTH": "4TH", "FIFTH": "5TH",
    "SIXTH": "6TH", "SEVENTH": "7TH", "EIGHTH": "8TH", "NINTH": "9TH", "TENTH": "10TH",
}  # fmt: skip
_WORDS: Final = {**_STREETS, **_UNITS, **_WINDS, **_ORDINALS}
_MARKS: Final = frozenset({"NO", "NUM", "NUMERO", "NUMBER", "NBR", "EXTERIOR"})
"""Said before a number, by some."""
_LITTLE: Final = frozenset({"THE", "DE", "DEL", "LA", "LAS", "LOS", "EL", "Y"})
_NOWHERE: Final = frozenset(
    [
        *("HOMELESS", "TRANSIENT", "UNHOUSED", "IN TRANSIT", "NO HOME", "GENERAL DELIVERY"),
        *("NO ADDRESS", "NO FIXED ADDRESS", "NO FIXED ABODE", "NO PERMANENT ADDRESS"),
        *("ADDRESS UNKNOWN", "UNKNOWN ADDRESS", "SAME", "SAME AS ABOVE"),
        *("SIN DOMICILIO", "SIN DOMICILIO FIJO", "NO TIENE", "CONOCIDO", "DESCONOCIDO"),
        *("DOMICILIO CONOCIDO", "DOMICILIO DESCONOCIDO"),
    ]
)
_NOBODY: Final = "it says that there is no address"


@dataclass(frozen=True, slots=True)
class Address:
    """An address in one line; nobody is asked whether there is such a house."""

    given: str
    words: str = ""
    """Small letters and digits, each word as postal services shorten it, a blank between words;
    little words (THE, DE LA) and marks of numbers (NO., #) left out."""
    problem: str = ""

    @property
    def is_none(self) -> bool:
        """Whether the text says that there is none (HOMELESS): then it was understood well."""
        return self.problem == _NOBODY

    @classmethod
    def parse(cls, text: str) -> Self:
        """Understand an address; HOMELESS and DOMICILIO CONOCIDO are none."""
        missing = why_missing(text)
        if missing:
            return cls(given=text, problem=missing)
        plain = text[:_LONGEST].upper()
        if not plain.isascii():
            plain = anyascii(unicodedata.normalize("NFKC", text[:_LONGEST])).upper()
        plain = _CLOSED.sub("", _HALVES.sub(r"\1H", plain)).replace("#", " # ")
        plain = _APART.sub(" ", plain).strip(" #")
        if not plain:
            return cls(given=text, problem="there is neither a letter nor a digit in it")
        if plain in _NOWHERE:
            return cls(given=text, problem=_NOBODY)
        plain = _ZIP.sub(r"\1", _BOX.sub("POBOX ", plain))
        words = [_WORDS.get(word, word) for word in plain.split() if word not in _LITTLE]
        return cls(text, " ".join(_marked(words) or plain.replace("#", "").split()).lower())


def house_numbers(words: str) -> frozenset[str]:
    """The numbers in the words of an address, but for those of a dwelling in the house: of the
    house, of the street (`5 DE MAYO`), of the box, and the postal code.
    """
    parted = words.split()
    return frozenset(
        word
        for before, word in pairwise(["", *parted])
        if word[0].isdecimal() and before not in _INSIDE
    )


_INSIDE: Final = frozenset({"apt", "fl", "bldg", "edif"})


def _marked(words: list[str]) -> list[str]:
    """The words without what only says that a number follows: the second such is a dwelling's."""
    kept: list[str] = []
    for word, behind in pairwise([*words, ""]):
        if word == "#":
            told = kept[-1:] == ["APT"] or not any(one[0].isdecimal() for one in kept)
            kept += [] if told else ["APT"]
        elif not (word in _MARKS and (behind == "#" or _NUMBER.match(behind))):
            kept.append(word)
    return kept
