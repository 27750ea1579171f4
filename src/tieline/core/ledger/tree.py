"""The Merkle tree over the ledger's entries: RFC 6962 section 2.1, RFC 9162 section 2.1.

The tree only grows. A store keeps the complete subtrees that `Frontier.append` returns, by level
and position; from them the root of any earlier size and every proof is made in O(log n) reads.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import NamedTuple, Self

from tieline.core.errors import TielineError

HASH_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()
_SIZE_BYTES = 8
_LEAF = b"\x00"
_NODE = b"\x01"

ReadNode = Callable[[int, int], bytes]
"""The hash of a complete subtree, by its level (0 for leaves) and its position in that level."""


class NoSuchTree(TielineError):
    """A size, index, hash or stored frontier that no tree can have."""


class Node(NamedTuple):
    """A complete subtree: `1 << level` leaves from `position << level`."""

    level: int
    position: int
    digest: bytes


def leaf_hash(data: bytes) -> bytes:
    """The hash of one entry's bytes; its prefix keeps a leaf from passing for a node."""
    return sha256(_LEAF + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash over two subtrees, the older one left."""
    return sha256(_NODE + left + right).digest()


class Frontier:
    """All that is needed to go on appending: the size, and the roots of its complete subtrees."""

    __slots__ = ("_peaks", "_size")

    def __init__(self) -> None:
        self._size = 0
        self._peaks: list[bytes] = []

    @property
    def size(self) -> int:
        """How many leaves the tree has."""
        return self._size

    def append(self, leaf: bytes) -> list[Node]:
        """Add a leaf's hash; every subtree that it completes is returned, the leaf itself first."""
        if len(leaf) != HASH_BYTES:
            raise NoSuchTree(f"A leaf hash has {HASH_BYTES} bytes, not {len(leaf)}.")
        index = self._size
        level = 0
        digest = leaf
        done = [Node(0, index, leaf)]
        while index & 1:
            digest = node_hash(self._peaks.pop(), digest)
            index >>= 1
            level += 1
            done.append(Node(level, index, digest))
        self._peaks.append(digest)
        self._size += 1
        return done

    def root(self) -> bytes:
        """The tree's root; of the empty tree, the hash of nothing (RFC 9162 section 2.1.1)."""
        return _fold(self._peaks)

    def to_bytes(self) -> bytes:
        """The size in 8 bytes, then a hash for each one in its binary form, the largest first."""
        return self._size.to_bytes(_SIZE_BYTES, "big") + b"".join(self._peaks)

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """What `to_bytes` wrote; anything of another length is refused."""
        size = int.from_bytes(data[:_SIZE_BYTES], "big")
        if len(data) != _SIZE_BYTES + HASH_BYTES * size.bit_count():
            raise NoSuchTree("The stored frontier has a length that no frontier has.")
        made = cls()
        made._size = size
        made._peaks = [
            data[at : at + HASH_BYTES] for at in range(_SIZE_BYTES, len(data), HASH_BYTES)
        ]
        return made

    @classmethod
    def at(cls, size: int, read_node: ReadNode) -> Self:
        """The frontier as it was at that size, from stored nodes."""
        if size < 0:
            raise NoSuchTree(f"No tree has {size} leaves.")
        made = cls()
        made._size = size
        made._peaks = _peaks(0, size, read_node)
        return made


def inclusion_proof(index: int, size: int, read_node: ReadNode) -> list[bytes]:
    """The path from a leaf to the root of that size, lowest first (RFC 9162 section 2.1.3.1)."""
    if not 0 <= index < size:
        raise NoSuchTree(f"A tree of {size} leaves has no leaf {index}.")
    path: list[bytes] = []
    start, stop = 0, size
    while stop - start > 1:
        middle = start + _split(stop - start)
        if index < middle:
            path.append(_range_root(middle, stop, read_node))
            stop = middle
        else:
            path.append(_range_root(start, middle, read_node))
            start = middle
    return path[::-1]


def consistency_proof(old: int, new: int, read_node: ReadNode) -> list[bytes]:
    """That the tree of size `new` starts with the one of size `old` (RFC 9162 section 2.1.4.1).

    Empty when the sizes are equal, and for `old` 0: every tree starts with the empty one.
    """
    if not 0 <= old <= new:
        raise NoSuchTree(f"A tree of {new} leaves does not start with one of {old}.")
    if old in (0, new):
        return []
    path: list[bytes] = []
    start, stop = 0, new
    # Down to the subtree that ends where the old tree ends.
    while stop != old:
        middle = start + _split(stop - start)
        if old <= middle:
            path.append(_range_root(middle, stop, read_node))
            stop = middle
        else:
            path.append(_range_root(start, middle, read_node))
            start = middle
    # It is the old root itself when it starts at leaf 0, and then the verifier has it already.
    if start:
        path.append(_range_root(start, stop, read_node))
    return path[::-1]


def verify_inclusion(
    leaf: bytes, *, index: int, size: int, proof: Sequence[bytes], root: bytes
) -> bool:
    """Whether the leaf's hash stands at that index in the tree (RFC 9162 section 2.1.3.2)."""
    if not 0 <= index < size or not _all_hashes(leaf, root, *proof):
        return False
    at, last, digest = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if at & 1 or at == last:
            digest = node_hash(sibling, digest)
            at, last = _up_to_odd(at, last)
        else:
            digest = node_hash(digest, sibling)
        at >>= 1
        last >>= 1
    return last == 0 and digest == root


def verify_consistency(
    *, old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Whether the new tree starts with the old one, unchanged (RFC 9162 section 2.1.4.2)."""
    if not 0 <= old <= new or not _all_hashes(old_root, new_root, *proof):
        return False
    if old == new:
        return not proof and old_root == new_root and (old > 0 or old_root == EMPTY_ROOT)
    if old == 0:
        return not proof and old_root == EMPTY_ROOT
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    if len(path) == 0:
        return False
    at, last = old - 1, new - 1
    while at & 1:
        at >>= 1
        last >>= 1
    was = now = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            was = node_hash(sibling, was)
            now = node_hash(sibling, now)
            at, last = _up_to_odd(at, last)
        else:
            now = node_hash(now, sibling)
        at >>= 1
        last >>= 1
    return last == 0 and was == old_root and now == new_root


def _up_to_odd(at: int, last: int) -> tuple[int, int]:
    """Skip the levels on which a node at the right edge has no sibling."""
    while at and not at & 1:
        at >>= 1
        last >>= 1
    return at, last


def _all_hashes(*digests: bytes) -> bool:
    return all(len(digest) == HASH_BYTES for digest in digests)


def _split(count: int) -> int:
    """The largest power of two below the count: how many leaves go left."""
    return 1 << (count - 1).bit_length() - 1


def _range_root(start: int, stop: int, read_node: ReadNode) -> bytes:
    return _fold(_peaks(start, stop, read_node))


def _peaks(start: int, stop: int, read_node: ReadNode) -> list[bytes]:
    """The complete subtrees of leaves that start at a multiple of their own count or above."""
    found: list[bytes] = []
    while start < stop:
        level = (stop - start).bit_length() - 1
        found.append(read_node(level, start >> level))
        start += 1 << level
    return found


def _fold(peaks: Sequence[bytes]) -> bytes:
    """The root over complete subtrees, the largest first."""
    if not peaks:
        return EMPTY_ROOT
    digest = peaks[-1]
    for peak in peaks[-2::-1]:
        digest = node_hash(peak, digest)
    return digest
