"""A partner cosigns what only grew, and refuses everything else without forgetting anything."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tieline.core.ledger.signing import LogKey, note_of
from tieline.core.ledger.tree import Frontier, consistency_proof
from tieline.core.ledger.verify import Keys, Kind, read_checkpoint
from tieline.core.ledger.witness import (
    NOTHING_SEEN,
    Refusal,
    Seen,
    WitnessRefused,
    moment,
    witness,
)

from .witnessed import (
    AT,
    LOG,
    OTHER_LOG,
    SIZE,
    THIEF,
    WITNESS,
    body,
    changed,
    entry,
    keys,
    root_of,
    signed_at,
    term,
)

ROWS = [entry(number) for number in range(SIZE)]
OURS = keys(term(LOG))


def head(size: int, *, key: LogKey = LOG, rows: list | None = None) -> str:
    text = body(rows or ROWS, size)
    return note_of(text, key.sign(text))


def seen(size: int) -> Seen:
    return Seen(size, root_of(ROWS[:size]), moment(signed_at(size)))


def grown(old: int, new: int) -> list[bytes]:
    nodes: dict[tuple[int, int], bytes] = {}
    tree = Frontier()
    for one in ROWS[:new]:
        for node in tree.append(one.leaf_hash()):
            nodes[node.level, node.position] = node.digest
    return consistency_proof(old, new, lambda level, position: nodes[level, position])


def test_what_it_cosigned_is_trusted_and_remembered() -> None:
    before, note = NOTHING_SEEN, ""
    for size in (4, 8, 8, 12):
        proof = grown(before.size, size)
        at = signed_at(size)
        before, line = witness(head(size), proof, seen=before, keys=OURS, key=WITNESS, at=at)
        note = head(size) + line
        assert before == seen(size)
    origin, size, root, at_ = read_checkpoint(note, keys(term(LOG), term(WITNESS)))
    assert (origin, size, root, at_) == (LOG.name, 12, root_of(ROWS), moment(signed_at(12)))


def revoked_at(minutes: int) -> Keys:
    return keys(term(LOG).ended(moment(AT + timedelta(minutes=minutes)), revoked=True))


REFUSED: list[tuple[str, Callable[[], str], Seen, Keys, int, StrEnum]] = [
    ("another root of the same size", lambda: head(8, rows=changed(2, record="TCA9999")), seen(8),
     OURS, 80, Refusal.FORK),
    ("a fork that grew", lambda: head(12, rows=changed(2, record="TCA9999")), seen(8), OURS, 120,
     Refusal.INCONSISTENT),
    ("a smaller tree", lambda: head(4), seen(8), OURS, 120, Refusal.SMALLER),
    ("an empty tree", lambda: head(0), seen(8), OURS, 120, Refusal.SMALLER),
    ("a clock that went back", lambda: head(12), seen(8), OURS, 79, Refusal.CLOCK),
    ("an unknown key", lambda: head(12, key=THIEF), seen(8), OURS, 120, Kind.KEY),
    ("another log", lambda: head(12), seen(8), keys(term(OTHER_LOG)), 120, Kind.ORIGIN),
    ("a revoked key", lambda: head(12), seen(8), revoked_at(1), 120, Kind.REVOKED),
    ("a key that was rotated out", lambda: head(12), seen(8),
     keys(term(LOG).ended(moment(AT), revoked=False)), 120, Kind.TERM),
    ("a key of later", lambda: head(12), NOTHING_SEEN, OURS, -10_000_000, Kind.TERM),
    ("a signature that is none", lambda: head(12).replace("\n12\n", "\n11\n"), seen(8), OURS, 120,
     Kind.SIGNATURE),
    ("no note", lambda: "x", seen(8), OURS, 120, Kind.NOTE),
    ("a note with half a signature", lambda: f"{body(ROWS, 8)}\n\u2014 a A\n", seen(8), OURS, 120,
     Kind.NOTE),
]  # fmt: skip


@pytest.mark.parametrize(
    ("note", "before", "trusted", "seconds", "why"),
    [row[1:] for row in REFUSED],
    ids=[row[0] for row in REFUSED],
)
def test_it_refuses(
    note: Callable[[], str], before: Seen, trusted: Keys, seconds: int, why: StrEnum
) -> None:
    with pytest.raises(WitnessRefused) as refused:
        witness(
            note(),
            grown(8, 12),
            seen=before,
            keys=trusted,
            key=WITNESS,
            at=AT + timedelta(seconds=seconds),
        )
    assert refused.value.why is why
    # With nothing else changed the right head is taken.
    now, _ = witness(head(12), grown(8, 12), seen=seen(8), keys=OURS, key=WITNESS, at=signed_at(12))
    assert now == seen(12)


def test_a_key_that_is_revoked_later_is_good_until_then() -> None:
    now, _ = witness(
        head(12), grown(8, 12), seen=seen(8), keys=revoked_at(30), key=WITNESS, at=signed_at(12)
    )
    assert now.size == 12


@given(st.integers(1, SIZE), st.integers(1, SIZE), st.data())
def test_no_proof_but_the_right_one_is_taken(old: int, new: int, draw: st.DataObject) -> None:
    old, new = sorted((old, new))
    proof = grown(old, new)
    now = {"keys": OURS, "key": WITNESS, "at": signed_at(new), "seen": seen(old)}
    assert witness(head(new), proof, **now)[0] == seen(new)
    wrong = [*proof, b"x" * 32]
    if proof:
        place = draw.draw(st.integers(0, len(proof) - 1))
        wrong = [*proof[:place], b"x" * 32, *proof[place + 1 :]]
    with pytest.raises(WitnessRefused) as refused:
        witness(head(new), wrong, **now)
    assert refused.value.why is Refusal.INCONSISTENT
