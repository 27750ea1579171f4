"""What an index asks of the database that keeps it, in words that every one understands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Final, Protocol

from tieline.core.errors import TielineError
from tieline.linking.index.packed import Block

__all__ = ["MEETING", "Database", "IndexRefused", "Record", "Rows"]

MEETING: Final = {
    "about": "on conflict (name) do update set said = excluded.said",
    "common": "on conflict (place, value) do update set count = common.count + excluded.count",
    "crowd": "on conflict (key) do update set records = crowd.records + excluded.records",
}
"""By table, what becomes of a row whose key is there already."""

Rows = Iterable[Sequence[Any]]
Record = tuple[int, int, str, str]
"""Its id, its source, its number there, and its joined values."""


class IndexRefused(TielineError):
    """An index is not there, or not one that this can be done with."""


class Database(Protocol):
    """One database with the tables of an index in it."""

    where: str
    """As a sentence names it."""
    layout: Mapping[str, int]
    """The version of what it keeps otherwise than in its tables, if it does."""

    def ask(self, question: str, *words: Any) -> list[Any]:
        """All rows of an answer; `?` stands for each of the words."""
        ...

    def do(self, command: str, *words: Any) -> None:
        """The same of what has no answer; inside `writing`."""
        ...

    def among(self, numbers: Sequence[int]) -> tuple[str, Any]:
        """What stands behind a column that is to be one of these, and its word."""
        ...

    def each(self, numbers: Sequence[int]) -> tuple[str, Any]:
        """What stands where a table `asked` does, of which the column `value` has each of these,
        and its word.
        """
        ...

    def ahead(self, question: str, words: Sequence[Sequence[int]]) -> None:
        """Have what a question will read fetched at once, where it is likely not in memory.

        `words` are the lists of numbers that the question is about; the last is the long one.
        """
        ...

    def expect(self, questions: int, *, told: Callable[[int, int], None]) -> None:
        """Make ready for so many questions; `told` is how many bytes are, and of how many."""
        ...

    def put(self, table: str, rows: Rows) -> None:
        """Add rows, or where `MEETING` says so put them to what is there; inside `writing`."""
        ...

    @property
    def size(self) -> int:
        """How many records there are."""
        ...

    def add_records(self, records: Iterable[tuple[int, str, str]]) -> None:
        """Append records, without their ids, which count on; inside `writing`."""
        ...

    def records(self, ids: Sequence[int]) -> Sequence[Record]:
        """Those of the ids that there are, in the order of the ids, each once."""
        ...

    def add_blocks(self, segment: int, bits: int, blocks: Iterable[Block]) -> None:
        """Keep the blocks of a new segment of 2 ** `bits` places, in their order; inside `writing`.

        They are the index's as soon as the table `segment` has it.
        """
        ...

    def drop_blocks(self, segment: int) -> None:
        """Let go of those of a segment that the table has no more; inside `writing`."""
        ...

    def blocks(self, asked: Mapping[int, Sequence[int]]) -> Mapping[int, Mapping[int, bytes]]:
        """Blocks by their segments and their places, likewise; a place may be asked for twice."""
        ...

    def blocks_between(self, segment: int, low: int, high: int) -> Sequence[bytes]:
        """Those of a range of places of one segment, both included, in their order."""
        ...

    def writing(self) -> AbstractContextManager[None]:
        """All or nothing; a second writer waits, however long the first takes."""
        ...

    def reading(self) -> AbstractContextManager[None]:
        """All answers inside are of one moment."""
        ...

    def beside(self) -> Database:
        """A new, empty one beside this one, and not one that was begun; inside `writing`."""
        ...

    def replace_by(self, other: Any) -> None:
        """Let that one of `beside` take this one's place; inside `writing`."""
        ...

    def close(self) -> None:
        """Let go of it."""
        ...
