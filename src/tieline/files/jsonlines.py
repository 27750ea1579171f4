"""JSON Lines: one object a line; the columns are all keys of all objects."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path

from tieline.files.content import encoding_of, known_encoding, opener
from tieline.files.delimited import LONE, lines
from tieline.files.table import SHOWN, BadRow, Row, Table, UnreadableTable


def open_json_lines(path: Path, kind: str, *, encoding: str, longest: int) -> Table:
    """Look into a JSON Lines file; numbers keep the digits with which they were written."""
    open_bytes = opener(path, kind)
    found = known_encoding(path, encoding) if encoding else encoding_of(path, open_bytes)[0]

    def objects() -> Iterator[tuple[int, dict[str, object] | BadRow]]:
        with io.TextIOWrapper(open_bytes(), found, errors="surrogateescape") as text:
            for line in lines(path, text, longest):
                if not line.whole:
                    reason = f"the line is longer than {longest:,} characters"
                    yield line.number, BadRow(line.number, reason, line.text)
                elif line.text.strip():
                    yield line.number, _object(line.number, line.text)

    columns: dict[str, None] = {}
    for _, value in objects():
        if isinstance(value, dict):
            columns.update(dict.fromkeys(value))
    if not columns:
        raise UnreadableTable(
            path,
            "no line holds a JSON object",
            cure="write one object a line (JSON Lines), or export the table as CSV",
        )
    names = tuple(columns)

    def read() -> Iterator[Row | BadRow]:
        for number, value in objects():
            if isinstance(value, BadRow):
                yield value
            else:
                yield Row(number, [_given(value.get(name)) for name in names])

    return Table(path, names, found, "", read)


def _object(number: int, text: str) -> dict[str, object] | BadRow:
    shown = text.strip()[:SHOWN].encode("utf-8", "backslashreplace").decode()
    if "\0" in text:
        return BadRow(number, "the line holds a zero byte (NUL)", shown)
    try:
        value = json.loads(text, parse_int=str, parse_float=_number, parse_constant=str)
    except (ValueError, RecursionError) as error:
        return BadRow(number, f"the line is not JSON ({error})"[:200], shown)
    if not isinstance(value, dict):
        return BadRow(number, "the line is JSON, but not an object", shown)
    if LONE.search(text) or LONE.search(json.dumps(value, ensure_ascii=False)):
        return BadRow(number, "the line holds characters that cannot be read", shown)
    return value


def _number(text: str) -> str:
    """The digits as they were written; of a whole number those before the point."""
    return text.removesuffix(".0")


def _given(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value.replace("\0", "")
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value, ensure_ascii=False)
