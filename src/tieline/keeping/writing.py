"""What all services share: one transaction with the lock held, records found, made, checked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Protocol, TypeVar

from django.db import transaction

from tieline.core.agreement.viewer import Viewer
from tieline.core.errors import TielineError
from tieline.keeping.desk import Desk
from tieline.keeping.draft import Draft, values_of
from tieline.keeping.entering import enter_protections
from tieline.keeping.keeper import StaleRecord
from tieline.keeping.records import KeptRecord

__all__ = ["Enter", "NoSuchRecord", "locked", "made", "own_record", "own_record_of_any_kind"]

_One = TypeVar("_One", bound=KeptRecord)


class Enter(Protocol):
    """How a system sets fields of its records."""

    def __call__(
        self, record: KeptRecord, values: Mapping[str, Any], /, *, at: datetime
    ) -> None: ...


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
            cure="Look at it as it is now, then make the change on that.",
        )
    return record


def own_record_of_any_kind(desk: Desk, number: str, *, author: Viewer) -> KeptRecord:
    """A record that the author's agency owns, whatever it is of."""
    record = desk.keeper.find(number)
    if record is None or record.owner_agency != author.agency:
        raise NoSuchRecord("this is no number of your agency", cure="Check the number.")
    return record


def made(
    desk: Desk,
    draft: Draft,
    *,
    enter: Enter,
    author: Viewer,
    at: datetime,
    duty_contact: Callable[[str, str], str] | None = None,
) -> KeptRecord:
    """A new record of a draft, owned by its author's agency; not yet numbered, not yet kept.

    `duty_contact` takes the place of the desk's, where thousands come in and one answer serves all.
    """
    record = desk.keeper.by_kind[draft.kind](
        number=draft.number,
        owner_agency=author.agency,
        owning_unit=author.unit,
        contact=(duty_contact or desk.duty_contact)(author.agency, author.unit),
        caveats=[],
    )
    enter(record, values_of(draft), at=at)
    enter_protections(record, draft.protections)
    return record
