"""Names in other scripts than the Latin one, written in the Latin letters their bearers use.

anyascii is the base: it knows every script, sign by sign. Where a name is more than its signs it is
mended here: Arabic and Hebrew leave out vowels, Chinese and Korean write surname and given name
without a space, Devanagari and its kin leave the vowel A to the reader.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Final

from anyascii import anyascii

from tieline.core.values.script_words import (
    ARABIC_WORDS,
    CHINESE_DOUBLE_SURNAMES,
    CHINESE_SURNAMES,
    HEBREW_WORDS,
    JAPANESE_GIVEN,
    JAPANESE_SURNAMES,
    KOREAN_SURNAMES,
)

__all__ = ["WESTERN_LETTERS", "latin"]

_ARABIC: Final = re.compile(r"[\u0620-\u06ff\u0750-\u077f]+")
_HEBREW: Final = re.compile(r"[\u05d0-\u05ea]+")
_HAN: Final = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\u3005]+")
_HANGUL: Final = re.compile(r"[\uac00-\ud7a3]+")
_INDIC: Final = re.compile(r"[\u0900-\u0d7f]+")
_GREEK: Final = re.compile(r"[\u0370-\u03ff]+")
# Đ is DJ there, and D in Vietnam.
_SOUTH_SLAVIC: Final = re.compile(r"[čćšžČĆŠŽ]")
_KANA: Final = re.compile(r"[\u3040-\u30ff]")

_MARKS_OF_ARABIC: Final = re.compile(r"[\u064b-\u065f\u0670\u0640\u0610-\u061a]")
# Letters that several keyboards write for one: Persian yeh and kaf, alefs with and without hamza.
_ONE_LETTER: Final = str.maketrans("أإآٱىیکةۀھہؤئ", "اااايي" + "كههههوي")
_ARABIC_LETTERS: Final = str.maketrans(
    {
        **{"ا": "A", "ب": "B", "ت": "T", "ث": "TH", "ج": "J", "ح": "H", "خ": "KH", "د": "D"},
        **{"ذ": "DH", "ر": "R", "ز": "Z", "س": "S", "ش": "SH", "ص": "S", "ض": "D", "ط": "T"},
        **{"ظ": "Z", "ع": "", "غ": "GH", "ف": "F", "ق": "Q", "ك": "K", "ل": "L", "م": "M"},
        **{"ن": "N", "ه": "H", "و": "W", "ي": "Y", "ء": "", "پ": "P", "چ": "CH", "ژ": "ZH"},
        **{"گ": "G", "ڤ": "V", "ٹ": "T", "ڈ": "D", "ڑ": "R", "ں": "N", "ے": "E"},
    }
)
_WEAK_END: Final = re.compile(r"Y$")
_WEAK_MIDDLE: Final = re.compile(r"(?<=[BCDFGHJKLMNPQRSTVZ])([WY])(?=[BCDFGHJKLMNPQRSTVZ]|$)")
_WEAK: Final = {"W": "U", "Y": "I"}

_HEBREW_LETTERS: Final = str.maketrans(
    {
        **{"א": "A", "ב": "B", "ג": "G", "ד": "D", "ה": "H", "ו": "O", "ז": "Z", "ח": "H"},
        **{"ט": "T", "י": "I", "כ": "K", "ך": "KH", "ל": "L", "מ": "M", "ם": "M", "נ": "N"},
        **{"ן": "N", "ס": "S", "ע": "", "פ": "P", "ף": "F", "צ": "TZ", "ץ": "TZ", "ק": "K"},
        **{"ר": "R", "ש": "SH", "ת": "T"},
    }
)

# Offsets within a block of 128 signs, alike in the nine scripts that follow ISCII.
_INDIC_CONSONANTS: Final = dict(
    enumerate(
        [
            "K",
            "KH",
            "G",
            "GH",
            "N",
            "CH",
            "CHH",
            "J",
            "JH",
            "N",
            "T",
            "TH",
            "D",
            "DH",
            "N",
            "T",
            "TH",
            "D",
            "DH",
            "N",
            "N",
            "P",
            "PH",
            "B",
            "BH",
            "M",
            "Y",
            "R",
            "R",
            "L",
            "L",
            "L",
            "V",
            "SH",
            "SH",
            "S",
            "H",
        ],
        0x15,
    )
)
_INDIC_SIGNS: Final = {
    **dict(
        enumerate(
            ["A", "I", "I", "U", "U", "RI", "L", "E", "E", "E", "AI", "O", "O", "O", "AU"], 0x3E
        )
    ),
    **dict(
        zip(
            range(0x05, 0x15),
            ["A", "A", "I", "I", "U", "U", "RI", "L", "E", "E", "E", "AI", "O", "O", "O", "AU"],
            strict=True,
        )
    ),
    **{0x01: "N", 0x02: "N", 0x03: "H", 0x4D: "", 0x3C: ""},
}

# Syllables of the Korean alphabet by Unicode's arithmetic; the sounds are Revised Romanization.
_KOREAN_FIRST: Final = [
    "G",
    "KK",
    "N",
    "D",
    "TT",
    "R",
    "M",
    "B",
    "PP",
    "S",
    "SS",
    "",
    "J",
    "JJ",
    "CH",
    "K",
    "T",
    "P",
    "H",
]
_KOREAN_VOWEL: Final = [
    "A",
    "AE",
    "YA",
    "YAE",
    "EO",
    "E",
    "YEO",
    "YE",
    "O",
    "WA",
    "WAE",
    "OE",
    "YO",
    "U",
    "WO",
    "WE",
    "WI",
    "YU",
    "EU",
    "UI",
    "I",
]
_KOREAN_LAST: Final = [
    "",
    "K",
    "K",
    "K",
    "N",
    "N",
    "N",
    "T",
    "L",
    "K",
    "M",
    "L",
    "L",
    "L",
    "P",
    "L",
    "M",
    "P",
    "P",
    "T",
    "T",
    "NG",
    "T",
    "T",
    "K",
    "T",
    "P",
    "T",
]

_GREEK_PAIRS: Final = tuple(
    pair.split()
    for pair in [
        "ου ou",
        "ού oú",
        "ευ ev",
        "εύ év",
        "αυ av",
        "αύ áv",
        "μπ b",
        "ντ nt",
        "γγ ng",
        "γκ gk",
        "τζ tz",
        "χ ch",
    ]
)


_WESTERN: Final = re.compile("[\x20-\x7eÀ-ÖØ-öø-ÿ]*")
WESTERN_LETTERS: Final = {
    letter: anyascii(chr(letter)) for letter in range(0xC0, 0x100) if letter not in (0xD7, 0xF7)
}
"""Each of them in ASCII, whatever stands beside it, as `str.translate` takes it."""


def latin(text: str) -> str:
    """The text in ASCII: marks and signs gone, other scripts as their bearers write them abroad."""
    if _WESTERN.fullmatch(text):
        # Most names by far that are no ASCII: each letter by itself, as it would come out below.
        return text.translate(WESTERN_LETTERS)
    short = unicodedata.normalize("NFKC", text)
    kana = _KANA.search(short) is not None
    kept = "".join(sign for sign in map(_kept, short) if sign)
    if not kept.isascii():
        for pattern, write in _SCRIPTS:
            kept = pattern.sub(write, kept)
        if _HAN.search(kept):
            kept = _HAN.sub(lambda found: f" {_han(found[0], japanese=kana)} ", kept)
    if _SOUTH_SLAVIC.search(kept):
        kept = kept.replace("Đ", "Dj").replace("đ", "dj")
    return anyascii(kept.replace("Ə", "A").replace("ə", "a"))


def _kept(sign: str) -> str:
    # anyascii names emoji in words (":grinning:"), so signs go; marks of direction leave no gap.
    if sign.isascii():
        return sign
    kind = unicodedata.category(sign)
    if kind == "Cf":
        return ""
    return sign if kind[0] in "LMNPZ" else " "


def _arabic(word: str) -> str:
    plain = _MARKS_OF_ARABIC.sub("", word).translate(_ONE_LETTER)
    known = ARABIC_WORDS.get(plain)
    if known is not None:
        return known
    if plain.startswith("عبدال") and len(plain) > 6:
        return f"ABDUL {_arabic(plain[5:])}"
    if plain.startswith("ال") and len(plain) > 4:
        return f"AL {_arabic(plain[2:])}"
    if plain.endswith("ه") and plain[:-1] in ARABIC_WORDS:
        return f"{ARABIC_WORDS[plain[:-1]]}A"
    if plain.endswith("ي") and plain[:-1] in ARABIC_WORDS:
        return f"{ARABIC_WORDS[plain[:-1]]}I"
    letters = plain.translate(_ARABIC_LETTERS)
    return _WEAK_MIDDLE.sub(lambda weak: _WEAK[weak[0]], letters)


def _hebrew(word: str) -> str:
    return HEBREW_WORDS.get(word) or word.translate(_HEBREW_LETTERS)


def _indic(word: str) -> str:
    written = []
    signs = [ord(sign) & 0x7F for sign in word]
    for at, sign in enumerate(signs):
        consonant = _INDIC_CONSONANTS.get(sign)
        if consonant is None:
            written.append(_INDIC_SIGNS.get(sign, ""))
            continue
        after = signs[at + 1] if at + 1 < len(signs) else None
        # The vowel A is not written, and is not said at the end of a word.
        said = after is not None and (after in _INDIC_CONSONANTS or after in (0x01, 0x02))
        written.append(consonant + ("A" if said else ""))
    return "".join(written)


def _hangul(word: str) -> str:
    double = word[:2] in KOREAN_SURNAMES and len(word) > 3
    if not 2 <= len(word) <= 5 or not (double or word[0] in KOREAN_SURNAMES):
        return _syllables(word)
    cut = 2 if double else 1
    return f"{KOREAN_SURNAMES[word[:cut]]} {_syllables(word[cut:])}"


def _syllables(word: str) -> str:
    said = []
    for sign in word:
        number = ord(sign) - 0xAC00
        first, rest = divmod(number, 588)
        vowel, last = divmod(rest, 28)
        said.append(_KOREAN_FIRST[first] + _KOREAN_VOWEL[vowel] + _KOREAN_LAST[last])
    return "".join(said)


def _han(word: str, *, japanese: bool) -> str:
    as_japanese = _japanese(word)
    if as_japanese and (japanese or word[:1] not in CHINESE_SURNAMES or len(word) > 3):
        return as_japanese
    if word[:2] in CHINESE_DOUBLE_SURNAMES and len(word) > 2:
        return f"{CHINESE_DOUBLE_SURNAMES[word[:2]]} {anyascii(word[2:])}"
    if 2 <= len(word) <= 4:
        surname = CHINESE_SURNAMES.get(word[0]) or anyascii(word[0])
        return f"{surname} {anyascii(word[1:])}"
    return CHINESE_SURNAMES.get(word) or anyascii(word)


def _japanese(word: str) -> str:
    for cut in (3, 2, 1):
        surname = JAPANESE_SURNAMES.get(word[:cut])
        if surname and len(word) > cut:
            given = JAPANESE_GIVEN.get(word[cut:])
            if given or cut > 1:
                return f"{surname} {given or anyascii(word[cut:])}"
        if surname and len(word) == cut > 1:
            return surname
    return JAPANESE_GIVEN.get(word, "") if len(word) > 1 else ""


def _greek(word: str) -> str:
    low = word.lower()
    for pair, sound in _GREEK_PAIRS:
        low = low.replace(pair, sound)
    if low.startswith("nt"):
        low = f"d{low[2:]}"
    return low


def _apart(write: Callable[[str], str]) -> Callable[[re.Match[str]], str]:
    return lambda found: f" {write(found[0])} "


_SCRIPTS: Final = (
    (_ARABIC, _apart(_arabic)),
    (_HEBREW, _apart(_hebrew)),
    (_HANGUL, _apart(_hangul)),
    (_INDIC, _apart(_indic)),
    (_GREEK, _apart(_greek)),
)
