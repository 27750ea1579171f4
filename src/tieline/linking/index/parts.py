"""A file's rows made ready for an index, in parts on disk.

Memory holds one part, however large the file; and a load that was killed finds the parts that are
whole and goes on behind them. A part has the normal values of its rows, their keys parted into
ranges, and how often each value was seen.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

import numpy as np
import numpy.typing as npt

from tieline.core.matching.coded import Factor
from tieline.core.matching.feature import Rows
from tieline.core.matching.key_tables import RecordTable, postings
from tieline.core.matching.keys import KeyKind, hashed
from tieline.core.matching.sketches import Sketches
from tieline.linking.aliases import faces_of
from tieline.linking.fieldmap import Kind, LinkMap
from tieline.linking.index.packed import Postings
from tieline.linking.misread import Misread
from tieline.linking.normal import Column, normalised
from tieline.linking.reading import Part
from tieline.linking.understanding import Reference

__all__ = [
    "BESIDE",
    "BETWEEN",
    "KINDS",
    "RANGES",
    "Keyed",
    "Ready",
    "marked",
    "prepared",
    "ready_parts",
    "write_keys",
    "write_part",
]

KINDS: Final = (
    KeyKind.NUMBER,
    KeyKind.SOUND_DATE,
    KeyKind.PAIR_YEAR,
    KeyKind.PAIR_DAY,
    KeyKind.INITIALS_DATE,
    KeyKind.COARSE_DATE,
    KeyKind.SOUND_MONTH,
    KeyKind.SOUND_YEAR_DAY,
    KeyKind.SOUND_DAY,
    KeyKind.PAIR,
    KeyKind.PAIR_UNDATED,
    KeyKind.SOUND_VALUE,
    KeyKind.VALUE_PAIR,
    KeyKind.WORD,
)
"""Kinds of keys that an index keeps."""

BESIDE: Final = frozenset({Kind.TEXT, Kind.PLACE, Kind.ADDRESS, Kind.CODE})
"""Kinds of fields that make a key beside a word of the name."""
RANGES: Final = 64
"""Ranges of keys, so that each is sorted in memory."""
_RANGE_AT: Final = np.uint64(57)
"""The bit of a key of 63 from which its range is told."""
BETWEEN: Final = "\x1f"
"""Between the values of a record; no normal value holds it."""
_RECORDS: Final = "\x1e"
"""Between records; likewise."""

_Part = TypeVar("_Part")


@dataclass(frozen=True, slots=True)
class Keyed:
    """What keys are made of, and the sketch of each record that stands beside its keys."""

    table: RecordTable
    sketches: Sketches


TableMaker = Callable[[Sequence[Factor]], Keyed]
"""Makes them of normal values."""
Counts = tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]
"""Marks of values, and how often each was seen."""


def marked(value: str) -> int:
    """40 bits of a value, by which it is counted."""
    return hashed(value) << 8 | (len(value) & 0xFF)


@dataclass(frozen=True, slots=True)
class Ready:
    """A part on disk, whole."""

    folder: Path

    @property
    def about(self) -> dict[str, int]:
        """Its rows, its records (more, where rows have other names), and rows rejected."""
        said: dict[str, int] = json.loads((self.folder / "about.json").read_text("ascii"))
        return said

    def numbers(self) -> tuple[list[str], list[int]]:
        """Of each row its number as given, and its place in the file."""
        said = json.loads((self.folder / "numbers.json").read_text("utf-8"))
        return said["numbers"], said["counted"]

    def misread(self) -> list[Misread]:
        """Of each column what could not be understood; a part of an older program does not say."""
        with suppress(FileNotFoundError):
            said = json.loads((self.folder / "misread.json").read_text("ascii"))
            return [Misread(*one) for one in said]
        return []

    def origin(self) -> Rows:
        """Of each record its row."""
        found: Rows = np.load(self.folder / "origin.npy")
        return found

    def said(self) -> list[str]:
        """The normal values of each record."""
        text = (self.folder / "said").read_text("utf-8", errors="surrogatepass")
        return text.split(_RECORDS) if self.about["records"] else []

    def columns(self) -> list[Factor]:
        """The same, column by column."""
        rows = [one.split(BETWEEN) for one in self.said()]
        return [Factor.of(texts) for texts in zip(*rows, strict=True)]

    def postings(self, of_range: int, start: int) -> Postings:
        """The postings of one range; records are counted from `start`."""
        ends = np.load(self.folder / "ends.npy")
        part = slice(int(ends[of_range]), int(ends[of_range + 1]))
        keys = np.load(self.folder / "keys.npy", mmap_mode="r")[part]
        ids = np.load(self.folder / "ids.npy", mmap_mode="r")[part]
        drawn = np.load(self.folder / "sketches.npy")
        return Postings(np.asarray(keys), ids + np.uint32(start), drawn[ids])

    @property
    def keys(self) -> int:
        """How many postings there are."""
        return int(np.load(self.folder / "ends.npy")[-1])

    def seen(self, place: int) -> Counts:
        """How often each value, or word, of a column was seen."""
        found = np.load(self.folder / f"seen-{place}.npy")
        return found[0], found[1]

    def filled(self) -> list[int]:
        """Of each column, how many records have a value."""
        found: list[int] = np.load(self.folder / "filled.npy").tolist()
        return found


def ready_parts(folder: Path) -> list[Ready]:
    """The parts that are there, from the first on without a gap."""
    found: list[Ready] = []
    while (part := folder / f"part-{len(found):05}").is_dir():
        found.append(Ready(part))
    return found


def prepared(
    parts: Iterable[_Part], folder: Path, write: Callable[[Path, _Part], None]
) -> Iterator[Ready]:
    """Write each part to disk, but for those that are there; give them all in their order."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    there = ready_parts(folder)
    for number, part in enumerate(parts):
        if number < len(there):
            yield there[number]
            continue
        made = folder / f"making-{os.getpid()}"
        shutil.rmtree(made, ignore_errors=True)
        made.mkdir(mode=0o700)
        write(made, part)
        whole = folder / f"part-{number:05}"
        made.rename(whole)
        yield Ready(whole)


