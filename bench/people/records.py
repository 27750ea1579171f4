"""What clerks wrote down of people: one row a record, a column a field, mistakes and gaps in it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from random import Random

import numpy as np
from bench.people.entities import Entities, a_numbers, fins, passports, phones, places
from bench.people.habits import Habits
from bench.people.tables import CITIES, SEXES, STREET_KINDS, STREETS, Ints, Texts, capitals, tables
from numpy.random import Generator
from numpy.typing import NDArray

from tieline.demo.mistakes import mishear, mistype, respell, shorten

COLUMNS = (
    *("given", "surname", "surname2", "birth_date", "sex", "a_number", "fin", "passport"),
    *("phone", "address", "city", "postal_code", "country"),
)
Columns = dict[str, Texts]
Mask = NDArray[np.bool_]
ONE_PHONE = 0.5
"""Of households, those whose people all give the same phone."""

LAST_YEAR = 2025

_capitals = cache(capitals)
_ISO3 = np.array([origin.iso3 for origin in tables().origins], dtype=object)
_CITIES = np.array([name for name, _ in CITIES], dtype=object)


def write_down(people: Entities, which: Ints, habits: Habits, seed: list[int]) -> Columns:
    """One record for each place in `which`; None stands for what was not written."""
    rng = np.random.default_rng(seed)
    rows = len(which)
    columns = {
        **_names(people, which, habits, rng),
        "birth_date": _date(people.born[which], habits, rng),
        "sex": np.array(SEXES, dtype=object)[people.sex[which]],
        "country": _ISO3[people.origin[which]],
        **_numbers(people, which, habits, rng),
        **_place(people, which, habits, rng),
    }
    for name, share in habits.missing.items():
        columns[name][_some(rng, rows, share)] = None
    return {name: columns[name] for name in COLUMNS}


def _some(rng: Generator, rows: int, share: float) -> Mask:
    # Drawn even where nobody errs, so that one habit changes no other's rows.
    return rng.random(rows) < share


def _names(people: Entities, which: Ints, habits: Habits, rng: Generator) -> Columns:
    rows = len(which)
    real = np.append(tables().texts, "")  # the last is what -1 finds
    given = [real[people.given[which]], real[people.given2[which]]]
    family = [real[people.surname[which]], real[people.surname2[which]]]
    careless = Random(int(rng.integers(2**62)))
    for parts, slip, share in (
        (given, respell, habits.spelling),
        (family, respell, habits.spelling),
        (given, shorten, habits.nickname),
        (given, mistype, habits.typing),
        (family, mistype, habits.typing),
        (given, mishear, habits.hearing),
        (family, mishear, habits.hearing),
    ):
        _slip(parts, slip, _some(rng, rows, share), _some(rng, rows, 0.5), careless)
    in_capitals = _some(rng, rows, habits.capitals)
    for part in (*given, *family):
        part[in_capitals] = [_capitals(text) for text in part[in_capitals]]
    written = _given(given, habits, rng)
    surname, surname2 = _surnames(family, habits, rng)
    swapped = _some(rng, rows, habits.names_swapped)
    return {
        "given": _or_none(np.where(swapped, surname, written)),
        "surname": _or_none(np.where(swapped, written, surname)),
        "surname2": _or_none(surname2),
    }


def _slip(
    parts: list[Texts],
    slip: Callable[[str, Random], str],
    hit: Mask,
    later: Mask,
    careless: Random,
) -> None:
    """Change one of the two names of each row that is hit."""
    second = hit & later & (parts[1] != "")
    for part, here in zip(parts, (hit & ~second, second), strict=True):
        part[here] = [slip(text, careless) if text else text for text in part[here]]


def _given(given: list[Texts], habits: Habits, rng: Generator) -> Texts:
    first, second = given
    chance = rng.random(len(first))
    second = np.where(chance < habits.one_given, "", second)
    short = np.flatnonzero((chance >= 1 - habits.initial) & (second != ""))
    second[short] = [text[0] for text in second[short]]
    return _with_blank(first, second)


def _surnames(family: list[Texts], habits: Habits, rng: Generator) -> tuple[Texts, Texts]:
    first, second = family
    two = second != ""
    chance = rng.random(len(first))
    edges = np.cumsum([habits.one_surname, habits.second_alone, habits.surnames_swapped])
    one, alone, turned = (
        two & (chance < edges[0]),
        two & (chance >= edges[0]) & (chance < edges[1]),
        two & (chance >= edges[1]) & (chance < edges[2]),
    )
    first, second = (
        np.where(alone | turned, second, first),
        np.where(one | alone, "", np.where(turned, first, second)),
    )
    chance = rng.random(len(first))
    hyphen = chance < habits.hyphen
    joined = ~hyphen & (chance < habits.hyphen + habits.joined)
    # "De la Cruz" is written as one word as readily as two surnames are.
    for part in (first, second):
        part[joined] = [text.replace(" ", "") for text in part[joined]]
    apart = _some(rng, len(first), habits.apart) & ~hyphen & ~joined
    together = ~apart & (second != "")
    between = np.where(hyphen, "-", np.where(joined, "", " ")).astype(object)
    return (
        np.where(together, first + np.where(together, between, "") + second, first),
        np.where(together, "", second),
    )


def _with_blank(first: Texts, second: Texts) -> Texts:
    joined: Texts = (
        first + np.where((first != "") & (second != ""), " ", "").astype(object) + second
    )
    return joined


def _or_none(texts: Texts) -> Texts:
    found = texts.copy()
    found[texts == ""] = None
    return found


def _date(born: NDArray[np.datetime64], habits: Habits, rng: Generator) -> Texts:
    """Day and month swapped, a neighboring key, another year or month, the first of January."""
    rows = len(born)
    months = born.astype("datetime64[M]")
    year = born.astype("datetime64[Y]").astype(np.int64) + 1970
    month = months.astype(np.int64) % 12 + 1
    day = (born - months).astype(np.int64) + 1
    chance = rng.random(rows)
    steps = (
        *(habits.date_swapped, habits.day_off, habits.year_off, habits.month_off),
        habits.first_of_january,
    )
    kind = np.searchsorted(np.cumsum(steps), chance, side="right")
    swapped = (kind == 0) & (day <= 12)
    month, day = np.where(swapped, day, month), np.where(swapped, month, day)
    moved = day + rng.choice((-1, 1, -10, 10), rows)
    day = np.where((kind == 1) & (moved >= 1) & (moved <= 28), moved, day)
    wrong = year + rng.choice((-1, 1, -10, 10, -2, 2), rows)
    # A child of the year to come stands on no paper.
    year = np.where((kind == 2) & (wrong < LAST_YEAR), wrong, year)
    other = rng.integers(1, 13, rows)
    # The 31st of June is what a slip makes of a month, but no form takes it.
    month, day = np.where(kind == 3, other, month), np.where(kind == 3, np.minimum(day, 28), day)
    day = np.where((kind == 2) & (month == 2), np.minimum(day, 28), day)
    month, day = np.where(kind == 4, 1, month), np.where(kind == 4, 1, day)
    days = ((year - 1970).astype("datetime64[Y]").astype("datetime64[M]") + (month - 1)).astype(
        "datetime64[D]"
    ) + (day - 1)
    written: Texts = np.datetime_as_string(days).astype(object)
    return written


def _numbers(people: Entities, which: Ints, habits: Habits, rng: Generator) -> Columns:
    who = people.first + which
    letters = "ABCDEGHKLMNPRTVX"
    # Those of a house with one phone give the house's number, the others their own.
    house = people.house[which]
    line = np.where(house * 7919 % 1000 < ONE_PHONE * 1000, house, who)
    line = line * 3 + (rng.random(len(which)) < habits.moved / 2)
    a_number, fin, passport, phone = (
        _with_slip(numbers, digits, habits.digit_slip, rng)
        for numbers, digits in (
            *((a_numbers(who), 8), (fins(who), 9), (passports(who), 7), (phones(line), 7)),
        )
    )
    columns = {
        "a_number": [f"A{number:09d}" for number in a_number.tolist()],
        "fin": [str(number) for number in fin.tolist()],
        "passport": [
            f"{letters[one % 16]}{number:08d}"
            for one, number in zip(who.tolist(), passport.tolist(), strict=True)
        ],
        "phone": [
            f"({n // 10_000_000}) {n // 10_000 % 1000:03d}-{n % 10_000:04d}" for n in phone.tolist()
        ],
    }
    found = {name: np.array(values, dtype=object) for name, values in columns.items()}
    for name, has in people.has.items():
        found[name][~has[which]] = None
    return found


def _with_slip(numbers: Ints, digits: int, share: float, rng: Generator) -> Ints:
    """One digit of some of them another one."""
    place = 10 ** rng.integers(0, digits, len(numbers))
    old = numbers // place % 10
    new = (old + rng.integers(1, 10, len(numbers))) % 10
    return np.where(_some(rng, len(numbers), share), numbers + (new - old) * place, numbers)


def _place(people: Entities, which: Ints, habits: Habits, rng: Generator) -> Columns:
    move = (rng.random(len(which)) < habits.moved).astype(np.int64)
    move += move * (rng.random(len(which)) < 0.4)
    mixed, city, postal = places(people.house[which], move)
    address = [
        f"{n % 9899 + 100} {STREETS[n // 9899 % len(STREETS)]} {STREET_KINDS[n // 600_000 % 8]}"
        for n in mixed.tolist()
    ]
    return {
        "address": np.array(address, dtype=object),
        "city": _CITIES[city],
        "postal_code": np.array([f"{code:05d}" for code in postal.tolist()], dtype=object),
    }
