"""A row of the file as a record, understood by the map, or why it cannot be one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from tieline.core.records import RecordMalformed
from tieline.core.values.dates import PartialDate
from tieline.files.opening import open_table
from tieline.files.table import BadRow, Row, Table, UnreadableTable
from tieline.keeping.ledger import loggable_number
from tieline.keeping.records import PROTECTIONS
from tieline.reference import code_list
from tieline.settings import Settings
from tieline.systems.partner.record import MappedValue, PartnerRecord
from tieline.systems.partner.sourcemap import Declared, SourceField, SourceMap

__all__ = ["Malformed", "open_source", "understood_rows"]

_LONGEST: Final = 4_000
_NUMBER: Final = re.compile(r"[A-Z0-9][A-Z0-9./-]{0,39}")
_YES: Final = frozenset({"yes", "y", "true", "1"})
_NO: Final = frozenset({"no", "n", "false", "0"})


@dataclass(frozen=True, slots=True)
class Malformed:
    """A row that was not taken; the reason names columns and never repeats a value."""

    line: int
    reason: str
    number: str = ""
    """Of the record, where at least that could be read."""


def open_source(path: Path, source: SourceMap) -> Table:
    """Look into the file; raises `UnreadableTable` where it is not what the map says."""
    table = open_table(path, source.hints, longest=Settings().max_line_bytes)
    lacking = sorted(source.columns - set(table.columns))
    strange = sorted(set(table.columns) - source.columns - source.leave_out)
    if lacking:
        raise UnreadableTable(
            path, f"it has no column {', '.join(lacking)}", cure="Correct the map, or the file."
        )
    if strange:
        raise UnreadableTable(
            path,
            f"the map says nothing of these columns: {', '.join(strange)}",
            cure="Give each a [[field]] with its class, or name it in leave_out.",
        )
    return table


def understood_rows(
    table: Table, source: SourceMap, *, at: datetime
) -> Iterator[PartnerRecord | Malformed]:
    """Every row in the file's order; a number that comes again is refused the second time."""
    seen: dict[str, int] = {}
    for row in table.rows():
        if isinstance(row, BadRow):
            yield Malformed(row.line, row.reason)
            continue
        made = _made(dict(zip(table.columns, row.values, strict=True)), row, source, at)
        first = seen.setdefault(made.number, row.line) if made.number else row.line
        if first != row.line:
            yield Malformed(row.line, f"its number stands in line {first} already", made.number)
            continue
        yield made


def _made(
    values: Mapping[str, str], row: Row, source: SourceMap, at: datetime
) -> PartnerRecord | Malformed:
    number = source.prefix + values[source.number].strip().upper()
    if _NUMBER.fullmatch(number) is None or not loggable_number(number):
        return Malformed(
            row.line,
            f"column {source.number} holds no number that a record may have; a prefix in the map "
            "keeps it from looking like a number of a person",
        )
    bad = next((one.column for one in source.fields if not _is_text(values[one.column])), None)
    if bad is not None:
        return Malformed(row.line, f"column {bad} holds what is no text, or too much", number)
    record = PartnerRecord(
        number=number,
        owner_agency=source.owner_agency,
        owning_unit=source.owning_unit,
        contact=source.contact,
        caveats=[],
        created_at=at,
        updated_at=at,
        **{name: _state(source.protections[name], values) for name in PROTECTIONS},
    )
    record.put([_value(one, values[one.column].strip()) for one in source.fields])
    try:
        record.record()
    except RecordMalformed as error:
        return Malformed(row.line, error.what, number)
    return record


def _value(field: SourceField, text: str) -> MappedValue:
    if field.meaning == "birth_date":
        text = PartialDate.parse(text).iso or text
    if field.meaning == "sex":
        text = code_list("sex").understand(text).code or text
    return MappedValue(field.name, field.meaning, field.field_class, text)


def _state(how: str | Declared, values: Mapping[str, str]) -> bool | None:
    """Whatever is neither a clear yes nor a clear no is unknown, and so protected."""
    if isinstance(how, Declared):
        return how.state
    said = values[how].strip().casefold()
    return True if said in _YES else False if said in _NO else None


def _is_text(text: str) -> bool:
    return len(text) <= _LONGEST and not any(
        unicodedata.category(sign) in ("Cc", "Cs") and sign not in "\n\r\t" for sign in text
    )
