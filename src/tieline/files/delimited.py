"""Delimited text (CSV and its kin), row by row, with every bad row named and the rest kept."""

from __future__ import annotations

import csv
import gzip
import io
import itertools
import re
import zlib
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from tieline.files.columns import csv_source
from tieline.files.content import damaged, encoding_of, known_encoding, opener
from tieline.files.table import SHOWN, BadRow, Row, Table, UnreadableTable, named, repeated

_DELIMITERS = ",;\t|"
_LOOKED_AT = 200
_MOST_LINES = 200
"""Lines that one quoted value may run over."""
LONE = re.compile("[\ud800-\udfff]")
"""What decoding leaves of bytes that the encoding does not know."""


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    text: str
    whole: bool = True
    """Whether all of the line was read: False if it is longer than a line may be."""


def lines(path: Path, text: io.TextIOWrapper, longest: int) -> Iterator[_Line]:
    """Read lines, none longer than `longest` characters into memory."""
    number = 0
    try:
        while line := text.readline(longest):
            number += 1
            if line.endswith(("\n", "\r")) or len(line) < longest:
                yield _Line(number, line)
                continue
            while rest := text.readline(longest):
                if rest.endswith(("\n", "\r")):
                    break
            yield _Line(number, line[:SHOWN], whole=False)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise damaged(path, error) from None
    except UnicodeError as error:
        raise UnreadableTable(
            path,
            f"from line {number + 1} on it is not {text.encoding} ({error})",
            cure='name its encoding in the map, such as encoding = "cp1252"',
        ) from None
    except OSError as error:
        raise UnreadableTable(
            path, f"reading failed after line {number} ({error})", cure="check the disk"
        ) from None


def open_delimited(path: Path, kind: str, *, encoding: str, delimiter: str, longest: int) -> Table:
    """Look into a delimited text file; `encoding` and `delimiter` are found where they are ""."""
    open_bytes = opener(path, kind)
    notes: tuple[str, ...] = ()
    if encoding:
        found = known_encoding(path, encoding)
    else:
        found, note = encoding_of(path, open_bytes)
        notes = (note,) if note else ()
    open_text = _text(open_bytes, found)
    with open_text() as text:
        sample = list(itertools.islice(lines(path, text, longest), _LOOKED_AT))
    mark = delimiter or _delimiter([line.text for line in sample if line.whole])
    header = _header(path, sample, mark)
    columns, unnamed = named(header.values, path)

    def read() -> Iterator[Row | BadRow]:
        with open_text() as text:
            records = _records(path, text, mark, len(columns), longest, found)
            yield from (record for record in records if record.line > header.line)

    twice = repeated(header.values)
    source = csv_source(path, header=columns, encoding=found, delimiter=mark, longest=longest)
    return Table(path, columns, found, mark, read, twice, notes + unnamed, source)


def _text(open_bytes: Callable[[], BinaryIO], encoding: str) -> Callable[[], io.TextIOWrapper]:
    # Bytes that are not of the encoding become lone surrogates, and their rows are rejected:
    # one bad byte must not cost the file. newline="" leaves line ends to us.
    return lambda: io.TextIOWrapper(
        io.BufferedReader(open_bytes()),  # type: ignore[type-var]
        encoding,
        errors="surrogateescape",
        newline="",
    )


def _header(path: Path, sample: list[_Line], mark: str) -> Row:
    for line in sample:
        if not line.whole:
            raise UnreadableTable(
                path,
                f"the header is longer than {len(line.text):,} characters",
                cure="check that this is a table with one row a line",
                line=line.number,
            )
        if not line.text.strip():
            continue
        if "\0" in line.text or LONE.search(line.text):
            raise UnreadableTable(
                path,
                "the header holds characters that cannot be read",
                cure='name the encoding in the map, such as encoding = "cp1252"',
                line=line.number,
            )
        values = _split(line.text, mark)
        return Row(line.number, tuple(value.lstrip("\ufeff") for value in values))
    raise UnreadableTable(path, "there is no header", cure="the first line must name the columns")


