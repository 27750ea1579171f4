"""How two values compare, one row a phenomenon."""

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np
import pytest

from tieline.core.matching import dates, names, quantities, values
from tieline.core.matching.coded import Coded
from tieline.core.matching.feature import MISSING, Feature
from tieline.core.matching.vocabulary import Vocabulary
from tieline.core.values.names import tokens
from tieline.core.values.sounds import phonetics

NICKNAMES = {"PEPE": "JOSE", "BOB": "ROBERT", "BETO": "ROBERTO"}


def level(feature: Feature) -> str:
    """How the only row of the left compares with the only row of the right."""
    first = np.zeros(1, np.int32)
    found = feature.compare(first, first).level[0]
    return "missing" if found == MISSING else feature.levels[found].words


def name_feature(left: str, right: str, *, kind: str = "surname") -> names.Name:
    columns = [[tokens(part) for part in side.split("|")] for side in (left, right)]
    words = sorted({word for side in columns for part in side for word in part})
    vocabulary = Vocabulary.of(
        words, canonical=lambda word: NICKNAMES.get(word, word), sounds=phonetics
    )
    numbers = {word: at for at, word in enumerate(vocabulary.words)}
    made = [
        names.NameColumn.of([columns[0][at]], [columns[1][at]], numbers, vocabulary, most=6)
        for at in range(len(columns[0]))
    ]
    return names.Name(kind, made[0], made[1] if len(made) > 1 else None)


@pytest.mark.parametrize(
    ("left", "right", "words"),
    [
        ("GARCIA", "García", "the same"),
        ("GARCIA LOPEZ", "LOPEZ GARCIA", "the same words in another order"),
        ("GARCIA LOPEZ", "GARCIA", "all words of the shorter name"),
        ("DE LA CRUZ", "CRUZ", "the same"),
        ("PEPE", "JOSE", "a short or other form of the name"),
        ("HERNANDEZ", "HERNADEZ", "nearly the same: mistyped"),
        ("GARCIA HERNANDEZ", "GARCIA HERNADEZ", "nearly the same: mistyped"),
        ("J", "JOSE", "initial agrees"),
        ("VACA", "BAKA", "sounds alike"),
        ("GARCIA LOPEZ", "GARCIA PEREZ", "one name of several agrees"),
        ("SMITH", "NGUYEN", "different"),
        ("MARIA MARIA", "MARIA", "all words of the shorter name"),
        ("", "SMITH", "missing"),
        ("😀", "SMITH", "missing"),
        ("Иванов", "IVANOV", "the same"),
    ],
)
def test_names(left: str, right: str, words: str) -> None:
    assert level(name_feature(left, right)) == words
    assert level(name_feature(right, left)) == words


@pytest.mark.parametrize(
    ("left", "right", "words"),
    [
        ("JOSE|GARCIA", "GARCIA|JOSE", "given name and surname swapped"),
        ("JOSE|GARCIA", "GARCA|JOSE", "given name and surname swapped"),
        ("JOSEF|GARCIA", "GARCIA|JOSE", "given name and surname swapped"),
        ("JOSE|GARCIA", "GARCIA|", "different"),
        ("JOSE|GARCIA", "GARCIA|PEDRO", "different"),
        ("JOSE|", "|JOSE", "missing"),
    ],
)
def test_given_name_and_surname_swapped(left: str, right: str, words: str) -> None:
    assert level(name_feature(left, right)) == words


def test_a_shared_common_surname_weighs_less_than_a_rare_one() -> None:
    left = [("GARCIA",)] * 99 + [("ZYWIEC",)]
    vocabulary = Vocabulary.of(["GARCIA", "ZYWIEC"], canonical=str, sounds=phonetics)
    column = names.NameColumn.of(left, left, {"GARCIA": 0, "ZYWIEC": 1}, vocabulary, most=4)
    rows = np.array([0, 99], np.int32)
    found = names.Name("surname", column).compare(rows, rows)
    assert found.rarity[0] < 0.1
    assert found.rarity[1] > 6


def parts(text: str) -> dates.DateColumn:
    year, month, day = (int(part) for part in text.split("-"))
    return dates.DateColumn(*(np.array([part], np.int32) for part in (year, month, day)))


