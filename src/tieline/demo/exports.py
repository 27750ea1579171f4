"""Two exports of two systems that share no number, and the truth that neither system knows."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from itertools import accumulate
from random import Random

from tieline.demo.mistakes import misdate, mishear, mistype, respell, shorten
from tieline.demo.people import Person, invent_people

TODAY = date(2025, 6, 1)  # the exports are of that day; a clock would give other people each day
Row = dict[str, str]

LEFT_COLUMNS = ("EVENT_NO", "SUBJ_LAST", "SUBJ_FIRST", "DOB", "SEX", "CITZ", "PHONE")
RIGHT_COLUMNS = (
    *("RECORD_ID", "NAME_FAMILY", "NAME_GIVEN", "BIRTH_DATE", "GENDER", "COUNTRY"),
    *("PHONE_NO", "CITY"),
)


@dataclass(frozen=True, slots=True)
class Habits:
    """How often one system's clerks err; shares of all rows."""

    typing: float
    hearing: float
    spelling: float
    nickname: float
    one_surname: float
    surnames_swapped: float
    hyphen: float
    names_swapped: float
    one_given: float
    wrong_date: float
    no_date: float
    no_sex: float
    no_citizenship: float
    no_phone: float


# In the field, in haste, from what the subject says.
LEFT = Habits(
    typing=0.06,
    hearing=0.03,
    spelling=0.25,
    nickname=0.04,
    one_surname=0.22,
    surnames_swapped=0.03,
    hyphen=0.03,
    names_swapped=0.02,
    one_given=0.35,
    wrong_date=0.06,
    no_date=0.02,
    no_sex=0.01,
    no_citizenship=0.01,
    no_phone=0.45,
)
# At a desk, from papers.
RIGHT = Habits(
    typing=0.03,
    hearing=0.01,
    spelling=0.15,
    nickname=0.02,
    one_surname=0.15,
    surnames_swapped=0.02,
    hyphen=0.15,
    names_swapped=0.01,
    one_given=0.2,
    wrong_date=0.03,
    no_date=0.03,
    no_sex=0.02,
    no_citizenship=0.03,
    no_phone=0.4,
)
CAREFUL = Habits(**{habit.name: 0.0 for habit in fields(Habits)})
SEXES = {"F": "Female", "M": "Male", "": "Unknown"}


@dataclass(frozen=True, slots=True)
class Exports:
    """Both exports; `truth` names each pair of rows that are one person."""

    left: list[Row]
    right: list[Row]
    truth: list[tuple[str, str]]


