"""By what records of people are matched: names, numbers, phones."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

from tieline.keeping.shared_phones import shared_phones

__all__ = ["documents", "identifiers", "names", "phones"]

_PASSPORT: Final = re.compile(r"(?:[A-Z]{2,3}\s+)?passport\s+(?P<number>\S.*)", re.IGNORECASE)


def names(record: Any) -> tuple[str, ...]:
    """The name as given, the one that its parts make, and the aliases; each once."""
    parts = (record.given_name, record.paternal_surname, record.maternal_surname)
    composed = " ".join(part for part in parts if part)
    return _once([record.name_as_given, composed, *record.aliases])


def documents(listed: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """`MX passport G12345678` is a passport's number; any other document stays as it is written."""
    found = []
    for text in listed:
        passport = _PASSPORT.fullmatch(text.strip())
        found.append(("passport", passport["number"]) if passport else ("document", text))
    return tuple(found)


def identifiers(**numbers: str) -> tuple[tuple[str, str], ...]:
    """Pairs of kind and number of those that are known."""
    return tuple((kind, number) for kind, number in numbers.items() if number)


def phones(*given: str) -> tuple[str, ...]:
    """Those that may link two records; the lines of many people may not (P20)."""
    shared = shared_phones()
    return _once(phone for phone in given if phone not in shared)


def _once(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text))
