"""Auditors raise and close, supervisors answer; each only what is of his own agency or unit. The
inspector general looks at all agencies, and raises nothing.
"""

from __future__ import annotations

from typing import Final

from tieline.core.agreement.viewer import Role

__all__ = ["ACCESS"]

_AUDITORS: Final = frozenset({Role.AUDITOR})
_BOTH: Final = frozenset({Role.AUDITOR, Role.SUPERVISOR})
_EXAMINERS: Final = frozenset({Role.AUDITOR, Role.INSPECTOR})

ACCESS: Final[dict[str, frozenset[Role] | None]] = {
    "outliers": _EXAMINERS,
    "watches": _EXAMINERS,
    "watch_new": _EXAMINERS,
    "watches_end": _EXAMINERS,
    "findings": _BOTH,
    "finding": _BOTH,
    "finding_new": _AUDITORS,
    "finding_answer": frozenset({Role.SUPERVISOR}),
    "finding_return": _AUDITORS,
    "finding_close": _AUDITORS,
}
