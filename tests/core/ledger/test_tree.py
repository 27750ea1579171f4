"""The tree against the published vectors, and against a slow one written from the definition."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tieline.core.ledger import tree
from tieline.core.ledger.tree import Frontier, NoSuchTree, leaf_hash

# The eight leaves, roots and proofs of the reference implementation of RFC 6962.
LEAVES = [
    bytes.fromhex(text) for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657")
] + [bytes.fromhex("606162636465666768696a6b6c6d6e6f")]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
N01 = "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"
N23 = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
N45 = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"
N67 = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
N0123 = "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"
N4567 = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"
L0 = "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
L1 = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"
L4 = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"
INCLUSION = [
    (0, 1, []),
    (0, 8, [L1, N23, N4567]),
    (5, 8, [L4, N67, N0123]),
    (2, 3, [N01]),
    (1, 5, [L0, N23, L4]),
]
CONSISTENCY = [(1, 1, []), (1, 8, [L1, N23, N4567]), (6, 8, [N45, N67, N0123]), (2, 5, [N23, L4])]

hashes = st.binary(min_size=32, max_size=32)
leaves = st.lists(st.binary(max_size=3), min_size=1, max_size=70)


class Store:
    """A tree and all nodes that it told of."""

    def __init__(self, leaves: list[bytes]) -> None:
        self.nodes: dict[tuple[int, int], bytes] = {}
        self.frontier = Frontier()
        for leaf in leaves:
            for node in self.frontier.append(leaf_hash(leaf)):
                assert (node.level, node.position) not in self.nodes
                self.nodes[node.level, node.position] = node.digest

    def read(self, level: int, position: int) -> bytes:
        return self.nodes[level, position]


def slow_root(leaves: list[bytes]) -> bytes:
    """MTH as RFC 6962 section 2.1 defines it."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0]).digest()
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return sha256(b"\x01" + slow_root(leaves[:k]) + slow_root(leaves[k:])).digest()


def slow_path(m: int, leaves: list[bytes]) -> list[bytes]:
    """PATH as RFC 6962 section 2.1.1 defines it."""
    if len(leaves) == 1:
        return []
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    if m < k:
        return [*slow_path(m, leaves[:k]), slow_root(leaves[k:])]
    return [*slow_path(m - k, leaves[k:]), slow_root(leaves[:k])]


def slow_subproof(m: int, leaves: list[bytes], *, whole: bool) -> list[bytes]:
    """SUBPROOF as RFC 6962 section 2.1.2 defines it."""
    if m == len(leaves):
        return [] if whole else [slow_root(leaves)]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    if m <= k:
        return [*slow_subproof(m, leaves[:k], whole=whole), slow_root(leaves[k:])]
    return [*slow_subproof(m - k, leaves[k:], whole=False), slow_root(leaves[:k])]


def proof_of(texts: list[str]) -> list[bytes]:
    return [bytes.fromhex(text) for text in texts]


@pytest.mark.parametrize("size", range(9))
def test_the_published_roots(size: int) -> None:
    assert Store(LEAVES[:size]).frontier.root().hex() == ROOTS[size]


@pytest.mark.parametrize(("index", "size", "path"), INCLUSION)
def test_the_published_inclusion_proofs(index: int, size: int, path: list[str]) -> None:
    assert tree.inclusion_proof(index, size, Store(LEAVES).read) == proof_of(path)
    assert tree.verify_inclusion(
        leaf_hash(LEAVES[index]),
        index=index,
        size=size,
        proof=proof_of(path),
        root=bytes.fromhex(ROOTS[size]),
    )


@pytest.mark.parametrize(("old", "new", "path"), CONSISTENCY)
def test_the_published_consistency_proofs(old: int, new: int, path: list[str]) -> None:
    assert tree.consistency_proof(old, new, Store(LEAVES).read) == proof_of(path)
    assert tree.verify_consistency(
        old=old,
        new=new,
        old_root=bytes.fromhex(ROOTS[old]),
        new_root=bytes.fromhex(ROOTS[new]),
        proof=proof_of(path),
    )


def test_a_leaf_is_never_a_node() -> None:
    left, right = leaf_hash(b"a"), leaf_hash(b"b")
    assert leaf_hash(left + right) != tree.node_hash(left, right)


@pytest.mark.parametrize("size", [*range(1, 20), 31, 32, 33, 64, 65])
def test_every_proof_is_that_of_the_definition_and_verifies(size: int) -> None:
    data = [bytes([number]) for number in range(size)]
    store = Store(data)
    root = store.frontier.root()
    assert root == slow_root(data)
    for index in range(size):
        proof = tree.inclusion_proof(index, size, store.read)
        assert proof == slow_path(index, data)
        assert tree.verify_inclusion(
            leaf_hash(data[index]), index=index, size=size, proof=proof, root=root
        )
    for old in range(1, size + 1):
        proof = tree.consistency_proof(old, size, store.read)
        assert proof == slow_subproof(old, data, whole=True)
        old_root = slow_root(data[:old])
        assert Frontier.at(old, store.read).root() == old_root
        assert tree.verify_consistency(
            old=old, new=size, old_root=old_root, new_root=root, proof=proof
        )


