"""Auditors raise and close, supervisors answer; each only what is of his own agency or unit. A
department's auditors look at its agencies, the inspector general at all; they raise nothing.
"""

from __future__ import annotations

from typing import Final

from tieline.core.agreement.viewer import AUDITS, Role

__all__ = ["ACCESS"]

_AUDITORS: Final = frozenset({Role.AUDITOR})
_BOTH: Final = frozenset({Role.AUDITOR, Role.SUPERVISOR})

ACCESS: Final[dict[str, frozenset[Role] | None]] = {
    "outliers": AUDITS,
    "watches": AUDITS,
    "watch_new": AUDITS,
    "watches_end": AUDITS,
    "findings": _BOTH,
    "finding": _BOTH,
    "finding_new": _AUDITORS,
    "finding_answer": frozenset({Role.SUPERVISOR}),
    "finding_return": _AUDITORS,
    "finding_close": _AUDITORS,
}
