"""Other names of a row: each makes one more face of it, alike in all but the name.

A face meets others by keys and is weighed as a row of its own; whatever is found of it is then said
of the row. So an alias needs no comparison of its own, and finds who gave it as a name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from tieline.core.matching.coded import Factor
from tieline.core.matching.feature import Rows
from tieline.linking.fieldmap import BadMap, Field, Kind, LinkMap, Role
from tieline.linking.person_names import NAME_KINDS
from tieline.linking.reading import Sheet

__all__ = ["faces_of", "match_fields", "refuse_aliases"]

_BETWEEN: Final = re.compile(r"[;|\n\r]|\ba\.?k\.?a\b\.?|\balias\b", re.IGNORECASE)
_MOST: Final = 12
"""Other names of one row that are looked at."""


def match_fields(plan: LinkMap) -> tuple[Field, ...]:
    """The fields that are compared: all that match, but for other names."""
    return tuple(one for one in plan.of_role(Role.MATCH) if one.kind is not Kind.ALIAS)


def refuse_aliases(plan: LinkMap, job: str) -> None:
    """Raise BadMap where a map has other names and the job cannot use them."""
    if any(one.kind is Kind.ALIAS for one in plan.of_role(Role.MATCH)):
        raise BadMap(
            f"{job} does not use fields of the kind alias",
            cure='give the field role = "carry"; dedupe and index use it',
        )


def faces_of(sheet: Sheet, plan: LinkMap) -> tuple[Sheet, Rows]:
    """The sheet with a row more for each other name, after all others, and of each row its origin.

    A face has its origin's number. Raises BadMap where there is no name that it could replace.
    """
    aliases = [one for one in plan.of_role(Role.MATCH) if one.kind is Kind.ALIAS]
    own = np.arange(sheet.size, dtype=np.int32)
    if not aliases:
        return sheet, own
    names = [one for one in plan.of_role(Role.MATCH) if one.kind in NAME_KINDS]
    if not names:
        raise BadMap(
            "the map has other names of people, but no name",
            cure='add the field of the name itself: kind = "name", or "given" and "surname"',
        )
    origin: list[int] = []
    said: list[str] = []
    for field in aliases:
        factor = sheet.factor(field.columns(sheet.side))
        parted = [_parted(text) for text in factor.values]
        for row in np.flatnonzero(factor.codes >= 0).tolist():
            for name in parted[factor.codes[row]]:
                origin.append(row)
                said.append(name)
    rows = np.concatenate([own, np.array(origin, np.int32)])
    factors = {name: Factor(one.codes[rows], one.values) for name, one in sheet.factors.items()}
    factors |= _renamed(sheet, names, origin, said)
    return replace(
        sheet, numbers=[sheet.numbers[at] for at in rows.tolist()], factors=factors
    ), rows


def _parted(text: str) -> list[str]:
    names = (part.strip(" ,.") for part in _BETWEEN.split(text))
    return [name for name in dict.fromkeys(names) if name][:_MOST]


def _renamed(
    sheet: Sheet, names: Sequence[Field], origin: Sequence[int], said: Sequence[str]
) -> dict[str, Factor]:
    """The columns of names, with the other names below their own."""
    given = [one for one in names if one.kind is Kind.GIVEN]
    surnames = [one for one in names if one.kind in (Kind.SURNAME, Kind.SURNAME2)]
    split = [_split(name) for name in said]
    first: dict[str, list[str]] = {}
    for fields, values in (
        ([one for one in names if one.kind is Kind.NAME], list(said)),
        (given, [one for one, _ in split] if surnames else list(said)),
        (surnames, [other for _, other in split] if given else list(said)),
    ):
        columns = [name for field in fields for name in field.columns(sheet.side)]
        # All of it in the first of several columns: they make one name together.
        first |= {
            name: values if place == 0 else [""] * len(said) for place, name in enumerate(columns)
        }
    return {name: Factor.of([*sheet.factors[name].texts(), *more]) for name, more in first.items()}


def _split(name: str) -> tuple[str, str]:
    """Given name and surname: by the comma, else the first word and the others.

    Where that is wrong, names still compare: a given name that stands among surnames is seen.
    """
    if "," in name:
        surname, _, given = name.partition(",")
        return given.strip(), surname.strip()
    given, _, surname = name.partition(" ")
    return (given, surname.strip()) if surname else ("", given)