@given(leaves, st.data())
def test_an_inclusion_proof_holds_for_nothing_else(data: list[bytes], draw: st.DataObject) -> None:
    store, size = Store(data), len(data)
    index = draw.draw(st.integers(0, size - 1))
    proof = tree.inclusion_proof(index, size, store.read)
    root, leaf = slow_root(data), leaf_hash(data[index])

    def holds(
        leaf: bytes = leaf,
        index: int = index,
        size: int = size,
        proof: list[bytes] = proof,
        root: bytes = root,
    ) -> bool:
        return tree.verify_inclusion(leaf, index=index, size=size, proof=proof, root=root)

    assert holds()
    other = draw.draw(hashes)
    assert not holds(leaf=other)
    assert not holds(root=other)
    assert not holds(index=-1)
    assert not holds(index=size)
    assert not holds(size=0)
    assert not holds(leaf=leaf[1:])
    assert not holds(root=root + b"0")
    assert not holds(proof=[*proof, other])
    assert not holds(proof=[other, *proof])
    assert not holds(proof=[part[:-1] for part in proof] or [b""])
    assert [number for number in range(len(proof)) if holds(proof=_changed(proof, number))] == []
    assert [number for number in range(len(proof)) if holds(proof=_without(proof, number))] == []


@given(leaves, st.data())
def test_a_consistency_proof_holds_for_nothing_else(data: list[bytes], draw: st.DataObject) -> None:
    store, new = Store(data), len(data)
    old = draw.draw(st.integers(1, new))
    proof = tree.consistency_proof(old, new, store.read)
    old_root, new_root = slow_root(data[:old]), slow_root(data)

    def holds(
        old: int = old,
        new: int = new,
        old_root: bytes = old_root,
        new_root: bytes = new_root,
        proof: list[bytes] = proof,
    ) -> bool:
        return tree.verify_consistency(
            old=old, new=new, old_root=old_root, new_root=new_root, proof=proof
        )

    assert holds()
    other = draw.draw(hashes)
    assert not holds(old_root=other)
    assert not holds(new_root=other)
    assert not holds(old=new + 1)
    assert not holds(old=-1)
    assert not holds(old_root=old_root[1:])
    assert not holds(proof=[*proof, other])
    assert not holds(proof=[other, *proof])
    assert [number for number in range(len(proof)) if holds(proof=_changed(proof, number))] == []
    assert [number for number in range(len(proof)) if holds(proof=_without(proof, number))] == []


def _changed(proof: list[bytes], number: int) -> list[bytes]:
    part = proof[number]
    return [*proof[:number], bytes([part[0] ^ 1]) + part[1:], *proof[number + 1 :]]


def _without(proof: list[bytes], number: int) -> list[bytes]:
    return proof[:number] + proof[number + 1 :]


def test_every_tree_starts_with_the_empty_one() -> None:
    root = slow_root(LEAVES)
    assert tree.consistency_proof(0, 8, Store(LEAVES).read) == []

    def holds(old_root: bytes, new: int, new_root: bytes, proof: list[bytes]) -> bool:
        return tree.verify_consistency(
            old=0, new=new, old_root=old_root, new_root=new_root, proof=proof
        )

    assert holds(tree.EMPTY_ROOT, 8, root, [])
    assert holds(tree.EMPTY_ROOT, 0, tree.EMPTY_ROOT, [])
    assert not holds(root, 8, root, [])
    assert not holds(tree.EMPTY_ROOT, 8, root, [root])
    assert not holds(root, 0, root, [])


def test_an_old_tree_that_is_no_power_of_two_is_not_proved_by_nothing() -> None:
    assert not tree.verify_consistency(
        old=3, new=8, old_root=slow_root(LEAVES[:3]), new_root=slow_root(LEAVES), proof=[]
    )


@given(leaves, st.integers(0, 70))
def test_a_frontier_goes_on_from_its_bytes(data: list[bytes], cut: int) -> None:
    kept = Store(data[:cut]).frontier.to_bytes()
    again = Frontier.from_bytes(kept)
    assert again.to_bytes() == kept
    for leaf in data[cut:]:
        again.append(leaf_hash(leaf))
    assert (again.size, again.root()) == (len(data), slow_root(data))
    assert again.to_bytes() == Frontier.at(len(data), Store(data).read).to_bytes()
    assert len(kept) == 8 + 32 * min(cut, len(data)).bit_count()


@pytest.mark.parametrize(
    "data", [b"", bytes(7), bytes(9), bytes(8 + 32), (3).to_bytes(8, "big") + bytes(32)]
)
def test_bytes_of_no_frontier_are_refused(data: bytes) -> None:
    with pytest.raises(NoSuchTree):
        Frontier.from_bytes(data)


@pytest.mark.parametrize(("index", "size"), [(0, 0), (-1, 8), (8, 8)])
def test_no_proof_of_a_leaf_that_is_not_there(index: int, size: int) -> None:
    with pytest.raises(NoSuchTree, match="no leaf"):
        tree.inclusion_proof(index, size, Store(LEAVES).read)


@pytest.mark.parametrize(("old", "new"), [(-1, 8), (9, 8)])
def test_no_proof_of_a_tree_that_cannot_be_older(old: int, new: int) -> None:
    with pytest.raises(NoSuchTree, match="does not start"):
        tree.consistency_proof(old, new, Store(LEAVES).read)


def test_what_is_no_hash_does_not_go_into_the_tree() -> None:
    with pytest.raises(NoSuchTree, match="32 bytes"):
        Frontier().append(b"short")
    with pytest.raises(NoSuchTree, match="-1 leaves"):
        Frontier.at(-1, Store(LEAVES).read)