def _delimiter(sample: list[str]) -> str:
    """Find the mark that splits most lines into as many values, more than one, as the header.

    Other names of people, parted by semicolons, may stand in more lines than the commas between
    columns; but not in the header.
    """
    filled = [text for text in sample if text.strip()]

    def fit(mark: str) -> tuple[float, int]:
        widths = [len(_split(text, mark)) for text in filled]
        width = widths[0] if widths else 1
        return (widths.count(width) / max(len(sample), 1) if width > 1 else 0.0, width)

    best = max(_DELIMITERS, key=lambda mark: (round(fit(mark)[0], 1), fit(mark)[1]))
    return best if fit(best)[0] > 0 else ","


def _split(text: str, mark: str, *, quoting: int = csv.QUOTE_MINIMAL) -> list[str]:
    limit = csv.field_size_limit()
    if len(text) > limit:
        csv.field_size_limit(len(text) + 1)
    return next(csv.reader((text,), delimiter=mark, quoting=quoting), [])  # type: ignore[arg-type]


def _records(
    path: Path, text: io.TextIOWrapper, mark: str, width: int, longest: int, encoding: str
) -> Iterator[Row | BadRow]:
    """Put lines together into rows.

    A row is whole when its quotation marks are even in number. Where one is never closed, only the
    line in which it opens is rejected, and reading goes on with the next line.
    """
    opens = re.compile(rf'(?:^|{re.escape(mark)})\s*"')
    ahead: deque[_Line] = deque()
    source = lines(path, text, longest)

    def more() -> _Line | None:
        return ahead.popleft() if ahead else next(source, None)

    while (line := more()) is not None:
        if not line.whole:
            reason = f"the line is longer than {longest:,} characters"
            yield BadRow(line.number, reason, line.text)
        elif line.text.count('"') % 2 == 0:
            if line.text.strip():
                yield _row(line.number, line.text, mark, width, encoding)
        elif not opens.search(line.text):
            # A mark in the middle of a value, as in 6'2", quotes nothing.
            plain = line.text.rstrip("\r\n")
            yield _row(line.number, plain, mark, width, encoding, quoting=csv.QUOTE_NONE)
        else:
            parts = _joined(line, more, longest)
            whole = _row(line.number, "".join(p.text for p in parts), mark, width, encoding)
            if isinstance(whole, BadRow) or len(parts) == 1:
                # What was read ahead in the hope of the closing mark is read again, as rows.
                ahead.extendleft(reversed(parts[1:]))
                reason = "a quotation mark opens here and is not closed"
                whole = BadRow(line.number, reason, line.text.rstrip("\r\n")[:SHOWN])
            yield whole


def _joined(first: _Line, more: Callable[[], _Line | None], longest: int) -> list[_Line]:
    """Take lines until the quotation marks are even in number; at most so many, and so long."""
    parts = [first]
    size = len(first.text)
    while sum(part.text.count('"') for part in parts) % 2:
        if len(parts) >= _MOST_LINES or size > longest or (following := more()) is None:
            break
        parts.append(following)
        size += len(following.text)
        if not following.whole:
            break
    return parts


def _row(
    line: int,
    text: str,
    mark: str,
    width: int,
    encoding: str,
    *,
    quoting: int = csv.QUOTE_MINIMAL,
) -> Row | BadRow:
    shown = text.rstrip("\r\n")[:SHOWN]
    if "\0" in text:
        return BadRow(line, "the row holds a zero byte (NUL)", shown)
    if LONE.search(text):
        bad = shown.encode("utf-8", "backslashreplace").decode()
        return BadRow(line, f"the row holds bytes that are not {encoding}", bad[:SHOWN])
    try:
        if "\n" in text[:-2] or "\r" in text[:-2]:
            # Strict: what follows a closing mark must be a delimiter, else the lines were joined
            # by a mark that closes nothing.
            pieces = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
            values = next(pieces, [])
            if next(pieces, None) is not None:
                return BadRow(line, "the lines are more than one row", shown)
        else:
            values = _split(text, mark, quoting=quoting)
    except csv.Error as error:
        return BadRow(line, f"the row cannot be split ({error})", shown)
    if len(values) > width and not any(value.strip() for value in values[width:]):
        values = values[:width]
    if len(values) != width:
        reason = f"the row has {len(values)} values, the header {width}"
        return BadRow(line, reason, shown)
    return Row(line, values)
