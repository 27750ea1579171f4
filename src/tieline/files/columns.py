"""Whole columns at once, each as its distinct values and their numbers: for files of millions.

DuckDB reads what is plainly in order, and Arrow numbers it without a text of the interpreter's own
for each row (decision 0032); texts in Parquet are had numbered (0034). Where a text file is not in
order (a row of another width, a mark that is not closed, bytes of another encoding), it is read row
by row instead, and each bad row is named there; so nothing is told by this way that the other would
not tell.
"""

from __future__ import annotations

import mmap
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from tieline.core.matching.coded import Codes, Factor
from tieline.files.parquet_texts import parquet_texts
from tieline.files.text_bytes import Texts, bytes_of

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

__all__ = ["Columns", "Source", "Texts", "csv_source", "laid", "parquet_source", "quoted"]

_UTF8: Final = frozenset({"utf-8", "utf-8-sig", "ascii"})


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns that were asked for, blanks around the values cut off."""

    rows: int
    factors: dict[str, Factor]
    texts: dict[str, list[str]]
    """Of those that were wanted so."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file that DuckDB can read, if all of it is in order, but for what is `ready`."""

    path: Path
    link: str
    """A plain name by which DuckDB is given it."""
    function: str
    more: Sequence[object] = ()
    is_plain: Callable[[], bool] = lambda: True
    """Whether the two ways of reading cannot differ."""
    texts_of: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """By column what gives its texts, in SQL, where that is more than its name tells."""
    ready: Callable[[Sequence[str], Sequence[str]], Mapping[str, Texts]] = lambda *_: {}
    """Of the first columns those that are had without DuckDB: numbered, but for those of the
    second, which are wanted as texts.
    """

    def columns(self, names: Sequence[str], as_texts: Sequence[str] = ()) -> Columns | None:
        """Whole columns; None where the file cannot be read this way."""
        if not self.is_plain():
            return None
        ready = self.ready(names, as_texts)
        asked = self._asked([name for name in names if name not in ready])
        if asked is None:
            return None
        every = {**ready, **asked}
        if len({len(column) for column in every.values()}) != 1:
            return None
        return _numbered(names, [every[name] for name in names], as_texts)

    def _asked(self, names: Sequence[str]) -> dict[str, Texts] | None:
        import duckdb

        if not names:
            return {}
        try:
            with self._connected(on_disk=False) as (connection, words):
                found = connection.sql(self._question(names), params=words).to_arrow_table()
        except duckdb.Error:
            return None
        return dict(zip(names, found.columns, strict=True))

    def parts(
        self, names: Sequence[str], size: int, as_texts: Sequence[str] = ()
    ) -> Iterator[Columns] | None:
        """The same, so many rows at a time; they are copied to disk, and memory holds one part."""
        parts = self.texts(names, size)
        return None if parts is None else (_numbered(names, part, as_texts) for part in parts)

    def texts(self, names: Sequence[str], size: int) -> Iterator[list[Texts]] | None:
        """The same, a text for each row, as given: blanks around it are left."""
        import duckdb

        if not self.is_plain():
            return None
        with ExitStack() as stack:
            try:
                connection, words = stack.enter_context(self._connected(on_disk=True))
                connection.execute(f"create table part as {self._question(names)}", words)
                (rows,) = connection.execute("select count(*) from part").fetchall()[0]
            except duckdb.Error:
                return None
            return _parts(connection, range(0, rows, size), stack.pop_all())

    def _question(self, names: Sequence[str]) -> str:
        # Numbered: a header may have names that differ in their case alone.
        texts = (self.texts_of.get(name) or f"cast({quoted(name)} as varchar)" for name in names)
        picked = (f"nullif({text}, '') as c{at}" for at, text in enumerate(texts))
        return f"select {', '.join(picked)} from {self.function}"  # noqa: S608 - names are quoted

    @contextmanager
    def _connected(
        self, *, on_disk: bool
    ) -> Iterator[tuple[duckdb.DuckDBPyConnection, list[object]]]:
        import duckdb

        with tempfile.TemporaryDirectory(prefix="tieline-") as folder:
            # DuckDB reads * ? [ in a path as a pattern; a link with a plain name has none of them.
            link = Path(folder) / self.link
            link.symlink_to(self.path.resolve())
            base = str(Path(folder) / "rows.duckdb") if on_disk else ":memory:"
            settings: dict[str, str | bool | int | float | list[str]] = {
                "threads": 1,
                "temp_directory": folder,
                # A column may hold more than two gigabytes of text.
                "arrow_large_buffer_size": True,
            }
            with duckdb.connect(base, config=settings) as found:
                yield found, [str(link), *self.more]


def laid(texts: Sequence[str]) -> Texts:
    """Texts that were read row by row, as those that were read at once."""
    import pyarrow as pa

    return pa.chunked_array([pa.array(texts, pa.large_string())])


def _parts(
    connection: duckdb.DuckDBPyConnection, starts: range, kept: ExitStack
) -> Iterator[list[Texts]]:
    with kept:
        for start in starts:
            ends = [start, start + starts.step]
            part = connection.sql("from part where rowid >= ? and rowid < ?", params=ends)
            yield part.to_arrow_table().columns


