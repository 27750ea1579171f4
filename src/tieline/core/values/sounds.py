"""How a name sounds: two codes under which spellings of one name fall together."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

import jellyfish

_CODE_LENGTH = 8

# In this order. Each line folds spellings that Spanish (or a clerk writing Spanish as heard) does
# not tell apart; metaphone, made for English, does the rest.
_FOLDS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"[^A-Z]"), ""),
    (re.compile(r"(.)\1{2,}"), r"\1\1"),
    (re.compile(r"PH"), "F"),
    (re.compile(r"(?<!S)CH|TCH"), "#"),  # kept whole while C and H are changed
    (re.compile(r"SH"), "%"),
    (re.compile(r"H"), ""),  # silent: HERNANDEZ, ERNANDEZ; THOMAS, TOMAS; KHALED, KALED
    (re.compile(r"^X|J|G(?=[EIY])"), "Y"),  # XIMENA, JIMENA, GIMENA; JESENIA, YESENIA
    (re.compile(r"G(?=U[EI])|GU(?=[EI])"), "K"),
    (re.compile(r"LL"), "Y"),
    (re.compile(r"C(?=[EIY])|Z|SC(?=[EI])"), "S"),
    (re.compile(r"QU(?=[EI])|[QCG]"), "K"),
    (re.compile(r"V"), "B"),
    (re.compile(r"#"), "CH"),
    (re.compile(r"%"), "SH"),
    (re.compile(r"(.)\1"), r"\1"),
)


@lru_cache(maxsize=1 << 18)
def phonetic(token: str) -> str:
    """A code of at most 8 letters: metaphone (English) after folding what Spanish does not part.

    B and V; S, Z and soft C; LL, Y, J, soft G and first X; Q, K and hard C; silent H. The token is
    one of `names.tokens`: ASCII, upper case. Letters alone are heard; without any, the code is "".
    """
    text = token.upper()[:64]
    for pattern, replacement in _FOLDS:
        text = pattern.sub(replacement, text)
    if not text:
        return ""
    code: str = jellyfish.metaphone(text)
    return code[:_CODE_LENGTH]


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
_PAIRS = re.compile(r"KH|GH|CH|SH|ZH|PH|TH|DH")
_SOFT_C = re.compile(r"C(?=[EIY])")
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


@lru_cache(maxsize=1 << 18)
def neutral(token: str) -> str:
    """A coarse code of at most 8 letters that leans to no language: for blocking, not for proof.

    The first sound (`A` for any vowel, Y or silent first H), then the classes of the consonants
    P K T S N L R, doubles folded; other vowels, Y and W are dropped.
    """
    text = _PAIRS.sub(lambda pair: _PAIR_CODES[pair[0]], token.upper()[:64])
    text = _SOFT_C.sub("S", text)
    text = "".join(letter for letter in text if "A" <= letter <= "Z")
    if text.startswith("H"):
        text = text[1:] or "H"
    if not text:
        return ""
    codes = [_CLASSES.get(text[0], "A")]
    for before, letter in pairwise(text):
        code = _CLASSES.get(letter, "")
        if code and letter != "W" and letter != before:
            codes.append(code)
    return "".join(codes)[:_CODE_LENGTH]
