"""The map: which columns of two files say the same thing, and how it is written on each side."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeVar

from tieline.core.errors import TielineError


class BadMap(TielineError):
    """A map cannot be understood; the message names the table and the key."""


class Kind(StrEnum):
    """What a field's values are."""

    NAME = "name"
    GIVEN = "given"
    SURNAME = "surname"
    SURNAME2 = "surname2"
    ALIAS = "alias"
    BIRTH_DATE = "birth_date"
    AGE = "age"
    SEX = "sex"
    DATETIME = "datetime"
    DATE = "date"
    PLACE = "place"
    ADDRESS = "address"
    CODE = "code"
    IDENTIFIER = "identifier"
    PHONE = "phone"
    PLATE = "plate"
    TEXT = "text"


class RowsOf(StrEnum):
    """What a row is, and so how many of the other file may belong to it."""

    EVENTS = "events"
    """Something that happened to somebody, once in each file: one partner at most."""
    PEOPLE = "people"
    """Somebody, written down any number of times."""


class Role(StrEnum):
    """What a field is for."""

    MATCH = "match"
    CARRY = "carry"
    TRUTH = "truth"


UNITS = {
    Kind.AGE: {"y": 1.0, "years": 1.0, "year": 1.0},
    Kind.DATETIME: {"m": 1.0, "minutes": 1.0, "s": 1 / 60, "h": 60.0, "hours": 60.0, "d": 1440.0},
    Kind.DATE: {"d": 1.0, "days": 1.0, "day": 1.0},
    Kind.BIRTH_DATE: {"d": 1.0, "days": 1.0, "day": 1.0},
    Kind.PLACE: {"m": 1.0, "metres": 1.0, "meters": 1.0, "km": 1000.0},
    Kind.IDENTIFIER: {"edits": 1.0, "edit": 1.0},
    Kind.PHONE: {"edits": 1.0, "edit": 1.0},
    Kind.PLATE: {"edits": 1.0, "edit": 1.0},
}
"""The units that a tolerance may have, by kind, and what one is worth (minutes, days, years,
metres, edits). The first is meant where none is written."""


@dataclass(frozen=True, slots=True)
class Sided:
    """A setting that may differ by side."""

    left: str = ""
    right: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """One `[[field]]` of the map."""

    kind: Kind
    left: tuple[str, ...]
    """Columns; several are joined with a blank."""
    right: tuple[str, ...]
    label: str
    """How the field is called in evidence and reports: unique within the map."""
    role: Role = Role.MATCH
    format: Sided = field(default_factory=Sided)
    zone: Sided = field(default_factory=Sided)
    tolerance: float | None = None
    table: str = ""

    def columns(self, side: str) -> tuple[str, ...]:
        """Give the columns of one side, "left" or "right"."""
        return self.left if side == "left" else self.right


@dataclass(frozen=True, slots=True)
class SideMap:
    """`[left]` or `[right]`."""

    number: str = ""
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class LinkMap:
    """A whole map, checked."""

    left: SideMap
    right: SideMap
    fields: tuple[Field, ...]
    rows: RowsOf

    def of_role(self, role: Role) -> tuple[Field, ...]:
        """Give the fields with a role, in the map's order."""
        return tuple(f for f in self.fields if f.role is role)


_VAGUE = (Kind.CODE, Kind.TEXT, Kind.IDENTIFIER)

_Choice = TypeVar("_Choice", bound=StrEnum)

_SIDE_KEYS = ("number", "encoding", "delimiter", "sheet")
_FIELD_KEYS = (
    "kind", "left", "right", "column", "format", "zone", "tolerance", "table", "role", "label",
)  # fmt: skip


