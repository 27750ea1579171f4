"""Takes receipts out of the journals into each recipient's database, and finds the entry of each in
the ledger of whoever told it: again and again, beside the seal.

Nothing of it is in the transaction of a look. Killed at any moment it goes on where it was: what
was read of a journal or a ledger is noted in the transaction that keeps it.
"""

from __future__ import annotations

import json
import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from django.db import Error, transaction
from django.db.models import Max, Min, QuerySet

from tieline.core.errors import TielineError
from tieline.core.ledger.events import Event
from tieline.core.ledger.receipts import Match, Received, digest_of, match_of
from tieline.core.ledger.tree import leaf_hash
from tieline.keeping.databases import EXCHANGE
from tieline.keeping.ledger import Ledger, line
from tieline.keeping.receipts import ReceiptBatch, ReceiptMark, ReceiptRow
from tieline.keeping.receiving import COMMON, OWN_HOMES, journal_folder, journaled
from tieline.keeping.rows import LedgerRow
from tieline.wiring.ledgers import LEDGERS

__all__ = [
    "HOMES",
    "TELLERS",
    "begun",
    "follow",
    "followed",
    "keep_receipts",
    "take_journals",
    "told_to",
]

log = logging.getLogger(__name__)

HOMES: Final = (*OWN_HOMES, COMMON)
"""The systems in which receipts are kept."""
TELLERS: Final = (*OWN_HOMES, COMMON, EXCHANGE)
"""Whose ledgers hold entries of what other agencies were shown."""
_BEGIN: Final = "begin"
_LOCK: Final = "lock"
_AT_ONCE: Final = 256 << 10
"""Bytes of a journal in one round, some hundreds of receipts: the next seal waits for the round."""
_MOST_BYTES: Final = 4 << 20
"""Of a line that is longer than that."""
_MOST_ENTRIES: Final = 500
_OLD: Final = timedelta(days=2)
"""After which a journal that was read whole is taken away."""


def keep_receipts(at: datetime) -> None:
    """One round over all sides; one that does not answer keeps no other waiting."""
    sizes = dict(_sizes())
    for home in HOMES:
        try:
            take_journals(home, at=at)
            behind = list(_behind(home, sizes))
        except (Error, TielineError, OSError) as error:
            log.error("receipts of %s wait: %s", home, type(error).__name__)
            continue
        for teller in behind:
            try:
                follow(home, teller)
            except (Error, TielineError) as error:
                log.error("%s cannot follow %s now: %s", home, teller, type(error).__name__)


def _sizes() -> Iterator[tuple[str, int]]:
    for teller in TELLERS:
        try:
            LEDGERS[teller].number_if_free()
            yield teller, LEDGERS[teller].frontier().size
        except (Error, TielineError) as error:
            log.error("the ledger of %s is not followed: %s", teller, type(error).__name__)


def _behind(home: str, sizes: Mapping[str, int]) -> Iterator[str]:
    """Whose ledgers have grown, or may have what receipts that are new are of."""
    marks = dict(ReceiptMark.objects.using(home).values_list("name", "place"))
    newest = ReceiptRow.objects.using(home).aggregate(newest=Max("id"))["newest"] or 0
    for teller, size in sizes.items():
        place = marks.get(f"ledger:{teller}")
        if size > (begun(teller) if place is None else place) or newest > marks.get(
            f"late:{teller}", 0
        ):
            yield teller


def take_journals(home: str, *, at: datetime) -> int:
    """Keep what was journaled since the last time, a batch for each file; gives how many receipts
    that were.
    """
    folder = journal_folder(home)
    paths = sorted(folder.glob("*.lines")) if folder.is_dir() else []
    return sum(_take(home, path, at) for path in paths)


