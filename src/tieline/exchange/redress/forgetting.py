"""Forgets what people wrote to a redress officer, and what was written of them: that somebody
asked, what for, when and how it ended stays.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from tieline.core.agreement.viewer import Viewer
from tieline.core.ledger.events import Event
from tieline.exchange.directory.ledger import LEDGER
from tieline.exchange.redress.models import Matter
from tieline.keeping.databases import EXCHANGE
from tieline.keeping.ledger import line

__all__ = ["SYSTEM", "forget_letter", "letters_of"]

SYSTEM = "exchange"
"""Who keeps letters, where records are named by the system that keeps them."""


def letters_of(agency: str) -> QuerySet[Matter]:
    """Matters that the agency decides, of which there are words still."""
    return Matter.objects.filter(decides=agency).exclude(said="").order_by("number")


def forget_letter(number: str, *, order: str = "", author: Viewer | None, at: datetime) -> bool:
    """Blank name, address and words of a matter and of all its steps; whether there were any. Doing
    it again changes nothing.
    """
    with transaction.atomic(using=EXCHANGE):
        LEDGER.hold()
        matter = Matter.objects.filter(number=number).exclude(said="").first()
        if matter is None:
            return False
        matter.person = matter.reply_to = matter.said = matter.record = matter.redress = ""
        matter.save(update_fields=["person", "reply_to", "said", "record", "redress"])
        matter.steps.update(said="")
        said = line(
            Event.RECORD_PURGED,
            at=at,
            viewer=author,
            keeper=SYSTEM,
            record=number,
            owner=matter.decides,
            side={"order": order} if order else None,
        )
        LEDGER.append([said])
    return True
