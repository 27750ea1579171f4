"""Names of persons: kept as given, and understood as tokens that compare across systems."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from tieline.core.values.placeholders import WITHHELD
from tieline.core.values.scripts import latin
from tieline.core.values.sounds import neutral, phonetic

__all__ = [
    "APOSTROPHES",
    "LIGHT",
    "LIGHT_BUT_FIRST",
    "LONGEST_TEXT",
    "MOST_TOKENS",
    "NAMES_VERSION",
    "PARTICLES",
    "PersonName",
    "canonical_given",
    "is_initial",
    "neutral",
    "phonetic",
    "stays",
    "tokens",
]

NAMES_VERSION: Final = 2
"""To be raised by any change of what `tokens` gives: keys made by another version do not meet."""

MOST_TOKENS: Final = 12
"""Words of a name that are kept."""
_LONGEST_TOKEN = 40
LONGEST_TEXT: Final = 1_000
"""Signs of a name that are looked at."""

APOSTROPHES: Final = dict.fromkeys(map(ord, "'’‘`´ʼʻʹ′ʾʿ"), "")
"""What is written within a word and dropped, as `str.translate` takes it."""
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
_TITLES = frozenset(
    [
        *("MR", "MRS", "MS", "MISS", "DR", "SRA", "SRTA", "PROF", "PROFESSOR", "MME", "MLLE"),
        *(
            "SENOR",
            "SENORA",
            "SENORITA",
            "MONSIEUR",
            "MADAME",
            "HERR",
            "FRAU",
            "HON",
            "REV",
            "ESQUIRE",
        ),
    ]
)
# DO, DU and LE are left out: they are surnames of many people (Vietnam, China).
PARTICLES: Final = frozenset(
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
        "UR",
        "UD",
        "AR",
    ]
)
_BESIDE_THE_NAME = _SUFFIXES | _TITLES
LIGHT: Final = frozenset(
    [
        # Titles and ranks that are also names.
        *("SIR", "LADY", "LORD", "DON", "DONA", "GENERAL", "GEN", "COLONEL", "COL", "MAJOR", "MAJ"),
        *("CAPTAIN", "CAPT", "LT", "LIEUTENANT", "SGT", "SERGEANT", "PRINCE", "PRINCESS", "KING"),
        *("PRESIDENT", "MINISTER", "FATHER", "BROTHER", "SISTER", "BISHOP", "POPE", "SAINT", "ST"),
        *("SHEIKH", "SHAIKH", "SHEIK", "SHEKH", "SHEYKH", "CHEIKH", "SHAYKH", "SAYYID", "SAYED"),
        *("SYED", "SEYED", "SEYYED", "SAYYED", "SAID", "SYEED", "SAIYID", "HAJI", "HAJJI", "HAJ"),
        *("HAJJ", "HADJ", "HADJI", "ELHADJ", "ALHAJ", "ALHAJI", "HACI", "MULLAH", "MULLA", "MOLLA"),
        *("MAULVI", "MAWLAWI", "MOLVI", "MAULANA", "MAWLANA", "QARI", "HAFIZ", "USTADH", "USTAD"),
        *("AYATOLLAH", "IMAM", "EMIR", "ENGINEER", "SRI", "SHRI", "SHREE", "BEGUM", "BIBI", "DATO"),
        *("DATUK", "TUN", "TAN", "SERI", "DAW", "ATTY", "CDR", "CMDR", "COMMANDER", "ADMIRAL"),
        # Particles that are also names: of Vietnam, China, England.
        *(
            "BEN",
            "OULD",
            "WALAD",
            "ABU",
            "ABOU",
            "ABI",
            "BOU",
            "UMM",
            "OUM",
            "DU",
            "LE",
            "DO",
            "ZU",
        ),
        *(
            "AF",
            "AV",
            "AP",
            "TEN",
            "STE",
            "SAINTE",
            "THI",
            "VEL",
            "NEE",
            "GEB",
            "AKA",
            "OGLU",
            "OGLI",
        ),
        *(
            "OGLY",
            "QIZI",
            "KIZI",
            "KYZY",
            "ZU",
            "ZUR",
            "ZUM",
            "VOM",
            "OP",
            "AND",
            "BTE",
            "BT",
            "WA",
        ),
        *(
            "BINTI",
            "BINTE",
            "SO",
            "DO",
            "DES",
            "LO",
            "DELLA",
            "DELLE",
            "DEGLI",
            "DALLA",
            "THE",
            "OF",
        ),
    ]
)
"""Words that say little: a name that lacks one is not another name (see `matching.whole`)."""
LIGHT_BUT_FIRST: Final = frozenset(
    [
        "BEN",
        "DON",
        "DO",
        "LE",
        "DU",
        "LO",
        "SO",
        "TEN",
        "SAID",
        "TAN",
        "TUN",
        "KING",
        "PRINCE",
        "AV",
    ]
)
"""Those of them that are a given name where they stand first."""

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
    if text.isascii() and text.replace(" ", "").isalpha():
        # Most names by far: words as they stand.
        upper = text.upper()
        words = tuple(upper.split())
        if _CHANGED.isdisjoint(words) and _MAY_CHANGE.search(upper) is None:
            return words[:MOST_TOKENS]
    return _changed(text)


def stays(word: str) -> bool:
    """Whether a word in ASCII capitals is a token as it stands, whatever stands beside it."""
    if word in _CHANGED:
        return False
    if word.isalpha() and _MAY_CHANGE.search(word) is None:
        # Most words by far.
        return True
    if "ABD" in word or _MAY_BE_FAITH.search(word) is not None:
        return False
    return _words(word) == [word]


def _changed(text: str) -> tuple[str, ...]:
    """As `tokens`, of a name of which something may have to be dropped or put together."""
    plain = _plain(text)
    kept = [word for word in _words(plain) if word not in _BESIDE_THE_NAME]
    if "ABD" in plain or ("D" in plain and _MAY_BE_FAITH.search(plain) is not None):
        kept = _compounds(kept)
    named = [word for word in kept if word not in PARTICLES] or kept
    found = tuple(_joined(named)[:MOST_TOKENS])
    return () if found in _WHOLE_PLACEHOLDERS else found


_CHANGED: Final = (
    _BESIDE_THE_NAME
    | PARTICLES
    | _PLACEHOLDERS
    | {word for words in _WHOLE_PLACEHOLDERS for word in words}
    | {"MC"}
)
_MAY_CHANGE: Final = re.compile(
    r"(?<![A-Z])(?:DEL|VAN|VON|XX)|ABD|D(?:IN|EEN|INE|YN)(?![A-Z])|.{41}"
)
"""What is written into a word, or is of the faith, or too long."""


def _plain(text: str) -> str:
    """The text in ASCII capitals, without apostrophes and stamps of withholding."""
    short = text[:LONGEST_TEXT]
    if "(" in short:
        short = WITHHELD.sub(" ", short)
    if not short.isascii():
        # Those that are no ASCII first: some are letters of other scripts' own.
        short = latin(short.translate(APOSTROPHES))
    short = short.replace("'", "").replace("`", "")
    upper = short.upper()
    return _NOT_APPLICABLE.sub(" ", upper) if "/" in upper else upper


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


# "Servant of" and "of the faith" make one name with the word beside them, however it is written:
# ABD AL-RAHMAN, ABDUR RAHMAN, ABDERRAHMANE; SALAH AL-DIN, SALAHUDDIN, SALAH EDDINE.
_MAY_BE_FAITH = re.compile(r"D(?:IN|EEN|INE|YN)(?![A-Z])")
_SERVANT = re.compile(
    r"ABD(?:[UAEOIY]|OU)?(?:L|R(?=R|$)|S(?=S|$)|SH(?=SH)|N(?=N|$)|Z(?=Z|$)|D(?=D|$)|T(?=T|$))?"
)
_ASSIMILATED = frozenset(
    ["UR", "AR", "ER", "OR", "US", "AS", "ES", "ASH", "USH", "ESH", "UN", "AN"]
)
_ARTICLES = frozenset(["AL", "EL", "UL", "OL", "IL"]) | _ASSIMILATED | frozenset(["UD", "AD", "ED"])
_OF_GOD = re.compile(r"L*AH?|LLAHI|LAHI|ALLAH|ULLAH|ELLAH")
_FAITH = re.compile(r"(?:[AEUO]?D?)D(?:IN|EEN|INE|YN)")
_OF_FAITH = re.compile(r"(?P<of>[A-Z]{3,}?)(?:[AEUOI]DD(?:IN|EEN|INE|YN)|[EU]LD(?:IN|EEN))")


def _compounds(words: list[str]) -> list[str]:
    made: list[str] = []
    at = 0
    while at < len(words):
        word = words[at]
        at += 1
        servant = _SERVANT.match(word)
        rest = word[servant.end() :] if servant is not None else word
        if not rest and (word == "ABD" or word[-1] not in "AEIOUY"):
            while at < len(words) - 1 and words[at] in _ARTICLES:
                at += 1
            if at < len(words) and len(words[at]) > 2:
                made.append(_servant_of(words[at]))
                at += 1
                continue
        elif servant is not None and rest and (len(rest) > 3 or _OF_GOD.fullmatch(rest)):
            word = _servant_of(rest)
        elif made and _FAITH.fullmatch(word):
            while len(made) > 1 and made[-1] in _ARTICLES:
                made.pop()
            word = f"{made.pop()}UDDIN"[:_LONGEST_TOKEN]
        elif (faith := _OF_FAITH.fullmatch(word)) is not None:
            word = f"{faith['of']}UDDIN"
        made.append(word)
    return made


def _servant_of(word: str) -> str:
    return "ABDULLAH" if _OF_GOD.fullmatch(word) else f"ABDUL{word}"[:_LONGEST_TOKEN]


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
