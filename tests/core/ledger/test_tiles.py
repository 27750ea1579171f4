"""Tiles of the tree: their paths and widths as C2SP says, and proofs made of them alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tieline.core.ledger.tiles import (
    WIDTH,
    NoSuchTile,
    Tile,
    entries_path,
    entry_bundle,
    node_of,
    tiles_of,
)
from tieline.core.ledger.tree import (
    Frontier,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    verify_consistency,
    verify_inclusion,
)

MOST = 70_000
NODES: dict[tuple[int, int], bytes] = {}
TREE = Frontier()
for number in range(MOST):
    for one in TREE.append(leaf_hash(b"%d" % number)):
        NODES[one.level, one.position] = one.digest


def read_node(level: int, position: int) -> bytes:
    return NODES[level, position]


@pytest.mark.parametrize(
    ("index", "width", "path"),
    [
        (0, 256, "tile/0/000"),
        (999, 256, "tile/0/999"),
        (1_234_067, 256, "tile/0/x001/x234/067"),
        (273, 112, "tile/0/273.p/112"),
        (1_000, 1, "tile/0/x001/000.p/1"),
    ],
)
def test_a_tile_has_the_path_of_the_specification(index: int, width: int, path: str) -> None:
    assert Tile(0, index, width).path == path
    assert entries_path(index, width) == path.replace("/0/", "/entries/", 1)


def test_a_tree_of_70_000_has_the_tiles_of_the_specification() -> None:
    tiles = list(tiles_of(MOST))
    full = [(tile.level, tile.width) for tile in tiles if tile.width == WIDTH]
    assert (full.count((0, WIDTH)), full.count((1, WIDTH)), len(full)) == (273, 1, 274)
    assert [tile for tile in tiles if tile.width < WIDTH] == [(0, 273, 112), (1, 1, 17), (2, 0, 1)]
    assert list(tiles_of(256)) == [(0, 0, 256), (1, 0, 1)]
    assert list(tiles_of(0)) == []


@given(st.integers(0, MOST), st.integers(0, MOST))
def test_what_is_new_since_a_size_completes_what_was_there(one: int, other: int) -> None:
    old, new = sorted((one, other))
    kept = {(tile.level, tile.place): tile for tile in tiles_of(old)}
    kept |= {(tile.level, tile.place): tile for tile in tiles_of(new, since=old)}
    assert set(kept.values()) == set(tiles_of(new))


@given(st.integers(1, MOST), st.data())
def test_proofs_can_be_made_of_tiles_alone(size: int, draw: st.DataObject) -> None:
    served = set(tiles_of(size))

    def read_tile(tile: Tile) -> bytes:
        assert tile in served
        return tile.data(read_node)

    from_tiles = node_of(read_tile, size)
    root = Frontier.at(size, from_tiles).root()
    assert root == Frontier.at(size, read_node).root()
    index, old = draw.draw(st.integers(0, size - 1)), draw.draw(st.integers(1, size))
    path = inclusion_proof(index, size, from_tiles)
    leaf = leaf_hash(b"%d" % index)
    assert verify_inclusion(index=index, size=size, leaf=leaf, proof=path, root=root)
    assert verify_consistency(
        old=old,
        new=size,
        old_root=Frontier.at(old, read_node).root(),
        new_root=root,
        proof=consistency_proof(old, size, from_tiles),
    )


def test_a_bundle_holds_entries_after_their_lengths() -> None:
    assert entry_bundle([b"ab", b""]) == b"\x00\x02ab\x00\x00"
    wrongs: list[list[bytes]] = [[], [b""] * 257, [b"x" * 65_536]]
    for wrong in wrongs:
        with pytest.raises(NoSuchTile):
            entry_bundle(wrong)


def test_what_no_tree_has_is_refused() -> None:
    for tile in (Tile(0, -1, 256), Tile(0, 0, 0), Tile(0, 0, 257)):
        with pytest.raises(NoSuchTile):
            _ = tile.path
    for size, since in ((4, 5), (4, -1)):
        with pytest.raises(NoSuchTile):
            list(tiles_of(size, since=since))
    with pytest.raises(NoSuchTile, match="complete"):
        node_of(lambda tile: tile.data(read_node), 5)(1, 2)
    with pytest.raises(NoSuchTile, match="bytes"):
        node_of(lambda tile: b"", 5)(0, 0)
