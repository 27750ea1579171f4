"""A name against a few says what a million names against a million say."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tieline.core.matching.coded import Factor, Shares
from tieline.core.matching.feature import MISSING
from tieline.core.matching.few_names import AskedName, compare_names
from tieline.core.matching.few_words import FewWords
from tieline.core.matching.names import DIFFERENT, Name, NameColumn, words_said
from tieline.core.matching.vocabulary import Lexicon
from tieline.core.matching.words import EMPTY_BOOK
from tieline.core.values.names import canonical_given
from tieline.core.values.sounds import phonetics
from tieline.linking.fieldmap import Field, Kind
from tieline.linking.normal import (
    columns_of,
    compared_with,
    features_of,
    few_words_of,
    lexicon_of,
)
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


def root(word: str) -> str:
    return canonical_given(word, nicknames())


def lexicon() -> Lexicon:
    known = nicknames()
    return Lexicon(
        canonical=lambda w: canonical_given(w, known), sounds=phonetics, book=name_book()
    )


def words() -> FewWords:
    known = nicknames()
    return FewWords(
        canonical=lambda w: canonical_given(w, known), sounds=phonetics, book=name_book()
    )


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
        few.append(AskedName(asked[at], distinct, of_row, shares, 1 - at, meets=at == 1))
    right = np.arange(len(rows), dtype=np.int32)
    for at, said in enumerate(compare_names(few, words())):
        whole = Name(str(at), columns[at], columns[1 - at], meets=at == 1)
        expected = whole.compare(np.zeros_like(right), right)
        found = said.found
        assert found.level.tolist() == expected.level.tolist(), (asked, rows)
        there = expected.level != MISSING
        np.testing.assert_allclose(found.rarity[there], expected.rarity[there], rtol=1e-5)
        assert said.levels == whole.levels


def test_each_level_was_met() -> None:
    """Else the test above would say less than it seems to."""
    rng = random.Random(5)
    met: set[int] = set()
    for _ in range(400):
        said = [drawn(rng, 4) for _ in range(3)]
        said.insert(2, said[0][::-1])
        few = [
            AskedName(
                said[at],
                [said[2 + at]],
                np.zeros(1, np.intp),
                SHARES[at],
                1 - at,
                meets=True,
            )
            for at in (0, 1)
        ]
        met |= {int(one.found.level[0]) for one in compare_names(few, words())}
    assert met == {MISSING, *range(DIFFERENT + 1)}


def test_nobody_is_compared_with_nobody() -> None:
    none = AskedName(("JOSE",), [], np.zeros(0, np.intp), SHARES[0], None, meets=False)
    (found,) = compare_names([none], words())
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
        one = compared_with(columns, asked, by_column, few_words_of(reference), shares)
        many = features_of(
            columns,
            [Factor.of([text]) for text in asked],
            [Factor.of(texts) for texts in by_column],
            lexicon_of(reference),
            shares,
        )
        for at, (found, expected) in enumerate(zip(one, many, strict=True)):
            if not (asked[at] or columns[at].is_name):
                continue
            levels = expected.compare(np.zeros_like(right), right).level
            assert found.found.level.tolist() == levels.tolist()


LETTERS = st.text("AEIOUHKCGSNMRTLVZJ", min_size=1, max_size=7)
PAIRS = st.lists(
    st.tuples(st.sampled_from(WORDS) | LETTERS, st.sampled_from(WORDS) | LETTERS)
    | LETTERS.flatmap(lambda word: st.tuples(st.just(word), LETTERS.map(lambda end: word + end)))
)


@given(PAIRS, st.booleans())
def test_words_left_over_are_told_as_those_of_many(
    pairs: list[tuple[str, str]], without_book: bool
) -> None:
    book = EMPTY_BOOK if without_book else name_book()
    of = {"canonical": root, "sounds": phonetics, "book": book}
    many = Lexicon(**of)
    codes = np.array([[many.numbers[word] for word in pair] for pair in pairs], np.int32)
    codes = codes.reshape(-1, 2)
    few = FewWords(**of)
    expected = words_said(many.vocabulary(), codes[:, 0], codes[:, 1]).tolist()
    assert few.said(pairs) == expected
    assert few.said(pairs) == expected, "what is kept"
