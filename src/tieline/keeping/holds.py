"""Legal holds: nothing of a record is destroyed while one stands, whatever its schedule says."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar, Final

from django.db import models, transaction

from tieline.core.agreement.viewer import Viewer
from tieline.core.errors import TielineError
from tieline.core.ledger.events import Event
from tieline.keeping.ledger import Ledger, line

__all__ = ["Held", "HoldRefused", "LegalHold", "is_held", "lift_hold", "set_hold"]

_LONGEST_WHY: Final = 500


class Held(TielineError):
    """A record on which a legal hold stands was to be destroyed."""

    exit_code = 3


class HoldRefused(TielineError):
    """A hold without its reason, or one to be lifted where none stands."""


class LegalHold(models.Model):
    """One hold on one record; several may stand at once, each set and lifted by a person."""

    id = models.BigAutoField(primary_key=True)
    number = models.CharField(max_length=64)
    why = models.TextField()
    """It may tell of a person: gone with the record, like the side row that says it too."""
    set_by = models.CharField(max_length=32)
    set_as = models.CharField(max_length=32)
    set_at = models.DateTimeField()
    lifted_by = models.CharField(max_length=32, blank=True, default="")
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "keeping"
        db_table = "legal_hold"
        indexes: ClassVar = [models.Index(fields=["number"], name="legal_hold_number")]

    def __str__(self) -> str:
        return f"hold on {self.number}"


def set_hold(
    ledger: Ledger, number: str, *, owner: str, why: str, author: Viewer, at: datetime
) -> LegalHold:
    """Keep a record from being destroyed until the hold is lifted."""
    reason = _reason(why, "Say which proceeding or duty the hold is for.")
    with transaction.atomic(using=ledger.database):
        ledger.hold()
        held = LegalHold.objects.using(ledger.database).create(
            number=number,
            why=reason,
            set_by=author.number,
            set_as=author.assignment,
            set_at=at,
        )
        _note(ledger, Event.HOLD_SET, number, owner, reason, author, at)
    return held


def lift_hold(
    ledger: Ledger, number: str, *, owner: str, why: str, author: Viewer, at: datetime
) -> int:
    """Lift all holds that stand on a record; gives how many. Raises `HoldRefused`."""
    reason = _reason(why, "Say by what the hold has ended.")
    with transaction.atomic(using=ledger.database):
        ledger.hold()
        rows = LegalHold.objects.using(ledger.database).filter(number=number)
        lifted = rows.filter(lifted_at=None).update(lifted_by=author.number, lifted_at=at)
        if not lifted:
            raise HoldRefused(f"no hold stands on {number}", cure="Check the number.")
        _note(ledger, Event.HOLD_ENDED, number, owner, reason, author, at)
    return lifted


def is_held(numbers: Iterable[str], *, database: str) -> bool:
    """Whether a hold stands on one of them."""
    rows = LegalHold.objects.using(database).filter(number__in=list(numbers), lifted_at=None)
    return rows.exists()


def _reason(why: str, cure: str) -> str:
    reason = why.strip()[:_LONGEST_WHY]
    if not reason:
        raise HoldRefused("a hold is set and lifted with its reason", cure=cure)
    return reason


def _note(
    ledger: Ledger, event: Event, number: str, owner: str, why: str, author: Viewer, at: datetime
) -> None:
    said = line(
        event,
        at=at,
        viewer=author,
        keeper=ledger.system,
        record=number,
        owner=owner,
        side={"why": why},
    )
    ledger.append([said])
