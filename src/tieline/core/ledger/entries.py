"""One entry of the ledger: what was seen, told or refused, without any personal value.

The form is final. History is hashed as it was written, so a field may be added in a new format
version and a pattern may be widened, but nothing may be narrowed, renamed or removed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple, Never, Self, cast

from tieline.core.errors import TielineError
from tieline.core.ledger import canonical
from tieline.core.ledger.canonical import MOST_INTEGER, Json, NotCanonical
from tieline.core.ledger.events import GRAMMAR, Event
from tieline.core.ledger.tree import leaf_hash

FORMAT = 1
MOST_BYTES = 16_384
MOST_ITEMS = 64


class FieldRefused(TielineError):
    """A field whose value an entry may not hold; the value itself is never repeated."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(
            f"{field}: {why}.", cure="What is personal or free text belongs into the side row."
        )
        self.field = field
        self.why = why


class OtherVersion(TielineError):
    """An entry of a format that this version of tieline does not know."""

    def __init__(self) -> None:
        super().__init__(
            f"The entry is not of format {FORMAT}.", cure="Read it with a newer tieline."
        )


class Shape(NamedTuple):
    """What a text field, or each item of a list, may look like."""

    pattern: str
    most: int
    says: str


# The patterns stand alone and inside the pattern of a whole entry: there a quotation mark follows.
_END = r'(?:"|\Z)'
_SEP = "[-./]"
# Shapes of A-number, social security number, date, telephone, FIN: refused wherever a number is
# asked for, because that is what gets typed into the wrong box.
_PERSONAL = "|".join(
    (
        "A-?[0-9]{7,9}",
        "[0-9]{7,15}",
        f"[0-9]{{3}}{_SEP}[0-9]{{2}}{_SEP}[0-9]{{4}}",
        f"[0-9]{{4}}{_SEP}[0-9]{{1,2}}{_SEP}[0-9]{{1,2}}",
        f"[0-9]{{1,2}}{_SEP}[0-9]{{1,2}}{_SEP}(?:[0-9]{{2}}|[0-9]{{4}})",
        f"(?:1{_SEP})?[0-9]{{3}}{_SEP}[0-9]{{3}}{_SEP}[0-9]{{4}}",
    )
)
_HEX = "[0-9a-f]"

_NAME = Shape("[a-z][a-z0-9-]{0,31}", 32, "lower case, digits and hyphens")
_CODE = Shape("[a-z][a-z0-9_.-]{0,31}", 32, "lower case, digits, `-`, `_` and `.`")
_OFFICE = Shape(
    "(?:[A-Z][A-Z0-9-]{0,31}|[a-z][a-z0-9-]{0,31})",
    32,
    "a code in one case, with digits and hyphens",
)
_UNIT = Shape(
    "(?:[A-Z][A-Z0-9/-]{0,31}|[a-z][a-z0-9/-]{0,31})",
    32,
    "a code in one case, with digits, hyphens and `/`",
)
_PERSON = Shape(
    f"(?:(?!A-)[A-Z]{{1,4}}-[0-9]{{1,12}}|{_HEX}{{32}})",
    32,
    "letters, a hyphen and digits (not `A-`), or 32 signs of hex",
)
# At most 4 letters in a row and at least one digit: no name of a person, hardly a word.
_NUMBER = Shape(
    f'(?:(?!(?:{_PERSONAL}){_END})(?=[^"]*[0-9])(?![^"]*[A-Z]{{5}})[A-Z0-9][A-Z0-9./-]{{0,39}}'
    f"|{_HEX}{{32,64}})",
    64,
    "capitals, digits, `-`, `.` and `/`, at most 40, with a digit, at most 4 letters in a row, "
    "unlike an A-number, date, telephone or other number of a person; or 32 to 64 signs of hex",
)
_CLAUSE = Shape("[A-Za-z0-9][A-Za-z0-9_.-]{0,63}", 64, "letters, digits, `-`, `_` and `.`")
_DIGEST = Shape(f"{_HEX}{{64}}", 64, "64 signs of hex")
_REQUEST = Shape(f"{_HEX}{{32}}", 32, "32 signs of hex")
_LEVEL = Shape("(?:none|pointer|summary|full|silent)", 7, "a level")
_MOMENT = Shape(
    "[12][0-9]{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
    "T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9][.][0-9]{6}Z",
    27,
    "a moment in UTC with microseconds and Z",
)

