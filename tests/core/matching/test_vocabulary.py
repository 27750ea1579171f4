"""Words are read when they are first asked for, and what is said of them does not hang on when."""

from __future__ import annotations

import random

import numpy as np

from tieline.core.matching.names import words_said
from tieline.core.matching.vocabulary import Lexicon
from tieline.core.matching.word_pairs import WordTable
from tieline.core.values.sounds import phonetics
from tieline.reference import name_book

NAMES = (
    "MICHAEL MIKHAIL MIGUEL MIKE YURIY IURII IVANOV IVANOVA AL-SUBAIE ALSUBAIE SUBAIE ZHANG CHEUNG"
    " CHANG GARCIA GARZIA GRACIA MARIA MARIO JOSE PEPE J HERNANDEZ ERNANDEZ KIM GIM PAK BAK"
)


def test_what_is_read_later_is_told_as_what_was_read_at_once() -> None:
    rng = random.Random(4)
    words = [*NAMES.replace("-", "").split()]
    words = list(dict.fromkeys([*words, *(one[:-1] + one[-2:] for one in words if len(one) > 2)]))
    one, two = np.divmod(np.arange(len(words) ** 2, dtype=np.int32), len(words))
    lexicon = Lexicon(canonical=str, sounds=phonetics, book=name_book())
    for word in words:
        lexicon.numbers[word]
    whole = words_said(lexicon.vocabulary(), one, two)
    assert len({*whole.tolist()}) > 3

    later = Lexicon(canonical=str, sounds=phonetics, book=name_book())
    rng.shuffle(words)
    said = {}
    for end in range(7, len(words) + 7, 7):
        for word in words[:end]:
            later.numbers[word]
        vocabulary = later.vocabulary()
        pairs = [(rng.randrange(end), rng.randrange(end)) for _ in range(300)]
        pairs = [(a, b) for a, b in pairs if max(a, b) < len(words)]
        a, b = np.array(pairs, np.int32).T
        told = words_said(vocabulary, a, b)
        said |= {(words[i], words[j]): level for (i, j), level in zip(pairs, told, strict=True)}
    of = {
        (lexicon.numbers.words[i], lexicon.numbers.words[j]): at
        for at, (i, j) in enumerate(zip(one, two, strict=True))
    }
    assert {pair: whole[of[pair]] for pair in said} == said
    assert len(said) > 1000


def test_no_more_words_are_read_than_are_asked_for() -> None:
    lexicon = Lexicon(canonical=str, sounds=phonetics, book=name_book())
    for word in NAMES.split():
        lexicon.numbers[word]
    vocabulary = lexicon.vocabulary()
    asked = np.array([3, 9], np.int32), np.array([20, 3], np.int32)
    table, one, two = vocabulary.read(*asked)
    assert isinstance(table, WordTable)
    assert sorted(table.words) == sorted(NAMES.split()[at] for at in (3, 9, 20))
    again = [[table.words[at] for at in side.tolist()] for side in (one, two)]
    assert again == [[NAMES.split()[at] for at in side.tolist()] for side in asked]