def _take(home: str, path: Path, at: datetime) -> int:
    name, size = f"journal:{path.name}", path.stat().st_size
    rows = ReceiptMark.objects.using(home)
    known = rows.filter(name=name).values_list("place", flat=True).first()
    if known == size:
        if at.timestamp() - path.stat().st_mtime > _OLD.total_seconds():
            path.unlink()
            rows.filter(name=name).delete()
        return 0
    taken = 0
    with transaction.atomic(using=home):
        _lock(home)
        mark, _ = rows.get_or_create(name=name)
        # A file that is shorter than what was read of it is another one: the node was restored.
        mark.place = mark.place if mark.place <= size else 0
        with path.open("rb") as handle:
            handle.seek(mark.place)
            data = handle.read(_AT_ONCE)
            if b"\n" not in data:
                data += handle.read(_MOST_BYTES)
        whole = data[: data.rfind(b"\n") + 1]
        taken = _keep(home, whole, at)
        mark.place += len(whole)
        mark.save(using=home)
    return taken


def _keep(home: str, data: bytes, at: datetime) -> int:
    told: dict[str, tuple[Received, ...]] = {}
    arrived: set[str] = set()
    odd = 0
    for one in journaled(data):
        if one is None:
            odd += 1
        elif one.rows:
            told[one.ask] = one.rows
        else:
            arrived.add(one.ask)
    if odd:
        log.error("%s lines in the journal of %s cannot be read", odd, home)
    earlier = sorted(arrived.difference(told))
    for start in range(0, len(earlier), 500):
        waiting = ReceiptRow.objects.using(home).filter(arrived=False)
        waiting.filter(ask__in=earlier[start : start + 500]).update(arrived=True)
    receipts = [one for rows in told.values() for one in rows]
    if receipts:
        _batch(home, told, receipts, arrived, at)
    return len(receipts)


def _batch(
    home: str,
    told: dict[str, tuple[Received, ...]],
    receipts: Sequence[Received],
    arrived: set[str],
    at: datetime,
) -> None:
    digest = digest_of(receipts)
    batch = ReceiptBatch.objects.using(home).create(digest=digest, count=len(receipts))
    rows = [
        ReceiptRow(
            ledger=one.ledger,
            keeper=one.keeper,
            record=one.record,
            version=one.version,
            level=one.level,
            viewer=one.viewer,
            agency=one.agency,
            owner=one.owner,
            at=one.at,
            batch=batch.id,
            ask=ask,
            arrived=ask in arrived,
        )
        for ask, some in told.items()
        for one in some
    ]
    ReceiptRow.objects.using(home).bulk_create(rows, batch_size=50)
    ledger = LEDGERS[home]
    head = ledger.share()
    said = line(Event.RECEIPTS_TAKEN, at=at, keeper=home, record=digest, count=len(receipts))
    ledger.stage([said], head=head)


_SHOWN: Final = (Event.RECORD_SHOWN.value, Event.COPY_MADE.value)


def told_to(home: str, ledger: Ledger) -> QuerySet[LedgerRow]:
    """Entries of what people of the agencies that keep their receipts there were shown of others'
    records.
    """
    rows = LedgerRow.objects.using(ledger.database).filter(event__in=_SHOWN)
    return rows.exclude(agency__in=OWN_HOMES) if home == COMMON else rows.filter(agency=home)


def begun(teller: str) -> int:
    """The first entry of a ledger that is to have a receipt: before it there were none."""
    return _place(LEDGERS[teller].database, _BEGIN)


def followed(home: str, teller: str) -> int:
    """Up to which place of a ledger this side has looked for what its people were shown."""
    return _place(home, f"ledger:{teller}") or begun(teller)


def follow(home: str, teller: str) -> int:
    """Put entries and receipts together, as far as both are there; gives how many entries were new.

    What only one side has stays, and is told by `both_sides`.
    """
    ledger = LEDGERS[teller]
    size = ledger.frontier().size
    with transaction.atomic(using=home):
        _lock(home)
        place = followed(home, teller)
        span = told_to(home, ledger).filter(sequence__gte=place, sequence__lt=size)
        entries = list(span.order_by("sequence").values_list("sequence", "data")[:_MOST_ENTRIES])
        _meet(home, teller, entries)
        _meet_late(home, teller)
        if size > place:
            whole = len(entries) < _MOST_ENTRIES
            _set(home, f"ledger:{teller}", size if whole else entries[-1][0] + 1)
    return len(entries)