TEXTS: dict[str, Shape] = {
    "system": _NAME,
    "node": _NAME,
    "viewer": _PERSON,
    "agency": _OFFICE,
    "unit": _UNIT,
    "assignment": _PERSON,
    "role": _CODE,
    "purpose": _CODE,
    "case": _NUMBER,
    "keeper": _NAME,
    "record": _NUMBER,
    "owner": _OFFICE,
    "level": _LEVEL,
    "agreement": _DIGEST,
    "request": _REQUEST,
    "side": _DIGEST,
}
LISTS: dict[str, Shape] = {"shown": _CODE, "withheld": _CODE, "clauses": _CLAUSE}
INTEGERS = ("record_version", "count")
REQUIRED = ("system", "node", "event", "at", "format")
# A field, and those that it means nothing without.
NEEDS: dict[str, tuple[str, ...]] = {
    "viewer": ("agency", "unit"),
    "unit": ("agency",),
    "assignment": ("viewer", "role"),
    "role": ("assignment",),
    "record": ("keeper",),
    "record_version": ("record",),
    "level": ("agency",),
    "shown": ("agency",),
    "withheld": ("agency",),
    "clauses": ("agreement",),
}


class Glance(NamedTuple):
    """What a verifier needs of an entry: ASCII, as it stands in it."""

    system: bytes
    node: bytes
    at: bytes
    event: bytes
    agreement: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One event; docs/ledger.md tells each field. Lists are put in order, without repeats."""

    system: str
    node: str
    event: Event
    at: datetime
    viewer: str | None = None
    agency: str | None = None
    unit: str | None = None
    assignment: str | None = None
    role: str | None = None
    purpose: str | None = None
    case: str | None = None
    keeper: str | None = None
    record: str | None = None
    record_version: int | None = None
    owner: str | None = None
    level: str | None = None
    shown: tuple[str, ...] = ()
    withheld: tuple[str, ...] = ()
    clauses: tuple[str, ...] = ()
    agreement: str | None = None
    request: str | None = None
    count: int | None = None
    side: str | None = None

    def __post_init__(self) -> None:
        for field, shape in TEXTS.items():
            value = getattr(self, field)
            if value is not None or field in REQUIRED:
                # A member of an enum is kept as the plain text that is written.
                object.__setattr__(self, field, _text(field, value, shape))
        for field in LISTS:
            object.__setattr__(self, field, _in_order(field, getattr(self, field)))
        for field in INTEGERS:
            value = getattr(self, field)
            if value is not None and (type(value) is not int or not 0 <= value <= MOST_INTEGER):
                raise FieldRefused(field, "must be an integer from 0 up to 2^53")
        if not isinstance(self.event, Event):
            raise FieldRefused("event", "is no event that this tieline knows")
        at: object = self.at
        # Nobody should have to guess in which zone a moment was meant.
        if not isinstance(at, datetime) or at.utcoffset() != timedelta(0):
            raise FieldRefused("at", f"must be {_MOMENT.says}")
        _text("at", _written(self.at), _MOMENT)
        _refuse_contradictions(self._fields())
        if not set(self.shown).isdisjoint(self.withheld):
            raise FieldRefused("withheld", _BOTH)

    def to_bytes(self) -> bytes:
        """The canonical bytes, which are hashed: what is not given is left out."""
        return canonical.encode(cast("Mapping[str, Json]", self._fields()))

    def leaf_hash(self) -> bytes:
        """The entry's hash as a leaf of the tree."""
        return leaf_hash(self.to_bytes())

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """What `to_bytes` wrote; any other bytes are NotCanonical, OtherVersion or FieldRefused."""
        glance(data)
        return cls._from_fields(cast("dict[str, object]", canonical.decode(data)))

    @classmethod
    def _from_fields(cls, found: Mapping[str, object]) -> Self:
        values = {field: value for field, value in found.items() if field != "format"}
        values["event"] = _known_event(found["event"])
        values["at"] = _parsed_moment(found["at"])
        for field in LISTS.keys() & values.keys():
            items = values[field]
            values[field] = tuple(items) if isinstance(items, list) else items
        return cls(**values)  # type: ignore[arg-type]  # each is checked when the entry is made

    def _fields(self) -> dict[str, object]:
        fields: dict[str, object] = {
            field: value
            for field in (*TEXTS, *LISTS, *INTEGERS)
            if (value := getattr(self, field)) is not None and value != ()
        }
        return {**fields, "event": self.event, "at": _written(self.at), "format": FORMAT}


