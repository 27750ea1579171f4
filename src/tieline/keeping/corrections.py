"""Who has to be told that a record was corrected, written in the transaction of the correction.

That is whoever of another agency was shown a value that is another one now (5 USC 552a(c)(4)); and
of a record that is purged, withdrawn or protected since, whoever was shown anything of it (P15).
The entries of the ledger say to whom, so nobody is told who was shown nothing.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import models

from tieline.core.ledger.events import Event
from tieline.core.records import FieldClass
from tieline.keeping.bulk import insert_all
from tieline.keeping.copies import Called, call_in, held_records
from tieline.keeping.heads import RecordVersion
from tieline.keeping.ledger import Ledger
from tieline.keeping.records import PROTECTIONS, KeptRecord, as_value
from tieline.keeping.rows import LedgerHead, LedgerRow
from tieline.keeping.stamps import void

__all__ = [
    "Correction",
    "Difference",
    "Recipient",
    "ShownEntry",
    "differences",
    "note_changed",
    "note_disputed",
    "note_withdrawn",
    "shown_in",
]

_SHOWN: Final = (Event.RECORD_SHOWN.value, Event.COPY_MADE.value)
_ROWS: Final = 500
_Content = Mapping[str, Any]


class Correction(models.Model):
    """One correction whose recipients the exchange has still to tell; it holds no value."""

    id = models.BigAutoField(primary_key=True)
    record = models.CharField(max_length=64)
    version = models.BigIntegerField()
    """The one with the correction; whoever was shown an older one is told."""
    cause = models.CharField(max_length=64, blank=True, default="")
    """Blank where the version is the cause; else what came beside the record, of which whoever was
    shown this version is told as well.
    """
    owner_agency = models.CharField(max_length=32)
    contact = models.CharField(max_length=120)
    classes = models.JSONField()
    """Field classes in which a value is another one; empty: all of the record is meant."""
    recipients = models.JSONField()
    """Whom this system's own ledger names."""
    at = models.DateTimeField()

    class Meta:
        app_label = "keeping"
        db_table = "correction"

    def __str__(self) -> str:
        return f"correction of {self.record}"


@dataclass(frozen=True, slots=True, order=True)
class Recipient:
    """Somebody who was shown it, in the unit for which he looked."""

    agency: str
    unit: str
    viewer: str
    accounted: bool
    """Whether the owner's own accounting names the look: of a silent hit it does not (P7)."""


@dataclass(frozen=True, slots=True)
class ShownEntry:
    """What an entry says of one disclosure."""

    record: str
    version: int | None
    classes: frozenset[str]
    at: datetime
    recipient: Recipient


@dataclass(frozen=True, slots=True)
class Difference:
    """What a change made another one of a record."""

    fields: Mapping[str, FieldClass]
    said: frozenset[str]
    """Of these fields those that said something before."""
    narrower: bool
    """Whether a protection or a caveat came to it: then all that was shown is taken back."""

    def __bool__(self) -> bool:
        return bool(self.fields) or self.narrower

    @property
    def corrects(self) -> bool:
        """Whether something that was said stands no more."""
        return bool(self.said) or self.narrower

    @property
    def classes(self) -> list[str]:
        """Of what was said before; none where all of the record is meant."""
        names = self.said or self.fields.keys()
        return [] if self.narrower else sorted({self.fields[name].value for name in names})


_ALL: Final = Difference({}, frozenset(), narrower=True)


def note_changed(
    ledger: Ledger,
    changed: Sequence[tuple[KeptRecord, datetime]],
    *,
    told: Collection[str],
    head: LedgerHead,
) -> None:
    """Remember whom to tell of records that are about to be kept in their next version, call in
    their copies, and end their stamps; the lock on the ledger is held.

    `told`: of which records the exchange knows, and so may have shown something.
    """
    found = differences(changed, database=ledger.database)
    records = [(record, at) for record, at in changed if found[record.number]]
    numbers = [record.number for record, _ in records]
    shown = _by_record(shown_in(ledger.database, ledger.system, numbers))
    past = _past(shown, database=ledger.database)
    rows = []
    for record, at in records:
        difference = found[record.number]
        recipients = {
            one.recipient
            for one in shown.get(record.number, ())
            if one.recipient.agency != record.owner_agency and _concerns(one, difference, past)
        }
        if recipients or (difference.corrects and record.number in told):
            rows.append(_row(record, record.version, difference, recipients, at))
    insert_all(rows, database=ledger.database)
    void(
        ledger.database,
        {
            record.number: None
            if found[record.number].narrower
            else {one.value for one in found[record.number].fields.values()}
            for record, _ in records
        },
    )
    copied = held_records(ledger.database, numbers)
    for record, at in records:
        if record.number in copied and found[record.number].corrects:
            _call_in(ledger, record, found[record.number], at, head)


def note_disputed(
    ledger: Ledger, record: KeptRecord, *, of: FieldClass, cause: str, at: datetime
) -> None:
    """Remember whom to tell that the person disagrees with a field of this class, which stands as
    it was: everybody of another agency who was shown it (5 USC 552a(d)(4)). The lock on the ledger
    is held. They are told in the words of any correction, and read the statement at the next look;
    a copy is called in, since it lacks the statement.
    """
    disputed = Difference({"": of}, frozenset(), narrower=False)
    recipients = {
        one.recipient
        for one in shown_in(ledger.database, ledger.system, [record.number])
        if of.value in one.classes and one.recipient.agency != record.owner_agency
    }
    row = _row(record, record.version, disputed, recipients, at)
    row.cause = cause
    row.save(using=ledger.database)
    _call_in(ledger, record, disputed, at, None)


