"""Proofs made of the nodes that the database keeps are those that verify."""

from __future__ import annotations

import pytest
from django.db import transaction
from tests.people import AT

from tieline.core.ledger.events import Event
from tieline.core.ledger.tree import Frontier, leaf_hash, verify_consistency, verify_inclusion
from tieline.keeping.ledger import Ledger, line
from tieline.keeping.proofs import growth, inclusion
from tieline.keeping.rows import LedgerRow

pytestmark = pytest.mark.database

LEDGER = Ledger("patrol", "patrol")


def written(count: int) -> list[bytes]:
    with transaction.atomic(using="patrol"):
        LEDGER.append([line(Event.RECORD_READ, at=AT, count=number) for number in range(count)])
    rows = LedgerRow.objects.using("patrol").order_by("sequence")
    return [leaf_hash(text.encode()) for text in rows.values_list("data", flat=True)]


def root_of(leaves: list[bytes]) -> bytes:
    tree = Frontier()
    for leaf in leaves:
        tree.append(leaf)
    return tree.root()


@pytest.mark.parametrize("size", [1, 2, 3, 8, 13])
def test_every_entry_of_a_ledger_can_be_proved(size: int) -> None:
    leaves = written(size)
    for index, leaf in enumerate(leaves):
        proof = inclusion(LEDGER, index, size=size)
        assert verify_inclusion(
            index=index, size=size, leaf=leaf, proof=proof, root=LEDGER.frontier().root()
        )


def test_that_it_grew_can_be_proved_from_every_size() -> None:
    leaves = written(13)
    for old in range(14):
        for new in range(old, 14):
            assert verify_consistency(
                old=old,
                new=new,
                old_root=root_of(leaves[:old]),
                new_root=root_of(leaves[:new]),
                proof=growth(LEDGER, old=old, size=new),
            )