@pytest.mark.parametrize(
    ("left", "right", "tolerance", "words"),
    [
        ("1990-03-12", "1990-03-12", 0, "the same"),
        ("1990-03-12", "1990-12-03", 0, "day and month swapped"),
        ("1990-03-12", "1990-03-13", 0, "one part mistyped"),
        ("1990-03-12", "1990-03-21", 0, "one part mistyped"),
        ("1990-03-12", "1909-03-12", 0, "one part mistyped"),
        ("1990-03-12", "1990-03-27", 0, "one part differs"),
        ("1990-03-12", "1990-03-14", 2, "within the tolerance"),
        ("1990-02-28", "1990-03-01", 1, "within the tolerance"),
        ("1990-00-00", "1990-03-12", 0, "the known parts agree"),
        ("1990-03-00", "1990-03-12", 0, "the known parts agree"),
        ("1991-00-00", "1990-03-12", 0, "different"),
        ("0-03-12", "1990-03-12", 0, "the known parts agree"),
        ("1990-01-01", "1990-07-15", 0, "the year agrees: January 1st stands for it"),
        ("1990-01-01", "1990-01-01", 0, "the same"),
        ("1990-03-12", "1975-08-30", 0, "different"),
        ("0-0-0", "1990-03-12", 0, "missing"),
        ("0-0-12", "1990-03-12", 0, "missing"),
    ],
)
def test_dates(left: str, right: str, tolerance: int, words: str) -> None:
    for one, two in ((left, right), (right, left)):
        assert level(dates.Dates("born", parts(one), parts(two), tolerance)) == words


@pytest.mark.parametrize(
    ("left", "right", "tolerance", "words"),
    [
        (30, 30, 0, "the same"),
        (30, 31, 0, "one year apart"),
        (30, 32, 2, "within 2 years"),
        (30, 40, 0, "different"),
        (np.nan, 40, 0, "missing"),
    ],
)
def test_ages(left: float, right: float, tolerance: float, words: str) -> None:
    feature = quantities.age("age", np.array([left]), np.array([right]), tolerance=tolerance)
    assert level(feature) == words


@pytest.mark.parametrize(
    ("apart", "tolerance", "words"),
    [
        (0, 0, "the same"),
        (1, 0, "within a day"),
        (5, 5, "within 5 minutes"),
        (2000, 0, "different"),
        (2000, 3000, "within 3000 minutes"),
    ],
)
def test_moments(apart: float, tolerance: float, words: str) -> None:
    feature = quantities.moment(
        "when", np.array([1e7]), np.array([1e7 + apart]), tolerance=tolerance
    )
    assert level(feature) == words


@pytest.mark.parametrize("apart", [-7.0, -3.0, 0.0, 2.0, 5.0])
def test_what_lies_within_the_tolerance_meets(apart: float) -> None:
    feature = quantities.moment("when", np.array([1e7]), np.array([1e7 + apart]), tolerance=7)
    fragment = feature.fragments()[0]
    assert set(fragment.left.keys) & set(fragment.right.keys)


@pytest.mark.parametrize(
    ("left", "right", "edits", "words"),
    [
        ("A123", "A123", 1, "the same"),
        ("A123", "A132", 1, "nearly the same: mistyped"),
        ("A123", "A12", 1, "nearly the same: mistyped"),
        ("A123", "A1X4", 1, "different"),
        ("A123", "A132", 0, "different"),
        ("A200100101", "A200100102", 1, "different"),  # one desk, two people
        ("A200100101", "A200100109", 1, "nearly the same: mistyped"),
        ("", "A123", 1, "missing"),
    ],
)
def test_identifiers(left: str, right: str, edits: int, words: str) -> None:
    assert level(values.Identifier("number", Coded.of([left], [right]), edits)) == words


@pytest.mark.parametrize(
    ("left", "right", "words"),
    [
        ("red ford pickup", "red ford pickup", "the same"),
        ("red ford pickup", "pickup ford red", "nearly the same words"),
        ("red ford pickup", "blue boat", "different"),
    ],
)
def test_texts(left: str, right: str, words: str) -> None:
    assert level(values.Text("note", Coded.of([left], [right]))) == words


