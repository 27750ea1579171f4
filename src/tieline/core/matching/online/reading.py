"""A pointer's texts understood, once for keys and for weights; what must not link is left out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from itertools import chain
from typing import Final

from tieline.core.matching.online.lexicon import Lexicon
from tieline.core.records import Pointer
from tieline.core.values.dates import PartialDate
from tieline.core.values.identifiers import ANumber, Fin, Identifier, PassportNumber
from tieline.core.values.names import tokens
from tieline.core.values.national import Curp, SocialSecurityNumber, looks_like_curp
from tieline.core.values.phones import Phone
from tieline.core.values.plates import Plate
from tieline.core.values.regions import MEXICAN_STATES
from tieline.core.values.vehicles import Vin

__all__ = [
    "Name",
    "Nature",
    "Number",
    "Understood",
    "number_of",
    "read_date",
    "read_names",
    "read_phones",
    "read_plates",
    "understood",
]

_PEOPLE: Final = frozenset({"subject", "person", "lookout", "booking"})
_THINGS: Final = frozenset({"vehicle", "vessel", "phone", "address", "business", "event"})

# A country is taken only where it cannot be letters of the number itself: "YA 1234567" is Italian.
_PASSPORT: Final = re.compile(
    r"(?:(?P<country>[A-Z]{2,3})[\s:/-]+)?PASSPORT\b\s*(?:NO\.?|NUMBER|#)?[\s:#]*(?P<number>\S.*)",
    re.IGNORECASE | re.DOTALL,
)
_WITH_COUNTRY: Final = re.compile(r"(?P<country>[A-Z]{2,3})\s*[:/|]\s*(?P<number>\S.*)", re.I)
_E164_OF_AMERICA: Final = re.compile(r"\+1[2-9]\d{2}[2-9]\d{6}")
_MEXICAN_PLATE: Final = re.compile(r"\s*(?P<where>[A-Z]{3})[\s:/]+(?P<plate>\S.*)", re.IGNORECASE)
_CACHED: Final = 1 << 14
_MOST_NAMES: Final = 24
"""Names of one pointer that are compared, the first ones; each is compared with each."""


class Nature(StrEnum):
    """What a pointer's record is of."""

    PERSON = "person"
    THING = "thing"
    UNKNOWN = "unknown"
    """A kind not known here: it is met by its numbers, and never taken for the same as another."""

    @classmethod
    def of(cls, kind: str) -> Nature:
        """By the kind of record."""
        if kind in _PEOPLE:
            return cls.PERSON
        return cls.THING if kind in _THINGS else cls.UNKNOWN


@dataclass(frozen=True, slots=True)
class Name:
    """A name in words, given names first where a comma tells which those are."""

    given: str = field(repr=False)
    words: tuple[str, ...] = field(repr=False)
    roots: tuple[str, ...] = field(repr=False)
    """The words with nicknames replaced by what they stand for."""
    surnames: int | None
    """How many words at the end are surnames; None where nothing tells."""


@dataclass(frozen=True, slots=True)
class Number:
    """An identifier, phone or plate that was understood; `place` is its country or state, or ""."""

    given: str = field(repr=False)
    number: str = field(repr=False)
    place: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """What a pointer says, in forms that compare; no blanks, fillers or shared lines."""

    nature: Nature
    kind: str
    names: tuple[Name, ...] = field(default=(), repr=False)
    """Each order of words once; the first is the main name."""
    date: PartialDate | None = field(default=None, repr=False)
    sex: str = field(default="", repr=False)
    sex_given: str = field(default="", repr=False)
    identifiers: Mapping[str, tuple[Number, ...]] = field(default_factory=dict, repr=False)
    phones: tuple[Number, ...] = field(default=(), repr=False)
    plates: tuple[Number, ...] = field(default=(), repr=False)
    child: bool = True
    """Unknown counts as yes, as everywhere."""
    numbers: frozenset[str] = field(default=frozenset(), repr=False)
    """Every number of it, whatever it is a number of."""


def understood(pointer: Pointer, *, lexicon: Lexicon) -> Understood:
    """Read a pointer; a tombstone says nothing."""
    identifiers: dict[str, tuple[Number, ...]] = {}
    for said, text in pointer.identifiers:
        kind, number = number_of(said, text)
        if number is not None and number not in identifiers.get(kind, ()):
            identifiers[kind] = (*identifiers.get(kind, ()), number)
    phones = tuple(read_phones(pointer.phones, lexicon=lexicon))
    plates = tuple(read_plates(pointer.plates))
    numbers = (*phones, *plates, *chain.from_iterable(identifiers.values()))
    return Understood(
        nature=Nature.of(pointer.kind),
        kind=pointer.kind,
        names=tuple(read_names(pointer.names, lexicon=lexicon)),
        date=read_date(pointer.birth_date),
        sex=_SEXES.get(pointer.sex.strip().upper(), ""),
        sex_given=pointer.sex,
        identifiers=identifiers,
        phones=phones,
        plates=plates,
        child=pointer.protections.effective["juvenile"],
        numbers=frozenset([one.number for one in numbers]),
    )


