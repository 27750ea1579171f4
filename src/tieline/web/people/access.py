"""Administrators alone; and each only the people of his own agency."""

from __future__ import annotations

from typing import Final

from tieline.core.agreement.viewer import Role

__all__ = ["ACCESS"]

_ADMINISTRATORS: Final = frozenset({Role.ADMINISTRATOR})

ACCESS: Final[dict[str, frozenset[Role] | None]] = {
    "people": _ADMINISTRATORS,
    "person": _ADMINISTRATORS,
    "person_new": _ADMINISTRATORS,
    "person_lock": _ADMINISTRATORS,
    "person_unlock": _ADMINISTRATORS,
    "person_password": _ADMINISTRATORS,
    "assignment_new": _ADMINISTRATORS,
    "assignment_end": _ADMINISTRATORS,
}