def glance(data: bytes) -> Glance:
    """Check an entry's bytes as `Entry.from_bytes` does, at a fraction of the price."""
    if len(data) > MOST_BYTES:
        raise NotCanonical(f"An entry has at most {MOST_BYTES:,} bytes.")
    # Entries of one shape come in rows, and are read by a pattern of that shape in half the time.
    commas = data.count(b",")
    shaped = _LATEST.get(commas)
    match = None if shaped is None else shaped.fullmatch(data)
    if match is None:
        whole = _WHOLE.fullmatch(data)
        if whole is None:
            _explain(data)
        absent = tuple([text is None for text in whole.groups()])
        _refuse_lonely(absent)
        _LATEST[commas] = shaped = _shaped(absent)
        match = cast("re.Match[bytes]", shaped.fullmatch(data))
    agreement, at, clauses, count, event, node, version, shown, system, withheld = match.groups()
    # What repeats from entry to entry, the lists, is judged once.
    _refuse_disorder(shown, withheld, clauses)
    if event not in _EVENT_BYTES:
        raise FieldRefused("event", "is no event that this tieline knows")
    if count is not None and len(count) == _MOST_DIGITS:
        _refuse_great("count", count)
    if version is not None and len(version) == _MOST_DIGITS:
        _refuse_great("record_version", version)
    if at[8:10] > b"28":
        _parsed_moment(at.decode())
    # By the tuple's own way: that of NamedTuple goes by a function of Python, for each entry.
    return tuple.__new__(Glance, (system, node, at, event, agreement))


def _refuse_great(field: str, digits: bytes) -> None:
    if int(digits) > MOST_INTEGER:
        raise FieldRefused(field, "must be an integer from 0 up to 2^53")


def _explain(data: bytes) -> Never:
    """Say what is wrong with bytes that are no entry."""
    found = canonical.decode(data)
    if not isinstance(found, dict):
        raise NotCanonical("An entry is an object.")
    version = found.get("format")
    if type(version) is not int or version != FORMAT:
        raise OtherVersion
    for field in found:
        if field not in _ALL:
            # An unknown key is shown only if it can hardly be a person's name.
            shown = field if len(field) <= 20 and re.fullmatch("[a-z_]+", field) else "a key"
            raise FieldRefused(shown, "is no field of an entry")
    for field in REQUIRED:
        if field not in found:
            raise FieldRefused(field, "is missing")
    Entry._from_fields(found)
    raise NotCanonical("An empty list is left out, and others are in order without repeats.")


def _text(field: str, value: object, shape: Shape) -> str:
    if not isinstance(value, str):
        raise FieldRefused(field, "must be a text")
    if len(value) > shape.most:
        raise FieldRefused(field, f"has more than {shape.most} signs")
    if _COMPILED[shape.pattern].fullmatch(value) is None:
        raise FieldRefused(field, f"must be {shape.says}")
    return str.__str__(value)


def _in_order(field: str, items: object) -> tuple[str, ...]:
    if not isinstance(items, tuple):
        raise FieldRefused(field, "must be a tuple")
    if len(items) > MOST_ITEMS:
        raise FieldRefused(field, f"has more than {MOST_ITEMS} items")
    return tuple(sorted({_text(field, item, LISTS[field]) for item in items}))


def _known_event(tag: object) -> Event:
    if not isinstance(tag, str) or tag not in _EVENTS:
        raise FieldRefused("event", "is no event that this tieline knows")
    return _EVENTS[tag]