def read_names(texts: Iterable[str], *, lexicon: Lexicon) -> Iterator[Name]:
    """Give the names, each once."""
    seen: set[tuple[tuple[str, ...], int | None]] = set()
    for text in texts:
        words, surnames = once = _words(text)
        if not words or once in seen:
            continue
        if len(seen) == _MOST_NAMES:
            return
        seen.add(once)
        known = lexicon.nicknames
        yield Name(text, words, tuple([known.get(word, word) for word in words]), surnames)


@lru_cache(maxsize=_CACHED)
def _words(text: str) -> tuple[tuple[str, ...], int | None]:
    before, comma, after = text.partition(",")
    if comma:
        surnames, given = tokens(before), tokens(after)
        if surnames and given:
            return (*given, *surnames), len(surnames)
    return tokens(text), None


@lru_cache(maxsize=_CACHED)
def read_date(text: str) -> PartialDate | None:
    """A date of which at least the year is known."""
    made = PartialDate.parse(text) if text else None
    return made if made is not None and made.year is not None else None


# Spanish words too; "F" is also what a woman's papers say in both. Unknown is no value.
_SEXES: Final = {
    **dict.fromkeys(("M", "MALE", "MAN", "HOMBRE", "MASCULINO"), "M"),
    **dict.fromkeys(("F", "FEMALE", "WOMAN", "MUJER", "FEMENINO"), "F"),
    "X": "X",
}


def number_of(kind: str, text: str) -> tuple[str, Number | None]:
    """The kind by which the number is compared, and the number; None where it must not link."""
    if kind == "a_number":
        return kind, _number(text, ANumber.parse(text).number)
    if kind == "fin":
        return kind, _number(text, Fin.parse(text).number)
    if kind == "vin":
        return kind, _number(text, Vin.parse(text).number)
    if kind == "curp":
        return _curp(text)
    if kind == "ssn":
        return _ssn(text)
    if kind in ("passport", "document"):
        return _document(kind, text)
    number = Identifier.parse(text).number
    # A word where a number should stand (STOLEN, EXPIRED) is said of many.
    return kind, _number(text, number if any(map(str.isdecimal, number)) else "")


def _document(kind: str, text: str) -> tuple[str, Number | None]:
    found = _PASSPORT.fullmatch(text.strip())
    if found is None and kind == "document":
        if looks_like_curp(text):
            return _curp(text)
        if SocialSecurityNumber.is_written_in(text):
            return _ssn(text)
        return _paper(text)
    found = found or _WITH_COUNTRY.fullmatch(text.strip())
    country = (found["country"] or "") if found else ""
    passport = PassportNumber.parse(found["number"] if found else text, country=country)
    return "passport", _number(text, passport.number, passport.country)


def _curp(text: str) -> tuple[str, Number | None]:
    read = Curp.parse(text)
    if read.is_of_nobody:
        return "curp", None
    # A mistyped one may well be another person's: like a passport whose country is not told.
    proved = "MX" if read.check_digit_agrees else ""
    return ("curp", _number(text, read.number, proved)) if read.number else _paper(text)


def _ssn(text: str) -> tuple[str, Number | None]:
    read = SocialSecurityNumber.parse(text)
    if read.is_of_nobody:
        return "document", None
    # Nine digits of a paper, whoever says which: one clerk writes the mark, the next does not.
    return ("document", _number(text, read.number)) if read.number else _paper(text)


def _paper(text: str) -> tuple[str, Number | None]:
    number = Identifier.parse(text).number
    # A word where a number should stand (STOLEN, EXPIRED) is said of many.
    return "document", _number(text, number if any(map(str.isdecimal, number)) else "")


def _number(given: str, number: str, place: str = "") -> Number | None:
    return Number(given, number, place) if number else None


def read_phones(texts: Iterable[str], *, lexicon: Lexicon) -> Iterator[Number]:
    """Give the phones in E.164, without the lines of many people."""
    for text in texts:
        e164 = text if _E164_OF_AMERICA.fullmatch(text) else _phone(text)
        if e164 and e164 not in lexicon.shared_phones:
            yield Number(text, e164)


@lru_cache(maxsize=_CACHED)
def _phone(text: str) -> str:
    return Phone.parse(text).e164


def read_plates(texts: Iterable[str]) -> Iterator[Number]:
    """Give the plates with the place that gave them, if told."""
    for text in texts:
        plate = _plate(text)
        if plate.number:
            yield Number(text, plate.number, plate.where)


def _plate(text: str) -> Plate:
    # Three letters of a Mexican state ahead of the plate: "SON ABC123".
    ahead = _MEXICAN_PLATE.fullmatch(text)
    where = MEXICAN_STATES.get(ahead["where"].upper(), "") if ahead else ""
    return Plate.parse(ahead["plate"], where=where) if ahead and where else Plate.parse(text)
