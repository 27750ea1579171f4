"""A name against a few says what a million names against a million say."""

from __future__ import annotations

import random

import numpy as np
import pytest

from tieline.core.matching.coded import Factor, Shares
from tieline.core.matching.feature import MISSING
from tieline.core.matching.few_names import AskedName, compare_names
from tieline.core.matching.names import DIFFERENT, Name, NameColumn
from tieline.core.matching.vocabulary import Lexicon
from tieline.core.values.names import canonical_given, phonetic
from tieline.linking.fieldmap import Field, Kind
from tieline.linking.normal import columns_of, features_of, features_of_one, lexicon_of
from tieline.linking.understanding import Reference
from tieline.reference import name_book, nicknames

WORDS = (
    *("JOSE", "PEPE", "MARIA", "MARIE", "MARYA", "M", "J", "GARCIA", "GARZIA", "GRACIA", "LOPEZ"),
    *("LOPES", "WEI", "WIE", "CHEN", "CHAN", "SANTOS", "SANTPOS", "MOHAMMED", "MUHAMMAD", "XOLOTL"),
)
KINDS = (Kind.GIVEN, Kind.SURNAME, Kind.TEXT)
SHARES = (
    Shares({"JOSE": 0.05, "MARIA": 0.08, "GARCIA": 0.001}, 1e-6),
    Shares({"GARCIA": 0.04, "LOPEZ": 0.03, "CHEN": 0.001, "JOSE": 1e-5}, 1e-6),
)


def lexicon() -> Lexicon:
    known = nicknames()
    return Lexicon(canonical=lambda w: canonical_given(w, known), sound=phonetic, book=name_book())


def drawn(rng: random.Random, most: int) -> tuple[str, ...]:
    return tuple(rng.choices(WORDS, k=rng.choice([0, 1, 1, 1, 2, 2, 3][: most + 3])))


@pytest.mark.parametrize("seed", range(40))
def test_it_says_what_the_comparison_of_many_says(seed: int) -> None:
    rng = random.Random(seed)
    asked = drawn(rng, 3), drawn(rng, 3)
    rows = [(drawn(rng, 4), drawn(rng, 4)) for _ in range(60)]
    rows += [asked, (asked[1], asked[0]), (asked[0][::-1], asked[1][::-1])]
    many = lexicon()
    columns = []
    for at in (0, 1):
        for word in (*asked[at], *(word for row in rows for word in row[at])):
            many.numbers[word]
    vocabulary = many.vocabulary()
    for at, shares in enumerate(SHARES):
        made = NameColumn.of(
            [asked[at]], [row[at] for row in rows], many.numbers, vocabulary, most=4
        )
        columns.append(NameColumn(made.left, made.right, vocabulary, shares))
    few = []
    for at, shares in enumerate(SHARES):
        distinct = list(dict.fromkeys(row[at] for row in rows))
        of_row = np.array([distinct.index(row[at]) for row in rows], np.intp)
        few.append(AskedName(str(at), asked[at], distinct, of_row, shares, 1 - at, meets=at == 1))
    right = np.arange(len(rows), dtype=np.int32)
    for at, said in enumerate(compare_names(few, lexicon())):
        whole = Name(str(at), columns[at], columns[1 - at], meets=at == 1)
        expected = whole.compare(np.zeros_like(right), right)
        found = said.compare(np.zeros_like(right), right)
        assert found.level.tolist() == expected.level.tolist(), (asked, rows)
        there = expected.level != MISSING
        np.testing.assert_allclose(found.rarity[there], expected.rarity[there], rtol=1e-5)
        assert said.levels == whole.levels


def test_each_level_was_met() -> None:
    """Else the test above would say less than it seems to."""
    rng = random.Random(5)
    met: set[int] = set()
    for _ in range(400):
        words = [drawn(rng, 4) for _ in range(3)]
        words.insert(2, words[0][::-1])
        few = [
            AskedName(
                str(at),
                words[at],
                [words[2 + at]],
                np.zeros(1, np.intp),
                SHARES[at],
                1 - at,
                meets=True,
            )
            for at in (0, 1)
        ]
        met |= {int(one.found.level[0]) for one in compare_names(few, lexicon())}
    assert met == {MISSING, *range(DIFFERENT + 1)}


def test_nobody_is_compared_with_nobody() -> None:
    none = AskedName("name", ("JOSE",), [], np.zeros(0, np.intp), SHARES[0], None, meets=False)
    (found,) = compare_names([none], lexicon())
    assert len(found.found.level) == 0


@pytest.mark.parametrize("seed", range(8))
def test_columns_of_an_index_are_compared_as_those_of_files_are(seed: int) -> None:
    rng = random.Random(seed)
    of = [Field(kind, (kind.value,), (), kind.value) for kind in KINDS]
    columns = columns_of(of)
    rows = [[" ".join(drawn(rng, 4) * rng.choice([1, 1, 3])) for _ in columns] for _ in range(30)]
    rows += [[""] * len(columns), [rows[0][1], rows[0][0], ""]]
    reference = Reference(
        code_list=lambda name: pytest.fail(name), nicknames=nicknames, name_book=name_book
    )
    shares = [*SHARES, SHARES[0]]
    for asked in (rows[0], rows[-1], rows[-2]):
        right = np.arange(len(rows), dtype=np.int32)
        by_column = list(zip(*rows, strict=True))
        one = features_of_one(columns, asked, by_column, lexicon_of(reference), shares)
        many = features_of(
            columns,
            [Factor.of([text]) for text in asked],
            [Factor.of(texts) for texts in by_column],
            lexicon_of(reference),
            shares,
        )
        for found, expected in zip(one, many, strict=True):
            levels = expected.compare(np.zeros_like(right), right).level
            assert found.compare(np.zeros_like(right), right).level.tolist() == levels.tolist()
