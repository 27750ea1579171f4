"""One value that is asked for against those of a few records: as features say of many, sooner.

Arrays of a hundred rows take longer to be set up than to be computed with. What is asked for is
never "", which is no value; of the records it may be.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
from rapidfuzz import process
from rapidfuzz.distance import OSA

from tieline.core.matching.coded import LEAST_KNOWN, signatures
from tieline.core.matching.dates import DATE_LEVELS, LEAST_SHARE
from tieline.core.matching.feature import MISSING, Comparison, Level
from tieline.core.matching.few_dates import date_levels
from tieline.core.matching.values import (
    ALIKE,
    EDITS,
    EXACT_LEVELS,
    MISTYPED,
    NEARLY,
    NUMBER_LEVELS,
    OTHER,
    OTHER_NUMBER,
    OTHER_TEXT,
    SAME,
    TEXT_LEVELS,
    in_a_row,
    may_be_alike,
    other_house,
    text_levels,
)

__all__ = [
    "Compared",
    "compare_date",
    "compare_exact",
    "compare_number",
    "compare_street",
    "compare_text",
]

_NAN: Final = float("nan")


class Compared(NamedTuple):
    """How a value compares with that of each record."""

    levels: Sequence[Level]
    found: Comparison


def compare_exact(asked: str, found: Sequence[str], share: float) -> Compared:
    """What `values.Exact` says; `share` is how common the value is that is asked for."""
    level = [SAME if text == asked else OTHER if text else MISSING for text in found]
    return _compared(EXACT_LEVELS, level, share)


def compare_number(asked: str, found: Sequence[str], share: float) -> Compared:
    """What `values.Identifier` says, likewise."""
    level = dict.fromkeys(found, OTHER_NUMBER)
    others = [text for text in level if text and text != asked]
    apart = process.cpdist(
        *([asked] * len(others), others),
        scorer=OSA.distance,
        score_cutoff=EDITS,
        dtype=np.int32,
    )
    for at in np.flatnonzero(apart <= EDITS).tolist():
        if not in_a_row(asked, others[at]):
            level[others[at]] = MISTYPED
    level |= {asked: SAME, "": MISSING}
    return _compared(NUMBER_LEVELS, list(map(level.__getitem__, found)), share)


def compare_text(asked: str, found: Sequence[str], share: float) -> Compared:
    """What `values.Text` says, likewise."""
    level = _of_texts(asked, found)
    return _compared(TEXT_LEVELS, list(map(level.__getitem__, found)), share)


def compare_street(asked: str, found: Sequence[str], share: float) -> Compared:
    """What `values.Street` says, likewise."""
    level = _of_texts(asked, found)
    for text, at in level.items():
        if at == NEARLY and other_house(asked, text):
            level[text] = ALIKE
    return _compared(TEXT_LEVELS, list(map(level.__getitem__, found)), share)


def _of_texts(asked: str, found: Sequence[str]) -> dict[str, int]:
    level = dict.fromkeys(found, OTHER_TEXT)
    others = [text for text in level if text and text != asked]
    drawn = signatures([asked, *others])
    near = [others[at] for at in np.flatnonzero(may_be_alike(drawn[:1], drawn[1:])).tolist()]
    level |= zip(near, text_levels([asked] * len(near), near).tolist(), strict=True)
    return level | {asked: SAME, "": MISSING}


def compare_date(asked: str, found: Sequence[str], share: float) -> Compared:
    """What `dates.Dates` says of dates as yyyymmdd, unknown parts 0; "" is none."""
    whole = np.array([int(text or 0) for text in found], np.int64)
    level = date_levels(int(asked), whole)
    return _compared(DATE_LEVELS, level, max(share, LEAST_SHARE))


def _compared(levels: Sequence[Level], level: npt.ArrayLike, share: float) -> Compared:
    """The very value weighs by how rare it is, all else as its level does."""
    found = np.array(level, np.int8)
    bits = -math.log2(max(share, LEAST_KNOWN))
    rarity = np.where(found == SAME, np.float32(bits), np.float32(_NAN))
    return Compared(levels, Comparison(found, rarity))
