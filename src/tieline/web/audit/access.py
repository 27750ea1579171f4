"""Auditors, each only what concerns his own agency; a department's, what concerns its agencies; and
the inspector general, all of it.
"""

from __future__ import annotations

from typing import Final

from tieline.core.agreement.viewer import AUDITS, Role

__all__ = ["ACCESS", "AUDITORS"]

AUDITORS: Final = frozenset({Role.AUDITOR})

ACCESS: Final[dict[str, frozenset[Role] | None]] = {
    "ledger": AUDITS,
    "ledger_export": AUDITS,
    "who_saw": AUDITS,
    "receipts": AUDITS,
    "audit_reviews": AUDITS,
    "audit_review": AUDITS,
    "audit_review_new": AUDITS,
    "audit_review_sign": AUDITS,
    "audit_review_end": AUDITS,
}
