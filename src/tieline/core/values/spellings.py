"""How words of names are written: the ways into Latin letters that fall together, and their parts.

All is told of words of `names.tokens` (ASCII capitals), of many at once: they are laid line by line
into one text, over which each rule goes once. The linguistic facts are those of the usual tables:
BGN/PCGN, ISO 9 and the German and French habits for Cyrillic, ALA-LC and the French habit for
Arabic, Revised Romanization and McCune-Reischauer for Korean, Hepburn for Japanese.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from tieline.core.values.lines import END

__all__ = ["Written", "is_patronymic", "spelling", "written"]

_CACHED: Final = 1 << 18
_LONGEST: Final = 40
_MANY: Final = 2000
"""Letters from which arrays are sooner."""


def _rule(pattern: str) -> re.Pattern[str]:
    """A pattern of whose text each line is a word.

    What must stand before is looked for last, so that each begins with letters, which are found
    many times sooner than places between letters.
    """
    return re.compile(pattern, re.MULTILINE)


def _table(text: str) -> tuple[tuple[str, str], ...]:
    parts = [part.split("=") for part in text.split()]
    return tuple([(written, becomes) for written, becomes in parts])


# In this order: what is written, and what it becomes. X is the sound of SH, C of CH.
_HISSING: Final = _table(
    "SHTCH=X STSCH=X SHCH=X SZCZ=X DSCH=J TSCH=C TCH=C CZ=C SCH=X SH=X SZ=X CH=C DZH=J DJ=J ZH=J"
    " KH=H GH=G TH=T DH=D BH=B PH=F"
)
_STOPS: Final = _table("CK=K QU=K Q=K TS=Z TZ=Z")
_VOWEL_PAIRS: Final = _table(
    "EAU=U OUE=UI OU=U OO=U EE=I EO=U EU=U OE=U UE=U AE=A AA=A IY=I YI=I EY=I EI=I IE=I"
)
_TWO_VOWELS: Final = re.compile(r"[AEIOUY][AEIOUY]")
_X: Final = _rule(r"X(?:(?<!^X)(?!$)|$)")
# Before V it is the Slavic TS: CVETKOV.
_SOFT_C: Final = _rule(r"C(?:(?=[EIY])|(?<=^C)(?=V))")
_GU: Final = re.compile(r"GU(?=[EI])")
_GLIDE: Final = _rule(r"J(?:(?<!^J)(?![AEIOU])|(?<=[BDFGKLMNPRSTV]J)(?=[AOU]))")
# NOVIKOFF; Belarusian KAZLOU, LUKASHOU, where Russian has -OV.
_ENDS_FF: Final = _rule(r"FF$(?<=[OE]FF)|U$(?<=[A-Z]{3}[BCDFGHKLMNPRSTVZ]OU)")
_AI: Final = re.compile(r"A[IY](?![AEIOUY])")
_YE: Final = _rule(r"^(?:Y|I|J(?=EK|EV|EL))(?=E(?!O))")
_IYA: Final = re.compile(r"[IY][YJ](?<=[A-Z]{4})(?=[AU])")
_DOUBLE: Final = re.compile(r"(.)\1+")
_LATE: Final = str.maketrans({"W": "V", "Z": "S", "E": "I", "Y": "I", "O": "U"})
_C_HARD: Final = _rule(r"C(?![H#EIYZ])|C$")
_LAST_H: Final = _rule(r"H$(?<=...)")


@lru_cache(maxsize=_CACHED)
def spelling(word: str) -> str:
    """The word respelled so that the ways of writing one name in Latin letters fall together.

    Vowels are three: A, I (E, I, Y) and U (O, U). KHRUSHCHEV, CHRUSCHTSCHOW differ still in their
    last vowel; YURIY, IURII and YURY, MUELLER and MULLER, NOVIKOFF and NOVIKOV do not.
    """
    return _respelled(word[:_LONGEST])


def _spellings(words: Sequence[str]) -> list[str]:
    return _respelled("\n".join([word[:_LONGEST] for word in words])).split("\n")


def _respelled(text: str) -> str:
    """Each line as `spelling` has it. Each step is asked for by its letters first."""
    text = _letters(text)
    two_vowels = _TWO_VOWELS.search(text) is not None
    if two_vowels or "J" in text:
        text = _YE.sub("", text)
        text = _IYA.sub("I", text)
        text = _AI.sub("E", text)
    if "H" in text or "Z" in text or "J" in text:
        for written, becomes in _HISSING:
            text = text.replace(written, becomes)
    for written, becomes in _STOPS:
        text = text.replace(written, becomes)
    if two_vowels or _TWO_VOWELS.search(text) is not None:
        for written, becomes in _VOWEL_PAIRS:
            text = text.replace(written, becomes)
    text = _undoubled(text.translate(_LATE))
    return _LAST_H.sub("", text) if "H" in text else text


def _undoubled(text: str) -> str:
    """A letter that is written twice or more, once."""
    if len(text) < _MANY or not text.isascii():
        return _DOUBLE.sub(r"\1", text)
    signs = np.frombuffer(text.encode(), np.uint8)
    once = np.append(True, (signs[1:] != signs[:-1]) | (signs[1:] == END))
    found: str = signs[once].tobytes().decode()
    return found


def _letters(text: str) -> str:
    """Single letters and ends that are read by what stands beside them."""
    if "C" in text:
        text = _SOFT_C.sub("S", text)
        text = text.replace("CK", "K")
        text = _C_HARD.sub("K", text)
    if "X" in text:
        text = _X.sub("KS", text)
    if "J" in text:
        text = _GLIDE.sub("Y", text)
    if "GU" in text:
        text = _GU.sub("G", text)
    if "FF" in text or "U" in text:
        text = _ENDS_FF.sub("V", text)
    return text


_UNVOICED: Final = str.maketrans({"B": "P", "D": "T", "G": "K", "J": "C", "V": "F"})
_BONES: Final = str.maketrans(
    {"X": "S", "C": "S", "G": "K", "F": "P", "V": "P", "B": "P"} | dict.fromkeys("HAIU")
)
_OPEN: Final = frozenset("AEIOUYH")

# Feminine endings of surnames and the masculine ones: Russian, Ukrainian, Bulgarian, Polish, Czech
# and Slovak, Lithuanian (married -IENE, unmarried -YTE, -AITE, -UTE; masculine -AS, -IS, -US). The
# first that changes a word is the only one: BALTRUSAITE is BALTRUS.
_FEMININE: Final = (
    (_rule(r"VA$(?<=[A-Z]{2}[OE]VA)|WA$(?<=[A-Z]{3}[OE]WA)"), "V"),
    (_rule(r"NA$(?<=[A-Z]{3}[IY]NA)"), "N"),
    (_rule(r"(?<=[A-Z]{2})([SC]?)K(?:AYA|AIA|AJA|A)$"), r"\1KI"),
    (_rule(r"([SC]K)(?<=[A-Z]{4})(?:IY|IJ|II|YI|YY|YJ|Y|EJ|OY|OI)$"), r"\1I"),
    (
        _rule(
            r"(?:IENE(?<=[A-Z]{7})|UVIENE(?<=[A-Z]{9})|AITE(?<=[A-Z]{7})|YTE(?<=[A-Z]{6})|UTE(?<=[A-Z]{6}))$"
        ),
        "",
    ),
    (_rule(r"[AIYU]S$(?<=[A-Z]{6})"), ""),
)
_ARTICLE: Final = _rule(
    r"^(?=.{6})(?:AL|EL|UL|AS(?=S)|ES(?=S)|AR(?=R)|ER(?=R)|AT(?=T)|ET(?=T)|AN(?=N)|AZ(?=Z)|AD(?=D)|ED(?=D)"
    r"|ASH(?=SH)|BEN(?=[A-Z]{4})|ABU(?=[A-Z]{4})|BOU(?=[A-Z]{4})|MAC(?=[A-Z]{3})|MC(?=[A-Z]{3})"
    r"|O(?=[BCDFGHKLMNRST][A-Z]{4}))(?=[B-DF-HJ-NP-TV-Z][A-Z]{2}|[AEIOU][A-Z]{4})"
)

_OVA: Final = _rule(r"OVA$(?<=..[BCDFGHJKLMNPRSTVZ]...)")
_GENDERED: Final = _rule(r"(?<=..)(?:IA|IO|UA|US|[AOE])$")
_LAST_TWICE: Final = _rule(r"(.)\1$")


@dataclass(frozen=True, slots=True)
class Written:
    """What is told of words by how they are written: each a text for each of the words."""

    spelling: list[str]
    """As the function of that name has it."""
    bare: list[str]
    """The spelling without an article or MAC, BEN, O written into the word, or the Czech -OVA.

    ALSUBAIE is SUBAIE, NOVAKOVA is NOVAK; that ALICIA is ICIA does no harm, which is no name.
    """
    stem: list[str]
    """The spelling of the surname as a man bears it: IVANOVA is IVANOV, KOWALSKA is KOWALSKI."""
    unvoiced: list[str]
    """The spelling without voice: what systems of Korean, Chinese and Arabic names write either way
    (BAK, PAK; JONG, CHONG; GADDAFI, QADDAFI), and Germans and Spaniards hear alike.
    """
    skeleton: list[str]
    """The consonants of the spelling, of which near ones are one: what unvowelled scripts leave.

    A first vowel counts as A, and so does H, which is the first to be dropped or put in.
    """
    ungendered: list[str]
    """The word without the ending that tells a woman's given name from a man's: MARI, JUAN, IVAN.

    Two words that differ, and are equal without it, are two names: MARIA and MARIO, not a slip.
    """


def written(words: Sequence[str]) -> Written:
    """Read words, none of them empty."""
    whole = "\n".join(words)
    spelt = _spellings(words)
    respelt = "\n".join(spelt)
    without = _ARTICLE.sub("", whole).split("\n")
    short = [
        cut if cut != word else other
        for word, cut, other in zip(words, without, _OVA.sub("", whole).split("\n"), strict=True)
    ]
    male = list(words)
    for ending, becomes in _FEMININE:
        changed = ending.sub(becomes, whole).split("\n")
        male = [
            other if so_far == word else so_far
            for word, so_far, other in zip(words, male, changed, strict=True)
        ]
    ungendered = _LAST_TWICE.sub(r"\1", _GENDERED.sub("", whole))
    return Written(
        spelling=spelt,
        bare=_respelt(words, short, spelt),
        stem=_respelt(words, male, spelt),
        unvoiced=respelt.translate(_UNVOICED).split("\n"),
        skeleton=[
            "A" + bones if word[0] in _OPEN and itself.strip("H") else bones
            for word, itself, bones in zip(
                words, spelt, respelt.translate(_BONES).split("\n"), strict=True
            )
        ],
        ungendered=ungendered.split("\n"),
    )


def _respelt(words: Sequence[str], changed: Sequence[str], spelt: list[str]) -> list[str]:
    """The spellings of changed words; those that are as they were have theirs already."""
    found = list(spelt)
    other = [at for at, (one, two) in enumerate(zip(words, changed, strict=True)) if one != two]
    if other:
        for at, text in zip(other, _spellings([changed[at] for at in other]), strict=True):
            found[at] = text
    return found


_PATRONYMIC: Final = re.compile(
    r"[A-Z]{2,}(?:[OEI]VI?[CT]?C?H|EVI[CT]H|OVI[CT]H|OVITCH|EVITCH|OVICH|OVYCH|IYOVYCH|OVNA"
    r"|EVNA|IVNA|ICHNA|INICHNA|OVICZ|YEVICH|AVICH|AVNA|EUNA|OUNA|OGLU|OGLY|QIZI|KYZY|UULU|SDOTTIR|DOTTIR)$"
)


_OF_A_FATHER: Final = ("H", "NA", "CZ", "OGLU", "OGLY", "I", "KYZY", "UULU", "DOTTIR")


def is_patronymic(word: str) -> bool:
    """Whether the word can only be the father's name, which one writing gives and another omits."""
    return word.endswith(_OF_A_FATHER) and _PATRONYMIC.fullmatch(word) is not None