def parse_map(text: str, *, name: str, one_file: bool = False) -> LinkMap:
    """Read a map from TOML; `name` is how messages call it. Raises BadMap.

    `one_file`: both sides are one file, so that a field need name its column but once.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadMap(
            f"{name} is not TOML: {error}", cure="see docs/map.md for an example"
        ) from None
    _only(data, ("rows", "left", "right", "file", "field"), name)
    given = data.get("field", [])
    if not isinstance(given, list) or not given:
        raise BadMap(
            f"{name} has no [[field]]", cure="tieline link --suggest LEFT RIGHT writes a first map"
        )
    fields = tuple(_field(entry, at, name, one_file=one_file) for at, entry in enumerate(given, 1))
    if not any(f.role is Role.MATCH for f in fields):
        raise BadMap(f"{name} has no field to match by", cure='give one field role = "match"')
    seen: dict[tuple[tuple[str, ...], tuple[str, ...]], int] = {}
    for at, f in enumerate(fields, 1):
        if f.role is Role.MATCH and (first := seen.setdefault((f.left, f.right), at)) != at:
            raise BadMap(
                f"{name}: fields {first} and {at} compare the same columns",
                cure="keep one of the two: the same fact must not count twice",
            )
    both = data.get("file", {})
    left = _side(data.get("left", both), f"{name} [left]")
    right = _side(data.get("right", both), f"{name} [right]")
    if one_file:
        left = right = left if left != SideMap() else right
    rows = _one_of(RowsOf, data["rows"], f"{name} rows") if "rows" in data else _rows_of(fields)
    return LinkMap(left, right, _labelled(fields), rows)


def _rows_of(fields: tuple[Field, ...]) -> RowsOf:
    """Rows that say when something happened are of events; a person has a birth date alone."""
    moments = {Kind.DATE, Kind.DATETIME}
    happened = any(f.role is Role.MATCH and f.kind in moments for f in fields)
    return RowsOf.EVENTS if happened else RowsOf.PEOPLE


def _only(data: Mapping[str, Any], allowed: tuple[str, ...], where: str) -> None:
    for key in data:
        if key not in allowed:
            close = difflib.get_close_matches(key, allowed, n=1)
            hint = f'did you mean "{close[0]}"?' if close else f"it may be: {', '.join(allowed)}"
            raise BadMap(f'{where}: "{key}" is not known', cure=hint)


def _side(data: object, where: str) -> SideMap:
    if not isinstance(data, dict):
        raise BadMap(f"{where} must be a table", cure='write [left] and below it number = "…"')
    _only(data, _SIDE_KEYS, where)
    return SideMap(**{key: _text(data.get(key, ""), f"{where} {key}") for key in _SIDE_KEYS})


def _text(value: object, where: str) -> str:
    if not isinstance(value, str):
        raise BadMap(f"{where} must be text", cure='put it in quotation marks: "…"')
    return value


def _field(entry: object, at: int, name: str, *, one_file: bool) -> Field:
    where = f"{name}, field {at}"
    if not isinstance(entry, dict):
        raise BadMap(f"{where} must be a table", cure="begin each field with [[field]]")
    _only(entry, _FIELD_KEYS, where)
    kind = _one_of(Kind, entry.get("kind"), f"{where} kind")
    role = _one_of(Role, entry.get("role", "match"), f"{where} role")
    left, right = _sides(entry, where, one_file=one_file)
    if role is Role.MATCH and not (left and right):
        raise BadMap(
            f"{where} names a column of one side only",
            cure='name one of each side, or give it role = "carry"',
        )
    return Field(
        kind=kind,
        left=left,
        right=right,
        label=_text(entry.get("label", ""), f"{where} label"),
        role=role,
        format=_format(entry.get("format", ""), kind, f"{where} format"),
        zone=_sided(entry.get("zone", ""), f"{where} zone"),
        tolerance=_tolerance(entry.get("tolerance"), kind, f"{where} tolerance"),
        table=_text(entry.get("table", ""), f"{where} table"),
    )


def _sides(
    entry: Mapping[str, Any], where: str, *, one_file: bool
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Columns of the left and of the right; `column` names that of both."""
    both = _columns(entry.get("column", ()), f"{where} column")
    left = _columns(entry.get("left", both), f"{where} left")
    right = _columns(entry.get("right", both), f"{where} right")
    if both and (left, right) != (both, both):
        raise BadMap(
            f"{where} names a column, and sides too", cure="write column, or left and right"
        )
    if not left and not right:
        raise BadMap(f"{where} names no column", cure='write left = "…" and right = "…"')
    if one_file and left and right and left != right:
        raise BadMap(f"{where} names two columns, but there is one file", cure='write column = "…"')
    return (left or right, left or right) if one_file else (left, right)


