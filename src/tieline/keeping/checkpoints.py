"""Heads of a ledger that its keeper signed, and heads of others that it cosigned as their witness.

Each is kept in the database of whoever signed it, so that both sides hold what both have signed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from tieline.core.ledger.events import Event
from tieline.core.ledger.signing import LogKey, WitnessKey, checkpoint_body, note_of
from tieline.core.ledger.verify import Keys
from tieline.core.ledger.witness import Seen, WitnessRefused, witness
from tieline.keeping.ledger import Ledger, line
from tieline.keeping.rows import LedgerCheckpoint, LedgerSeen

__all__ = ["cosign", "last_seen", "newest", "note_cosigned", "sign_head"]

_THIN: Final = timedelta(minutes=1)
"""Of heads within less than this of the one before, none is kept once a newer one is there."""


def newest(ledger: Ledger, *, witnessed: bool = False) -> LedgerCheckpoint | None:
    """The last head that was signed, or that was witnessed too."""
    rows = LedgerCheckpoint.objects.using(ledger.database)
    return (rows.filter(witnessed=True) if witnessed else rows).order_by("-size").first()


def sign_head(ledger: Ledger, key: LogKey, *, at: datetime) -> LedgerCheckpoint | None:
    """The head as it is now, signed and kept; None where nothing was written since the last one.

    A head that no witness has cosigned yet is signed anew, since the key may have been renewed.
    """
    last = newest(ledger)
    frontier = ledger.frontier()
    if frontier.size == 0 or (last is not None and last.witnessed and last.size == frontier.size):
        return None
    body = checkpoint_body(origin=key.name, size=frontier.size, root=frontier.root())
    # When a head was signed first is when those entries began to be proved.
    since = last.at if last is not None and last.size == frontier.size else at
    made, _ = LedgerCheckpoint.objects.using(ledger.database).update_or_create(
        size=frontier.size, defaults={"note": note_of(body, key.sign(body)), "at": since}
    )
    return made


def note_cosigned(ledger: Ledger, made: LedgerCheckpoint, lines: Sequence[str]) -> None:
    """Keep the cosignatures of all witnesses; heads that they overtook are not needed any more."""
    rows = LedgerCheckpoint.objects.using(ledger.database)
    with transaction.atomic(using=ledger.database):
        rows.filter(size=made.size).update(note=made.note + "".join(lines), witnessed=True)
        rows.filter(size__lt=made.size, witnessed=False).delete()
        before = list(rows.filter(size__lt=made.size).order_by("-size")[:2])
        if len(before) == 2 and before[0].at - before[1].at < _THIN:
            before[0].delete()


def last_seen(database: str, origin: str) -> Seen:
    """What this keeper, as a witness, saw last of a log."""
    return _seen(LedgerSeen.objects.using(database).filter(origin=origin).first())


def cosign(
    ledger: Ledger,
    note: str,
    proof: Sequence[bytes],
    *,
    of: str,
    keys: Keys,
    key: WitnessKey,
    origin: str,
    at: datetime,
) -> str:
    """Cosign a head of the ledger named `of`, as the keeper of another `ledger`; gives the line.

    What was seen is kept before the line leaves. A refusal is an entry in the witness's own ledger,
    once for each reason, and raises `WitnessRefused`.
    """
    rows = LedgerSeen.objects.using(ledger.database)
    refused: WitnessRefused | None = None
    with transaction.atomic(using=ledger.database):
        rows.get_or_create(origin=origin)
        row = rows.select_for_update().get(origin=origin)
        try:
            seen, said = witness(note, proof, seen=_seen(row), keys=keys, key=key, at=at)
        except WitnessRefused as error:
            refused, said = error, ""
            # The reason alone: its figures change with each entry, which would make another.
            if row.refused != error.why.name:
                ledger.append([line(Event.WITNESS_REFUSED, at=at, keeper=of, count=row.size)])
            row.refused = error.why.name
        else:
            row.size, row.root, row.cosigned = seen
            row.note, row.refused = note + said, ""
        row.save(using=ledger.database)
    if refused is not None:
        raise refused
    return said


def _seen(row: LedgerSeen | None) -> Seen:
    return Seen(row.size, bytes(row.root), row.cosigned) if row is not None else Seen(0, b"", "")
