"""The words of all names that are compared, each read once; more may come later."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from tieline.core.matching.coded import Codes
from tieline.core.matching.growing_array import Growing
from tieline.core.matching.key_tables import WordHashes
from tieline.core.matching.word_pairs import WordReader, WordTable
from tieline.core.matching.words import EMPTY_BOOK, NameBook

__all__ = ["Lexicon", "Numbers", "Vocabulary"]


@dataclass(frozen=True)
class Vocabulary:
    """Words, with what is known of each."""

    words: Sequence[str]
    numbers: Mapping[str, int]
    """Each word's place."""
    canonical: Codes
    """For each word, the number of the word that it is a short form of (or itself)."""
    sound: npt.NDArray[np.int64]
    """For each word, a number shared by words that sound alike."""
    initial: npt.NDArray[np.int64]
    """Each word's first letter."""
    single: npt.NDArray[np.bool_]
    """Whether a word is one letter: an initial."""
    book: NameBook
    """What is known of names in general; with none, words agree by letters and sound alone."""
    reader: WordReader

    @classmethod
    def of(
        cls,
        words: Sequence[str],
        *,
        canonical: Callable[[str], str],
        sounds: Callable[[Sequence[str]], Sequence[str]],
        book: NameBook = EMPTY_BOOK,
    ) -> Vocabulary:
        """Look up each word once."""
        lexicon = Lexicon(canonical=canonical, sounds=sounds, book=book)
        for word in words:
            lexicon.numbers[word]
        return lexicon.vocabulary()

    def read(self, one: Codes, two: Codes) -> tuple[WordTable, Codes, Codes]:
        """Words as `words.how_words` compares them, and which of those these are: most stand in
        both names of a pair, and only what is left over is ever looked at so closely.
        """
        places = self.reader.places(self.words, one, two)
        return self.reader.table(), places[one], places[two]

    @cached_property
    def hashes(self) -> WordHashes:
        """The words as keys have them."""
        return WordHashes.of(self.words)


class Numbers(dict[str, int]):
    """Words with their numbers; whoever asks for a new one's gives it the next."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        """In their order."""

    def __missing__(self, word: str) -> int:
        self[word] = number = len(self)
        self.words.append(word)
        return number


class Lexicon:
    """All words that came so far: those that have a number in `numbers`."""

    def __init__(
        self,
        *,
        canonical: Callable[[str], str],
        sounds: Callable[[Sequence[str]], Sequence[str]],
        book: NameBook = EMPTY_BOOK,
    ) -> None:
        self.numbers = Numbers()
        self._canonical, self._phonetics, self._book = canonical, sounds, book
        self._sounds: dict[str, int] = {}
        self._roots, self._heard = Growing(np.int32), Growing(np.int64)
        self._initials, self._single = Growing(np.int64), Growing(np.bool_)
        self._reader = WordReader(book)

    def vocabulary(self) -> Vocabulary:
        """The words so far, and behind them what they are short forms of."""
        known = self._roots.found
        while words := self.numbers.words[len(known) :]:
            self._roots.add([self.numbers[self._canonical(word)] for word in words])
            known = self._roots.found
            heard = self._sounds.setdefault
            told = zip(self._phonetics(words), words, strict=True)
            self._heard.add([heard(sound or word, len(self._sounds)) for sound, word in told])
            self._initials.add([ord(word[0]) if word else 0 for word in words])
            self._single.add([len(word) == 1 for word in words])
        return Vocabulary(
            self.numbers.words,
            self.numbers,
            self._roots.found,
            self._heard.found,
            self._initials.found,
            self._single.found,
            self._book,
            self._reader,
        )