def _one_of(choices: type[_Choice], value: object, where: str) -> _Choice:
    try:
        return choices(str(value))
    except ValueError:
        names = [choice.value for choice in choices]
        close = difflib.get_close_matches(str(value), names, n=1) if value is not None else []
        hint = f'did you mean "{close[0]}"?' if close else f"it may be: {', '.join(names)}"
        said = f'"{value}" is not known' if value is not None else "is missing"
        raise BadMap(f"{where} {said}", cure=hint) from None


def _columns(value: object, where: str) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,) if value else ()
    if isinstance(value, list | tuple) and all(isinstance(name, str) for name in value):
        return tuple(value)
    raise BadMap(f"{where} must be a column or a list of columns", cure='left = ["A", "B"]')


def _sided(value: object, where: str) -> Sided:
    if isinstance(value, str):
        return Sided(value, value)
    if isinstance(value, dict):
        _only(value, ("left", "right"), where)
        return Sided(
            _text(value.get("left", ""), f"{where} left"),
            _text(value.get("right", ""), f"{where} right"),
        )
    raise BadMap(f"{where} must be text", cure='write "…", or { left = "…", right = "…" }')


def _article(kind: Kind) -> str:
    return f"{'an' if kind.value[0] in 'aeiou' else 'a'} {kind.value}"


def _format(value: object, kind: Kind, where: str) -> Sided:
    """Check that a format can give a date at all: "dd/mm/yyyy" gives none."""
    sided = _sided(value, where)
    for text in (sided.left, sided.right):
        if not text:
            continue
        if kind not in (Kind.DATE, Kind.DATETIME, Kind.BIRTH_DATE):
            raise BadMap(f"{where}: {_article(kind)} has none", cure="leave it out")
        try:
            # Every sign must be one that reading knows too, and a year must be among them.
            sample = datetime(2001, 2, 3, 4, 5, 6, tzinfo=UTC).strftime(text)
            datetime.strptime(sample, text)  # noqa: DTZ007 - only the shape is asked
            good = any(sign in text for sign in ("%Y", "%y", "%c", "%x", "%G", "%s"))
        except ValueError:
            good = False
        if not good:
            raise BadMap(
                f'{where}: "{text}" is no format of a date with its year',
                cure='write it in signs such as "%d/%m/%Y" or "%Y-%m-%dT%H:%M:%S"',
            )
    return sided


def _tolerance(value: object, kind: Kind, where: str) -> float | None:
    if value is None:
        return None
    if kind not in UNITS:
        raise BadMap(f"{where}: {_article(kind)} has none", cure="leave it out")
    units = UNITS[kind]
    text = str(value).strip().lower()
    number = text.rstrip("abcdefghijklmnopqrstuvwxyz ")
    unit = text[len(number) :].strip() or next(iter(units))
    try:
        amount = float(number)
    except ValueError:
        amount = -1.0
    if not 0 <= amount < 1e9 or unit not in units:
        known = ", ".join(f'"{1 if u.endswith(("t", "r")) else 2}{u}"' for u in units)
        raise BadMap(f'{where} "{value}" is not understood', cure=f"write it like one of: {known}")
    return amount * units[unit]


def _labelled(fields: tuple[Field, ...]) -> tuple[Field, ...]:
    """Give each field without a label one that tells it apart.

    A kind such as "birth_date" says it; "code" says nothing, so there the column's name stands.
    """
    kinds = [f.kind for f in fields]
    taken: set[str] = set()
    named = []
    for f in fields:
        label = f.label
        if not label:
            column = " ".join(f.left or f.right)
            label = column if f.kind in _VAGUE else f.kind.value
            if label in taken or (f.kind not in _VAGUE and kinds.count(f.kind) > 1):
                label = f"{f.kind.value} {column}"
        if label in taken:
            raise BadMap(f'two fields are called "{label}"', cure='give one a label = "…"')
        taken.add(label)
        named.append(replace(f, label=label))
    return tuple(named)
