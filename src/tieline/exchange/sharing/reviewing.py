"""An emergency is reviewed: accepted, or found to be misuse. Neither that it was confirmed nor that
it is reviewed can be left out: what is not done in time becomes a finding.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from tieline.core.agreement.viewer import Viewer
from tieline.core.errors import TielineError
from tieline.core.ledger.events import Event
from tieline.exchange.directory.ledger import LEDGER
from tieline.exchange.notices.clock import supervisor_desk
from tieline.exchange.oversight.findings import raise_by_rule
from tieline.exchange.sharing.emergencies import emergency_line, hold_one, may_review
from tieline.exchange.sharing.models import ToldEmergency, Verdict
from tieline.keeping.databases import EXCHANGE

__all__ = ["ReviewRefused", "find_unconfirmed", "find_unreviewed", "review"]

_LONGEST: Final = 1_000
_TO_ANSWER: Final = timedelta(days=14)
_MOST: Final = 500


class ReviewRefused(TielineError):
    """A review that says nothing, or is not this person's, or not due yet."""


def review(
    number: str, verdict: Verdict, *, said: str, viewer: Viewer, at: datetime
) -> ToldEmergency:
    """Say what it was. Misuse becomes a finding before the unit of who opened it.

    Raises `NoSuchEmergency` or `ReviewRefused`.
    """
    words = " ".join(said.split())
    if not any(sign.isalnum() for sign in words) or not words.isprintable():
        raise ReviewRefused("a review says why", cure="In one or two sentences, without names.")
    if len(words) > _LONGEST:
        raise ReviewRefused(f"it is longer than {_LONGEST} signs", cure="Say it shorter.")
    with transaction.atomic(using=EXCHANGE):
        LEDGER.hold()
        row = hold_one(number, viewer=viewer, at=at).row
        if not may_review(row, viewer=viewer, at=at):
            raise ReviewRefused(
                "this is not to be reviewed now, or not by you",
                cure="It is for an auditor or sharing officer of the owner who took no part in it, "
                "once it is over.",
            )
        row.reviewed_at, row.reviewed_by = at, viewer.number
        row.verdict, row.said = verdict.value, words
        if verdict is Verdict.MISUSE:
            row.misused = raise_by_rule(
                agency=row.agency,
                unit=row.unit,
                about=row.opened_by,
                title=f"{row.number}: a record was opened without a danger to a life",
                said=words,
                due=(at + _TO_ANSWER).date(),
                author=viewer,
                at=at,
            ).number
        row.save()
        side = {"verdict": verdict.value, "said": words}
        LEDGER.append([emergency_line(Event.GLASS_REVIEWED, row, viewer=viewer, at=at, side=side)])
    return row


def find_unconfirmed(
    *, author: Callable[[str], Viewer], systems: Collection[str], at: datetime
) -> int:
    """A finding for each that no second person confirmed in time, once; gives how many.

    Of those `systems` alone that were asked for their latest word: one that does not answer may
    know of a confirmation.
    """
    due = ToldEmergency.objects.filter(
        system__in=systems, confirmed_at__isnull=True, confirm_by__lte=at, unconfirmed=""
    )
    if not due.exists():
        return 0
    with transaction.atomic(using=EXCHANGE):
        LEDGER.hold()
        rows = list(due.order_by("confirm_by", "id")[:_MOST])
        for row in rows:
            row.unconfirmed = raise_by_rule(
                agency=row.agency,
                unit=row.unit,
                about=row.opened_by,
                title=f"{row.number}: nobody confirmed that a life was in danger",
                said=f"It was opened at {row.opened_at:%Y-%m-%d %H:%M} UTC, and no second person "
                f"confirmed it by {row.confirm_by:%H:%M}.",
                due=(at + _TO_ANSWER).date(),
                author=author(row.agency),
                at=at,
            ).number
            row.save(update_fields=["unconfirmed"])
    return len(rows)


def find_unreviewed(*, author: Callable[[str], Viewer], at: datetime) -> int:
    """Put what was not reviewed in time before the desk above the owning unit's, and as a finding
    before the unit, once each; gives how many. It still waits to be reviewed.
    """
    due = ToldEmergency.objects.filter(
        reviewed_at__isnull=True, review_by__lte=at, escalated_at__isnull=True
    )
    if not due.exists():
        return 0
    with transaction.atomic(using=EXCHANGE):
        LEDGER.hold()
        rows = list(due.order_by("review_by", "id")[:_MOST])
        for row in rows:
            above = row.owner_unit.rpartition("/")[0] or row.owner_unit
            row.escalated_at = at
            row.escalated_to = supervisor_desk(row.owner_agency, above, at)
            raise_by_rule(
                agency=row.owner_agency,
                unit=row.owner_unit,
                about=row.number,
                title=f"{row.number}: not reviewed in time",
                said=f"It was to be reviewed by {row.review_by:%Y-%m-%d %H:%M} UTC.",
                due=(at + _TO_ANSWER).date(),
                author=author(row.owner_agency),
                at=at,
            )
            row.save(update_fields=["escalated_at", "escalated_to"])
            side = {"to": row.escalated_to}
            LEDGER.append([emergency_line(Event.NOTICE_ESCALATED, row, at=at, side=side)])
    return len(rows)
