"""Proofs over a ledger as it is kept: all nodes that one needs are read at once."""

from __future__ import annotations

from collections.abc import Callable

from django.db import connections

from tieline.core.ledger.tree import (
    EMPTY_ROOT,
    ReadNode,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
)
from tieline.keeping.ledger import Ledger
from tieline.keeping.rows import LedgerRow

__all__ = ["growth", "inclusion"]


def inclusion(ledger: Ledger, sequence: int, *, size: int) -> list[bytes]:
    """That an entry is in the tree of that size (RFC 9162 section 2.1.3); 32 bytes a hash."""
    return _read_at_once(ledger, lambda read_node: inclusion_proof(sequence, size, read_node))


def growth(ledger: Ledger, *, old: int, size: int) -> list[bytes]:
    """That the tree of that size starts with the old one (RFC 9162 section 2.1.4)."""
    return _read_at_once(ledger, lambda read_node: consistency_proof(old, size, read_node))


def _read_at_once(ledger: Ledger, prove: Callable[[ReadNode], list[bytes]]) -> list[bytes]:
    wanted: list[tuple[int, int]] = []

    def note(level: int, position: int) -> bytes:
        wanted.append((level, position))
        return EMPTY_ROOT

    # Made twice: once with any hashes, to learn which nodes it asks for, and once with those.
    prove(note)
    found = _nodes(ledger, [one for one in wanted if one[0]])
    leaves = [position for level, position in wanted if level == 0]
    rows = LedgerRow.objects.using(ledger.database).filter(sequence__in=leaves)
    for sequence, data in rows.values_list("sequence", "data") if leaves else ():
        found[0, sequence] = leaf_hash(data.encode())
    return prove(lambda level, position: found[level, position])


def _nodes(ledger: Ledger, wanted: list[tuple[int, int]]) -> dict[tuple[int, int], bytes]:
    if not wanted:
        return {}
    places = ", ".join(["(%s, %s)"] * len(wanted))
    with connections[ledger.database].cursor() as cursor:
        # The places come first, each is then found by the index: IN would read all nodes.
        cursor.execute(
            f"WITH wanted (at_level, at_position) AS (VALUES {places}) "  # noqa: S608  # our own
            "SELECT level, position, digest FROM wanted CROSS JOIN ledger_node "
            "WHERE level = at_level AND position = at_position",
            [number for place in wanted for number in place],
        )
        return {(level, position): bytes(digest) for level, position, digest in cursor.fetchall()}