def two_exports(
    *,
    rows: int,
    overlap: float,
    seed: int,
    right_rows: int | None = None,
    indistinguishable: int = 0,
) -> Exports:
    """Exports of `rows` and `right_rows` people, of whom a share `overlap` stands in both.

    The share is of the smaller export. `indistinguishable` asks for that many pairs of people who
    have everything in common that both systems write down: nobody can tell whose row is whose.
    """
    rng = Random(seed)  # noqa: S311  invented people need no secrecy
    right_rows = rows if right_rows is None else right_rows
    shared = round(min(rows, right_rows) * overlap)
    people = invent_people(rows + right_rows - shared, rng=rng, today=TODAY)
    alike = 2 * min(indistinguishable, shared // 2)
    for first in range(0, alike, 2):
        people[first] = people[first + 1] = replace(people[first], phone="")

    of_left = list(range(rows))
    of_right = [*range(shared), *range(rows, len(people))]
    rng.shuffle(of_left)
    rng.shuffle(of_right)
    left = [
        _left_row(people[who], number, CAREFUL if who < alike else LEFT, rng)
        for who, number in zip(of_left, _numbers(rows, 240_000, rng), strict=True)
    ]
    right = [
        _right_row(people[who], number, CAREFUL if who < alike else RIGHT, rng)
        for who, number in zip(of_right, _numbers(right_rows, 7_100_000, rng), strict=True)
    ]
    numbers = {who: row["RECORD_ID"] for who, row in zip(of_right, right, strict=True)}
    truth = [
        (row["EVENT_NO"], numbers[who])
        for who, row in zip(of_left, left, strict=True)
        if who < shared
    ]
    return Exports(left, right, truth)


def _numbers(count: int, start: int, rng: Random) -> list[int]:
    # Rising with gaps, as a system gives them.
    return list(accumulate((rng.randint(1, 6) for _ in range(count)), initial=start))[1:]


def _left_row(person: Person, number: int, habits: Habits, rng: Random) -> Row:
    written = written_down(person, habits, rng)
    return {
        "EVENT_NO": f"E{number}",
        "SUBJ_LAST": _capitals(_joined(written.surnames, habits, rng)),
        # What the field writes for a person of a single name: first name unknown.
        "SUBJ_FIRST": _capitals(" ".join(written.given)) or "FNU",
        "DOB": _kept(written.born.strftime("%m/%d/%Y"), habits.no_date, rng),
        "SEX": _kept(person.sex, habits.no_sex, rng) or rng.choice(("", "U")),
        "CITZ": _kept(person.origin.citizenship, habits.no_citizenship, rng),
        "PHONE": _local_phone(_kept(person.phone, habits.no_phone, rng)),
    }


def _right_row(person: Person, number: int, habits: Habits, rng: Random) -> Row:
    written = written_down(person, habits, rng)
    return {
        "RECORD_ID": f"R-{number}",
        "NAME_FAMILY": _joined(written.surnames, habits, rng),
        "NAME_GIVEN": " ".join(written.given),
        "BIRTH_DATE": _kept(written.born.isoformat(), habits.no_date, rng),
        "GENDER": SEXES[_kept(person.sex, habits.no_sex, rng)],
        "COUNTRY": _kept(person.origin.iso3, habits.no_citizenship, rng),
        "PHONE_NO": _kept(person.phone, habits.no_phone, rng),
        "CITY": person.city,
    }


def written_down(person: Person, habits: Habits, rng: Random) -> Person:
    """The person as one clerk writes the names and the date of birth."""
    given, family = list(person.given), list(person.surnames)
    if len(family) > 1:
        chance = rng.random()
        if chance < habits.one_surname:
            del family[1]
        elif chance < habits.one_surname + habits.surnames_swapped:
            family.reverse()
    if len(given) > 1 and rng.random() < habits.one_given:
        del given[1:]
    for slip, share, names in (
        (respell, habits.spelling, given),
        (respell, habits.spelling, family),
        (shorten, habits.nickname, given),
        (mistype, habits.typing, given),
        (mistype, habits.typing, family),
        (mishear, habits.hearing, given),
        (mishear, habits.hearing, family),
    ):
        _slip(names, slip, share, rng)
    if given and rng.random() < habits.names_swapped:
        given, family = family, given
    born = misdate(person.born, rng) if rng.random() < habits.wrong_date else person.born
    return replace(person, given=tuple(given), surnames=tuple(family), born=min(born, TODAY))


def _slip(names: list[str], slip: Callable[[str, Random], str], share: float, rng: Random) -> None:
    if names and rng.random() < share:
        at = rng.randrange(len(names))
        names[at] = slip(names[at], rng)


def _joined(names: Sequence[str], habits: Habits, rng: Random) -> str:
    return ("-" if rng.random() < habits.hyphen else " ").join(names)


def _kept(value: str, missing: float, rng: Random) -> str:
    return "" if rng.random() < missing else value


def _capitals(text: str) -> str:
    """Without accents, as the older system knows only plain capitals."""
    apart = unicodedata.normalize("NFD", text)
    return "".join(mark for mark in apart if not unicodedata.combining(mark)).upper()


def _local_phone(phone: str) -> str:
    if phone.startswith("+1"):
        return f"({phone[2:5]}) {phone[5:8]}-{phone[8:]}"
    return f"011-{phone[1:3]}-{phone[3:6]}-{phone[6:]}" if phone else ""
