"""What all services share: one transaction with the lock held, records found, made, checked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Final, TypeVar

from django.db import transaction

from tieline.core.agreement.viewer import Viewer
from tieline.core.errors import TielineError
from tieline.keeping.keeper import StaleRecord
from tieline.keeping.records import KeptRecord
from tieline.systems.investigations.desk import Desk
from tieline.systems.investigations.draft import Draft, values_of
from tieline.systems.investigations.entering import enter, enter_protections
from tieline.systems.investigations.series import next_number, shape_of

__all__ = ["NoSuchRecord", "locked", "made", "number", "own_record", "series_of"]

_LONGEST_OFFICE: Final = 6
_One = TypeVar("_One", bound=KeptRecord)


class NoSuchRecord(TielineError):
    """A number that names no record of the author's agency, or one of another kind."""


@contextmanager
def locked(desk: Desk) -> Iterator[None]:
    """All or nothing, with the lock on the ledger's tree held: one writer at a time."""
    with transaction.atomic(using=desk.keeper.database):
        desk.keeper.ledger.hold()
        yield


def own_record(
    desk: Desk, model: type[_One], number: str, *, author: Viewer, version: int | None = None
) -> _One:
    """A record that the author's agency owns, in the version that the author read, if told."""
    record = model._default_manager.using(desk.keeper.database).filter(number=number).first()
    if record is None or record.owner_agency != author.agency:
        raise NoSuchRecord(
            f"this is no number of a {model.kind} of your agency", cure="Check the number."
        )
    if version is not None and version != record.version:
        raise StaleRecord(
            f"{number} was changed by somebody else in between",
            cure="Open it again, and make the change on what stands there now.",
        )
    return record


def made(desk: Desk, draft: Draft, *, author: Viewer, at: datetime) -> KeptRecord:
    """A new record of a draft, owned by its author's agency; not yet numbered, not yet kept."""
    record = desk.keeper.by_kind[draft.kind](
        number=draft.number,
        owner_agency=author.agency,
        owning_unit=author.unit,
        contact=desk.duty_contact(author.agency, author.unit),
        caveats=[],
    )
    enter(record, values_of(draft), at=at)
    enter_protections(record, draft.protections)
    return record


def number(desk: Desk, record: KeptRecord, *, at: datetime) -> None:
    """Give the record the next number of its series; the lock must be held."""
    series = series_of(record.kind, record.owning_unit, at=at)
    record.number = next_number(desk.keeper, series, shape_of(record.kind))


def series_of(kind: str, unit: str, *, at: datetime) -> str:
    """`TU-26-` for cases of the office TU, `SR-26-` for subject records, `LK-26-` for lookouts."""
    if kind == "case":
        office = "".join(sign for sign in unit.upper().partition("/")[0] if sign.isalnum())
        # A number of more than four letters in a row could be a name; the ledger takes none.
        prefix = office[: _LONGEST_OFFICE if any(map(str.isdigit, office)) else 4]
        # One of digits alone would make the number look like a date.
        prefix = prefix if prefix[:1].isalpha() else f"X{prefix}"
    else:
        prefix = "LK" if kind == "lookout" else "SR"
    return f"{prefix}-{at:%y}-"
