"""Numbers of cases, subject records and lookouts: each given out once."""

from __future__ import annotations

import re
from typing import Final

from tieline.keeping.keeper import Keeper
from tieline.keeping.series import BadNumber, Series, next_of, note_taken

__all__ = ["BadNumber", "NumberSeries", "next_number", "shape_of", "take_numbers"]

_SHAPES: Final = {
    "case": re.compile(r"(?P<series>[A-Z][A-Z0-9]{0,5}-\d{2}-)(?P<count>\d{4,9})"),
    "subject": re.compile(r"(?P<series>SR-\d{2}-)(?P<count>\d{6,9})"),
    "lookout": re.compile(r"(?P<series>LK-\d{2}-)(?P<count>\d{6,9})"),
}
_DIGITS: Final = {"case": 4, "subject": 6, "lookout": 6}


class NumberSeries(Series):
    """How far a series has come: `TU-26-`, `SR-26-`, `LK-26-`."""

    class Meta:
        app_label = "investigations"
        db_table = "inv_number_series"


def shape_of(kind: str) -> str:
    """Which form of number a kind has."""
    return kind if kind in _SHAPES else "subject"


def next_number(keeper: Keeper, series: str, shape: str) -> str:
    """The next of a series; the caller holds the ledger's lock."""
    return f"{series}{next_of(NumberSeries, series, keeper=keeper):0{_DIGITS[shape]}d}"


def take_numbers(keeper: Keeper, numbers: dict[str, str]) -> None:
    """Note numbers that came with records, each with its shape, so that none is given out again."""
    furthest: dict[str, int] = {}
    for number, shape in numbers.items():
        found = _SHAPES[shape].fullmatch(number)
        if found is None:
            raise BadNumber(
                f"a record came with a number that no {shape} has",
                cure="Numbers look like TU-26-0417, SR-26-000123 or LK-26-000045.",
            )
        series = found["series"]
        furthest[series] = max(furthest.get(series, 0), int(found["count"]))
    note_taken(NumberSeries, furthest, keeper=keeper)
