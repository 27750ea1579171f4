"""A ledger of twelve entries with three heads that its keeper signed and its partner cosigned."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from tieline.core.ledger.entries import Entry
from tieline.core.ledger.events import Event
from tieline.core.ledger.export import checkpoint_line, export_head, export_line
from tieline.core.ledger.keyring import KeyTerm, keys_text
from tieline.core.ledger.signing import LogKey, WitnessKey, checkpoint_body, note_of
from tieline.core.ledger.tree import Frontier
from tieline.core.ledger.verify import Keys, read_keys

AT = datetime(2026, 3, 1, 17, tzinfo=UTC)
SIZE = 12
HEADS = (4, 8, 12)
ORIGIN = "tieline/one/patrol"
LOG = LogKey.of_seed(ORIGIN, b"p" * 32)
WITNESS = WitnessKey.of_seed("tieline/one/investigations/witness", b"i" * 32)
OTHER_LOG = LogKey.of_seed("tieline/one/investigations", b"o" * 32)
THIEF = LogKey.of_seed(ORIGIN, b"t" * 32)
OLD, NEW = "a" * 64, "b" * 64
BEFORE = "2026-01-01T00:00:00Z"
Lines = list[bytes]


def entry(number: int) -> Entry:
    """The fifth adopts a new agreement; before it the old one decided."""
    return Entry(
        system="patrol",
        node="patrol-1",
        event=Event.AGREEMENT_ADOPTED if number in (0, 5) else Event.RECORD_SHOWN,
        at=AT + timedelta(seconds=10 * number),
        keeper="patrol",
        record=f"TCA{number:04}",
        agreement=OLD if number < 5 else NEW,
    )


def root_of(entries: Sequence[Entry]) -> bytes:
    tree = Frontier()
    for one in entries:
        tree.append(one.leaf_hash())
    return tree.root()


def signed_at(size: int) -> datetime:
    return AT + timedelta(seconds=10 * size)


def body(entries: Sequence[Entry], size: int, *, origin: str = ORIGIN) -> str:
    return checkpoint_body(origin=origin, size=size, root=root_of(entries[:size]))


def note(
    entries: Sequence[Entry], size: int, *, log: LogKey = LOG, at: datetime | None = None
) -> str:
    text = body(entries, size)
    return note_of(text, log.sign(text), WITNESS.cosign(text, at=at or signed_at(size)))


def export(
    entries: Sequence[Entry] | None = None, notes: Callable[[int], str] | None = None
) -> Lines:
    """The lines; each head's note stands behind the entries that it covers."""
    rows = [entry(number) for number in range(SIZE)] if entries is None else list(entries)
    said = notes or (lambda size: note(rows, size))
    lines = [export_head(system="patrol", size=len(rows), root=root_of(rows))]
    for number, row in enumerate(rows):
        lines.append(export_line(number, row))
        if number + 1 in HEADS:
            lines.append(checkpoint_line(said(number + 1)))
    return lines


def term(key: LogKey | WitnessKey) -> KeyTerm:
    return KeyTerm(key.public, since=BEFORE)


def keys(*terms: KeyTerm) -> Keys:
    return read_keys(keys_text(terms or (term(LOG), term(WITNESS))))


def changed(number: int, **fields: object) -> list[Entry]:
    rows = [entry(one) for one in range(SIZE)]
    rows[number] = replace(rows[number], **fields)  # type: ignore[arg-type]
    return rows
