"""Which sources can support an adverse fact on a person (8 USC 1367(a)(1), P16).

A source stands on a line of its own. One that names nobody supports nothing, and neither does one
that is listed as the person's abuser or trafficker; both are refused in the same words, so that a
refusal does not tell that there is a list.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Final, Protocol

from tieline.core.records import Pointer
from tieline.core.values.names import phonetic, tokens

__all__ = [
    "CANCELLED",
    "COUNSEL",
    "OTHERS_WORD",
    "UNSUPPORTED",
    "Listed",
    "ListedSources",
    "is_own_word",
    "supported",
]

UNSUPPORTED: Final = (
    "This alone cannot support it (8 USC 1367(a)(1)): name a source that is known and independent, "
    "each on a line of its own."
)
OTHERS_WORD: Final = (
    "What others said is entered by a sworn officer or an employee of the department. What you saw "
    "yourself, you enter as: Own observation."
)
"""To whoever is outside the circle, of everybody alike: no answer of theirs turns on a list."""

COUNSEL: Final = "Counsel's approval:"
CANCELLED: Final = "Cancelled"
"""How lines begin that stand with the sources and are none."""

_OWN: Final = (("OWN", "OBSERVATION"), ("OWN", "OBSERVATIONS"))
_NOBODY: Final = frozenset(
    {
        *("A", "AN", "BY", "FROM", "N", "NA", "NO", "NOT", "OF", "SAID", "THE", "TO", "TBD"),
        *("ANONYMOUS", "ANONIMA", "ANONIMO", "DESCONOCIDA", "DESCONOCIDO", "UNIDENTIFIED"),
        *("UNKNOWN", "UNNAMED", "NOBODY", "NONE", "PERSON", "SOMEBODY", "SOMEONE", "SOURCE"),
        *("CALL", "CALLER", "HEARSAY", "LLAMADA", "NEIGHBOR", "RUMOR", "TIP", "TIPSTER"),
    }
)
"""Words of which a source may be made up and still be nobody."""
_PARTS: Final = re.compile(r"[^\s,;:()/\[\]]+")
_WORDS_THAT_NAME: Final = 2
"""A given name with a surname is enough to be somebody; a surname alone is many people's."""
_SHORTEST_NUMBER: Final = 6
_OF_A_PHONE: Final = 10


@dataclass(frozen=True, slots=True)
class Listed:
    """An abuser or trafficker: each spelling of the name, and the numbers by which one is known."""

    names: tuple[str, ...] = field(repr=False)
    numbers: tuple[str, ...] = field(default=(), repr=False)


class ListedSources(Protocol):
    """Asks for the lists of a person in every system."""

    def sources_for(self, system: str, pointer: Pointer) -> tuple[Listed, ...]:
        """Who is listed for the person of this record, wherever the list is kept. A system that
        does not answer is left out: work goes on, and the desk's own answer fails closed.
        """
        ...


def is_own_word(note: str) -> bool:
    """Whether a note names no source but the author's own eyes."""
    return all(_words(line) in _OWN for line in _lines(note))


def supported(note: str, listed: Collection[Listed]) -> bool:
    """Whether at least one line names a source that can support a fact by itself."""
    return any(not _names_nobody(line) and not _is_listed(line, listed) for line in _lines(note))


def _lines(note: str) -> list[str]:
    beside = (COUNSEL.casefold(), CANCELLED.casefold())
    lines = (line.strip() for line in note.splitlines())
    return [line for line in lines if line and not line.casefold().startswith(beside)]


def _words(line: str) -> tuple[str, ...]:
    # One by one: of a name no more than twelve words are looked at, and a source may be a sentence.
    return tuple(word for part in _PARTS.findall(line) for word in tokens(part))


def _names_nobody(line: str) -> bool:
    return all(word in _NOBODY for word in _words(line)) and not any(map(str.isdigit, line))


def _is_listed(line: str, listed: Collection[Listed]) -> bool:
    heard = _heard(_words(line))
    signs = _signs(line)
    for one in listed:
        for wanted in (_heard(tokens(name)) for name in one.names):
            if wanted and len(wanted & heard) >= min(_WORDS_THAT_NAME, len(wanted)):
                return True
        numbers = (_tail(_signs(number)) for number in one.numbers)
        if any(len(number) >= _SHORTEST_NUMBER and number in signs for number in numbers):
            return True
    return False


def _heard(words: Iterable[str]) -> frozenset[str]:
    return frozenset(phonetic(word) for word in words) - {""}


def _tail(number: str) -> str:
    """A telephone without what is dialed ahead of it, which one of two clerks leaves out."""
    return number[-_OF_A_PHONE:] if number.isdigit() else number


def _signs(text: str) -> str:
    return "".join(filter(str.isalnum, text.upper()))
