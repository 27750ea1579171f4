"""Two whole names: cases of many cultures, one meaning for one pair and for many, hard input."""

from __future__ import annotations

import time
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.core.matching.whole_cases import CASES

from tieline.core.matching import whole_many
from tieline.core.matching.whole import SAME_NAME_FROM, compare_whole, read_text, split_text
from tieline.core.matching.whole_many import NameTable, compare_many
from tieline.core.matching.words import EMPTY_BOOK, How, NameBook, how_words, read_word
from tieline.reference import name_book

BOOK = name_book()


def bits(left: str, right: str) -> int:
    return compare_whole(read_text(left, BOOK), read_text(right, BOOK)).bits


def test_nearly_all_cases_are_told_as_people_would() -> None:
    wrong = [
        (left, right, why, bits(left, right))
        for left, right, same, why in CASES
        if (bits(left, right) >= SAME_NAME_FROM) is not same
    ]
    assert len(CASES) >= 150
    assert len(wrong) <= 0.05 * len(CASES), wrong


@pytest.mark.parametrize(
    ("left", "right", "how"),
    [
        ("YURIY", "YURIY", How.SAME),
        ("YURIY", "IURII", How.SPELT),
        ("ALSUBAIE", "SUBAIE", How.SPELT),
        ("IVANOVA", "IVANOV", How.SPELT),
        ("MOHAMMED", "MUHAMMAD", How.SPELT),
        ("PEPE", "JOSE", How.NICKNAME),
        ("MICHAEL", "MIGUEL", How.KIN),
        ("ZHANG", "CHEUNG", How.KIN),
        ("J", "JOSE", How.INITIAL),
        ("J", "PEDRO", How.DIFFERENT),
        ("JONG", "CHONG", How.SOUND),
        ("SHKT", "SHAWKAT", How.DIFFERENT),
        ("QUINTANILLA", "QUINTANLILA", How.SLIP),
        ("VILLALOBOS", "VILALOBAS", How.SOUND),
        ("ERNESTO", "EMESTO", How.SLIP),
        ("MARIA", "MARIO", How.DIFFERENT),
        ("HASSAN", "HUSSEIN", How.DIFFERENT),
        ("FERNANDEZ", "HERNANDEZ", How.DIFFERENT),
        ("WEI", "WEN", How.DIFFERENT),
    ],
)
def test_two_words(left: str, right: str, how: How) -> None:
    one, two = read_word(left, BOOK), read_word(right, BOOK)
    assert how_words(one, two) is how
    assert how_words(two, one) is how


def test_an_equal_name_of_two_common_words_is_the_same() -> None:
    assert bits("Maria Garcia", "GARCIA, MARIA") >= SAME_NAME_FROM
    assert bits("Mohammed Ali", "Mohammed Ali") >= SAME_NAME_FROM


def test_a_rare_word_says_more() -> None:
    assert bits("Jose Quxtlan", "Pedro Quxtlan") > bits("Jose Ramirez", "Pedro Ramirez")


def many(texts: list[tuple[str, str]], book: NameBook) -> list[tuple[int, tuple[object, ...]]]:
    distinct = list(dict.fromkeys(text for pair in texts for text in pair))
    place = {text: at for at, text in enumerate(distinct)}
    table = NameTable.of([split_text(text) for text in distinct], book)
    left = np.array([place[one] for one, _ in texts], np.int32)
    right = np.array([place[two] for _, two in texts], np.int32)
    found = compare_many(table, left, right)
    pairs = [
        tuple((int(i), int(partner[i]), How(how[i])) for i in np.flatnonzero(how >= 0))
        for partner, how in zip(found.partner, found.how, strict=True)
    ]
    return list(zip(found.bits.tolist(), pairs, strict=True))


def test_one_pair_and_many_agree_to_the_bit(monkeypatch: pytest.MonkeyPatch) -> None:
    # Pairs of few words are compared apart from those of many.
    monkeypatch.setattr(whole_many, "_CHUNK", 500)
    random = Random(4)
    words = sorted({word for case in CASES for text in case[:2] for word in split_text(text)[0]})
    texts = []
    for _ in range(6_000):
        one = random.choices(words, k=random.randint(1, 7))
        two = random.sample(one, random.randint(1, len(one)))
        two += random.choices(words, k=random.randint(0, 3))
        for at, word in enumerate(two):
            chance = random.random()
            if chance < 0.1:
                two[at] = word[0]
            elif chance < 0.4 and len(word) > 3:
                cut = random.randrange(len(word))
                two[at] = word[:cut] + random.choice("AEIOUKSTH") + word[cut + 1 :]
            elif chance < 0.45:
                two[at] = f"{word[: len(word) // 2]} {word[len(word) // 2 :]}"
        comma = random.choice(["", ","])
        texts.append((" ".join(one), f"{two[0]}{comma} {' '.join(two[1:])}"))
    texts = [(a, b) for a, b in texts if split_text(a)[0] and split_text(b)[0]]
    for book in (EMPTY_BOOK, BOOK):
        for (left, right), found in zip(texts, many(texts, book), strict=True):
            alone = compare_whole(read_text(left, book), read_text(right, book))
            assert (alone.bits, alone.pairs) == found, (left, right)


@given(st.text(min_size=1, max_size=60), st.text(min_size=1, max_size=60))
def test_any_two_texts_agree_and_the_order_changes_nothing(left: str, right: str) -> None:
    if not split_text(left)[0] or not split_text(right)[0]:
        return
    one, two = read_text(left, BOOK), read_text(right, BOOK)
    there, back = compare_whole(one, two), compare_whole(two, one)
    assert there.bits == back.bits
    assert [(there.bits, there.pairs)] == many([(left, right)], BOOK)


HARD = [
    "A",
    "A" * 500,
    "ANA " * 500,
    "a b c d e f g h i j k l m n",
    "😀😀😀",
    "\u202eJose\u202c Garcia\u200f",
    ".,;-'",
    "",
    "Ж" * 500,
    "王" * 500,
    "محمد " * 100,
    "김" * 300,
]


def test_hard_input_is_compared_quickly() -> None:
    started = time.process_time()
    texts = [(one, two) for one in HARD for two in HARD]
    found = many(texts, BOOK)
    for (left, right), (weight, _) in zip(texts, found, strict=True):
        one, two = read_text(left, BOOK), read_text(right, BOOK)
        assert compare_whole(one, two).bits == weight
    assert time.process_time() - started < 5


def test_a_million_equal_names_are_no_trouble() -> None:
    table = NameTable.of([split_text("Jose Luis Garcia Hernandez")] * 2, BOOK)
    rows = np.zeros(1_000_000, np.int32)
    started = time.process_time()
    found = compare_many(table, rows, rows + 1)
    assert time.process_time() - started < 10
    assert len(set(found.bits.tolist())) == 1
