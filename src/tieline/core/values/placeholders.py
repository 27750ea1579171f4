"""Words that stand where a value is missing: they are not values and must never match."""

from __future__ import annotations

import re

# Exemptions of 5 U.S.C. 552(b), as they are stamped over withheld values: "(b)(6), (b)(7)(c)".
WITHHELD = re.compile(r"\(\s*[bk]\s*\)\s*\(\s*\d\s*\)(?:\s*\(\s*[a-f]\s*\))?", re.IGNORECASE)

# Compared after upper-casing and dropping all but letters and digits.
_NOTHING = frozenset(
    [
        "NA",
        "NAN",
        "NULL",
        "NONE",
        "NIL",
        "UNK",
        "UNKN",
        "UNKNOWN",
        "UNKOWN",
        "NOTPROVIDED",
        "NOTREPORTED",
        "NOTGIVEN",
        "NOTAVAILABLE",
        "NOTAPPLICABLE",
        "NONEINDICATED",
        "IIDSETLNULL",
        "REDACTED",
        "WITHHELD",
        "BLANK",
        "TBD",
        "FNU",
        "LNU",
        "NMN",
        "NOTRECORDED",
        "REFUSED",
    ]
)
_LETTERS = re.compile(r"[^A-Z0-9]+")


def is_withheld(text: str) -> bool:
    """Whether nothing but stamps of withholding stands in the text, such as `(b)(6), (b)(7)(c)`."""
    if "(" not in text:
        return False
    return WITHHELD.search(text) is not None and not WITHHELD.sub("", text).strip(" ,;.")


def why_missing(text: str) -> str:
    """A sentence saying why the text carries no value; empty when it may carry one.

    `UNKNOWN` is a word of some code lists: ask the list first.
    """
    stripped = text.strip()
    if not stripped:
        return "nothing was given"
    if stripped.isascii() and stripped.isalnum() and not stripped.isalpha():
        # Most numbers: no word for "not known" has a digit in it.
        return ""
    if is_withheld(stripped):
        return "the value was withheld when the record was released"
    letters = _LETTERS.sub("", stripped.upper())
    if not letters and stripped.isascii():
        return "only punctuation was given"
    if letters in _NOTHING:
        return f"{stripped[:40]!r} says that the value is not known"
    return ""


def is_one_sign_repeated(text: str) -> bool:
    """Whether a number is one sign over and over (`000000000`, `XXXX`): a filler, not a number."""
    return len(text) > 1 and len(set(text)) == 1
