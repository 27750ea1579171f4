"""Compares what one side's ledger says it showed with what the other side says it received: each
disclosure that only one of them has is named, whichever that is.

What is on its way is no fault: a receipt may come late, and either side may be away for a while.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import groupby
from typing import Final

from django.db import Error

from tieline.core.ledger.events import Event
from tieline.core.ledger.receipts import digest_of
from tieline.core.ledger.tree import leaf_hash
from tieline.exchange.oversight.examining import Examined
from tieline.keeping.databases import EXCHANGE
from tieline.keeping.receipts import ReceiptBatch, ReceiptRow
from tieline.keeping.rows import LedgerRow
from tieline.wiring.ledgers import LEDGERS
from tieline.wiring.receipts import HOMES, TELLERS, begun, followed, told_to

__all__ = ["GRACE", "Compared", "OneSided", "Why", "compared", "concerns", "one_sided"]

GRACE: Final = timedelta(minutes=5)
"""How long the other half of a disclosure may be on its way."""
_ROWS: Final = 2_000
_COLUMNS: Final = ("sequence", "data", "at", "viewer", "agency", "record", "owner")


class Why(StrEnum):
    """What is wrong with a disclosure, or with what a side keeps of several."""

    NO_RECEIPT = "no receipt"
    """A ledger says that it was shown, and the recipient's side received nothing."""
    NO_ENTRY = "no entry"
    """The recipient's side received it, and the ledger does not say that it was shown."""
    OTHER_ENTRY = "other entry"
    """At the place at which the recipient's side had found it, the ledger has something else."""
    RECEIPT_GONE = "receipt gone"
    """The ledger has an entry that the recipient's side has looked at, and kept nothing of."""
    BATCH_CHANGED = "batch changed"
    """Receipts are not those whose digest stands in the recipient's own ledger."""
    SHORTER = "shorter"
    """A ledger has fewer entries than the other side has seen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OneSided:
    """One of them; without a record where it is of a whole batch or ledger."""

    why: Why
    ledger: str
    """Whose ledger says it, or should."""
    home: str
    """In whose database the receipt lies, or should."""
    agency: str = ""
    """Of the viewer."""
    owner: str = ""
    keeper: str = ""
    record: str = ""
    level: str = ""
    viewer: str = ""
    at: datetime | None = None
    sequence: int | None = field(default=None, repr=False)
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Compared:
    """What was found, what is on its way, and who did not answer."""

    found: tuple[OneSided, ...] = ()
    both: int = 0
    """Disclosures that stand on both sides."""
    waiting: int = 0
    """Younger than the grace: the other half may be on its way."""
    broken_off: int = 0
    """Programs that ended while they were answering: what they were about to show has no entry, or
    nobody knows whether it arrived."""
    missing: tuple[str, ...] = ()


def one_sided(*, at: datetime, grace: timedelta = GRACE) -> Compared:
    """By what the seal has put together so far: as many rows are read as there are faults."""
    made = [_quick(home, teller, at - grace) for home in HOMES for teller in TELLERS]
    return _added(made)


def compared(*, at: datetime, grace: timedelta = GRACE) -> Compared:
    """The same, and each receipt is held against its entry, and against what the recipient's ledger
    says of its batch: so what was changed afterwards is found too. Every entry is read.
    """
    made = [_quick(home, teller, at - grace) for home in HOMES for teller in TELLERS]
    made += [_placed(home, teller) for home in HOMES for teller in TELLERS]
    made += [_batched(home) for home in HOMES]
    return _added(made)


def concerns(one: OneSided, examined: Examined) -> bool:
    """Whether an auditor is told of it: of what people whom he examines were shown, and of what
    records of their agencies were shown to others.

    Where a notice told of a record, its owner learns of that from the entry alone, which leaves him
    out if he may not know it (P7); from the other side's receipt he does not.
    """
    if examined.has(one.agency) or examined.has(one.home):
        return True
    if one.why is Why.NO_ENTRY and one.ledger == EXCHANGE:
        return False
    return examined.has(one.owner)


def _quick(home: str, teller: str, before: datetime) -> Compared:
    try:
        rows = ReceiptRow.objects.using(home).filter(ledger=teller)
        ledger, place = LEDGERS[teller], followed(home, teller)
        size = ledger.frontier().size
        # What waits for its place, or was not looked at yet, may still be there.
        oldest = ledger.backlog().oldest
        unseen = told_to(home, ledger).filter(sequence__gte=place).exists()
        whole = not unseen and (oldest is None or oldest >= before)
        no_entry = rows.filter(sequence__isnull=True)
        alone = rows.filter(batch__isnull=True)
        found = [
            *(_of(one, Why.NO_RECEIPT, home) for one in alone.filter(at__lt=before)),
            *(
                _of(one, Why.NO_ENTRY, home)
                for one in no_entry.filter(at__lt=before, arrived=True)
                if whole
            ),
        ]
        waiting = alone.filter(at__gte=before).count() + no_entry.filter(at__gte=before).count()
        broken_off = rows.filter(arrived=False, batch__isnull=False, at__lt=before).count()
    except Error:
        return Compared(missing=(home, teller))
    if size < place:
        gone = f"{size:,} entries, after {place:,}"
        found.append(OneSided(why=Why.SHORTER, ledger=teller, home=home, detail=gone))
    return Compared(tuple(found), 0, waiting, broken_off)


def _placed(home: str, teller: str) -> Compared:
    """Receipts and entries side by side, by their places."""
    try:
        return _side_by_side(home, teller)
    except Error:
        return Compared(missing=(home, teller))


def _side_by_side(home: str, teller: str) -> Compared:
    ledger, place = LEDGERS[teller], followed(home, teller)
    entries = told_to(home, ledger).filter(sequence__gte=begun(teller), sequence__lt=place)
    told = entries.order_by("sequence").values_list(*_COLUMNS)
    kept = ReceiptRow.objects.using(home).filter(ledger=teller, sequence__isnull=False)
    receipts = iter(kept.order_by("sequence").iterator(chunk_size=_ROWS))
    row, both, found = next(receipts, None), 0, list[OneSided]()
    for sequence, data, at, viewer, agency, record, owner in told.iterator(chunk_size=_ROWS):
        while row is not None and (row.sequence or 0) < sequence:
            found.append(_of(row, Why.OTHER_ENTRY, home))
            row = next(receipts, None)
        if row is None or row.sequence != sequence:
            found.append(
                OneSided(
                    why=Why.RECEIPT_GONE,
                    ledger=teller,
                    home=home,
                    agency=agency,
                    owner=owner,
                    record=record,
                    viewer=viewer,
                    at=at,
                    sequence=sequence,
                )
            )
            continue
        if bytes(row.leaf or b"") != leaf_hash(data.encode()):
            found.append(_of(row, Why.OTHER_ENTRY, home))
        elif row.batch is not None:
            both += 1
        row = next(receipts, None)
    while row is not None:
        found.append(_of(row, Why.OTHER_ENTRY, home))
        row = next(receipts, None)
    return Compared(tuple(found), both)


def _batched(home: str) -> Compared:
    """Whether the receipts are those that the recipient's own ledger says it took."""
    try:
        said = _said_batches(home)
        kept = ReceiptBatch.objects.using(home).order_by("id")
        rows = ReceiptRow.objects.using(home).filter(batch__isnull=False).order_by("batch", "id")
        made = {
            number: digest_of(one.received() for one in some)
            for number, some in groupby(rows.iterator(chunk_size=_ROWS), key=lambda one: one.batch)
        }
        found = []
        for batch in kept:
            is_said = said.pop(batch.digest, 0) == batch.count
            if made.pop(batch.id, "") != batch.digest or not is_said:
                found.append(_changed(home, f"batch {batch.id} of {batch.count:,}"))
        # Whatever is left belongs to no batch that is known, or its batch was taken away whole.
        found += [_changed(home, f"batch {number}, of which nobody knows") for number in made]
        found += [_changed(home, f"a batch of {count:,} is gone") for count in said.values()]
    except Error:
        return Compared(missing=(home,))
    return Compared(tuple(found))


def _said_batches(home: str) -> dict[str, int]:
    ledger = LEDGERS[home]
    ledger.number_staged()
    rows = LedgerRow.objects.using(home).filter(event=Event.RECEIPTS_TAKEN.value)
    entries = rows.values_list("record", "data").iterator(chunk_size=_ROWS)
    return {record: json.loads(data).get("count", 0) for record, data in entries}


def _changed(home: str, detail: str) -> OneSided:
    return OneSided(why=Why.BATCH_CHANGED, ledger=home, home=home, detail=detail)


def _of(row: ReceiptRow, why: Why, home: str) -> OneSided:
    return OneSided(
        why=why,
        ledger=row.ledger,
        home=home,
        agency=row.agency,
        owner=row.owner,
        keeper=row.keeper,
        record=row.record,
        level=row.level,
        viewer=row.viewer,
        at=row.at,
        sequence=row.sequence,
    )


def _added(made: Sequence[Compared]) -> Compared:
    return Compared(
        tuple(one for part in made for one in part.found),
        sum(one.both for one in made),
        sum(one.waiting for one in made),
        sum(one.broken_off for one in made),
        tuple(sorted({name for one in made for name in one.missing})),
    )