def write_part(
    folder: Path,
    part: Part,
    plan: LinkMap,
    columns: Sequence[Column],
    reference: Reference,
    tables: TableMaker,
) -> None:
    faces, origin = faces_of(part.sheet, plan)
    values, wrong = normalised(columns, faces, reference)
    np.save(folder / "origin.npy", origin)
    with (folder / "numbers.json").open("w", encoding="utf-8") as file:
        numbers = {"numbers": list(part.sheet.numbers), "counted": list(part.counted)}
        json.dump(numbers, file, ensure_ascii=True)
    said = _RECORDS.join(map(BETWEEN.join, zip(*(one.texts() for one in values), strict=True)))
    (folder / "said").write_text(said, "utf-8", errors="surrogatepass")
    misread = json.dumps([one.kept() for one in wrong if one.filled], ensure_ascii=True)
    (folder / "misread.json").write_text(misread, "ascii")
    np.save(folder / "filled.npy", np.array([int((one.codes >= 0).sum()) for one in values]))
    for place, (column, factor) in enumerate(zip(columns, values, strict=True)):
        np.save(folder / f"seen-{place}.npy", _seen(column, factor))
    write_keys(folder, tables(values) if faces.size else None)
    about = {
        "rows": part.sheet.size,
        "records": faces.size,
        "rejected": len(part.sheet.rejected),
    }
    (folder / "about.json").write_text(json.dumps(about), "ascii")


def _seen(column: Column, factor: Factor) -> npt.NDArray[np.int64]:
    counts: Mapping[str, int] = dict(zip(factor.values, factor.counts().tolist(), strict=True))
    if column.is_name:
        words: dict[str, int] = {}
        for name, count in counts.items():
            for word in dict.fromkeys(name.split()):
                words[word] = words.get(word, 0) + count
        counts = words
    marks = np.fromiter(map(marked, counts), np.int64, len(counts))
    return np.stack([marks, np.fromiter(counts.values(), np.int64, len(counts))])


def write_keys(folder: Path, keyed: Keyed | None) -> None:
    """Write the keys of a part's records, parted into ranges, and their sketches."""
    found = [] if keyed is None else [postings(keyed.table, kind) for kind in KINDS]
    drawn = np.empty(0, np.uint64) if keyed is None else keyed.sketches
    np.save(folder / "sketches.npy", drawn)
    keys = np.concatenate([np.empty(0, np.int64), *(one.keys for one in found)]).view(np.uint64)
    ids = np.concatenate([np.empty(0, np.int32), *(one.rows for one in found)]).astype(np.uint32)
    of_range = (keys >> _RANGE_AT).astype(np.uint8)
    # Of so small numbers a stable sort is one of counting.
    order = np.argsort(of_range, kind="stable")
    np.save(folder / "keys.npy", keys[order])
    np.save(folder / "ids.npy", ids[order])
    ends = np.append(0, np.cumsum(np.bincount(of_range, minlength=RANGES)))
    np.save(folder / "ends.npy", ends)
