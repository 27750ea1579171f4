"""Licence plates."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tieline.core.values.placeholders import is_one_sign_repeated, why_missing
from tieline.core.values.places import country_of, state_of

_SEPARATORS = re.compile(r"[\s\-·•.]+")
_SHAPE = re.compile(r"[A-Z0-9]{2,10}")
# "WA ABC1234", "ABC1234 (WA)", "ABC1234, Washington", "CA: 7ABC123"
_BEHIND = re.compile(r"(?P<plate>[^,(/]+?)\s*[,(/]\s*(?P<where>[A-Za-z .]{2,30})\)?\s*")
_AHEAD = re.compile(r"(?P<where>[A-Za-z]{2})\s*[:/ ]\s*(?P<plate>[^,:/]+)")


@dataclass(frozen=True, slots=True)
class Plate:
    """A plate's 2 to 10 letters and digits, and the state or country that gave it, if told.

    Where is a two-letter state or province (`WA`, `BC`), or a country's two letters; O and 0, I
    and 1 are kept as given: states differ on which of them they use.
    """

    given: str
    number: str = ""
    where: str = ""
    problem: str = ""

    @property
    def key(self) -> str:
        """`WA|ABC1234`, or `|ABC1234` where nothing was told."""
        return f"{self.where}|{self.number}" if self.number else ""

    @classmethod
    def parse(cls, text: str, *, where: str = "") -> Plate:
        """Understand a plate; `where` is the column beside it, if there is one."""
        missing = why_missing(text)
        if missing:
            return cls(given=text, problem=missing)
        plate, told = (text, where) if where.strip() else _parted(text)
        number = _SEPARATORS.sub("", plate.upper())
        if _SHAPE.fullmatch(number) is None:
            return cls(given=text, problem="a plate has 2 to 10 letters and digits")
        if is_one_sign_repeated(number) and len(number) > 3:
            return cls(given=text, problem="it is one sign over and over")
        place = state_of(told) or country_of(told)
        if told.strip() and not place:
            return cls(
                given=text, number=number, problem=f"{told.strip()[:30]!r} is no state known"
            )
        return cls(given=text, number=number, where=place)


def _parted(text: str) -> tuple[str, str]:
    """The plate and where it is from, when one text tells both; a guess only for known states."""
    for shape in (_BEHIND, _AHEAD):
        found = shape.fullmatch(text.strip())
        if found is not None and (state_of(found["where"]) or country_of(found["where"])):
            return found["plate"], found["where"]
    return text, ""
