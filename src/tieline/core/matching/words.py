"""Two words of names compared: the same name written otherwise, a slip, or another name.

What a word is, is read once (`read_words`); `how_words` then looks at two. Only what can be told
without the names around it is told here; `word_pairs` does the same for many pairs at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from functools import lru_cache
from typing import Any, Final, NamedTuple

from rapidfuzz.distance import OSA

from tieline.core.values.names import LIGHT, LIGHT_BUT_FIRST
from tieline.core.values.sounds import phonetic
from tieline.core.values.spellings import is_patronymic, spelling, written

__all__ = [
    "EMPTY_BOOK",
    "USUAL_RARITY",
    "How",
    "NameBook",
    "Word",
    "edits",
    "how_words",
    "read_columns",
    "read_word",
    "read_words",
]

USUAL_RARITY: Final = 110
"""Tenths of a bit by which a word that no list of common names has is unlikely by chance."""


class How(IntEnum):
    """How two words agree; the surest first."""

    SAME = 0
    JOINED = 1
    """Two words of one name are one word of the other: WEI MING, WEIMING."""
    SPELT = 2
    """One name written in two ways: YURIY, IURII; AL-SUBAIE, ALSUBAIE; IVANOV, IVANOVA."""
    NICKNAME = 3
    KIN = 4
    """The same name in two languages, or in two romanizations: MICHAEL, MIKHAIL; ZHANG, CHEUNG."""
    INITIAL = 5
    SOUND = 6
    SLIP = 7
    DIFFERENT = 8


@dataclass(frozen=True, slots=True, eq=False)
class NameBook:
    """What is known of names in general: `reference.name_book()` has the shipped one."""

    nicknames: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Nickname to the one name it stands for."""
    spellings: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Spelling to the one by which its name goes here; names of two groups are two names."""
    kin: Mapping[str, frozenset[str]] = field(default_factory=dict, repr=False)
    """Word to words that are often the same person's name; symmetrical."""
    rarity: Mapping[str, int] = field(default_factory=dict, repr=False)
    """Tenths of a bit, where the name is common in some country."""


_NEAR_FIRST: Final = str.maketrans("HJIEQCZXWBFDU", "GYYYKKSSVVPTO")
_VOWELS: Final = frozenset("AEIOUY")

EMPTY_BOOK: Final = NameBook()

_ENDS_OF_SURNAMES: Final = (
    *("OVA", "EVA", "AYA", "AIA", "AJA", "SKA", "CKA", "OV", "EV", "SKI", "SKY", "SKIY", "SKII"),
    *("CKI", "IN", "YN", "IENE", "AS", "IS"),
)
"""Of common names that may stand for another by a woman's ending: MARINA is not MARIN."""


class Word(NamedTuple):
    """A word of a name and what it is compared by."""

    text: str
    first: str
    """The first letter, of which those that systems of writing mix up are one."""
    key: str
    """The spelling by which its name goes here."""
    spelling: str
    bare: str
    stem: str
    """Empty for a given name, which has no other ending for a woman's husband."""
    root: str
    group: str
    kin: frozenset[str]
    unvoiced: str
    skeleton: str
    ungendered: str
    seen: str
    unvowelled: bool
    known: bool
    light: bool
    own: bool
    """Whether a light word is a given name where it stands first."""
    patronymic: bool
    rarity: int

    def __repr__(self) -> str:
        return "Word(...)"


@lru_cache(maxsize=1 << 18)
def read_word(text: str, book: NameBook = EMPTY_BOOK) -> Word:
    """Read a word of `names.tokens`."""
    return read_words([text], book)[0]


def read_words(texts: Sequence[str], book: NameBook = EMPTY_BOOK) -> list[Word]:
    """Read many, which takes a third of the time for each."""
    columns = read_columns(texts, book)
    return list(map(Word._make, zip(*(columns[name] for name in Word._fields), strict=True)))


