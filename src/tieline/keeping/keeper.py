"""Writes records: row, version, keys, outbox and ledger entry, all in one transaction or none.

There is no other way to write a record, so none can be written without its trace.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Model

from tieline.core.agreement.viewer import Viewer
from tieline.core.errors import TielineError
from tieline.core.ledger.events import Event
from tieline.core.records import Pointer
from tieline.keeping.bare_precautions import BarePrecaution
from tieline.keeping.bulk import insert_all, insert_rows
from tieline.keeping.classes import class_of, intern
from tieline.keeping.corrections import note_changed, note_withdrawn
from tieline.keeping.custody_news import note_custodies
from tieline.keeping.erasing import erase_about, erase_all_about
from tieline.keeping.graves import Basis, Grave
from tieline.keeping.heads import RecordHead, RecordKey, RecordVersion
from tieline.keeping.holds import Held, LegalHold, is_held
from tieline.keeping.ledger import Ledger, Line, line
from tieline.keeping.listed_sources import ListedSource
from tieline.keeping.lookup import Asking, Head, answer, asking_head, asking_record
from tieline.keeping.marks import MarkRow
from tieline.keeping.marks_carried import carry
from tieline.keeping.matters import matter_of
from tieline.keeping.outbox import OutboxRow
from tieline.keeping.pointers import remembered, written
from tieline.keeping.records import KeptRecord
from tieline.keeping.removal_holds import RemovalHold
from tieline.keeping.rows import LedgerHead
from tieline.keeping.statements import StatementRow
from tieline.keeping.taking_back import end_releases
from tieline.keeping.told_custodies import ToldCustody
from tieline.keeping.wake import ring_when_committed

__all__ = ["Change", "Keeper", "NotTheOwner", "NumberTaken", "StaleRecord"]

_ROWS: Final = 500
_NO_RULE: Final = Basis()


class StaleRecord(TielineError):
    """Somebody else changed the record in between."""


class NumberTaken(TielineError):
    """A number that was given out before, be it to a record that is long purged."""


class NotTheOwner(TielineError):
    """Only people of the owning agency change its records (domain.md 3.4)."""

    exit_code = 3


@dataclass(frozen=True, slots=True)
class Change:
    """A record as it shall be, new or in the version that was read; and who says so, when."""

    record: KeptRecord
    author: Viewer
    at: datetime
    why: str = field(default="", repr=False)
    """The reason of a correction; it may tell of the person, so it lies in the side row."""


@dataclass(frozen=True, slots=True)
class Keeper:
    """One system's records, in its own database."""

    system: str
    database: str
    kinds: tuple[type[KeptRecord], ...]
    keys_of: Callable[[Pointer], Iterable[str]] = field(repr=False)

    @property
    def ledger(self) -> Ledger:
        """This system's own."""
        return Ledger(self.database, self.system)

    @property
    def by_kind(self) -> Mapping[str, type[KeptRecord]]:
        """The model of each kind."""
        return {one.kind: one for one in self.kinds}

    def find(self, number: str) -> KeptRecord | None:
        """One record in its latest version, whoever asks: for services and the door alone."""
        head = answer(asking_head(number), database=self.database)
        return answer(self.asking(number, head), database=self.database)

    def asking(self, number: str, head: Head) -> Asking[KeptRecord | None]:
        """The same of a number whose head is known, not put yet."""
        # For an absent one as much is asked as for one that is there, and perhaps hidden.
        model = self.by_kind[head.kind] if head.kind is not None else self.kinds[0]
        return asking_record(model, number, is_disputed=head.is_disputed, database=self.database)

    def find_many(self, numbers: Sequence[str]) -> dict[str, KeptRecord]:
        """Records by number, as `find` gives them; those that are not there are left out."""
        kinds: dict[str, str] = {}
        for start in range(0, len(numbers), _ROWS):
            heads = RecordHead.objects.using(self.database)
            part = heads.filter(number__in=numbers[start : start + _ROWS])
            kinds |= dict(part.values_list("number", "kind"))
        return self._of_kinds(kinds)

    def find_known(self, pointers: Sequence[Pointer]) -> dict[str, KeptRecord]:
        """Records of which `identities` told, as `find_many` gives them."""
        return self._of_kinds({one.number: one.kind for one in pointers})

    def identities(self, keys: Sequence[str]) -> list[Pointer]:
        """What records that have one of these keys are ranked by, in the order of their numbers;
        for the door alone.
        """
        having = RecordKey.objects.using(self.database).filter(key__in=keys).values("number")
        heads = RecordHead.objects.using(self.database).filter(number__in=having)
        texts = dict(heads.values_list("number", "identity"))
        # Written before heads knew it, and not changed since.
        unsaid = self.find_many([number for number, text in texts.items() if not text])
        found = {number: one.matchable(self.system) for number, one in unsaid.items()}
        found |= {number: remembered(text) for number, text in texts.items() if text}
        return [found[number] for number in sorted(found)]

    def keep(self, changes: Sequence[Change]) -> None:
        """Write records, new ones and new versions.

        Raises `NotTheOwner`, `NumberTaken` or `StaleRecord`, and then none of them is written.
        """
        with transaction.atomic(using=self.database):
            # First of all: what is numbered from here on is numbered in the order of commits.
            head = self.ledger.hold()
            heads = self._heads(changes)
            owners = self._owners(changes)
            for change in changes:
                self._check(change, heads.get(change.record.number), owners)
            fresh = [change.record for change in changes if change.record.pk is None]
            carry(fresh, self.kinds, database=self.database)
            for change in changes:
                _stamp(change)
            intern({change.record.decided_by for change in changes}, database=self.database)
            self._note_corrections(changes, heads, head)
            identities = {
                change.record.number: change.record.matchable(self.system) for change in changes
            }
            self._write_rows(changes, heads)
            self._write_versions(changes)
            self._write_keys(identities, [number for number in identities if number in heads])
            self._write_outbox(changes, identities, heads)
            self._note_custodies([change.record for change in changes], heads)
            self.ledger.append([self._line(change) for change in changes], head=head)
            self._take_back(changes, heads)
            ring_when_committed(self.database)

    def make_keys(self, numbers: Sequence[str]) -> None:
        """Make anew what the keeper's own search finds these records by; inside a transaction that
        holds the ledger. A purged record has none.
        """
        found = self.find_many(numbers)
        identities = {number: one.matchable(self.system) for number, one in found.items()}
        self._write_keys(identities, numbers)

    def purge(self, number: str, *, author: Viewer, at: datetime, basis: Basis = _NO_RULE) -> None:
        """Destroy a record's content; its number stays taken, and a tombstone goes out. What tells
        of disclosures is kept as long as their accounting.

        Raises `NotTheOwner` or `Held`.
        """
        with transaction.atomic(using=self.database):
            grave = self._buried(number, author, at, basis)
            if grave is not None:
                grave.accounted_until = erase_about(
                    self.ledger, self.system, number, author=author, at=at
                )
                grave.save(using=self.database)

    def expunge(self, number: str, *, author: Viewer, at: datetime, basis: Basis) -> None:
        """The same by somebody's order: what people wrote about disclosures is destroyed, too."""
        with transaction.atomic(using=self.database):
            grave = self._buried(number, author, at, basis)
            if grave is not None:
                erase_all_about(self.ledger, self.system, number, author=author, at=at)
                grave.save(using=self.database)

    def matter(self, record: KeptRecord) -> list[KeptRecord]:
        """The record with all that it is part of, and all its parts."""
        return matter_of(record, self.kinds, database=self.database)

    def _buried(self, number: str, author: Viewer, at: datetime, basis: Basis) -> Grave | None:
        """Row, versions, keys and holds gone, and what was told taken back; None where there is no
        such record, or none any more.
        """
        self.ledger.hold()
        record = self.find(number)
        if record is None:
            return None
        _refuse_strangers(record, author, record.owner_agency)
        if is_held([one.number for one in self.matter(record)], database=self.database):
            raise Held(
                f"a legal hold stands on {number}, or on what it is part of",
                cure="Have it lifted by whoever may: tieline retention release.",
            )
        head = RecordHead.objects.using(self.database).get(number=number)
        head.version += 1
        head.identity = ""
        note_withdrawn(self.ledger, record, version=head.version, at=at)
        self._note_custodies([record], {number: head})
        self._bury([head], {number: record.matchable(self.system)})
        head.save(using=self.database)
        record.delete(using=self.database)
        for table in (RecordVersion, RecordKey, LegalHold):
            table._default_manager.using(self.database).filter(number=number).delete()
        beside: tuple[type[Model], ...] = (
            *(RemovalHold, ToldCustody, ListedSource, BarePrecaution, StatementRow, MarkRow),
            *record.kept_beside,
        )
        for rows in beside:
            rows._default_manager.using(self.database).filter(record=number).delete()
        self._note_purged(record, head.version, author, at, basis)
        ring_when_committed(self.database)
        return Grave(
            number=number,
            kind=record.kind,
            version=head.version,
            owner_agency=record.owner_agency,
            purged_at=at,
            author=author.number,
            assignment=author.assignment,
            rule=basis.rule,
            order=basis.order,
        )

    def _note_purged(
        self, record: KeptRecord, version: int, author: Viewer, at: datetime, basis: Basis
    ) -> None:
        said = {name: text for name, text in asdict(basis).items() if text}
        entry = line(
            Event.RECORD_PURGED,
            at=at,
            viewer=author,
            keeper=self.system,
            record=record.number,
            record_version=version,
            owner=record.owner_agency,
            side=said or None,
        )
        self.ledger.append([entry])

    def _of_kinds(self, kinds: Mapping[str, str]) -> dict[str, KeptRecord]:
        found: dict[str, KeptRecord] = {}
        for kind in sorted(set(kinds.values())):
            rows = self.by_kind[kind]._default_manager.using(self.database)
            those = [number for number, its in kinds.items() if its == kind]
            for start in range(0, len(those), _ROWS):
                part = rows.filter(number__in=those[start : start + _ROWS])
                found |= {one.number: one for one in part}
        return found

    def _heads(self, changes: Sequence[Change]) -> dict[str, RecordHead]:
        numbers = [change.record.number for change in changes]
        if len(set(numbers)) < len(numbers):
            raise NumberTaken("one number stands twice in one change", cure="Send each once.")
        found: dict[str, RecordHead] = {}
        for start in range(0, len(numbers), _ROWS):
            part = numbers[start : start + _ROWS]
            found |= RecordHead.objects.using(self.database).in_bulk(part)
        return found

    def _owners(self, changes: Sequence[Change]) -> dict[tuple[str, str], str]:
        """Whose the records are as they stand: what a change says of its owner proves nothing."""
        kept: dict[type[KeptRecord], list[str]] = {}
        for change in changes:
            if change.record.pk is not None:
                kept.setdefault(type(change.record), []).append(change.record.pk)
        owners: dict[tuple[str, str], str] = {}
        for model, keys in kept.items():
            for start in range(0, len(keys), _ROWS):
                rows = model._default_manager.using(self.database)
                rows = rows.filter(pk__in=keys[start : start + _ROWS])
                for key, number, owner in rows.values_list("pk", "number", "owner_agency"):
                    owners[number, str(key)] = owner
        return owners

    def _check(
        self, change: Change, head: RecordHead | None, owners: Mapping[tuple[str, str], str]
    ) -> None:
        record = change.record
        _refuse_strangers(record, change.author, record.owner_agency)
        if record.pk is None and head is not None:
            raise NumberTaken(
                f"the number {record.number} was given out before", cure="Take the next number."
            )
        if record.pk is not None and (head is None or head.version != record.version):
            raise StaleRecord(
                f"{record.number} was changed by somebody else in between",
                cure="Look at it as it is now, then make the change on that.",
            )
        if record.pk is not None:
            owner = owners.get((record.number, str(record.pk)))
            if owner is None:
                raise NumberTaken(
                    f"{record.number} is the number of another record",
                    cure="A record keeps its number.",
                )
            _refuse_strangers(record, change.author, owner)

    def _note_corrections(
        self, changes: Sequence[Change], heads: Mapping[str, RecordHead], head: LedgerHead
    ) -> None:
        changed = [(one.record, one.at) for one in changes if one.record.pk is not None]
        if changed:
            told = {number for number, head in heads.items() if head.told is not None}
            note_changed(self.ledger, changed, told=told, head=head)

    def _write_rows(self, changes: Sequence[Change], heads: Mapping[str, RecordHead]) -> None:
        fresh: dict[type[KeptRecord], list[KeptRecord]] = {}
        for change in changes:
            record = change.record
            if record.pk is None:
                fresh.setdefault(type(record), []).append(record)
            else:
                record.save(using=self.database)
        for records in fresh.values():
            insert_all(records, database=self.database, batch_size=_ROWS)

    def _write_versions(self, changes: Sequence[Change]) -> None:
        insert_all(
            [
                RecordVersion(
                    number=change.record.number,
                    version=change.record.version,
                    content=change.record.content(),
                    at=change.at,
                    author=change.author.number,
                    assignment=change.author.assignment,
                )
                for change in changes
            ],
            database=self.database,
            batch_size=_ROWS,
        )

    def _write_keys(self, identities: Mapping[str, Pointer], changed: Sequence[str]) -> None:
        rows = RecordKey.objects.using(self.database)
        for start in range(0, len(changed), _ROWS):
            rows.filter(number__in=changed[start : start + _ROWS]).delete()
        insert_rows(
            "record_key",
            ("key", "number"),
            [
                (key, number)
                for number, identity in identities.items()
                for key in sorted(self.keys_of(identity))
            ],
            database=self.database,
        )

    def _write_outbox(
        self,
        changes: Sequence[Change],
        identities: Mapping[str, Pointer],
        heads: Mapping[str, RecordHead],
    ) -> None:
        told, fresh, buried = [], [], []
        for change in changes:
            record = change.record
            head = heads.get(record.number)
            if head is None:
                head = RecordHead(number=record.number, kind=record.kind)
                fresh.append(head)
            head.version = record.version
            head.identity = written(identities[record.number])
            pointer = record.pointer(self.system)
            if pointer is None:
                buried.append(head)
                continue
            head.told, head.buried = record.version, False
            told.append(
                OutboxRow(number=record.number, version=record.version, pointer=written(pointer))
            )
        self.tell(told)
        self._bury(buried, identities)
        insert_all(fresh, database=self.database, batch_size=_ROWS)
        if heads:
            columns = ["version", "told", "buried", "identity"]
            rows = RecordHead.objects.using(self.database)
            rows.bulk_update(heads.values(), columns, batch_size=_ROWS)

    def _note_custodies(
        self, records: Sequence[KeptRecord], known: Mapping[str, RecordHead]
    ) -> None:
        fresh = {one.number for one in records} - known.keys()
        note_custodies(records, fresh=fresh, database=self.database)

    def _bury(self, heads: Iterable[RecordHead], identities: Mapping[str, Pointer]) -> None:
        """Take back what was told; what never was told needs no tombstone, which would tell it."""
        rows = []
        for head in heads:
            if head.buried:
                continue
            grave = identities[head.number].buried(version=head.version)
            rows.append(OutboxRow(number=head.number, version=head.version, pointer=written(grave)))
            head.told, head.buried = head.version, True
        self.tell(rows)

    def _take_back(self, changes: Sequence[Change], heads: Mapping[str, RecordHead]) -> None:
        """Of what is hidden from now on, and was there before, nothing stays released."""
        for change in changes:
            record = change.record
            if record.number in heads and record.protections.hides_existence:
                end_releases(self.ledger, [record.number], author=change.author, at=change.at)

    def tell(self, pointers: Sequence[OutboxRow]) -> None:
        """Put the latest word on records into the outbox, with the ledger's lock held. Older words
        go: they hold what was taken back since.
        """
        outbox = OutboxRow.objects.using(self.database)
        for start in range(0, len(pointers), _ROWS):
            part = pointers[start : start + _ROWS]
            outbox.filter(number__in=[one.number for one in part]).delete()
            insert_all(part, database=self.database)

    def _line(self, change: Change) -> Line:
        record = change.record
        return line(
            Event.RECORD_WRITTEN,
            at=change.at,
            viewer=change.author,
            keeper=self.system,
            record=record.number,
            record_version=record.version,
            owner=record.owner_agency,
            case=self._work(record),
            side={"why": change.why} if change.why else None,
        )

    def _work(self, record: KeptRecord) -> str | None:
        """The case or event that it is part of: on what somebody worked."""
        whole = self.by_kind.get(record.part_of)
        of = getattr(record, record.part_of) if whole is not None and whole.is_worked_on else None
        return of or None


def _stamp(change: Change) -> None:
    record = change.record
    record.version += 1
    record.updated_at = change.at
    record.author = change.author.number
    record.assignment = change.author.assignment
    record.policy_class = class_of(record.decided_by)
    if record.pk is None:
        record.created_at = change.at


def _refuse_strangers(record: KeptRecord, author: Viewer, owner: str) -> None:
    if author.agency != owner:
        raise NotTheOwner(
            f"{record.number or 'the record'} belongs to {owner}",
            cure=f"Ask {owner} to change it: {record.contact}.",
        )
