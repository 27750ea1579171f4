"""Administrators alone; and each only the units of his own agency."""

from __future__ import annotations

from typing import Final

from tieline.core.agreement.viewer import Role

__all__ = ["ACCESS"]

_ADMINISTRATORS: Final = frozenset({Role.ADMINISTRATOR})

ACCESS: Final[dict[str, frozenset[Role] | None]] = {
    "units": _ADMINISTRATORS,
    "unit": _ADMINISTRATORS,
    "unit_new": _ADMINISTRATORS,
    "unit_rename": _ADMINISTRATORS,
    "duty_new": _ADMINISTRATORS,
    "duty_end": _ADMINISTRATORS,
}