def test_points() -> None:
    def at(lat: float, lon: float) -> tuple[np.ndarray, np.ndarray]:
        return np.array([lat]), np.array([lon])

    near = quantities.Point("place", at(31.3322, -110.9414), at(31.3322, -110.9310), 1000.0)
    far = quantities.Point("place", at(31.3322, -110.9414), at(32.2226, -110.9747), 1000.0)
    assert (level(near), level(far)) == ("near enough", "elsewhere")
    metres = quantities.distance(*at(31.3322, -110.9414), *at(32.2226, -110.9747))
    assert metres[0] == pytest.approx(99_060, rel=0.002)


@pytest.mark.parametrize("features", [values.Exact, values.Text, values.Identifier])
def test_levels_shares_sum_to_one(features: type) -> None:
    made: Sequence[Feature] = [features("x", Coded.of(["a"], ["a"]))]
    for feature in (*made, name_feature("A", "B")):
        assert sum(one.expected for one in feature.levels) == pytest.approx(1.0)


def test_a_swap_weighs_each_word_by_the_column_where_it_belongs() -> None:
    # JOSE is common as a given name, and stands once as a surname, where a clerk put it.
    given = [("JOSE",)] * 60 + [("MARIA",)] * 39 + [("GARCIA",)]
    surname = [("GARCIA",)] * 50 + [("LOPEZ",)] * 49 + [("JOSE",)]
    words = ["JOSE", "MARIA", "GARCIA", "LOPEZ"]
    vocabulary = Vocabulary.of(words, canonical=str, sounds=phonetics)
    numbers = {word: at for at, word in enumerate(words)}
    columns = [
        names.NameColumn.of(side, side, numbers, vocabulary, most=4) for side in (surname, given)
    ]
    rows = np.array([99], np.int32), np.array([0], np.int32)
    found = names.Name("surname", columns[0], columns[1]).compare(*rows)
    assert names.Name("surname", columns[0], columns[1]).levels[found.level[0]].follows
    assert found.rarity[0] == pytest.approx(np.log2(100 / 60), abs=0.1)


def test_of_many_texts_each_pair_has_the_level_that_it_has_alone() -> None:
    """Many are first told apart by their letters; that rules out none that are alike."""
    rng = random.Random(5)
    streets = ["calle ruiz", "av obregón", "old mill road", "rue de l'église", "ул мира"]
    left = [f"{rng.randint(1, 99)} {rng.choice(streets)} {rng.choice('abcde')}" for _ in range(900)]
    right = [
        "".join(letter for letter in text if rng.random() > rng.choice([0, 0.1, 0.3])) or "x"
        if rng.random() < 0.7
        else " ".join(reversed(text.split()))
        for text in left
    ]
    right[::3] = right[::-3]
    rows = np.arange(len(left), dtype=np.int32)
    many = values.Text("street", Coded.of(left, right)).compare(rows, rows).level
    alone = [
        values.Text("street", Coded.of([one], [two])).compare(rows[:1], rows[:1]).level[0]
        for one, two in zip(left, right, strict=True)
    ]
    assert many.tolist() == alone
    assert {1, 2, 3} <= set(alone)


@pytest.mark.parametrize(
    ("left", "right", "words"),
    [
        ("123 n main st", "123 n main st", "the same"),
        ("123 n main st tucson", "123 n maine st tucson", "nearly the same words"),
        ("123 n main st tucson", "125 n main st tucson", "alike"),
        ("c 5 mayo 45 col centro", "c 5 mayo 47 col centro", "alike"),
        ("apt 4 123 n main st tucson", "123 n main st apt 4 tucson", "nearly the same words"),
        ("9 n main st west tucson az 85701", "9 n main st west tucson az", "nearly the same words"),
        ("n main st tucson az", "n main st tucson", "nearly the same words"),
        ("123 n main st", "8 ave reforma", "different"),
    ],
)
def test_a_neighbour_lives_in_another_house(left: str, right: str, words: str) -> None:
    assert level(values.Street("address", Coded.of([left], [right]))) == words
