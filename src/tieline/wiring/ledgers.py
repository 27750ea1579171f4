"""Every ledger of the node, by the name of whose it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final

from django.db import transaction

from tieline.core.ledger.events import Event
from tieline.keeping.databases import ACCOUNTS, EXCHANGE
from tieline.keeping.ledger import Ledger, line

__all__ = ["LEDGERS", "exported"]

LEDGERS: Final[Mapping[str, Ledger]] = {
    "patrol": Ledger("patrol", "patrol"),
    "investigations": Ledger("investigations", "investigations"),
    "partner": Ledger("partner", "partner"),
    "exchange": Ledger(EXCHANGE, "exchange"),
    "accounts": Ledger(ACCOUNTS, "accounts"),
}


def exported(system: str, *, at: datetime) -> Iterator[bytes]:
    """The lines of a ledger's export, while others go on writing: it ends where it ended then.

    That it was exported is the last entry of it. No person is named: whoever may call commands on
    the node's machine is known to that machine alone.
    """
    ledger = LEDGERS[system]
    with transaction.atomic(using=ledger.database):
        ledger.append([line(Event.LEDGER_EXPORTED, at=at)])
    yield from ledger.exported()
