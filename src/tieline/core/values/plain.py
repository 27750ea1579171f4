"""Many texts understood at once: what is plain is read off its bytes, all texts together.

Of columns of millions most values are written as they should be, and to understand them one by one
takes longer than to compare them. Each function here gives of such texts what the function for one
text would give, and says which they are; of the others it knows nothing, and they are to be asked
for one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from string import ascii_letters, ascii_uppercase, digits, printable
from typing import Final

import numpy as np

from tieline.core.values.lines import END, Flags, Lines
from tieline.core.values.placeholders import why_missing

__all__ = ["Plain", "a_numbers", "compared_phones", "identifiers", "read", "understood", "words"]

Plain = Callable[[Sequence[str]], tuple[list[str], Flags]]
"""Gives of each text its value, and whether that is known; no text is ""."""

_DIGITS: Final = digits.encode()
_SIGNS: Final = (ascii_uppercase + digits).encode()
_DIALED: Final = b" ().+/-"
_LONGEST: Final = 1000
_AT_ONCE: Final = 100_000


def read(texts: Sequence[str], one: Callable[[str], str], plain: Plain | None) -> list[str]:
    """The value of each text: all that are plain at once, the others by `one`."""
    if plain is None:
        return list(map(one, texts))
    found: list[str] = []
    for start in range(0, len(texts), _AT_ONCE):
        part = texts[start : start + _AT_ONCE]
        values, known = plain(part)
        for at in np.flatnonzero(~known).tolist():
            values[at] = one(part[at])
        found += values
    return found


def understood(
    texts: Sequence[str], one: Callable[[str], tuple[str, str]], plain: Plain | None
) -> tuple[list[str], dict[str, str]]:
    """The same where `one` gives a value and what is wrong with the text; and of each text with
    which something is wrong, what it is. A value may come with that, and counts all the same.
    """
    wrong: dict[str, str] = {}

    def value_of(text: str) -> str:
        value, problem = one(text)
        # A word for "not known" is understood well enough: it is no value.
        if problem and not why_missing(text):
            wrong[text] = problem
        return value

    return read(texts, value_of, plain), wrong


def identifiers(texts: Sequence[str]) -> tuple[list[str], Flags]:
    """As the number of `Identifier.parse`."""
    lines = Lines.of(texts)
    if lines is None:
        return _nothing(texts)
    known = lines.has_only(_SIGNS) & (lines.count(_DIGITS) > 0) & lines.is_no_filler()
    return list(texts), known & (lines.length >= 3) & (lines.length <= 40)


def a_numbers(texts: Sequence[str]) -> tuple[list[str], Flags]:
    """As the number of `ANumber.parse`, where nine digits are given."""
    lines = Lines.of(texts)
    if lines is None:
        return _nothing(texts)
    ahead = (lines.signs[lines.start] | 32) == ord("a")
    known = (lines.count(_DIGITS) == 9) & (lines.length == 9 + ahead) & lines.is_no_filler()
    return [text[-9:] for text in texts], known


def compared_phones(texts: Sequence[str]) -> tuple[list[str], Flags]:
    """As the digits of `compared_digits`."""
    lines = Lines.of(texts)
    if lines is None:
        return _nothing(texts)
    known = lines.has_only(_DIGITS + _DIALED) & (lines.count(_DIGITS) >= 7)
    dropped = bytes(sign for sign in range(256) if sign != END and sign not in _DIGITS)
    numbers = lines.whole.translate(None, dropped).decode().split("\n")
    return [number[-9:] for number in numbers[: len(texts)]], known


def words(texts: Sequence[str]) -> tuple[list[str], Flags]:
    """As `linking.understanding.words_of`; of texts that have a digit alone, since no word for "not
    known" has one.
    """
    lines = Lines.of(texts)
    if lines is None:
        return _nothing(texts)
    known = lines.has_only(_PRINTED) & (lines.count(_DIGITS) > 0) & (lines.length <= _LONGEST)
    whole = lines.whole.translate(_WORDS)
    while b"  " in whole:
        whole = whole.replace(b"  ", b" ")
    whole = whole.replace(b" \n", b"\n").replace(b"\n ", b"\n")
    return whole.lstrip(b" ").decode("utf-8", "surrogatepass").split("\n")[: len(texts)], known


# "(b)(6)" is a stamp of withholding.
_PRINTED: Final = bytes(set(printable.encode()) - set(b"\t\n\r\x0b\x0c("))
_WORDS: Final = bytes(
    sign
    if sign > 127 or sign == END
    else ord(chr(sign).lower())
    if sign in f"{ascii_letters}{digits}_".encode()
    else ord(" ")
    for sign in range(256)
)


def _nothing(texts: Sequence[str]) -> tuple[list[str], Flags]:
    return list(texts), np.zeros(len(texts), np.bool_)
