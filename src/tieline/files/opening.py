"""Any table file, opened by what it holds rather than by what it is called."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from pathlib import Path

from tieline.files.content import damaged, kind_of, opener
from tieline.files.delimited import open_delimited
from tieline.files.jsonlines import open_json_lines
from tieline.files.parquet import open_parquet
from tieline.files.table import Table, UnreadableTable
from tieline.files.workbook import open_workbook

_PACKED = {
    ".parquet": "Parquet file",
    ".xlsx": "workbook",
    ".xls": "workbook",
    ".ods": "workbook",
}


@dataclass(frozen=True, slots=True)
class Hints:
    """What the user says of a file; "" means: find out."""

    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""


def open_table(path: Path, hints: Hints, *, longest: int) -> Table:
    """Look into a file and find its columns.

    `longest` is the number of characters a line may have. Raises UnreadableTable, naming the file,
    the line where there is one, and the cure.
    """
    kind = kind_of(path)
    if kind == "parquet":
        return open_parquet(path)
    if kind == "workbook":
        return open_workbook(path, sheet=hints.sheet)
    if kind == "text" and path.suffix.lower() in _PACKED:
        raise UnreadableTable(
            path,
            f"this is no {_PACKED[path.suffix.lower()]}, whatever its name says",
            cure="export it again; if it is a CSV file, give it that ending",
        )
    if len(hints.delimiter) > 1:
        raise UnreadableTable(
            path,
            f'the delimiter "{hints.delimiter}" is more than one character',
            cure='use one, such as delimiter = ";" or "\\t"',
        )
    if _is_json(path, kind):
        table = open_json_lines(path, kind, encoding=hints.encoding, longest=longest)
    else:
        table = open_delimited(
            path, kind, encoding=hints.encoding, delimiter=hints.delimiter, longest=longest
        )
    return table


def _is_json(path: Path, kind: str) -> bool:
    names = [suffix.lower() for suffix in path.suffixes]
    if kind == "gzip" and names:
        names = names[:-1] if names[-1] == ".gz" else names
    if names and names[-1] in (".csv", ".tsv", ".txt"):
        return False
    try:
        with opener(path, kind)() as file:
            head = file.read(4096).lstrip(b"\xef\xbb\xbf \t\r\n")
    except (OSError, EOFError, zlib.error) as error:
        raise damaged(path, error) from None
    if head.startswith(b"["):
        raise UnreadableTable(
            path,
            "this is one JSON document, not JSON Lines",
            cure="write one object a line, for instance with: jq -c '.[]' FILE > FILE.jsonl",
        )
    return head.startswith(b"{")
