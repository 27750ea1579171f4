"""The tree as tiles: files of 256 hashes that never change once they are full (C2SP tlog-tiles).

Whoever has the tiles of a size can make every proof of it himself, and needs no answer from the
log that could differ from what others get.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

from tieline.core.errors import TielineError
from tieline.core.ledger.tree import HASH_BYTES, ReadNode, node_hash

__all__ = ["WIDTH", "NoSuchTile", "Tile", "entries_path", "entry_bundle", "node_of", "tiles_of"]

HEIGHT: Final = 8
WIDTH: Final = 1 << HEIGHT
_MOST_ENTRY: Final = (1 << 16) - 1


class NoSuchTile(TielineError):
    """A tile that no tree has, or whose bytes are not as many as its width says."""


class Tile(NamedTuple):
    """One tile: its level, its place in the level, and how many hashes it has, 1 to 256."""

    level: int
    place: int
    width: int

    @property
    def path(self) -> str:
        """Where it is kept or served, below the log's prefix."""
        return f"tile/{self.level}/{_numbered(self.place, self.width)}"

    def data(self, read_node: ReadNode) -> bytes:
        """Its hashes, 32 bytes each, from the nodes that are kept."""
        first = self.place * WIDTH
        level = self.level * HEIGHT
        return b"".join(read_node(level, first + at) for at in range(self.width))


def entries_path(index: int, width: int) -> str:
    """Where a bundle of up to 256 entries is kept or served."""
    return f"tile/entries/{_numbered(index, width)}"


def entry_bundle(entries: Sequence[bytes]) -> bytes:
    """Up to 256 entries, each after its length in two bytes, big-endian."""
    if not 1 <= len(entries) <= WIDTH or max(map(len, entries)) > _MOST_ENTRY:
        raise NoSuchTile(f"A bundle has 1 to {WIDTH} entries of at most {_MOST_ENTRY:,} bytes.")
    return b"".join(len(one).to_bytes(2, "big") + one for one in entries)


def tiles_of(size: int, *, since: int = 0) -> Iterator[Tile]:
    """The tiles of a tree of that size, those left out that were full at the size `since`."""
    if not 0 <= since <= size:
        raise NoSuchTile(f"A tree of {size} leaves has not grown from one of {since}.")
    level = 0
    while size:
        for index in range(since // WIDTH, -(-size // WIDTH)):
            yield Tile(level, index, min(WIDTH, size - index * WIDTH))
        level, since, size = level + 1, since // WIDTH, size // WIDTH


def node_of(read_tile: Callable[[Tile], bytes], size: int) -> ReadNode:
    """Reads nodes out of the tiles of a tree of that size, for `inclusion_proof` and others.

    `read_tile` gives a tile's bytes; it raises what it likes where there are none.
    """

    def read_node(level: int, position: int) -> bytes:
        row, height = divmod(level, HEIGHT)
        first = position << height
        index, start = divmod(first, WIDTH)
        width = min(WIDTH, (size >> (row * HEIGHT)) - index * WIDTH)
        if start + (1 << height) > width:
            raise NoSuchTile(f"A tree of {size} leaves has no complete node {level}/{position}.")
        data = read_tile(Tile(row, index, width))
        if len(data) != width * HASH_BYTES:
            raise NoSuchTile(f"A tile of {width} hashes does not have {len(data):,} bytes.")
        hashes = [
            data[at * HASH_BYTES : (at + 1) * HASH_BYTES]
            for at in range(start, start + (1 << height))
        ]
        while len(hashes) > 1:
            hashes = [node_hash(*hashes[at : at + 2]) for at in range(0, len(hashes), 2)]
        return hashes[0]

    return read_node


def _numbered(index: int, width: int) -> str:
    if index < 0 or not 1 <= width <= WIDTH:
        raise NoSuchTile(f"No tile has the place {index} and {width} hashes.")
    digits = str(index)
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    parts = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    path = "/".join([*(f"x{part}" for part in parts[:-1]), parts[-1]])
    return path if width == WIDTH else f"{path}.p/{width}"
