"""How a word of a name is written: the ways into Latin letters that fall together, and its parts.

Each is a function of one word of `names.tokens` (ASCII capitals). The linguistic facts are those of
the usual tables: BGN/PCGN, ISO 9 and the German and French habits for Cyrillic, ALA-LC and the
French habit for Arabic, Revised Romanization and McCune-Reischauer for Korean, Hepburn for
Japanese.
"""

from __future__ import annotations

import re
from functools import lru_cache
from operator import eq
from typing import Final

__all__ = ["bare", "is_patronymic", "skeleton", "spelling", "stem", "ungendered", "unvoiced"]

_CACHED: Final = 1 << 18
_VOWELS: Final = frozenset("AIU")


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
_X: Final = re.compile(r"(?<!^)X(?!$)|X$")
# Before V it is the Slavic TS: CVETKOV.
_SOFT_C: Final = re.compile(r"C(?=[EIY])|^C(?=V)")
_GU: Final = re.compile(r"GU(?=[EI])")
_GLIDE: Final = re.compile(r"(?<!^)J(?![AEIOU])|(?<=[BDFGKLMNPRSTV])J(?=[AOU])")
# NOVIKOFF; Belarusian KAZLOU, LUKASHOU, where Russian has -OV.
_ENDS_FF: Final = re.compile(r"(?<=[OE])FF$|(?<=[A-Z]{3}[BCDFGHKLMNPRSTVZ]O)U$")
_AI: Final = re.compile(r"A[IY](?![AEIOUY])")
_YE: Final = re.compile(r"^(?:Y|I|J(?=EK|EV|EL))(?=E(?!O))")
_IYA: Final = re.compile(r"(?<=[A-Z]{2})[IY][YJ](?=[AU])")
_DOUBLE: Final = re.compile(r"(.)\1+")
_LATE: Final = str.maketrans({"W": "V", "Z": "S", "E": "I", "Y": "I", "O": "U"})
_C_HARD: Final = re.compile(r"C(?![H#EIYZ])|C$")


@lru_cache(maxsize=_CACHED)
def spelling(word: str) -> str:
    """The word respelled so that the ways of writing one name in Latin letters fall together.

    Vowels are three: A, I (E, I, Y) and U (O, U). KHRUSHCHEV, CHRUSCHTSCHOW differ still in their
    last vowel; YURIY, IURII and YURY, MUELLER and MULLER, NOVIKOFF and NOVIKOV do not.
    """
    text = _letters(word[:40])
    if _TWO_VOWELS.search(text) is not None or "YJ" in text or "IJ" in text or text[0] == "J":
        text = _YE.sub("", text)
        text = _IYA.sub("I", text)
        text = _AI.sub("E", text)
    if "H" in text or "Z" in text or "J" in text:
        for written, becomes in _HISSING:
            text = text.replace(written, becomes)
    for written, becomes in _STOPS:
        text = text.replace(written, becomes)
    if _TWO_VOWELS.search(text) is not None:
        for written, becomes in _VOWEL_PAIRS:
            text = text.replace(written, becomes)
    text = text.translate(_LATE)
    if any(map(eq, text, text[1:])):
        text = _DOUBLE.sub(r"\1", text)
    if len(text) > 2 and text[-1] == "H":
        text = text[:-1]
    return text


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
    if text.endswith(("FF", "U")):
        text = _ENDS_FF.sub("V", text)
    return text


_ALIKE_CONSONANTS: Final = str.maketrans(
    {"X": "S", "C": "S", "G": "K", "H": "", "F": "P", "V": "P", "B": "P"}
)


@lru_cache(maxsize=_CACHED)
def skeleton(word: str) -> str:
    """The consonants of the spelling, of which near ones are one: what unvowelled scripts leave.

    A first vowel counts as A, and so does H, which is the first to be dropped or put in.
    """
    text = spelling(word).translate(_ALIKE_CONSONANTS)
    if not text:
        return ""
    bones = "".join([letter for letter in text if letter not in _VOWELS])
    return "A" + bones if word[0] in "AEIOUYH" else bones


_UNVOICED: Final = str.maketrans({"B": "P", "D": "T", "G": "K", "J": "C", "V": "F"})


@lru_cache(maxsize=_CACHED)
def unvoiced(word: str) -> str:
    """The spelling without voice: what systems of Korean, Chinese and Arabic names write either
    way (BAK, PAK; JONG, CHONG; GADDAFI, QADDAFI), and Germans and Spaniards hear alike.
    """
    return spelling(word).translate(_UNVOICED)


