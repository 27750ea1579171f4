"""How a name sounds: two codes under which spellings of one name fall together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import islice
from operator import eq

import jellyfish

_CODE_LENGTH = 8
_MOST_HEARD = 1 << 20
"""Words that are kept, 170 bytes each: those of two files of a million rows, heard twice."""
_heard: dict[str, str] = {}

_NOT_LETTER = re.compile(r"[^A-Z\n]")
_TRIPLE = re.compile(r"(.)\1{2,}")
_DOUBLE = re.compile(r"(.)\1")
_HARD_CH = re.compile(r"CH(?<!SCH)|TCH")
_JOTA = re.compile(r"^X|J|G(?=[EIY])", re.MULTILINE)
_GUE = re.compile(r"G(?=U[EI])|GU(?=[EI])")
_SOFT = re.compile(r"C(?=[EIY])|Z|SC(?=[EI])")
_HARD = re.compile(r"QU(?=[EI])|[QCG]")


def _folded(text: str) -> str:
    """Each line without what Spanish (or a clerk writing Spanish as heard) does not tell apart;
    metaphone, made for English, does the rest. Each step is asked for by its letters first.
    """
    if not (text.isascii() and text.isalpha()):
        text = _NOT_LETTER.sub("", text)
    if any(map(eq, text, text[1:])):
        text = _TRIPLE.sub(r"\1\1", text)
    if "H" in text:
        text = text.replace("PH", "F")
        # Kept whole while C and H are changed.
        if "CH" in text:
            text = _HARD_CH.sub("#", text)
        # Silent: HERNANDEZ, ERNANDEZ; THOMAS, TOMAS; KHALED, KALED.
        text = text.replace("SH", "%").replace("H", "")
    if "X" in text or "J" in text or "G" in text:
        text = _JOTA.sub("Y", text)  # XIMENA, JIMENA, GIMENA; JESENIA, YESENIA
        if "G" in text:
            text = _GUE.sub("K", text)
    text = text.replace("LL", "Y")
    if "C" in text or "Z" in text:
        text = _SOFT.sub("S", text)
    if "C" in text or "Q" in text or "G" in text:
        text = _HARD.sub("K", text)
    text = text.replace("V", "B").replace("#", "CH").replace("%", "SH")
    return _DOUBLE.sub(r"\1", text) if any(map(eq, text, text[1:])) else text


def phonetic(token: str) -> str:
    """A code of at most 8 letters: metaphone (English) after folding what Spanish does not part.

    B and V; S, Z and soft C; LL, Y, J, soft G and first X; Q, K and hard C; silent H. The token is
    one of `names.tokens`: ASCII, upper case. Letters alone are heard; without any, the code is "".
    """
    found = _heard.get(token)
    return phonetics([token])[0] if found is None else found


def phonetics(tokens: Sequence[str]) -> list[str]:
    """The codes of many, which are laid line by line into one text; what was heard is kept."""
    # Others may read and forget meanwhile: what is told here does not rest on what is kept.
    told = {token: code for token in tokens if (code := _heard.get(token)) is not None}
    new = [token for token in dict.fromkeys(tokens) if token not in told]
    if new:
        lines = "\n".join([token.upper()[:64].replace("\n", " ") for token in new])
        heard = map(_metaphone, _folded(lines).split("\n"))
        added = dict(zip(new, heard, strict=True))
        if len(_heard) + len(added) > _MOST_HEARD:
            _heard.clear()
        _heard.update(islice(added.items(), _MOST_HEARD))
        told |= added
    return list(map(told.__getitem__, tokens))


def _metaphone(text: str) -> str:
    return jellyfish.metaphone(text)[:_CODE_LENGTH] if text else ""


# Place of articulation and little more: survives transliteration from other scripts, where
# vowels, doubling and voicing are the first to differ (MUHAMMAD, MOHAMED, MHMD).
_CLASSES = {
    **dict.fromkeys("BPFVW", "P"),
    **dict.fromkeys("CGKQXJH", "K"),
    **dict.fromkeys("DT", "T"),
    **dict.fromkeys("SZ", "S"),
    **dict.fromkeys("MN", "N"),
    "L": "L",
    "R": "R",
}
_PAIR_CODES = {
    "KH": "K",
    "GH": "K",
    "CH": "S",
    "SH": "S",
    "ZH": "S",
    "PH": "P",
    "TH": "T",
    "DH": "T",
}
_PAIRS = re.compile("|".join(_PAIR_CODES))
_SOFT_C = re.compile(r"C(?=[EIY])")
_SILENT_H = re.compile(r"^H(?=.)", re.MULTILINE)
_RUN = re.compile(r"(.)\1+")
_FIRST_VOWEL = re.compile(r"^[AEIOUY]", re.MULTILINE)
_FIRST_W = re.compile(r"^W", re.MULTILINE)
_FOLDED_CLASSES = str.maketrans(_CLASSES | dict.fromkeys("AEIOUYW", "") | {"#": "A"})


@lru_cache(maxsize=1 << 18)
def neutral(token: str) -> str:
    """A coarse code of at most 8 letters that leans to no language: for blocking, not for proof.

    The first sound (`A` for any vowel, Y or silent first H), then the classes of the consonants
    P K T S N L R, doubles folded; other vowels, Y and W are dropped.
    """
    return neutrals([token])[0]


def neutrals(tokens: Sequence[str]) -> list[str]:
    """The codes of many, which are laid line by line into one text."""
    if not tokens:
        return []
    text = "\n".join([token.upper()[:64].replace("\n", " ") for token in tokens])
    text = _PAIRS.sub(lambda pair: _PAIR_CODES[pair[0]], text)
    text = _NOT_LETTER.sub("", _SOFT_C.sub("S", text))
    text = _RUN.sub(r"\1", _SILENT_H.sub("", text))
    text = _FIRST_W.sub("P", _FIRST_VOWEL.sub("#", text))
    return [code[:_CODE_LENGTH] for code in text.translate(_FOLDED_CLASSES).split("\n")]
