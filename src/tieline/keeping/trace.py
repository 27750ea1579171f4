"""The number of the request that is being answered, for log lines and ledger entries alike."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Final

__all__ = ["request_number"]

request_number: Final[ContextVar[str | None]] = ContextVar("request_number", default=None)
"""32 signs of hex, or None outside a request."""
