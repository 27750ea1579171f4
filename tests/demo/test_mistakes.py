"""A mistake changes what it says it changes, and nothing ever breaks on an odd name."""

from __future__ import annotations

from datetime import date
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import DamerauLevenshtein

from tieline.demo.mistakes import misdate, mishear, mistype, respell, shorten
from tieline.demo.names import nicknames, variants

seeds = st.integers(0, 2**32)
names = st.text(st.characters(categories=["L"]), max_size=20)


@given(names, seeds)
def test_a_typing_error_is_one_keystroke_away(name: str, seed: int) -> None:
    assert DamerauLevenshtein.distance(name, mistype(name, Random(seed))) <= 1


@given(st.one_of(names, st.sampled_from(sorted(nicknames()))), seeds)
def test_no_name_is_ever_emptied(name: str, seed: int) -> None:
    rng = Random(seed)
    for slip in (mistype, mishear, respell, shorten):
        assert bool(slip(name, rng)) == bool(name)


@given(st.dates(date(1930, 1, 1), date(2020, 12, 31)), seeds)
def test_a_mistaken_date_keeps_something_of_the_true_one(born: date, seed: int) -> None:
    wrong = misdate(born, Random(seed))
    parts = (wrong.year == born.year, wrong.month == born.month, wrong.day == born.day)
    assert any(parts)


def test_day_and_month_are_swapped_at_times() -> None:
    born = date(1990, 3, 11)
    assert date(1990, 11, 3) in {misdate(born, Random(seed)) for seed in range(50)}


@pytest.mark.parametrize(("name", "other"), [("Mohamed", "Muhammad"), ("Zhang", "Chang")])
def test_another_spelling_goes_both_ways(name: str, other: str) -> None:
    assert other in variants()[name]
    assert name in variants()[other]


def test_a_name_without_a_short_form_is_kept() -> None:
    assert shorten("Xyl", Random(1)) == "Xyl"
    assert shorten("Guadalupe", Random(1)) == "Lupe"