# Feminine endings of surnames and the masculine ones: Russian, Ukrainian, Bulgarian, Polish, Czech
# and Slovak, Lithuanian (married -IENE, unmarried -YTE, -AITE, -UTE; masculine -AS, -IS, -US).
# Each with the ends that it needs, which are asked for first.
_FEMININE: Final = (
    (("VA", "WA"), re.compile(r"(?<=[A-Z]{2}[OE])VA$|(?<=[A-Z]{3}[OE])WA$"), "V"),
    (("NA",), re.compile(r"(?<=[A-Z]{3}I)NA$|(?<=[A-Z]{3}Y)NA$"), "N"),
    (("A",), re.compile(r"(?<=[A-Z]{2})([SC]?)K(?:AYA|AIA|AJA|A)$"), r"\1KI"),
    (
        ("Y", "J", "I"),
        re.compile(r"(?<=[A-Z]{2})([SC]K)(?:IY|IJ|II|YI|YY|YJ|Y|EJ|OY|OI)$"),
        r"\1I",
    ),
    (("E",), re.compile(r"(?<=[A-Z]{3})(?:IENE|UVIENE|AITE|YTE|UTE)$"), ""),
    (("S",), re.compile(r"(?<=[A-Z]{4})(?:AS|IS|YS|US)$"), ""),
)


@lru_cache(maxsize=_CACHED)
def stem(word: str) -> str:
    """The spelling of the surname as a man bears it: IVANOVA is IVANOV, KOWALSKA is KOWALSKI."""
    if not word.endswith(("A", "S", "E", "Y", "J", "I")):
        return spelling(word)
    for ends, ending, becomes in _FEMININE:
        if word.endswith(ends):
            changed = ending.sub(becomes, word)
            if changed != word:
                return spelling(changed)
    return spelling(word)


_ARTICLE: Final = re.compile(
    r"^(?:AL|EL|UL|AS(?=S)|ES(?=S)|AR(?=R)|ER(?=R)|AT(?=T)|ET(?=T)|AN(?=N)|AZ(?=Z)|AD(?=D)|ED(?=D)"
    r"|ASH(?=SH)|BEN(?=[A-Z]{4})|ABU(?=[A-Z]{4})|BOU(?=[A-Z]{4})|MAC(?=[A-Z]{3})|MC(?=[A-Z]{3})"
    r"|O(?=[BCDFGHKLMNRST][A-Z]{4}))(?=[B-DF-HJ-NP-TV-Z][A-Z]{2}|[AEIOU][A-Z]{4})"
)


@lru_cache(maxsize=_CACHED)
def bare(word: str) -> str:
    """The spelling without an article or MAC, BEN, O written into the word, or the Czech -OVA.

    ALSUBAIE is SUBAIE, NOVAKOVA is NOVAK; that ALICIA is ICIA does no harm, which is no name.
    """
    if len(word) < 6:
        return spelling(word)
    short = _ARTICLE.sub("", word)
    return spelling(_OVA.sub("", short) if short == word else short)


_OVA: Final = re.compile(r"(?<=[BCDFGHJKLMNPRSTVZ])OVA$")
_GENDERED: Final = ("IA", "IO", "UA", "US", "A", "O", "E")


@lru_cache(maxsize=_CACHED)
def ungendered(word: str) -> str:
    """The word without the ending that tells a woman's given name from a man's: MARI, JUAN, IVAN.

    Two words that differ, and are equal without it, are two names: MARIA and MARIO, not a slip.
    """
    if word.endswith(_GENDERED):
        for ending in _GENDERED:
            if word.endswith(ending) and len(word) > len(ending) + 1:
                word = word[: -len(ending)]
                break
    return word[:-1] if word[-2:-1] == word[-1:] else word


_PATRONYMIC: Final = re.compile(
    r"[A-Z]{2,}(?:[OEI]VI?[CT]?C?H|EVI[CT]H|OVI[CT]H|OVITCH|EVITCH|OVICH|OVYCH|IYOVYCH|OVNA"
    r"|EVNA|IVNA|ICHNA|INICHNA|OVICZ|YEVICH|AVICH|AVNA|EUNA|OUNA|OGLU|OGLY|QIZI|KYZY|UULU|SDOTTIR|DOTTIR)$"
)


_OF_A_FATHER: Final = ("H", "NA", "CZ", "OGLU", "OGLY", "I", "KYZY", "UULU", "DOTTIR")


def is_patronymic(word: str) -> bool:
    """Whether the word can only be the father's name, which one writing gives and another omits."""
    return word.endswith(_OF_A_FATHER) and _PATRONYMIC.fullmatch(word) is not None
