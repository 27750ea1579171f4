"""Ages as told: whole years, sometimes a guess."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tieline.core.values.placeholders import why_missing

_OLDEST = 120
_ESTIMATE = re.compile(
    r"\b(?:EST(?:IMATED)?|ABT|ABOUT|APPROX(?:IMATELY)?|CLAIMED|CLAIMS|CA)\b\.?|[~?()]",
    re.IGNORECASE,
)
_YEARS = re.compile(
    r"(\d{1,3})(?:\.0+)?\s*-?\s*(?:Y|YO|Y/O|YRS?\.?|YEARS?(?: OLD)?)?", re.IGNORECASE
)
_LESS = re.compile(
    r"(\d{1,3})\s*(?:D|DAYS?|W|WKS?|WEEKS?|M|MOS?|MONTHS?)\.?(?: OLD)?", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Age:
    """An age in completed years, 0 to 120; `estimated`: claimed or guessed (`27 est`, `~27`)."""

    given: str
    years: int | None = None
    estimated: bool = False
    problem: str = ""

    @classmethod
    def parse(cls, text: str) -> Age:
        """Understand years, or months, weeks and days of a child under two years."""
        missing = why_missing(text)
        if missing:
            return cls(given=text, problem=missing)
        bare = _ESTIMATE.sub(" ", text).strip()
        estimated = _ESTIMATE.search(text) is not None
        years = _YEARS.fullmatch(bare)
        if years is not None:
            number = int(years[1])
            if number > _OLDEST:
                return cls(given=text, problem=f"{number} is above {_OLDEST} years")
            return cls(given=text, years=number, estimated=estimated)
        less = _LESS.fullmatch(bare)
        if less is None:
            return cls(given=text, problem=f"{text[:40]!r} is not one number of years")
        unit = bare[less.end(1) :].strip().upper()[:1]
        per_year = {"D": 365, "W": 52, "M": 12}[unit]
        number = int(less[1]) // per_year
        return cls(given=text, years=number, estimated=estimated)