def note_withdrawn(ledger: Ledger, record: KeptRecord, *, version: int, at: datetime) -> None:
    """The same of a record of which nothing stands any more, with the lock held: it is about to be
    destroyed.
    """
    entries = shown_in(ledger.database, ledger.system, [record.number])
    recipients = {
        one.recipient
        for one in entries
        if one.classes and one.recipient.agency != record.owner_agency
    }
    insert_all([_row(record, version, _ALL, recipients, at)], database=ledger.database)
    void(ledger.database, {record.number: None})
    _call_in(ledger, record, _ALL, at, None)


def differences(
    changed: Sequence[tuple[KeptRecord, datetime]], *, database: str
) -> dict[str, Difference]:
    """Of each record, what of it is another one than in the version before."""
    wanted = {(record.number, record.version - 1) for record, _ in changed}
    before = _contents(wanted, database=database)
    return {
        record.number: _difference(record, before.get((record.number, record.version - 1)))
        for record, _ in changed
    }


def shown_in(database: str, keeper: str, numbers: Sequence[str]) -> Iterator[ShownEntry]:
    """All disclosures of a system's records of which the ledger in a database knows, whoever was
    shown them.
    """
    for start in range(0, len(numbers), _ROWS):
        rows = LedgerRow.objects.using(database).filter(
            record__in=numbers[start : start + _ROWS], event__in=_SHOWN
        )
        for at, data in rows.order_by("sequence").values_list("at", "data").iterator():
            said = json.loads(data)
            # A number is of one system only, and another may have given out the same.
            if said.get("keeper") == keeper and "viewer" in said:
                yield ShownEntry(
                    record=said["record"],
                    version=said.get("record_version"),
                    classes=frozenset(said.get("shown", ())),
                    at=at,
                    recipient=Recipient(
                        said["agency"], said["unit"], said["viewer"], accounted="owner" in said
                    ),
                )


def _difference(record: KeptRecord, before: _Content | None) -> Difference:
    if before is None:
        # Nobody knows what was shown: all of it is taken back.
        return _ALL
    now = json.loads(json.dumps(record.content()))
    fields = {name: of for name, of in record.columns() if now.get(name) != before.get(name)}
    return Difference(
        fields,
        frozenset(name for name in fields if as_value(before.get(name)) is not None),
        narrower=_is_narrower(now, before),
    )


def _is_narrower(now: _Content, before: _Content) -> bool:
    if not set(now["caveats"]) <= set(before["caveats"]):
        return True
    return any(before.get(name) is False and now.get(name) is not False for name in PROTECTIONS)


def _concerns(
    one: ShownEntry, difference: Difference, past: Mapping[tuple[str, int], _Content]
) -> bool:
    """Whether a value was shown that is another one now: one that was blank then told nothing."""
    if difference.narrower:
        return bool(one.classes)
    then = past.get((one.record, one.version)) if one.version is not None else None
    return any(
        of.value in one.classes and (then is None or as_value(then.get(name)) is not None)
        for name, of in difference.fields.items()
    )


def _past(
    shown: Mapping[str, Sequence[ShownEntry]], *, database: str
) -> dict[tuple[str, int], _Content]:
    wanted = {
        (one.record, one.version)
        for entries in shown.values()
        for one in entries
        if one.version is not None
    }
    return _contents(wanted, database=database)


def _contents(
    wanted: Collection[tuple[str, int]], *, database: str
) -> dict[tuple[str, int], _Content]:
    found: dict[tuple[str, int], _Content] = {}
    numbers = sorted({number for number, _ in wanted})
    versions = sorted({version for _, version in wanted})
    for start in range(0, len(numbers), _ROWS):
        rows = RecordVersion.objects.using(database).filter(
            number__in=numbers[start : start + _ROWS],
            version__in=versions,
        )
        for number, version, content in rows.values_list("number", "version", "content"):
            if (number, version) in wanted:
                found[number, version] = content
    return found


def _by_record(entries: Iterable[ShownEntry]) -> dict[str, list[ShownEntry]]:
    found: dict[str, list[ShownEntry]] = {}
    for one in entries:
        found.setdefault(one.record, []).append(one)
    return found


def _row(
    record: KeptRecord,
    version: int,
    difference: Difference,
    recipients: Collection[Recipient],
    at: datetime,
) -> Correction:
    return Correction(
        record=record.number,
        version=version,
        owner_agency=record.owner_agency,
        contact=record.contact,
        classes=difference.classes,
        recipients=[
            [one.agency, one.unit, one.viewer, one.accounted] for one in sorted(recipients)
        ],
        at=at,
    )


def _call_in(
    ledger: Ledger,
    record: KeptRecord,
    difference: Difference,
    at: datetime,
    head: LedgerHead | None,
) -> None:
    """For whatever reason a notice goes out, a copy is called in: else it would tell the reason."""
    called = Called(record=record.number, owner=record.owner_agency, classes=difference.classes)
    call_in(ledger, called, author=None, at=at, head=head)