def _meet(home: str, teller: str, entries: Sequence[tuple[int, str]]) -> None:
    """Give each entry the receipt of the same disclosure; without one it stays for itself."""
    if not entries:
        return
    said = [(sequence, data, json.loads(data)) for sequence, data in entries]
    moments = [_moment(entry) for _, _, entry in said]
    waiting = _open(home, teller).filter(at__gte=min(moments), at__lte=max(moments))
    by_match = _by_match(waiting)
    found: list[ReceiptRow] = []
    alone: list[ReceiptRow] = []
    for (sequence, data, entry), at in zip(said, moments, strict=True):
        rows = by_match.get(match_of(entry), [])
        row = rows.pop(0) if rows else _without_receipt(teller, entry, at)
        row.sequence, row.leaf = sequence, leaf_hash(data.encode())
        (alone if row.batch is None else found).append(row)
    ReceiptRow.objects.using(home).bulk_update(found, ["sequence", "leaf"], batch_size=200)
    ReceiptRow.objects.using(home).bulk_create(alone, batch_size=50)


def _meet_late(home: str, teller: str) -> None:
    """Receipts that came after their entry had been looked at."""
    name = f"late:{teller}"
    late = _open(home, teller).filter(id__gt=_place(home, name))
    newest = ReceiptRow.objects.using(home).aggregate(newest=Max("id"))["newest"]
    span = late.aggregate(first=Min("at"), last=Max("at"))
    if span["first"] is not None:
        alone = ReceiptRow.objects.using(home).filter(ledger=teller, batch__isnull=True)
        alone = alone.filter(at__gte=span["first"], at__lte=span["last"])
        by_match = _by_match(alone)
        found, over = [], []
        for row in late.order_by("id") if by_match else ():
            rows = by_match.get(row.received().match, [])
            if rows:
                entry = rows.pop(0)
                row.sequence, row.leaf = entry.sequence, entry.leaf
                found.append(row)
                over.append(entry.pk)
        for start in range(0, len(over), 500):
            alone.filter(pk__in=over[start : start + 500]).delete()
        ReceiptRow.objects.using(home).bulk_update(found, ["sequence", "leaf"], batch_size=200)
    if newest is not None:
        _set(home, name, newest)


def _open(home: str, teller: str) -> QuerySet[ReceiptRow]:
    return ReceiptRow.objects.using(home).filter(ledger=teller, sequence__isnull=True)


def _by_match(rows: Iterable[ReceiptRow]) -> dict[Match, list[ReceiptRow]]:
    found: dict[Match, list[ReceiptRow]] = defaultdict(list)
    for one in sorted(rows, key=lambda row: row.pk):
        found[one.received().match].append(one)
    return found


def _without_receipt(teller: str, entry: dict[str, Any], at: datetime) -> ReceiptRow:
    return ReceiptRow(
        ledger=teller,
        keeper=entry.get("keeper", ""),
        record=entry.get("record", ""),
        version=entry.get("record_version", 0),
        level=entry.get("level", ""),
        viewer=entry.get("viewer", ""),
        agency=entry.get("agency", ""),
        owner=entry.get("owner", ""),
        at=at,
    )


def _moment(entry: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(entry["at"])


def _place(database: str, name: str) -> int:
    rows = ReceiptMark.objects.using(database).filter(name=name)
    return rows.values_list("place", flat=True).first() or 0


def _set(home: str, name: str, place: int) -> None:
    ReceiptMark.objects.using(home).update_or_create(name=name, defaults={"place": place})


def _lock(home: str) -> None:
    """One at a time for each side, however many seals run."""
    ReceiptMark.objects.using(home).get_or_create(name=_LOCK)
    ReceiptMark.objects.using(home).select_for_update().get(name=_LOCK)
