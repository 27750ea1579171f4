"""The columns of a CSV file, for `tieline codes map`."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tieline.core.errors import TielineError
from tieline.core.values.codes import CodeList

_DELIMITERS = ",;\t|"
# Enough to tell which list a column is of.
_SAMPLE = 500


class FileNotUnderstood(TielineError):
    """The file cannot be read as a table in this encoding."""


class ColumnNotChosen(TielineError):
    """The column is not in the file, or none was named and none is plain."""


@dataclass(frozen=True)
class Columns:
    """Each column's distinct values and how often each occurs, blanks around them stripped."""

    values: dict[str, Counter[str]]

    @property
    def names(self) -> list[str]:
        """The columns in the file's order."""
        return list(self.values)

    @classmethod
    def read(cls, file: Path, *, delimiter: str | None, encoding: str | None) -> Columns:
        """Read the whole file; the first line names the columns."""
        if delimiter is not None:
            delimiter = {"\\t": "\t", "tab": "\t"}.get(delimiter, delimiter)
            if len(delimiter) != 1:
                raise FileNotUnderstood(
                    f"{delimiter!r} is not one sign", cure="Give one sign, such as --delimiter ';'"
                )
        used = encoding or "utf-8-sig"
        try:
            with file.open(encoding=used, newline="") as handle:
                first = handle.readline()
                handle.seek(0)
                sign = delimiter or max(_DELIMITERS, key=first.count)
                return cls(_counted(csv.reader(handle, delimiter=sign)))
        except LookupError:
            raise FileNotUnderstood(
                f"{used!r} is not an encoding known here", cure="Try --encoding cp1252"
            ) from None
        except UnicodeError:
            raise FileNotUnderstood(
                f"{file.name} is not written in {'UTF-8' if encoding is None else used}",
                cure="Name its encoding, often: --encoding cp1252 or --encoding utf-16",
            ) from None
        except csv.Error as error:
            raise FileNotUnderstood(
                f"{file.name} is not a table: {error}", cure="Check --delimiter and the quotes"
            ) from None

    def known(self, column: str) -> str:
        """The column with this name; case and blanks do not count."""
        for name in self.values:
            if name.strip().casefold() == column.strip().casefold():
                return name
        raise ColumnNotChosen(
            f"there is no column {column!r}", cure=f"There are: {', '.join(self.names)}"
        )

    def counts(self, column: str) -> Counter[str]:
        """The distinct values that are not blank."""
        return Counter({text: number for text, number in self.values[column].items() if text})

    def blank(self, column: str) -> int:
        """How many rows have nothing in the column."""
        return self.values[column][""]

    def share(self, column: str, found: CodeList) -> float:
        """The share of the column's (500 most frequent) values that the list knows."""
        texts = [text for text, _ in self.counts(column).most_common(_SAMPLE)]
        known = sum(bool(found.understand(text).code) for text in texts)
        return known / len(texts) if texts else 0.0


def _counted(rows: Iterator[list[str]]) -> dict[str, Counter[str]]:
    heads = next(rows, [])
    if not any(head.strip() for head in heads):
        raise FileNotUnderstood(
            "the first line names no column", cure="The first line must hold the columns' names."
        )
    # Of two columns with one name the first is meant.
    places = {head: place for place, head in reversed(list(enumerate(heads)))}
    counts: dict[str, Counter[str]] = {head: Counter() for head in heads}
    for row in rows:
        for head, place in places.items():
            counts[head][row[place].strip() if place < len(row) else ""] += 1
    return counts