def read_columns(texts: Sequence[str], book: NameBook = EMPTY_BOOK) -> dict[str, Sequence[Any]]:
    """What each word tells, a column for each field of `Word`."""
    if not texts:
        return dict.fromkeys(Word._fields, ())
    told = written(texts)
    group = [book.spellings.get(text, "") for text in texts]
    rarity = list(map(book.rarity.get, texts))
    kin, nickname = book.kin.get, book.nicknames.get
    seen = "\n".join(texts).replace("RN", "M").replace("VV", "W").replace("CL", "D").split("\n")
    return {
        "text": texts,
        "first": [text[0].translate(_NEAR_FIRST) for text in texts],
        "key": [spelling(g) if g else spelt for g, spelt in zip(group, told.spelling, strict=True)],
        "spelling": told.spelling,
        "bare": told.bare,
        "stem": [
            stem if common is None or text.endswith(_ENDS_OF_SURNAMES) else ""
            for text, stem, common in zip(texts, told.stem, rarity, strict=True)
        ],
        "root": [nickname(text, text) for text in texts],
        "group": group,
        "kin": [kin(g or text, _NOBODY) for g, text in zip(group, texts, strict=True)],
        "unvoiced": told.unvoiced,
        "skeleton": told.skeleton,
        "ungendered": told.ungendered,
        "seen": seen,
        "unvowelled": [len(text) > 2 and _VOWELS.isdisjoint(text[:-1]) for text in texts],
        "known": [common is not None or bool(g) for common, g in zip(rarity, group, strict=True)],
        "light": [text in LIGHT for text in texts],
        "own": [text in LIGHT_BUT_FIRST for text in texts],
        "patronymic": list(map(is_patronymic, texts)),
        "rarity": [USUAL_RARITY if common is None else common for common in rarity],
    }


_NOBODY: Final[frozenset[str]] = frozenset()


def edits(shorter: int, *, one_known: bool) -> int:
    """How many letters of a slip are let pass, by the length of the shorter word.

    A slip makes of a name what is none; of two words that are none, either may be right.
    """
    return 0 if shorter < (4 if one_known else 5) else 1 if shorter < 8 else 2


def how_words(a: Word, b: Word) -> How:
    """How two words agree; the order of the two changes nothing."""
    if a.text == b.text:
        return How.SAME
    if len(a.text) == 1 or len(b.text) == 1:
        return How.INITIAL if a.text[0] == b.text[0] else How.DIFFERENT
    if _spelt(a, b):
        return How.SPELT
    if a.root == b.root:
        return How.NICKNAME
    if (b.group or b.text) in a.kin:
        return How.KIN
    if a.unvoiced == b.unvoiced:
        return How.SOUND
    # From here on by letters alone, which make no well-known name of another.
    if a.ungendered == b.ungendered or (a.group and b.group):
        return How.DIFFERENT
    if a.known and b.known:
        return How.SOUND if _long_bones(a, b) else How.DIFFERENT
    # Letters that a machine reads for others: RN and M, VV and W, CL and D.
    return How.SLIP if a.seen == b.seen else _near(a, b)


def _spelt(a: Word, b: Word) -> bool:
    if a.group and b.group:
        return a.group == b.group
    return (
        a.spelling == b.spelling
        or a.bare == b.spelling
        or a.spelling == b.bare
        or (a.stem == b.stem and bool(a.stem))
    )


def _long_bones(a: Word, b: Word) -> bool:
    """Whether many consonants are the same, and all vowels but one."""
    same = a.skeleton == b.skeleton and len(a.skeleton) > 3
    return same and OSA.distance(a.spelling, b.spelling) <= 1


def _near(a: Word, b: Word) -> How:
    consonants = len(a.skeleton)
    same_bones = a.skeleton == b.skeleton and consonants > 1
    if same_bones and (a.unvowelled or b.unvowelled) and consonants > 2:
        return How.SOUND
    shorter = min(len(a.text), len(b.text))
    apart = OSA.distance(a.spelling, b.spelling, score_cutoff=2)
    # Two words of lengths so far apart are not one, even if spelled long (SCHTSCH) and short.
    if shorter < 3 or abs(len(a.text) - len(b.text)) > 6:
        return How.DIFFERENT
    if same_bones and apart <= (1 if consonants < 3 else 2):
        return How.SOUND
    if apart <= 2 and phonetic(a.text) == phonetic(b.text):
        return How.SOUND
    # Two slips, or one in the spelling that is not in the letters, leave the first letter alone.
    same_first = a.first == b.first
    written = OSA.distance(a.text, b.text, score_cutoff=2)
    allowed = edits(shorter, one_known=a.known != b.known)
    if min(apart, written) <= allowed if same_first else written <= min(allowed, 1):
        return How.SLIP
    return How.DIFFERENT
