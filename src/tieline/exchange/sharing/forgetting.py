"""Forgets what people wrote to each other of a record that was purged: in requests, in answers, in
emergencies. That it was asked, by whom, when and how it ended stays.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction

from tieline.core.retention import accounting_until
from tieline.exchange.directory.ledger import LEDGER
from tieline.exchange.sharing.models import Consent, ReleaseRequest, ToldEmergency, Voice
from tieline.keeping.databases import EXCHANGE

__all__ = ["forget_correspondence"]


def forget_correspondence(
    system: str, number: str, *, at: datetime, ordered: bool = False
) -> datetime | None:
    """Blank what was written; under a schedule that of which the five years of accounting are over
    (5 USC 552a(c)(2)), by an order all of it. Gives until when the last of it has to stay. Doing it
    again changes nothing.
    """
    with transaction.atomic(using=EXCHANGE):
        LEDGER.hold()
        asked = list(_requests(system, number, at, ordered))
        told = list(_told(system, number, at, ordered))
    return max([*asked, *told], default=None)


def _requests(system: str, number: str, at: datetime, ordered: bool) -> Iterator[datetime]:
    for row in ReleaseRequest.objects.filter(system=system, record=number):
        moments = (row.asked_at, row.answered_at, row.appealed_at)
        until = accounting_until(one for one in moments if one is not None)
        if ordered or until is None or until <= at:
            row.why = row.said = row.appeal = ""
            row.save(update_fields=["why", "said", "appeal"])
            Consent.objects.filter(request=row).update(reference="")
            Voice.objects.filter(request=row).update(why="", caveats="")
        else:
            yield until


def _told(system: str, number: str, at: datetime, ordered: bool) -> Iterator[datetime]:
    for row in ToldEmergency.objects.filter(system=system, record=number):
        until = accounting_until(one for one in (row.opened_at, row.reviewed_at) if one is not None)
        if ordered or until is None or until <= at:
            row.why = row.said = ""
            row.save(update_fields=["why", "said"])
        else:
            yield until
