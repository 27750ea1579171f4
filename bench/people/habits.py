"""How often clerks err, by where they write; shares of all records."""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class Habits:
    """The shares of one system."""

    capitals: float
    """Written in capitals without accents."""
    typing: float
    hearing: float
    spelling: float
    nickname: float
    one_given: float
    initial: float
    """The second given name as one letter."""
    apart: float
    """Of two surnames, the second in its own column; else both in the first."""
    one_surname: float
    second_alone: float
    surnames_swapped: float
    hyphen: float
    joined: float
    """Two words written as one."""
    names_swapped: float
    date_swapped: float
    day_off: float
    year_off: float
    month_off: float
    first_of_january: float
    digit_slip: float
    moved: float
    """Another address and phone than the household's first."""
    missing: dict[str, float]


# In the field, in haste, from what the person says.
FIELD = Habits(
    capitals=1.0,
    typing=0.08,
    hearing=0.04,
    spelling=0.15,
    nickname=0.05,
    one_given=0.35,
    initial=0.1,
    apart=0.2,
    one_surname=0.22,
    second_alone=0.03,
    surnames_swapped=0.04,
    hyphen=0.04,
    joined=0.03,
    names_swapped=0.02,
    date_swapped=0.03,
    day_off=0.02,
    year_off=0.03,
    month_off=0.01,
    first_of_january=0.015,
    digit_slip=0.03,
    moved=0.3,
    missing={
        **{"birth_date": 0.02, "sex": 0.01, "country": 0.02, "given": 0.004, "surname": 0.002},
        **{"a_number": 0.5, "fin": 0.6, "passport": 0.75, "phone": 0.5},
        **{"address": 0.3, "city": 0.2, "postal_code": 0.35},
    },
)
# At a desk, from papers.
DESK = Habits(
    capitals=0.1,
    typing=0.04,
    hearing=0.015,
    spelling=0.1,
    nickname=0.02,
    one_given=0.2,
    initial=0.1,
    apart=0.8,
    one_surname=0.15,
    second_alone=0.01,
    surnames_swapped=0.02,
    hyphen=0.12,
    joined=0.02,
    names_swapped=0.01,
    date_swapped=0.015,
    day_off=0.01,
    year_off=0.015,
    month_off=0.005,
    first_of_january=0.01,
    digit_slip=0.015,
    moved=0.25,
    missing={
        **{"birth_date": 0.025, "sex": 0.02, "country": 0.03, "given": 0.003, "surname": 0.001},
        **{"a_number": 0.4, "fin": 0.5, "passport": 0.6, "phone": 0.4},
        **{"address": 0.2, "city": 0.1, "postal_code": 0.2},
    },
)
# Nobody errs and nothing is missing: what a single habit is measured against.
CAREFUL = Habits(
    **{habit.name: 0.0 for habit in fields(Habits) if habit.name != "missing"}, missing={}
)
