"""Auditors alone; and each only what concerns his own agency."""

from __future__ import annotations

from typing import Final

from tieline.core.agreement.viewer import Role

__all__ = ["ACCESS"]

ACCESS: Final[dict[str, frozenset[Role] | None]] = {
    "ledger": frozenset({Role.AUDITOR}),
    "who_saw": frozenset({Role.AUDITOR}),
}
