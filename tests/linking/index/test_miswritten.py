"""What a word that few bear may stand for."""

from __future__ import annotations

import pytest

from tieline.linking.index.miswritten import likeliest, may_stand_for

SEEN = {"PEREZ": 9000, "PEREA": 40, "GARCIA": 8000, "MUNOZ": 700, "LOPEZ": 5000, "REZ": 3}


def meant(word: str, bearers: int = 0) -> list[str]:
    looked_up = may_stand_for(word, bearers)
    return likeliest(word, bearers, {one: SEEN[one] for one in looked_up if one in SEEN})


@pytest.mark.parametrize("word", ["EPREZ", "PREZ", "PEREEZ", "PEREX", "XPEREZ"])
def test_a_slip_of_whom_nobody_bears(word: str) -> None:
    assert meant(word)[0] == "PEREZ"


def test_the_commoner_of_two_is_first_and_no_more_than_two_are_taken() -> None:
    assert meant("PEREY") == ["PEREZ", "PEREA"]
    assert likeliest("AAAA", 0, {"AAAB": 1, "AAAC": 3, "AAAD": 2}) == ["AAAC", "AAAD"]


def test_a_word_that_some_bear_stands_for_what_is_far_commoner_and_soon_looked_up() -> None:
    assert meant("EPREZ", 100) == ["PEREZ"]
    assert meant("EPREZ", 190) == []
    assert meant("PEREX", 1) == [], "another letter: four hundred words would be looked up"
    assert len(may_stand_for("EPREZ", 1)) < 20


def test_two_words_written_as_one() -> None:
    assert meant("GARCIAMUNOZ") == ["GARCIA", "MUNOZ"]
    assert meant("GARCIAMUNOZ", 13) == ["GARCIA", "MUNOZ"]
    assert meant("GARCIAMUNOZ", 14) == [], "as rare as the rarer of its parts allows"
    assert meant("GARCIAXXXXX") == []


def test_a_part_of_a_word_is_no_slip_of_it() -> None:
    assert meant("PEREZREZ", 0) == ["PEREZ", "REZ"]


@pytest.mark.parametrize("word", ["", "A", "LEE"])
def test_of_a_short_word_all_is_near(word: str) -> None:
    assert may_stand_for(word, 0) == set()


def test_of_the_longest_word_two_thousand_are_looked_up_and_no_more() -> None:
    assert len(may_stand_for("ABCDEFGHIJ" * 4, 0)) < 2_300
