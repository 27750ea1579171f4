"""Keys by which pointers meet: whoever shares one is compared, nobody else.

A key is short text, its kind ahead (`pair+year:KRX,LPS,1990`), so that a test, a trace of a query
and a list of worst offenders can be read, and so that a search may leave out a kind by its name.
Text is the same in every process, as the interpreter's own `hash` is not. `stored` makes of it the
64-bit number that an index keeps: half the room, and the index then spells out nobody's name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from hashlib import blake2b
from itertools import combinations
from typing import Final

from tieline.core.matching.online.lexicon import BARE, Lexicon
from tieline.core.matching.online.reading import (
    Name,
    Nature,
    Number,
    Understood,
    number_of,
    read_date,
    read_names,
    read_phones,
    read_plates,
    understood,
)
from tieline.core.ports import Query
from tieline.core.records import Pointer
from tieline.core.values.dates import PartialDate
from tieline.core.values.identifiers import Identifier
from tieline.core.values.names import neutral, phonetic

__all__ = [
    "EARLIER",
    "VERSION",
    "keys_of",
    "link_keys",
    "links",
    "numbers_asked",
    "numbers_of",
    "query_keys",
    "stored",
]

VERSION: Final = "keys-2"
"""Of the keys as they are made here; whoever changes one of them changes it, and gives `link_keys`
of before to the index as the earlier way, so that it answers while it is built anew."""

_LONGEST: Final = 96
"""Signs of a key; the index has no room for more."""

_MOST_PAIRED: Final = 6
"""Words of one name that are paired; each further word still makes keys of its own."""
_KINDS: Final = (
    *("a_number", "fin", "passport", "curp"),
    *("vin", "hull_number", "registration", "document"),
)
_SEARCHED_ONLY: Final = ("word:", "word+year:", "called:", "number:")
"""Too wide to link by, or not a person's at all; a search asks for them."""


def keys_of(pointer: Pointer, *, lexicon: Lexicon = BARE) -> frozenset[str]:
    """All keys of a pointer, for linking and for search; none of a tombstone.

    About 30 for a person of three words and a whole birth date. `~` marks the coarse code, which
    leans to no language and so finds what other scripts leave of a name.
    """
    if pointer.tombstone:
        return frozenset()
    said = understood(pointer, lexicon=lexicon)
    return frozenset(map(_bounded, _keys(said, str(pointer.number))))


def links(key: str) -> bool:
    """Whether two pointers that share the key are to be compared; other keys serve search alone."""
    return not key.startswith(_SEARCHED_ONLY)


def link_keys(said: Understood) -> frozenset[str]:
    """Those keys of a pointer that was read before by which it is linked."""
    return frozenset([_bounded(key) for key in _keys(said, "") if links(key)])


def _link_keys_1(said: Understood) -> frozenset[str]:
    """The keys of version 1: a CURP was any paper's number, or one of an unknown kind, and the mark
    of a social security number was part of it.
    """
    curps, papers = (said.identifiers.get(kind, ()) for kind in ("curp", "document"))
    as_given = {
        f"{kind}:{Identifier.parse(one.given).number}"
        for kind, numbers in (("document", (*curps, *papers)), ("other", curps))
        for one in numbers
    }
    rest = (key for key in link_keys(said) if not key.startswith(("curp:", "document:")))
    return frozenset([*rest, *map(_bounded, as_given)])


EARLIER: Final[Mapping[str, Callable[[Understood], frozenset[str]]]] = {"keys-1": _link_keys_1}
"""Ways of before, by which an index may still be answering until it is built anew."""


def stored(key: str) -> int:
    """The key as a signed 64-bit number, the same in every process and on every machine."""
    return int.from_bytes(blake2b(key.encode(), digest_size=8).digest(), "big", signed=True)


def _bounded(key: str) -> str:
    """The key itself, or its digest where it is too long for an index or cannot be printed."""
    if len(key) <= _LONGEST and key.isprintable():
        return key
    digest = blake2b(key.encode(errors="surrogatepass"), digest_size=16).hexdigest()
    return f"{key.partition(':')[0]}:#{digest}"


def query_keys(query: Query, *, lexicon: Lexicon = BARE) -> tuple[str, ...]:
    """Keys of what is looked for, the narrow ones first, so that a reader may stop in time.

    A pointer that has any of them is to be ranked. A date alone gives none: a search needs a name
    or a number.
    """
    asked = numbers_asked(query, lexicon=lexicon)
    date = read_date(query.birth_date)
    named: list[list[str]] = [[], [], []]
    for name in read_names(query.names, lexicon=lexicon):
        dated = [] if date is None else list(_dated(name, date))
        named[0] += [key for key in dated if key.startswith(("word+date:", "pair+"))]
        named[1] += dated
        named[2] += [_called(name), *_pairs_alone(name)]
        if len(name.words) == 1:
            # Only then: every bearer of one word is a long list.
            named[2] += _words_alone(name)
    every = [*asked, *map(_bounded, [*named[0], *named[1], *named[2]])]
    return tuple(dict.fromkeys(every))


