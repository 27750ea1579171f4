"""An owner's stamp, in two databases: first where the record is, then where it was asked for.

Killed in between, the stamp stands, and whoever answers again completes the answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from tieline.core.agreement.viewer import Purpose, Viewer
from tieline.core.records import FieldClass
from tieline.exchange.directory.units import unit_viewer
from tieline.exchange.sharing.answering import note_stamped, to_be_answered
from tieline.exchange.sharing.inbox import NoSuchRequest
from tieline.exchange.sharing.lines import purpose_of
from tieline.exchange.sharing.models import ReleaseRequest, RequestKind
from tieline.keeping import stamping
from tieline.keeping.door import Door
from tieline.keeping.stamps import Stamp, StampAnswer, stamps_on
from tieline.wiring.systems import doors

__all__ = ["put_stamp", "stamps_of", "to_be_stamped"]


def to_be_stamped(
    number: str, *, viewer: Viewer, at: datetime
) -> tuple[ReleaseRequest, int, tuple[FieldClass, ...]]:
    """A request for a stamp that this viewer may answer: with the record's version, and the classes
    that were asked and are open to him. Raises `NoSuchRequest` or `AnswerRefused`.
    """
    row = to_be_answered(number, viewer=viewer, at=at, kind=RequestKind.STAMP)
    version, open_to_him = stamping.stampable(
        _door(row), row.record, purpose=purpose_of(row), author=viewer, at=at
    )
    known = set(FieldClass)
    asked = tuple(FieldClass(one) for one in row.classes if one in known)
    return row, version, tuple(one for one in asked if one in open_to_him)


def put_stamp(
    number: str,
    answers: Mapping[FieldClass, StampAnswer],
    *,
    version: int,
    viewer: Viewer,
    at: datetime,
) -> ReleaseRequest:
    """Answer what was asked, or the part of it that is open to this viewer.

    Raises `NoSuchRequest`, `AnswerRefused`, `StampRefused` or `StaleRecord`.
    """
    row, _, classes = to_be_stamped(number, viewer=viewer, at=at)
    if set(answers) != set(classes):
        raise stamping.StampRefused(
            "a stamp says of each class that was asked what may be done with it",
            cure="Choose an answer for each.",
        )
    made = stamping.stamp(
        _door(row),
        row.record,
        answers,
        version=version,
        request=row.number,
        to=unit_viewer(agency=row.agency, unit=row.unit),
        purpose=purpose_of(row),
        author=viewer,
        at=at,
    )
    return note_stamped(number, made.answers, viewer=viewer, at=at)


def stamps_of(
    system: str, record: str, *, viewer: Viewer, purpose: Purpose
) -> dict[FieldClass, Stamp]:
    """What stands of the owner's stamps on a record that this viewer was just shown."""
    door = doors().get(system)
    if door is None or not purpose.number:
        return {}
    return stamps_on(door.keeper.database, record, viewer=viewer, purpose=purpose)


def _door(row: ReleaseRequest) -> Door:
    door = doors().get(row.system)
    if door is None:
        raise NoSuchRequest
    return door
