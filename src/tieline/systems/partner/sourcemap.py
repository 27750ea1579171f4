"""The map of a partner's file: what each column is, and what the partner declares of all rows.

Nothing is guessed: a column that is neither mapped nor left out stops the load, and so does a
protection without a column or a signed declaration (P17).
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from tieline.core.errors import TielineError
from tieline.core.records import FieldClass
from tieline.files.opening import Hints
from tieline.keeping.records import PROTECTIONS
from tieline.systems.partner.record import Meaning, PartnerRecord

__all__ = ["BadSourceMap", "Declared", "SourceField", "SourceMap", "read_source_map"]

_CODE: Final = re.compile(r"[a-z][a-z0-9-]{0,31}|[A-Z][A-Z0-9-]{0,31}")
_UNIT: Final = re.compile(r"[A-Z][A-Z0-9/-]{0,31}")
_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
_LOADER: Final = re.compile(r"(?!A-)[A-Z]{1,4}-[0-9]{1,12}")
_PREFIX: Final = re.compile(r"[A-Z0-9-]{0,12}")


class BadSourceMap(TielineError):
    """A map cannot be understood, or does not say what it must."""


@dataclass(frozen=True, slots=True)
class SourceField:
    """One `[[field]]`: a column, what it is called here, its class, what it means."""

    column: str
    name: str
    field_class: FieldClass
    meaning: str = ""


@dataclass(frozen=True, slots=True)
class Declared:
    """What somebody of the source answers for, of every row: screened when, by whom."""

    state: bool
    screened_on: date
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceMap:
    """A whole map, checked."""

    owner_agency: str
    owning_unit: str
    contact: str
    number: str
    """The column with the number by which the source knows a row."""
    prefix: str
    """Put before each number, so that it cannot be taken for a number of a person."""
    loader: str
    """The number under which loads stand in the ledger."""
    most_vanishing: float
    """The share of records, 0 to 1, that one load may take back."""
    leave_out: frozenset[str]
    hints: Hints
    fields: tuple[SourceField, ...]
    protections: Mapping[str, str | Declared]
    """Each of the twelve: the column that tells it, or the declaration."""

    @property
    def columns(self) -> frozenset[str]:
        """Every column that the file must have."""
        told = {how for how in self.protections.values() if isinstance(how, str)}
        return frozenset({self.number, *told, *(one.column for one in self.fields)})


def read_source_map(text: str, *, name: str) -> SourceMap:
    """Read a map from TOML; `name` is how messages call it. Raises `BadSourceMap`."""
    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadSourceMap(
            f"{name} is not TOML: {error}", cure="See examples/partner for a map."
        ) from None
    _only(said, ("source", "file", "field", "protections"), name)
    source, where = _table(said, "source", name), f"{name} [source]"
    _only(source, _SOURCE_KEYS, where)
    kind = source.get("kind", PartnerRecord.kind)
    if kind != PartnerRecord.kind:
        raise BadSourceMap(f"{where} kind is not known", cure=f'It may be: "{PartnerRecord.kind}".')
    file = _table(said, "file", name)
    _only(file, ("encoding", "delimiter", "sheet"), f"{name} [file]")
    return SourceMap(
        owner_agency=_shaped(source, "owner_agency", _CODE, where),
        owning_unit=_shaped(source, "owning_unit", _UNIT, where),
        contact=_said(source, "contact", where),
        number=_said(source, "number", where),
        prefix=_shaped({"prefix": "", **source}, "prefix", _PREFIX, where),
        loader=_shaped({"loader": "SYS-1", **source}, "loader", _LOADER, where),
        most_vanishing=_share(source.get("most_vanishing", 0.5), where),
        leave_out=frozenset(_texts(source.get("leave_out", []), where)),
        hints=Hints(**{key: _said(file, key, f"{name} [file]") for key in file}),
        fields=_fields(said.get("field", []), name),
        protections=_protections(_table(said, "protections", name), name),
    )


_SOURCE_KEYS: Final = (
    *("kind", "owner_agency", "owning_unit", "contact", "number", "prefix", "loader"),
    *("most_vanishing", "leave_out"),
)


def _fields(said: object, name: str) -> tuple[SourceField, ...]:
    if not isinstance(said, list) or not said:
        raise BadSourceMap(f"{name} has no [[field]]", cure="Name each column that is taken.")
    fields = [_field(one, f"{name}, field {at}") for at, one in enumerate(said, 1)]
    names = [one.name for one in fields]
    twice = sorted({one for one in names if names.count(one) > 1})
    if twice:
        raise BadSourceMap(
            f"{name}: two fields are called {', '.join(twice)}", cure="Give each its own name."
        )
    return tuple(fields)


def _field(said: object, where: str) -> SourceField:
    if not isinstance(said, dict):
        raise BadSourceMap(f"{where} must be a table", cure="Begin each field with [[field]].")
    _only(said, ("column", "name", "class", "meaning"), where)
    column = _said(said, "column", where)
    return SourceField(
        column=column,
        name=_shaped({"name": column, **said}, "name", _NAME, where),
        field_class=FieldClass(_choice(said, "class", [one.value for one in FieldClass], where)),
        meaning=_choice({"meaning": "", **said}, "meaning", Meaning, where),
    )


def _protections(said: Mapping[str, Any], name: str) -> dict[str, str | Declared]:
    _only(said, PROTECTIONS, f"{name} [protections]")
    missing = [one for one in PROTECTIONS if one not in said]
    if missing:
        raise BadSourceMap(
            f"{name} says nothing of these protections: {', '.join(missing)}",
            cure='Give each a column, { column = "…" }, or a declaration that somebody of the '
            'source signs, { declared = "no", screened_on = 2026-11-01, by = "…" }.',
        )
    return {one: _protection(said[one], f"{name} [protections] {one}") for one in PROTECTIONS}


def _protection(said: object, where: str) -> str | Declared:
    if not isinstance(said, dict):
        raise BadSourceMap(f"{where} must be a table", cure='Write { column = "…" }.')
    if "column" in said:
        _only(said, ("column",), where)
        return _said(said, "column", where)
    _only(said, ("declared", "screened_on", "by"), where)
    state = _choice(said, "declared", ("yes", "no"), where)
    screened = said.get("screened_on")
    if type(screened) is not date:
        raise BadSourceMap(
            f"{where} does not say when the source was screened",
            cure="Write screened_on = 2026-11-01.",
        )
    return Declared(state == "yes", screened, _said(said, "by", where))


def _only(said: Mapping[str, Any], allowed: Sequence[str], where: str) -> None:
    for key in said:
        if key not in allowed:
            close = difflib.get_close_matches(key, allowed, n=1)
            cure = f'Did you mean "{close[0]}"?' if close else f"It may be: {', '.join(allowed)}."
            raise BadSourceMap(f'{where}: "{key}" is not known', cure=cure)


def _table(said: Mapping[str, Any], key: str, name: str) -> dict[str, Any]:
    table = said.get(key, {})
    if not isinstance(table, dict):
        raise BadSourceMap(f"{name}: {key} is no table", cure=f"Write it as [{key}].")
    return table


def _said(said: Mapping[str, Any], key: str, where: str) -> str:
    value = said.get(key)
    if not isinstance(value, str) or not value.strip():
        raise BadSourceMap(f"{where}: {key} is missing", cure=f'Write {key} = "…".')
    return value


def _shaped(said: Mapping[str, Any], key: str, shape: re.Pattern[str], where: str) -> str:
    value = said.get(key)
    if not isinstance(value, str) or shape.fullmatch(value) is None:
        raise BadSourceMap(
            f"{where}: {key} is missing or has not its form", cure=f"It looks like {shape.pattern}"
        )
    return value


def _choice(said: Mapping[str, Any], key: str, choices: Sequence[str], where: str) -> str:
    value = said.get(key)
    if value not in choices:
        may = ", ".join(one for one in choices if one)
        raise BadSourceMap(f"{where}: {key} is missing or not known", cure=f"It may be: {may}.")
    return str(value)


def _texts(value: object, where: str) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise BadSourceMap(f"{where}: leave_out is no list of columns", cure='leave_out = ["a"]')
    return value


def _share(value: object, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise BadSourceMap(
            f"{where}: most_vanishing is no share", cure="Write a number from 0 to 1, such as 0.5."
        )
    return float(value)