def _numbered(names: Sequence[str], columns: Sequence[Texts], as_texts: Sequence[str]) -> Columns:
    """Number the values of each column."""
    factors, texts = {}, {}
    for name, column in zip(names, columns, strict=True):
        if name in as_texts:
            texts[name] = _stripped(column.fill_null("").combine_chunks())
        else:
            factors[name] = _factor(column)
    return Columns(len(columns[0]), factors, texts)


def parquet_source(path: Path, function: str, texts_of: Mapping[str, str]) -> Source:
    """A Parquet file, whose columns are those of `texts_of`."""
    return Source(
        *(path, "table.parquet", function),
        texts_of=texts_of,
        ready=partial(parquet_texts, path, tuple(texts_of)),
    )


def csv_source(
    path: Path, *, header: Sequence[str], encoding: str, delimiter: str, longest: int
) -> Source:
    """A delimited file, which is read so if it is in perfect order, and no line is longer."""
    function = (
        "read_csv(?, delim = ?, quote = '\"', escape = '\"', header = true, all_varchar = true, "
        "auto_detect = false, strict_mode = true, null_padding = false, ignore_errors = false, "
        "nullstr = '', columns = ?)"
    )
    plain = encoding.lower() in _UTF8 and len(header) > 1
    return Source(
        *(path, "table.csv", function),
        [delimiter, dict.fromkeys(header, "VARCHAR")],
        lambda: plain and _is_plain(path, longest),
    )


def _is_plain(path: Path, longest: int) -> bool:
    """Whether the file has no sign that the two ways of reading might take differently."""
    with path.open("rb") as file:
        begins = file.read(4).removeprefix(b"\xef\xbb\xbf")
        if begins[:1] in (b"", b"\n") or begins.startswith(b"\x1f\x8b"):
            return False
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            # A zero byte makes a bad row, a lone CR an end of line, an empty line none at all.
            odd = (b"\0", b"\r", b'"', b"\n\n")
            return all(data.find(sign) < 0 for sign in odd) and _lines_fit(data, longest)


def _lines_fit(data: mmap.mmap, longest: int) -> bool:
    """Whether no line has more bytes, its end among them: of so many the last is looked for."""
    start = 0
    while len(data) - start > longest:
        end = data.rfind(b"\n", start, start + longest)
        if end < 0:
            return False
        start = end + 1
    return True


def _factor(column: Texts) -> Factor:
    codes, dictionary = _in_order(column)
    values = dictionary.to_pylist()
    told = _stripped(dictionary, values)
    # Nearly always they are those that are there, each once.
    plain = told == values and "" not in told
    return Factor(codes, tuple(values)) if plain else Factor.numbered(codes, told)


def _in_order(column: Texts) -> tuple[Codes, pa.LargeStringArray]:
    """The number of each row's text, -1 for none, and the texts in the order in which they come,
    as `Factor.of` numbers them.
    """
    import pyarrow as pa

    ready = pa.types.is_dictionary(column.type)
    whole = (column if ready else column.dictionary_encode()).combine_chunks()
    codes = whole.indices.fill_null(-1).to_numpy()
    texts = whole.dictionary.cast(pa.large_string())
    if ready and not _come_in_order(codes, len(texts)):
        again = pa.array(codes, mask=codes < 0).dictionary_encode()
        codes, texts = again.indices.fill_null(-1).to_numpy(), texts.take(again.dictionary)
    return codes, texts


def _come_in_order(codes: Codes, size: int) -> bool:
    """Whether each code below a size is there, and none comes before those below it."""
    if not len(codes):
        return not size
    before = np.maximum.accumulate(codes)
    first = int(before[0]) <= 0
    return first and int(before[-1]) == size - 1 and bool((np.diff(before) <= 1).all())


def _stripped(texts: pa.LargeStringArray, given: Sequence[str] | None = None) -> list[str]:
    """Texts of the interpreter's own without the blanks around them; `given` as they are, where
    they are known.
    """
    values = texts.to_pylist() if given is None else list(given)
    for at in _perhaps_blank(texts).tolist():
        values[at] = values[at].strip()
    return values


def _perhaps_blank(texts: pa.LargeStringArray) -> npt.NDArray[np.intp]:
    """The places of those that begin or end with anything but a visible sign of ASCII."""
    offsets, signs = bytes_of(texts)
    filled = np.flatnonzero(np.diff(offsets))
    # Wraps around, so that one look tells of both ends of what is visible.
    odd = (signs[offsets[filled]] - np.uint8(0x21)) > np.uint8(0x7E - 0x21)
    odd |= (signs[offsets[filled + 1] - 1] - np.uint8(0x21)) > np.uint8(0x7E - 0x21)
    found: npt.NDArray[np.intp] = filled[odd]
    return found


def quoted(name: str) -> str:
    """A name as SQL takes it, whatever stands in it."""
    return '"' + name.replace('"', '""') + '"'
