"""A table in a file: its columns, and its rows one after the other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tieline.core.errors import TielineError
from tieline.files.columns import Columns, Source, Texts

SHOWN = 1000
"""Characters of a bad row that are kept to be shown."""


class UnreadableTable(TielineError):
    """A file cannot be read as a table at all."""

    def __init__(self, path: Path, what: str, *, cure: str, line: int | None = None) -> None:
        where = f"{path}, line {line}" if line else f"{path}"
        super().__init__(f"{where}: {what}", cure=cure)


@dataclass(frozen=True, slots=True)
class Row:
    """One row; `values` has one text for each column, as given."""

    line: int
    """1-based line of the file in which the row begins; in a workbook or Parquet file, its row."""
    values: Sequence[str]


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be read; those after it can."""

    line: int
    reason: str
    text: str
    """What stands there, cut to SHOWN characters."""


@dataclass(frozen=True, slots=True)
class Table:
    """A file that has been looked into: it may be read as often as needed."""

    path: Path
    columns: tuple[str, ...]
    encoding: str
    """"" where the format has none."""
    delimiter: str
    """"" where the format has none."""
    read: Callable[[], Iterator[Row | BadRow]]
    repeated: frozenset[str] = frozenset()
    """Names that the header gives more than once: nobody can say which column is meant."""
    notes: tuple[str, ...] = ()
    """What was guessed and should be known: an encoding found, a column without a name."""
    source: Source | None = None
    """By which whole columns are read at once, many times quicker."""

    def rows(self) -> Iterator[Row | BadRow]:
        """Read from the beginning; memory holds a row at a time, however large the file.

        Raises UnreadableTable where the file is changed meanwhile.
        """
        with self._unchanged():
            yield from self.read()

    def columns_of(self, names: Sequence[str], as_texts: Sequence[str] = ()) -> Columns | None:
        """Read these columns at once; None where only `rows` can tell what is wrong with a row.

        Of those that are wanted `as_texts` the values are not numbered.

        Raises UnreadableTable where the file is changed meanwhile.
        """
        if self.source is None:
            return None
        with self._unchanged():
            return self.source.columns(names, as_texts)

    def parts_of(
        self, names: Sequence[str], size: int, as_texts: Sequence[str] = ()
    ) -> Iterator[Columns] | None:
        """The same, so many rows at a time."""
        if self.source is None:
            return None
        with self._unchanged():
            # Copied before the first part is given: what is done to the file later tells nothing.
            return self.source.parts(names, size, as_texts)

    def texts_of(self, names: Sequence[str], size: int) -> Iterator[list[Texts]] | None:
        """The same, so many rows at a time, a text for each row and as given."""
        if self.source is None:
            return None
        with self._unchanged():
            return self.source.texts(names, size)

    @contextmanager
    def _unchanged(self) -> Iterator[None]:
        before = self.path.stat()
        yield
        after = self.path.stat()
        if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
            raise UnreadableTable(
                self.path,
                "the file was changed while it was being read",
                cure="run again when nothing writes to it any more",
            )


def repeated(header: Sequence[str]) -> frozenset[str]:
    """Give the names that stand more than once in a header."""
    counts = Counter(name.strip() for name in header)
    return frozenset(name for name, count in counts.items() if name and count > 1)


def named(header: Sequence[str], path: Path) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give every column a name of its own, and say which names had to be made."""
    names: list[str] = []
    notes: list[str] = []
    for at, given in enumerate(header, 1):
        name = given.strip()
        if not name:
            name = f"column {at}"
            notes.append(f'{path.name}: column {at} has no name; it is called "{name}"')
        if name in names:
            first = names.index(name) + 1
            name = f"{name} ({at})"
            notes.append(
                f"{path.name}: columns {first} and {at} have the same name; "
                f'the second is called "{name}"'
            )
        names.append(name)
    return tuple(names), tuple(notes)
