"""Tells people, each once of each correction, that what they were shown does not stand."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction

from tieline.core.ledger.events import Event
from tieline.exchange.corrections.models import CorrectionNotice
from tieline.exchange.directory.ledger import LEDGER
from tieline.exchange.index.models import IndexedPointer
from tieline.exchange.index.naming import fits
from tieline.keeping.corrections import Correction, Recipient, shown_in
from tieline.keeping.databases import EXCHANGE
from tieline.keeping.ledger import Line, line

__all__ = ["WITHIN", "Corrected", "notice_line", "tell", "tell_corrections"]

WITHIN: Final = timedelta(hours=24)
"""By then it is to be acknowledged; else it is put before the unit's supervisors."""
_SERIES: Final = "CR"
_DIGITS: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected:
    """A record of which something does not stand any more, be it one value or all of it."""

    system: str
    record: str
    cause: str
    owner_agency: str
    contact: str


def tell_corrections(system: str, rows: Sequence[Correction], *, at: datetime) -> list[Correction]:
    """Tell whom the system's ledger and the exchange's own name; done again, nobody is told twice.

    Gives those that are done with. The others wait until the exchange holds the record as it was
    corrected: until then it may still show what was before.
    """
    with transaction.atomic(using=EXCHANGE):
        # First of all: what was told before by others has its place in the ledger then.
        LEDGER.hold()
        numbers = sorted({one.record for one in rows})
        shown: dict[str, list[Any]] = {}
        for entry in shown_in(EXCHANGE, system, numbers):
            shown.setdefault(entry.record, []).append(entry)
        held = IndexedPointer.objects.filter(system=system, number__in=numbers)
        versions = dict(held.values_list("number", "version"))
        done = []
        for row in rows:
            recipients = {Recipient(*one) for one in row.recipients}
            recipients |= {
                one.recipient
                for one in shown.get(row.record, ())
                if one.recipient.agency != row.owner_agency
                and _is_before(one.version, row)
                and (one.classes & set(row.classes) if row.classes else one.classes)
            }
            corrected = Corrected(
                system=system,
                record=row.record,
                cause=row.cause or str(row.version),
                owner_agency=row.owner_agency,
                contact=row.contact,
            )
            tell(corrected, recipients, at=at)
            if versions.get(row.record, row.version) >= row.version:
                done.append(row)
    return done


def _is_before(version: int | None, row: Correction) -> bool:
    """Whether whoever was shown this version is told: with what came beside a record, of the same
    one too.
    """
    if version is None:
        return True
    return version <= row.version if row.cause else version < row.version


def tell(corrected: Corrected, recipients: Iterable[Recipient], *, at: datetime) -> None:
    """Tell those who were not told of it yet; inside a transaction, with the lock held."""
    wanted: dict[tuple[str, str, str], bool] = {}
    for one in sorted(recipients):
        whom = one.agency, one.unit, one.viewer
        wanted[whom] = wanted.get(whom, False) or one.accounted
    before = CorrectionNotice.objects.filter(
        system=corrected.system, record=corrected.record, cause=corrected.cause
    )
    told = set(before.values_list("agency", "unit", "viewer"))
    fresh = [
        _notice(corrected, whom, accounted, at)
        for whom, accounted in wanted.items()
        if whom not in told
    ]
    CorrectionNotice.objects.bulk_create(fresh)
    LEDGER.append([_sent(one) for one in fresh])


def notice_line(event: Event, row: CorrectionNotice, *, at: datetime, **about: Any) -> Line:
    """An entry on a notice. Whose record it is stands in it where the accounting may name it."""
    named = row.accounted and fits("owner", row.owner_agency)
    whose: dict[str, Any] = {"owner": row.owner_agency} if named else {}
    side = {"notice": row.number, **about.pop("side", {})}
    return line(event, at=at, keeper=row.system, record=row.record, side=side, **whose, **about)


def _sent(row: CorrectionNotice) -> Line:
    addressed: Mapping[str, Any] = {"agency": row.agency, "unit": row.unit}
    return notice_line(
        Event.CORRECTION_SENT, row, at=row.told_at, side={"to": row.viewer}, **addressed
    )


def _notice(
    corrected: Corrected, whom: tuple[str, str, str], accounted: bool, at: datetime
) -> CorrectionNotice:
    agency, unit, viewer = whom
    return CorrectionNotice(
        number=_number(),
        system=corrected.system,
        record=corrected.record,
        cause=corrected.cause,
        owner_agency=corrected.owner_agency,
        contact=corrected.contact,
        agency=agency,
        unit=unit,
        viewer=viewer,
        accounted=accounted,
        told_at=at,
        due_at=at + WITHIN,
    )


def _number() -> str:
    """Drawn under the lock, so nobody else draws it; not in a row, which would count."""
    while True:
        number = f"{_SERIES}-{secrets.randbelow(10**_DIGITS):0{_DIGITS}d}"
        if not CorrectionNotice.objects.filter(number=number).exists():
            return number
