"""The exchange's own ledger."""

from __future__ import annotations

from typing import Final

from tieline.keeping.databases import EXCHANGE
from tieline.keeping.ledger import Ledger

__all__ = ["LEDGER"]

LEDGER: Final = Ledger(EXCHANGE, "exchange")
