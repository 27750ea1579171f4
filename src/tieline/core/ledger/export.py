"""The export of a ledger: a head line, then one line for each entry; docs/ledger.md tells both."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO

from tieline.core.errors import TielineError
from tieline.core.ledger import canonical
from tieline.core.ledger.canonical import MOST_INTEGER, Json
from tieline.core.ledger.entries import TEXTS, Entry
from tieline.core.ledger.side import opens
from tieline.core.ledger.tree import HASH_BYTES, leaf_hash
from tieline.core.ledger.verify import MOST_LINE

EXPORT_FORMAT = "tieline-ledger-export/2"
"""The first format had no checkpoints; it is read as ever."""


class NotExportable(TielineError):
    """A line that the verifier would refuse, so it is not written."""


@dataclass(frozen=True, slots=True)
class Side:
    """A side row as its keeper holds it."""

    salt: bytes
    payload: Mapping[str, Json]


def export_head(*, system: str, size: int, root: bytes) -> bytes:
    """The first line: whose ledger it is, how many entries follow, and the root over them."""
    if len(root) != HASH_BYTES or not 0 <= size <= MOST_INTEGER:
        raise NotExportable("The head of a ledger has a size from 0 up and a root of 32 bytes.")
    if re.fullmatch(TEXTS["system"].pattern, system) is None:
        raise NotExportable(f"The name of a system must be {TEXTS['system'].says}.")
    head: dict[str, Json] = {
        "format": EXPORT_FORMAT,
        "root": root.hex(),
        "size": size,
        "system": system,
    }
    return canonical.encode(head) + b"\n"


def export_line(sequence: int, entry: Entry, *, side: Side | None = None) -> bytes:
    """One entry's line; without a side row it says nothing about why that is left out."""
    fields = _fields(sequence, entry)
    if side is not None:
        if not opens(entry.side or "", side.salt, side.payload):
            raise NotExportable(f"The side row of entry {sequence} is not the one committed to.")
        fields["side"] = {"payload": side.payload, "salt": side.salt.hex()}
    return canonical.encode(fields) + b"\n"


def export_erased_line(sequence: int, entry: Entry) -> bytes:
    """The line of an entry whose side row was erased: the mark stands where the row stood."""
    if entry.side is None:
        raise NotExportable(f"Entry {sequence} never had a side row that could be erased.")
    fields = _fields(sequence, entry)
    fields["erased"] = True
    return canonical.encode(fields) + b"\n"


def checkpoint_line(note: str) -> bytes:
    """A checkpoint's line; it stands behind the last entry that the checkpoint covers."""
    return canonical.encode({"checkpoint": note}) + b"\n"


def lines_of(handle: BinaryIO) -> Iterator[bytes]:
    """A file's lines for `verify`, in bounded memory: of an endless line only the start is kept."""
    while line := handle.readline(MOST_LINE + 1):
        yield line
        while len(line) > MOST_LINE and not line.endswith(b"\n"):
            line = handle.readline(MOST_LINE + 1)


def _fields(sequence: int, entry: Entry) -> dict[str, Json]:
    if sequence < 0:
        raise NotExportable("The first entry of a ledger has sequence number 0.")
    data = entry.to_bytes()
    return {"entry": data.decode(), "leaf": leaf_hash(data).hex(), "seq": sequence}
