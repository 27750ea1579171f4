"""Redress officers alone; each what his agency entered or decides."""

from __future__ import annotations

from typing import Final

from tieline.core.agreement.viewer import Role

__all__ = ["ACCESS"]

_OFFICERS: Final = frozenset({Role.REDRESS})

ACCESS: Final[dict[str, frozenset[Role] | None]] = {
    "redress": _OFFICERS,
    "redress_new": _OFFICERS,
    "redress_matter": _OFFICERS,
    "redress_take": _OFFICERS,
    "redress_decide": _OFFICERS,
    "redress_disagree": _OFFICERS,
}