def _written(at: datetime) -> str:
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def _parsed_moment(text: object) -> datetime:
    try:
        return datetime.fromisoformat(_text("at", text, _MOMENT))
    except ValueError:
        raise FieldRefused("at", "is no day of the calendar") from None


def _refuse_contradictions(given: Mapping[str, object]) -> None:
    for field, others in NEEDS.items():
        if field in given:
            for other in others:
                if other not in given:
                    raise FieldRefused(field, f"means nothing without {other}")


@lru_cache(maxsize=1_024)
def _refuse_lonely(absent: tuple[bool, ...]) -> None:
    names = zip(_WHOLE.groupindex, absent, strict=True)
    _refuse_contradictions({field: None for field, is_absent in names if not is_absent})


@lru_cache(maxsize=1_024)
def _refuse_disorder(shown: bytes | None, withheld: bytes | None, clauses: bytes | None) -> None:
    parts = {"shown": shown, "withheld": withheld, "clauses": clauses}
    lists = {field: text[1:-1].split(b'","') if text else [] for field, text in parts.items()}
    for field, items in lists.items():
        if any(one >= other for one, other in pairwise(items)):
            raise NotCanonical(f"{field}: the items are not in order, or one is there twice.")
    if not set(lists["shown"]).isdisjoint(lists["withheld"]):
        raise FieldRefused("withheld", _BOTH)


def _parts() -> Iterator[tuple[str, str]]:
    """Each field with its pattern inside an entry; an entry is a regular language."""
    event = Shape(GRAMMAR.pattern, 48, "an event")
    for field, shape in {**TEXTS, "event": event, "at": _MOMENT}.items():
        yield field, f'"{field}":"(?P<{field}>{shape.pattern})"'
    for field, shape in LISTS.items():
        item = f'"{shape.pattern}"'
        items = f"(?P<{field}>{item}(?:,{item}){{0,{MOST_ITEMS - 1}}})"
        yield field, rf'"{field}":\[{items}\]'
    for field in INTEGERS:
        yield field, f'"{field}":(?P<{field}>0|[1-9][0-9]{{0,15}})'
    yield "format", f'"format":{FORMAT}'


def _pattern(absent: frozenset[str] | None = None) -> re.Pattern[bytes]:
    """One pattern for all entries: the patterns of the fields, in the order of RFC 8785; or one for
    those entries alone that lack the absent fields and have all others, with what is looked at.
    """
    first = True  # until a required field, a comma follows a field; from there it goes before
    text = ""
    for field, part in sorted(_parts()):
        if absent is not None and field not in _LOOKED_AT:
            part = part.replace(f"(?P<{field}>", "(?:")
        if field in REQUIRED:
            text += part if first else f",{part}"
            first = False
        elif absent is not None and field in absent:
            text += f"(?P<{field}>(?!))?" if field in _LOOKED_AT else ""
        else:
            optional = "?" if absent is None else ""
            text += f"(?:{part},){optional}" if first else f"(?:,{part}){optional}"
    # What ends at a quotation mark need never be given back: that halves the time again.
    return re.compile(rf"\{{{text}\}}".replace("{0,31}", "{0,31}+").encode())


@lru_cache(maxsize=256)
def _shaped(absent: tuple[bool, ...]) -> re.Pattern[bytes]:
    names = zip(_WHOLE.groupindex, absent, strict=True)
    return _pattern(frozenset(field for field, is_absent in names if is_absent))


_COMPILED = {s.pattern: re.compile(s.pattern) for s in (*TEXTS.values(), *LISTS.values(), _MOMENT)}
_MOST_DIGITS = len(str(MOST_INTEGER))
_BOTH = "has a field class that was shown"
_EVENT_BYTES = frozenset(event.encode() for event in Event)
_EVENTS = {event.value: event for event in Event}
_LOOKED_AT = frozenset(("system", "node", "event", "at", "agreement", *LISTS, *INTEGERS))
_WHOLE = _pattern()
_LATEST: dict[int, re.Pattern[bytes]] = {}
"""The shape that was read last, by its number of commas; it is faster, and decides nothing."""
_ALL = frozenset((*TEXTS, *LISTS, *INTEGERS, *REQUIRED))
