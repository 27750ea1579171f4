"""Auditors, each only what concerns his own agency; and the inspector general, all of it."""

from __future__ import annotations

from typing import Final

from tieline.core.agreement.viewer import Role

__all__ = ["ACCESS", "AUDITORS"]

AUDITORS: Final = frozenset({Role.AUDITOR})
_BOTH: Final = AUDITORS | {Role.INSPECTOR}

ACCESS: Final[dict[str, frozenset[Role] | None]] = {
    "ledger": _BOTH,
    "ledger_export": _BOTH,
    "who_saw": _BOTH,
    "receipts": _BOTH,
    "audit_reviews": _BOTH,
    "audit_review": _BOTH,
    "audit_review_new": _BOTH,
    "audit_review_sign": _BOTH,
    "audit_review_end": _BOTH,
}
