"""Places as clerks write them: a city, a state, a country, sometimes a port or coordinates."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from anyascii import anyascii

from tieline.core.values.placeholders import is_withheld, why_missing
from tieline.core.values.regions import country_of_state, state_by_code, state_by_name

if TYPE_CHECKING:
    from tieline.core.values.codes import CodeList

_LONGEST_TEXT = 500
_PORT = re.compile(r"[\s,]*\b(?:POE|PORT OF ENTRY)\s*$")
_ZIP = re.compile(r"\s*\b\d{5}(?:-\d{4})?$")
_ASIDE = re.compile(r"\(([^)]*)\)")
_NOT_NAME = re.compile(r"[^A-Z0-9#]+")
_DEGREES = re.compile(
    r"\s*\(?\s*(?P<lat>[+-]?\d{1,2}(?:\.\d+)?)\s*°?\s*(?P<ns>[NS])?\s*[,;/ ]\s*"
    r"(?P<lon>[+-]?\d{1,3}(?:\.\d+)?)\s*°?\s*(?P<ew>[EW])?\s*\)?\s*",
    re.IGNORECASE,
)
_SHORT = {"SAINT": "ST", "SAINTE": "STE", "FT": "FORT", "MT": "MOUNT", "INTL": "INTERNATIONAL"}
# Before these words' end a state's name is the city's own: PORT WASHINGTON, LAKE OREGON.
_LEADS = frozenset(
    {"PORT", "FORT", "MOUNT", "LAKE", "NEW", "EAST", "WEST", "NORTH", "SOUTH", "LITTLE", "POINT"}
    | {"CAPE", "CAMP", "OF", "DE", "LA", "LOWER", "UPPER", "GREATER", "NUEVO", "NUEVA"}
)
_COUNTRIES = {
    "US": "US",
    "USA": "US",
    "U S A": "US",
    "U S": "US",
    "UNITED STATES": "US",
    "UNITED STATES OF AMERICA": "US",
    "CANADA": "CA",
    "CANAD": "CA",
    "CAN": "CA",
    "MEXICO": "MX",
    "MEXIC": "MX",
    "MEX": "MX",
    "MX": "MX",
}


def state_of(text: str) -> str:
    """The code of the state or province named in the text (`WA`, `Wash.`, `WASHINGTON`)."""
    name = _name(text)
    return state_by_code(name) or state_by_name(name)


def country_of(text: str, countries: CodeList | None = None) -> str:
    """The ISO alpha-2 code of the country named; beyond the neighbors only by a list passed in."""
    name = _name(text)
    if name in _COUNTRIES or countries is None or not name:
        return _COUNTRIES.get(name, "")
    return countries.understand(text).code


@dataclass(frozen=True, slots=True)
class Place:
    """A place down to its city; `detail` is what was written beside it (bridge, airport, street).

    Coordinates are WGS 84 degrees, north and east positive.
    """

    given: str
    city: str = ""
    state: str = ""
    country: str = ""
    detail: str = ""
    is_port: bool = False
    latitude: float | None = None
    longitude: float | None = None
    problem: str = ""

    @property
    def key(self) -> str:
        """`SEATTLE|WA|US`: equal for spellings of one place; empty when not understood."""
        if not (self.city or self.state or self.country):
            return ""
        return f"{self.city}|{self.state}|{self.country}"

    @classmethod
    def parse(cls, text: str, *, countries: CodeList | None = None) -> Place:
        """Understand `CITY, STATE`, `CITY STATE`, `CITY, STATE, COUNTRY`, ports and coordinates."""
        if is_withheld(text) or not text.strip():
            return cls(given=text, problem=why_missing(text))
        degrees = _DEGREES.fullmatch(text)
        if degrees is not None:
            return _of_degrees(text, degrees)
        plain = _plain(text)
        bare = _PORT.sub("", plain)
        is_port = bare != plain
        missing = why_missing(bare)
        if missing:
            return cls(given=text, is_port=is_port, problem=missing)
        asides = [_name(aside) for aside in _ASIDE.findall(bare)]
        parts = [part.strip(" .") for part in _ASIDE.sub(" ", bare).split(",")]
        parts = [_ZIP.sub("", part) if index else part for index, part in enumerate(parts)]
        parts = [part for part in parts if _name(part)]
        if not parts:
            return cls(given=text, is_port=is_port, problem="there is no name of a place in it")
        country, parts = _without_country(parts, countries)
        city, state, details = _city_and_state(parts)
        return cls(
            given=text,
            city=city,
            state=state,
            country=country_of_state(state) or country,
            detail=", ".join(part for part in (*details, *asides) if part),
            is_port=is_port,
        )


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text[:_LONGEST_TEXT])
    return " ".join(anyascii(folded).upper().split())


def _name(text: str) -> str:
    """A name in ASCII capitals without punctuation, the usual short forms written one way."""
    plain = _plain(text) if not (text.isascii() and text.isupper()) else text
    words = _NOT_NAME.sub(" ", plain.replace("'", "")).split()
    return " ".join(_SHORT.get(word, word) for word in words)


def _without_country(parts: list[str], countries: CodeList | None) -> tuple[str, list[str]]:
    """The country, if the last part names one that is not also a state (GEORGIA), and the rest."""
    last = parts[-1]
    if state_of(last) and (len(parts) > 1 or _name(last) != "MEXICO"):
        return "", parts
    found = country_of(last, countries)
    return (found, parts[:-1]) if found else ("", parts)


def _city_and_state(parts: list[str]) -> tuple[str, str, list[str]]:
    """City, state and the rest: the rightmost part that is a state decides, left of it the city."""
    for index in range(len(parts) - 1, -1, -1):
        state = state_of(parts[index])
        if state and (index or len(parts) == 1):
            city = _name(parts[index - 1]) if index else ""
            others = [*parts[: max(index - 1, 0)], *parts[index + 1 :]]
            return city, state, [_name(part) for part in others]
    for index in range(len(parts) - 1, -1, -1):
        city, state = _parted(_name(parts[index]))
        if state:
            return city, state, [_name(part) for part in (*parts[:index], *parts[index + 1 :])]
    return (_name(parts[0]) if parts else ""), "", [_name(part) for part in parts[1:]]


def _parted(name: str) -> tuple[str, str]:
    """`SPOKANE WA` and `MIAMI FLORIDA`, written without a comma, parted; else no state."""
    words = name.split()
    for size in (1, 2, 3):
        if len(words) <= size:
            break
        head, tail = words[:-size], " ".join(words[-size:])
        by_name = "" if head[-1] in _LEADS else state_by_name(tail)
        state = (state_by_code(tail) if size == 1 else "") or by_name
        if state:
            return " ".join(head), state
    return name, ""


def _of_degrees(text: str, found: re.Match[str]) -> Place:
    latitude, longitude = float(found["lat"]), float(found["lon"])
    if (found["ns"] or "").upper() == "S":
        latitude = -latitude
    if (found["ew"] or "").upper() == "W":
        longitude = -longitude
    if abs(latitude) > 90 or abs(longitude) > 180:
        return Place(given=text, problem="coordinates are at most 90 and 180 degrees")
    if latitude == longitude == 0:
        return Place(given=text, problem="0, 0 stands for coordinates not known")
    return Place(given=text, latitude=latitude, longitude=longitude)
