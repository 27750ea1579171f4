"""The columns of a file, for `tieline codes map`."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from tieline.core.errors import TielineError
from tieline.core.values.codes import CodeList

# Enough to tell which list a column is of.
_SAMPLE = 500


class ColumnNotChosen(TielineError):
    """The column is not in the file, or none was named and none is plain."""


@dataclass(frozen=True)
class Columns:
    """Each column's distinct values and how often each occurs, blanks around them stripped."""

    values: dict[str, Counter[str]]
    rejected: tuple[str, ...] = ()
    """For each row that could not be read, its line and the reason."""

    @property
    def names(self) -> list[str]:
        """The columns in the file's order."""
        return list(self.values)

    @classmethod
    def read(cls, file: Path, *, delimiter: str | None, encoding: str | None) -> Columns:
        """Read the whole file, of any form that `tieline link` reads."""
        from tieline.files.opening import Hints
        from tieline.files.table import BadRow
        from tieline.wiring.linking import open_file

        sign = {"\\t": "\t", "tab": "\t"}.get(delimiter or "", delimiter or "")
        table = open_file(file, Hints(encoding=encoding or "", delimiter=sign))
        counts: dict[str, Counter[str]] = {name: Counter() for name in table.columns}
        rejected = []
        for row in table.rows():
            if isinstance(row, BadRow):
                rejected.append(f"line {row.line:,}: {row.reason}")
                continue
            for name, value in zip(table.columns, row.values, strict=True):
                counts[name][value.strip()] += 1
        return cls(counts, tuple(rejected))

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
