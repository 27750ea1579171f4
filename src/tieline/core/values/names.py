"""Names of persons: kept as given, and understood as tokens that compare across systems."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from anyascii import anyascii

from tieline.core.values.placeholders import WITHHELD
from tieline.core.values.sounds import neutral, phonetic

__all__ = [
    "PersonName",
    "canonical_given",
    "is_initial",
    "neutral",
    "phonetic",
    "tokens",
]

_MOST_TOKENS = 12
_LONGEST_TOKEN = 40
_LONGEST_TEXT = 1_000

_APOSTROPHES = dict.fromkeys(map(ord, "'’‘`´ʼʻʹ′ʾʿ"))
_NOT_APPLICABLE = re.compile(r"(?<![A-Z])N\s*/\s*A(?![A-Z])")
_WORDS = re.compile(r"[A-Z0-9]+")
_DIGITS = re.compile(r"[0-9]+")

_PLACEHOLDERS = frozenset(
    [
        "UNKNOWN",
        "UNK",
        "UNKN",
        "UNKOWN",
        "FNU",
        "LNU",
        "MNU",
        "NMN",
        "NMI",
        "NFN",
        "NLN",
        "NULL",
        "NONE",
        "REDACTED",
        "IIDS",
        "ETL",
    ]
)
_WHOLE_PLACEHOLDERS = frozenset(
    {("NO", "NAME"), ("NO", "LAST", "NAME"), ("NO", "FIRST", "NAME"), ("NOT", "GIVEN")}
    | {("NO", "NAME", "GIVEN"), ("NOT", "PROVIDED"), ("NO", "MIDDLE", "NAME"), ("NOT", "KNOWN")}
)
_SUFFIXES = frozenset(["JR", "SR", "II", "III", "IV", "ESQ"])
_TITLES = frozenset(["MR", "MRS", "MS", "MISS", "DR", "SRA", "SRTA"])
# DO, DU and LE are left out: they are surnames of many people (Vietnam, China).
_PARTICLES = frozenset(
    [
        "DE",
        "DEL",
        "LA",
        "LAS",
        "LOS",
        "DA",
        "DAS",
        "DOS",
        "DI",
        "Y",
        "VAN",
        "VON",
        "DER",
        "DEN",
        "TER",
        "BIN",
        "BINT",
        "IBN",
        "AL",
        "EL",
        "UL",
    ]
)
# Particles written into the name. DELAS and DELOS lead plurals only, so that DELASALLE is DE LA
# SALLE; what is left must be a name's length, so that DELANEY stays whole.
_FUSED = re.compile(
    r"(?:DELOS(?=[A-Z]{3,}S$)|DELAS(?=[A-Z]{3,}S$)|DELA(?=[A-Z]{4}|LUZ$|PAZ$)"
    r"|VANDER(?=[A-Z]{4})|VANDEN(?=[A-Z]{4})|VONDER(?=[A-Z]{4}))"
)


def tokens(text: str) -> tuple[str, ...]:
    """The words of a name in ASCII capitals, at most 12 of at most 40 letters, in their order.

    Any script is transliterated (NFKC, then anyascii). Apostrophes close up (O'BRIEN, OBRIEN);
    hyphens, commas, periods and spaces part. Dropped: digits, signs and emoji; titles and
    suffixes (MR, JR, III: see `PersonName.suffix`); placeholders (FNU, LNU, UNKNOWN, `(b)(6)`).

    Particles (DE LA, DEL, VAN DER, BIN, AL, Y ...) are dropped wherever they stand, also when
    written into the name, so that DE LA CRUZ, DELACRUZ and CRUZ are one token, CRUZ. A name made
    of particles alone keeps them. MC closes up with what follows (MC DONALD, MCDONALD).
    """
    words = _words(_plain(text))
    kept = [word for word in words if word not in _SUFFIXES and word not in _TITLES]
    named = [word for word in kept if word not in _PARTICLES] or kept
    found = tuple(_joined(named)[:_MOST_TOKENS])
    return () if found in _WHOLE_PLACEHOLDERS else found


def _plain(text: str) -> str:
    """The text in ASCII capitals, without apostrophes and stamps of withholding."""
    short = text[:_LONGEST_TEXT]
    if "(" in short:
        short = WITHHELD.sub(" ", short)
    short = short.translate(_APOSTROPHES)
    if not short.isascii():
        # anyascii names emoji in words (":grinning:"): signs go before it sees them.
        folded = unicodedata.normalize("NFKC", short)
        short = anyascii("".join(sign if _is_written(sign) else " " for sign in folded))
        short = short.translate(_APOSTROPHES)
    upper = short.upper()
    return _NOT_APPLICABLE.sub(" ", upper) if "/" in upper else upper


def _is_written(sign: str) -> bool:
    # Letters, marks, digits, punctuation and spaces; not symbols, private use or surrogates.
    return sign.isascii() or unicodedata.category(sign)[0] in "LMNPZ"


def _words(plain: str) -> list[str]:
    words = []
    for word in _WORDS.findall(plain):
        letters = word if word.isalpha() else _DIGITS.sub("", word)
        letters = letters[:_LONGEST_TOKEN]
        # Asked first, for speed: few words begin so.
        if letters.startswith(("DEL", "VAN", "VON")):
            while (fused := _FUSED.match(letters)) is not None:
                letters = letters[fused.end() :]
        filler = letters.startswith("XX") and set(letters) == {"X"}
        if letters and not filler and letters not in _PLACEHOLDERS:
            words.append(letters)
    return words


def _joined(words: list[str]) -> list[str]:
    if "MC" not in words:
        return words
    joined: list[str] = []
    for word in words:
        if joined and joined[-1] == "MC":
            joined[-1] = f"MC{word}"[:_LONGEST_TOKEN]
        else:
            joined.append(word)
    return joined


def canonical_given(token: str, nicknames: Mapping[str, str]) -> str:
    """The given name that a nickname stands for (`reference.nicknames()`), else the token."""
    return nicknames.get(token, token)


def is_initial(token: str) -> bool:
    """Whether the token is one letter, which agrees with any name that begins with it."""
    return len(token) == 1


@dataclass(frozen=True, slots=True)
class PersonName:
    """A person's name; paternal and maternal surname are kept apart (Hispanic naming).

    `order_known` is false when one text without a comma was given: which words are surnames is
    then a guess (the last word; the last two of four or more), not to be relied on as evidence.
    """

    given: str
    forenames: tuple[str, ...] = ()
    surname: str = ""
    surname2: str = ""
    suffix: str = ""
    order_known: bool = False
    problem: str = ""

    @property
    def tokens(self) -> tuple[str, ...]:
        """All words, surnames first."""
        return (*self.surname.split(), *self.surname2.split(), *self.forenames)

    @property
    def normal(self) -> str:
        """The normalized name, `GARCIA HERNANDEZ, JOSE LUIS`; empty when not understood."""
        surnames = " ".join(part for part in (self.surname, self.surname2) if part)
        forenames = " ".join(self.forenames)
        return ", ".join(part for part in (surnames, forenames) if part)

    @classmethod
    def parse(cls, full: str) -> PersonName:
        """Understand a whole name in one text; before a comma stand the surnames."""
        before, comma, after = full.partition(",")
        if comma and tokens(before) and tokens(after):
            return cls._of(full, tokens(after), tokens(before), order_known=True)
        words = tokens(full)
        # One word may be either; three are most often two forenames and a surname.
        surnames = 0 if len(words) < 2 else 1 if len(words) < 4 else 2
        cut = len(words) - surnames
        return cls._of(full, words[:cut], words[cut:], order_known=False)

    @classmethod
    def of_parts(cls, *, given: str = "", surname: str = "", surname2: str = "") -> PersonName:
        """Understand a name that came in columns; a first surname of two words is parted."""
        surnames = " ".join(part for part in (surname, surname2) if part.strip())
        whole = ", ".join(part for part in (surnames, given) if part.strip())
        if tokens(surname2):
            first = " ".join(tokens(surname))
            second = " ".join(tokens(surname2))
            made = cls._of(whole, tokens(given), (), order_known=True)
            return cls(
                given=whole,
                forenames=made.forenames,
                surname=first or second,
                surname2=second if first else "",
                suffix=made.suffix,
                order_known=True,
            )
        return cls._of(whole, tokens(given), tokens(surname), order_known=True)

    @classmethod
    def _of(
        cls, full: str, forenames: tuple[str, ...], surnames: tuple[str, ...], *, order_known: bool
    ) -> PersonName:
        problem = "" if forenames or surnames else "no name is in it"
        return cls(
            given=full,
            forenames=forenames,
            surname=surnames[0] if surnames else "",
            surname2=" ".join(surnames[1:]),
            suffix=_suffix(full),
            order_known=order_known and not problem,
            problem=problem,
        )


def _suffix(full: str) -> str:
    """The last suffix written (JR, III); a SR before other words is the title Señor."""
    words = _words(_plain(full))
    found = [word for place, word in enumerate(words) if place and word in _SUFFIXES]
    return found[-1] if found else ""
