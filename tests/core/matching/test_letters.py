"""Letters in common rule out no pair of words that letter by letter would be found alike."""

from __future__ import annotations

import itertools
import random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA, JaroWinkler

from tieline.core.matching.coded import signatures
from tieline.core.matching.letters import differing, letters_of, may_be_jaro, may_be_within

WORD = st.text(st.sampled_from("ABCDEILMNORSTÑШ") | st.characters(codec="utf-8"), max_size=12)
AROUND = [f"SOMEBODY{number}" for number in range(60)]
"""So many beside a word that it is read with the many."""


def slipped(word: str, rng: random.Random) -> str:
    """A word with one insertion, deletion, replacement or change of neighbors."""
    at = rng.randrange(len(word))
    one, rest = word[:at], word[at:]
    return rng.choice([one + "A" + rest, one + rest[1:], one + "E" + rest[1:], one + rest[::-1]])


@given(st.lists(WORD, max_size=5))
def test_few_words_and_many_have_the_same_letters(words: list[str]) -> None:
    alone, among = letters_of(words), letters_of([*words, *AROUND])
    assert alone.tolist() == among[: len(words)].tolist()


@given(WORD, WORD, st.integers(0, 4))
def test_two_words_within_so_many_edits_may_be(one: str, two: str, edits: int) -> None:
    letters = letters_of([one, two])
    if OSA.distance(one, two) <= edits:
        assert may_be_within(letters[:1], letters[1:], edits)[0]


@given(WORD.filter(bool), st.randoms(use_true_random=False), st.sampled_from([0.7, 0.88, 0.95]))
def test_two_words_that_are_so_similar_may_be(one: str, rng: random.Random, least: float) -> None:
    two = slipped(one, rng) or one
    letters = letters_of([one, two])
    if JaroWinkler.normalized_similarity(one, two) >= least:
        sizes = np.array([len(one)], np.int32), np.array([len(two)], np.int32)
        same = np.array([one[0] == two[0]])
        assert may_be_jaro(differing(letters[:1], letters[1:]), sizes, same, least)[0]


def test_most_pairs_of_two_names_are_ruled_out() -> None:
    letters = letters_of(["HERNANDEZ", "MOHAMMED", "SOFIA", "HERNANDES"])
    found = may_be_within(np.repeat(letters[:1], 3), letters[1:], 2)
    assert found.tolist() == [False, False, True]


def signed(text: str) -> int:
    """By the rule as it is told: a bit for each pair of bytes, all of them for a long text."""
    letters = text.replace("\n", " ").encode("utf-8", "surrogatepass")
    if len(letters) > 48:
        return 2**64 - 1
    found = 0
    for one, two in itertools.pairwise(letters):
        if one and two:
            found |= 1 << ((one * 31 + two) * 0x9E3779B97F4A7C15 % 2**64 >> 58)
    return found


@given(
    st.lists(
        st.text(max_size=8) | st.sampled_from(["", "a\0b", "a\nb", "x" * 48, "x" * 49, "é" * 24])
    )
)
def test_a_signature_has_a_bit_for_each_pair_of_letters(texts: list[str]) -> None:
    assert signatures(texts).tolist() == list(map(signed, texts))
