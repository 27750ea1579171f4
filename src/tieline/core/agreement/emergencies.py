"""A record opened beyond the agreement by whoever looks, since somebody's life is in danger.

Break-glass is a key as a release is (`releases`), and weaker: its clause opens it to one person in
one assignment, for a short term, and whatever closes a record or a field closes it here as well.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from tieline.core.agreement.viewer import Purpose, PurposeCode, Role, Viewer
from tieline.core.records import RecordNumber

__all__ = ["Danger", "Emergency", "cited_emergency", "may_confirm"]

_CITED: Final = "emergency:"


class Danger(StrEnum):
    """The closed list of what imminently threatens somebody's life."""

    HELD = "held"
    """Somebody is abducted, or held against his will."""
    ARMED = "armed"
    """Somebody armed is with people, or on the way to them."""
    THREAT = "threat"
    """A killing was announced."""
    CONFINED = "confined"
    """People are locked in a vehicle, a container or a house."""
    STRANDED = "stranded"
    """Somebody is lost without water, or at sea."""
    HURT = "hurt"
    """Somebody is dying unless it is known who he is, or whom to call."""
    HAZARD = "hazard"
    """Fire, an explosive, a poison."""
    SELF_HARM = "self_harm"
    """Somebody is about to take his own life."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Emergency:
    """Of one record, by one person in one assignment. It holds over [opened_at, expires_at), and
    from `confirm_by` on only if a second person confirmed it before.
    """

    number: str
    record: RecordNumber
    owner: str
    """The record's, agency and unit."""
    owning_unit: str
    viewer: str
    """Who opened it: the person's number, agency, unit and assignment."""
    agency: str
    unit: str
    assignment: str
    danger: Danger
    why: str = field(repr=False)
    case: str
    """Number of the case or event; blank where he said that there is none yet."""
    opened_at: datetime
    expires_at: datetime
    confirm_by: datetime
    confirmed_at: datetime | None = None
    confirmed_by: str = ""
    closed_at: datetime | None = None
    closed_by: str = ""
    version: int = 1
    """Grows with whatever happens to it, so that an older word never overwrites a newer."""

    def holds(self, number: str, *, viewer: Viewer, at: datetime) -> bool:
        """Whether it speaks of this record, person, hat and moment; in doubt, no."""
        return (
            bool(self.number)
            and self.record == number
            and bool(self.viewer)
            and (self.viewer, self.assignment) == (viewer.number, viewer.assignment)
            and (self.agency, self.unit) == (viewer.agency, viewer.unit)
            and self.stands(at)
        )

    def stands(self, at: datetime) -> bool:
        """Whether it opens anything at this moment."""
        if self.closed_at is not None or not self.opened_at <= at < self.expires_at:
            return False
        return self.confirmed_at is not None or at < self.confirm_by

    def is_unconfirmed(self, at: datetime) -> bool:
        """Whether nobody confirmed it within its time."""
        return self.confirmed_at is None and at >= self.confirm_by

    @property
    def purpose(self) -> Purpose:
        """What its record is looked at for by those who confirm, and by those who review it."""
        code = PurposeCode.OFFICER_SAFETY
        return Purpose(code=code, number=self.case, reason="" if self.case else self.number)


def may_confirm(emergency: Emergency, *, viewer: Viewer, at: datetime) -> bool:
    """A supervisor of the unit of who opened it, or of one above; never he himself, and in time.
    That it was closed meanwhile makes no difference: the danger was real, or it was not.
    """
    return (
        Role.SUPERVISOR in {viewer.role, *viewer.roles}
        and viewer.agency == emergency.agency
        and (emergency.unit == viewer.unit or emergency.unit.startswith(f"{viewer.unit}/"))
        and viewer.number != emergency.viewer
        and emergency.confirmed_at is None
        and at < emergency.confirm_by
    )


def cited_emergency(number: str) -> str:
    """An emergency where clauses are cited, in the ledger too."""
    return f"{_CITED}{number}"
