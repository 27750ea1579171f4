"""Puts the owner's stamp on a record: by who answers for it, on the version that he looked at."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from tieline.core.agreement.disclose import disclose
from tieline.core.agreement.viewer import Purpose, Viewer
from tieline.core.errors import TielineError
from tieline.core.records import FieldClass
from tieline.keeping import agreements
from tieline.keeping.door import Door
from tieline.keeping.keeper import StaleRecord
from tieline.keeping.releasing import RELEASERS
from tieline.keeping.stamps import StampAnswer, StampRow, give_stamp

__all__ = ["StampRefused", "stamp", "stampable"]


class StampRefused(TielineError):
    """A stamp that this author may not put, or that says nothing."""

    exit_code = 3


def stampable(
    door: Door, record: str, *, purpose: Purpose, author: Viewer, at: datetime
) -> tuple[int, frozenset[FieldClass]]:
    """The version of an own record, and the classes that this author sees of it: nobody verifies
    what is closed to himself. None of another agency's record, as of none.
    """
    kept = door.keeper.find(record) if record.isprintable() else None
    if kept is None or kept.owner_agency != author.agency:
        return 0, frozenset()
    agreement = agreements.in_force(door.keeper.database)
    told = disclose(
        kept.record(), viewer=author, purpose=purpose, agreement=agreement, at=at
    ).disclosure
    return told.version, frozenset(one.field_class for one in told.shown)


def stamp(
    door: Door,
    record: str,
    answers: Mapping[FieldClass, StampAnswer],
    *,
    version: int,
    request: str,
    to: Viewer,
    purpose: Purpose,
    author: Viewer,
    at: datetime,
) -> StampRow:
    """Say of each class what may be done with it. Raises `StampRefused` or `StaleRecord`."""
    if RELEASERS.isdisjoint({author.role, *author.roles}):
        raise StampRefused(
            "what may be used is a supervisor's or sharing officer's to say",
            cure="Ask one of your agency.",
        )
    with transaction.atomic(using=door.keeper.database):
        door.keeper.ledger.hold()
        now, classes = stampable(door, record, purpose=purpose, author=author, at=at)
        kept = door.keeper.find(record) if classes else None
        if kept is None:
            raise StampRefused("your agency has no such record", cure="Check its number.")
        if not answers or not answers.keys() <= classes:
            raise StampRefused(
                "a stamp says of each class that was asked, and of none that is closed to you",
                cure="Leave to another unit what is its own to verify.",
            )
        if now != version:
            raise StaleRecord(
                f"{record} was changed by somebody else in between",
                cure="Look at it as it is now, then answer on that.",
            )
        return give_stamp(
            door.keeper.ledger,
            kept,
            answers,
            request=request,
            to=to,
            purpose_number=purpose.number,
            author=author,
            at=at,
        )
