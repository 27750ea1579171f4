"""Writes the ledger: in the very transaction of what it tells.

Whoever has the ledger alone chains into the tree at once. Whoever only tells may do so beside
others, where the database lets several write: then his entries are staged, and numbered afterwards
(`postgresql/staging.py`).
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.db import connections, transaction

from tieline.core.agreement.viewer import Purpose, Viewer
from tieline.core.errors import TielineError
from tieline.core.ledger.canonical import Json
from tieline.core.ledger.entries import TEXTS, Entry
from tieline.core.ledger.events import Event
from tieline.core.ledger.export import (
    Side,
    checkpoint_line,
    export_erased_line,
    export_head,
    export_line,
)
from tieline.core.ledger.side import commit
from tieline.core.ledger.tree import Frontier, leaf_hash
from tieline.keeping.bulk import insert_with
from tieline.keeping.databases import ACCOUNTS
from tieline.keeping.lookup import Asking, answer
from tieline.keeping.postgresql import staging
from tieline.keeping.rows import LedgerCheckpoint, LedgerHead, LedgerNode, LedgerRow, LedgerSide
from tieline.keeping.trace import request_number
from tieline.settings import node

__all__ = ["Ledger", "Line", "OutsideTransaction", "line", "loggable_number"]

_HEAD: Final = "SELECT frontier FROM ledger_head WHERE id = 1"
_SALT_BYTES: Final = 16
_MOST_TEXT: Final = 2_000
_MOST_NOTES: Final = 256


class OutsideTransaction(TielineError):
    """An entry was to be written outside the transaction of what it tells."""


@dataclass(frozen=True, slots=True)
class Line:
    """An entry to be written, and what of it belongs into the erasable side row."""

    fields: Mapping[str, Any] = field(repr=False)
    side: Mapping[str, Json] | None = field(default=None, repr=False)


def loggable_number(text: str) -> bool:
    """Whether a number of a case, event or record has a form that the ledger takes."""
    return _fits("record", text)


def line(
    event: Event,
    *,
    at: datetime,
    viewer: Viewer | None = None,
    purpose: Purpose | None = None,
    side: Mapping[str, Json] | None = None,
    **fields: Any,
) -> Line:
    """What is to be written of an event. A number that could be personal goes to the side row."""
    kept: dict[str, Any] = {"event": event, "at": at, "request": request_number.get(), **fields}
    aside: dict[str, Json] = dict(side or {})
    if viewer is not None:
        kept |= {
            "viewer": viewer.number,
            "agency": viewer.agency,
            "unit": viewer.unit,
            "assignment": viewer.assignment,
            "role": viewer.role.value,
        }
    if purpose is not None:
        kept["purpose"] = purpose.code.value
        if purpose.number:
            kept["case"] = purpose.number
        if purpose.reason:
            aside["reason"] = purpose.reason[:_MOST_TEXT]
    for name in ("case", "record"):
        if kept.get(name) is not None and not _fits(name, str(kept[name])):
            aside[name] = str(kept.pop(name))[:_MOST_TEXT]
            if name == "record":
                kept.pop("record_version", None)
    given = {name: value for name, value in kept.items() if value is not None}
    return Line(given, {name: _storable(value) for name, value in aside.items()} or None)


@dataclass(frozen=True, slots=True)
class Ledger:
    """One keeper's ledger, in its own database."""

    database: str
    system: str

    @classmethod
    def of(cls, database: str) -> Ledger:
        """That of a database, under the name of whose it is."""
        return cls(database, "accounts" if database == ACCOUNTS else database)

    def append(self, lines: Sequence[Line], *, head: LedgerHead | None = None) -> range:
        """Write entries and nodes; gives their sequence numbers. The lock on the tree is held
        until the caller's transaction ends, so whatever is numbered under it is in order.

        `head` is what `hold` gave in this transaction, if nothing was appended without it since:
        then it is not read again while others wait.
        """
        self._refuse_outside()
        # Entries are made before the lock is taken: it is the time under it that others wait.
        made = [self._entry(one) for one in lines]
        if head is None:
            head = self.hold()
        frontier = Frontier.from_bytes(bytes(head.frontier))
        first = frontier.size
        written, nodes, sides = [], [], []
        for entry, side in made:
            data = entry.to_bytes()
            sequence = frontier.size
            written.append(_row(sequence, entry, data))
            nodes += [
                LedgerNode(level=one.level, position=one.position, digest=one.digest)
                for one in frontier.append(leaf_hash(data))
                if one.level
            ]
            if side is not None:
                sides.append(
                    LedgerSide(sequence=sequence, salt=side.salt, payload=dict(side.payload))
                )
        head.frontier = frontier.to_bytes()
        insert_with(head, ["frontier"], written, nodes, sides, database=self.database)
        return range(first, frontier.size)

    def hold(self) -> LedgerHead:
        """Have the ledger alone from now on: what was told before stands before in the tree, and
        what is numbered after it is in order.
        """
        connection = connections[self.database]
        if not self._takes_turns:
            return LedgerHead(id=1, frontier=staging.have_alone(connection).to_bytes())
        # The transaction has the ledger already; the text is not composed each time.
        self._refuse_outside()
        return answer(Asking(_HEAD, (), _head), database=self.database)

    def sharing(self) -> Asking[LedgerHead | None]:
        """From when this is asked until the transaction ends, nothing that a `hold` guards is
        changed: for whoever reads and tells, beside others who do. What it says belongs to `stage`.
        """
        if self._takes_turns:
            return Asking(_HEAD, (), _head)
        return Asking(staging.SHARED, (), lambda rows: None)

    def share(self) -> LedgerHead | None:
        """Ask `sharing` alone."""
        self._refuse_outside()
        return answer(self.sharing(), database=self.database)

    def stage(self, lines: Sequence[Line], *, head: LedgerHead | None) -> None:
        """Write entries of what was told under `share`, in its transaction. Where nobody else can
        write meanwhile they are chained at once; else they have their place once it is committed.
        """
        if self._takes_turns:
            self.append(lines, head=head)
            return
        self._refuse_outside()
        made = [_staged(*self._entry(one)) for one in lines]
        staging.stage(connections[self.database], made)

    def number_staged(self) -> int:
        """Give committed entries that wait their places in the tree; says how many they were.

        Whoever reads the ledger calls this first. Any number of callers may do so at once.
        """
        if not self.backlog().count:
            return 0
        with transaction.atomic(using=self.database):
            return staging.number(connections[self.database])

    def number_if_free(self) -> int:
        """As `number_staged`, and waits for nobody: 0 where somebody else is at the tree."""
        if not self.backlog().count:
            return 0
        with transaction.atomic(using=self.database):
            return staging.number_if_free(connections[self.database])

    def backlog(self) -> staging.Backlog:
        """What was written and has no place in the tree yet."""
        if self._takes_turns:
            return staging.Backlog(0, None)
        return staging.backlog(connections[self.database])

    def size(self) -> int:
        """How many entries there are, those that waited for their place too."""
        self.number_staged()
        return self.frontier().size

    def frontier(self) -> Frontier:
        """Size and root as they are now; what waits for its place is not in it."""
        head = LedgerHead.objects.using(self.database).get(id=1)
        return Frontier.from_bytes(bytes(head.frontier))

    def exported(self) -> Iterator[bytes]:
        """The export's lines (docs/ledger.md), of the entries that there are now, with up to 256
        of the checkpoints that were witnessed, the newest among them.
        """
        self.number_staged()
        frontier = self.frontier()
        yield export_head(system=self.system, size=frontier.size, root=frontier.root())
        notes = self._witnessed(frontier.size)
        for start in range(0, frontier.size, 1_000):
            stop = min(start + 1_000, frontier.size)
            for sequence, one in enumerate(self._exported(start, stop), start=start):
                yield one
                if sequence + 1 in notes:
                    yield checkpoint_line(notes[sequence + 1])

    def _witnessed(self, size: int) -> dict[int, str]:
        rows = LedgerCheckpoint.objects.using(self.database).filter(size__lte=size, witnessed=True)
        sizes = list(rows.order_by("-size").values_list("size", flat=True))
        chosen = sizes[:: -(-len(sizes) // _MOST_NOTES) or 1]
        return dict(rows.filter(size__in=chosen).values_list("size", "note"))

    def _exported(self, start: int, stop: int) -> Iterator[bytes]:
        span = {"sequence__gte": start, "sequence__lt": stop}
        sides = LedgerSide.objects.using(self.database).filter(**span).in_bulk()
        rows = LedgerRow.objects.using(self.database).filter(**span).order_by("sequence")
        for row in rows.values_list("sequence", "data"):
            sequence, entry = row[0], Entry.from_bytes(row[1].encode())
            kept = sides.get(sequence)
            if kept is not None:
                side = Side(bytes(kept.salt), kept.payload)
                yield export_line(sequence, entry, side=side)
            elif entry.side is not None:
                yield export_erased_line(sequence, entry)
            else:
                yield export_line(sequence, entry)

    @property
    def _takes_turns(self) -> bool:
        """Whether one transaction at a time writes here anyway."""
        return connections[self.database].vendor != "postgresql"

    def _refuse_outside(self) -> None:
        if not connections[self.database].in_atomic_block:
            raise OutsideTransaction(
                f"an entry for the ledger of {self.system} came outside a transaction",
                cure="Write it in the transaction of what it tells.",
            )

    def _entry(self, one: Line) -> tuple[Entry, Side | None]:
        fields = {**one.fields, "system": self.system, "node": node().name}
        if one.side is None:
            return Entry(**fields), None
        side = Side(secrets.token_bytes(_SALT_BYTES), one.side)
        return Entry(**fields, side=commit(side.salt, side.payload)), side


def _head(rows: Sequence[tuple[Any, ...]]) -> LedgerHead:
    ((frontier,),) = rows
    return LedgerHead(id=1, frontier=bytes(frontier))


def _row(sequence: int, entry: Entry, data: bytes) -> LedgerRow:
    return LedgerRow(
        sequence=sequence,
        data=data.decode(),
        at=entry.at,
        event=entry.event.value,
        viewer=entry.viewer or "",
        agency=entry.agency or "",
        record=entry.record or "",
        owner=entry.owner or "",
    )


def _staged(entry: Entry, side: Side | None) -> staging.Staged:
    return staging.Staged(
        data=entry.to_bytes().decode(),
        at=entry.at,
        event=entry.event.value,
        viewer=entry.viewer or "",
        agency=entry.agency or "",
        record=entry.record or "",
        owner=entry.owner or "",
        salt=side.salt if side is not None else None,
        payload=dict(side.payload) if side is not None else None,
    )


def _storable(value: Json) -> Json:
    """What somebody typed may hold signs that no database keeps: NUL, half a surrogate pair."""
    if isinstance(value, str):
        return value.replace("\x00", "\ufffd").encode("utf-8", "replace").decode()
    if isinstance(value, Mapping):
        return {name: _storable(part) for name, part in value.items()}
    if isinstance(value, Sequence):
        return [_storable(part) for part in value]
    return value


def _fits(field_name: str, text: str) -> bool:
    shape = TEXTS[field_name]
    return len(text) <= shape.most and re.fullmatch(shape.pattern, text) is not None