def numbers_asked(query: Query, *, lexicon: Lexicon = BARE) -> tuple[str, ...]:
    """Keys of the numbers that are looked for, whatever kind each may be of."""
    keys = [
        *(key for text in query.identifiers for key in _any_kind(text)),
        *_phone_keys(read_phones(query.phones, lexicon=lexicon)),
        *_plate_keys(read_plates(query.plates)),
    ]
    return tuple(dict.fromkeys(map(_bounded, keys)))


def _keys(said: Understood, number: str) -> Iterator[str]:
    yield from _number_keys(said, number)
    if said.nature is not Nature.PERSON:
        # A firm of the name is not the person of the name.
        yield from map(_called, said.names)
        return
    for name in said.names:
        yield from _pairs_alone(name)
        yield from _words_alone(name)
        if said.date is not None:
            yield from _dated(name, said.date)


def numbers_of(said: Understood, number: str) -> frozenset[str]:
    """Keys of a pointer's identifiers, phones and plates, and of the record's own number."""
    return frozenset(map(_bounded, _number_keys(said, number)))


def _number_keys(said: Understood, number: str) -> Iterator[str]:
    yield from _record_number(number)
    for kind, numbers in said.identifiers.items():
        ahead = kind if kind in _KINDS else "other"
        for one in numbers:
            yield f"{ahead}:{one.number}"
    yield from _phone_keys(said.phones)
    yield from _plate_keys(said.plates)


def _any_kind(text: str) -> Iterator[str]:
    """What a number may be of which nobody says the kind; the record's own number too."""
    for kind in (*_KINDS, "other"):
        read_as, number = number_of(kind, text)
        if number is not None:
            yield f"{read_as}:{number.number}"
    yield from _record_number(text)


def _record_number(text: str) -> Iterator[str]:
    bare = "".join(filter(str.isalnum, text.upper()))
    if bare:
        yield f"number:{bare}"


def _phone_keys(phones: Iterable[Number]) -> Iterator[str]:
    return (f"phone:{phone.number}" for phone in phones)


def _plate_keys(plates: Iterable[Number]) -> Iterator[str]:
    # Without the state, which one of two clerks leaves out; the comparison looks at it.
    return (f"plate:{plate.number}" for plate in plates)


def _called(name: Name) -> str:
    return f"called:{','.join(sorted(name.words))}"


def _codes(name: Name) -> list[str]:
    """How each word of more than an initial sounds, each sound once."""
    return list(dict.fromkeys(phonetic(root) for root in name.roots if len(root) > 1))


def _pairs(name: Name, code: Callable[[str], str]) -> list[str]:
    """Two words in either order, as the code hears them."""
    roots = [root for root in name.roots if len(root) > 1][:_MOST_PAIRED]
    codes = sorted({code(root) for root in roots} - {""})
    return [f"{one},{other}" for one, other in combinations(codes, 2)]


def _pairs_alone(name: Name) -> Iterator[str]:
    yield from (f"pair:{pair}" for pair in _pairs(name, phonetic))
    yield from (f"pair:~{pair}" for pair in _pairs(name, neutral))


def _words_alone(name: Name) -> Iterator[str]:
    return (f"word:{code}" for code in _codes(name) if code)


def _dated(name: Name, date: PartialDate) -> Iterator[str]:
    """Keys of a name with a date, or with as much as is known of it."""
    year, month, day = date.year, date.month, date.day
    codes = [code for code in _codes(name) if code]
    pairs = _pairs(name, phonetic)
    for pair in pairs:
        yield f"pair+year:{pair},{year}"
    for pair in _pairs(name, neutral):
        yield f"pair+year:~{pair},{year}"
    for code in codes:
        yield f"word+year:{code},{year}"
        if month is not None:
            yield f"word+month:{code},{year}-{month}"
    if month is None or day is None:
        return
    # In either order, so that day and month swapped meet.
    low, high = (month, day) if month < day else (day, month)
    for code in codes:
        yield f"word+date:{code},{year},{low}.{high}"
    if date.is_january_first:
        # It stands for a year of which no day is known: as a day it tells nothing.
        return
    for pair in pairs:
        yield f"pair+day:{pair},{low}.{high}"
    for code in codes:
        yield f"word+day:{code},{low}.{high}"
