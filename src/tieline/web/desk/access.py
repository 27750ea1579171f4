"""The desk answers; of what is for one unit alone, that unit's supervisor does (P14)."""

from __future__ import annotations

from typing import Final

from tieline.core.agreement.viewer import Role

__all__ = ["ACCESS"]

_DESK: Final = frozenset({Role.PROTECTION_DESK})
_ANSWER: Final = frozenset({Role.PROTECTION_DESK, Role.SUPERVISOR})

ACCESS: Final[dict[str, frozenset[Role] | None]] = {
    "desk": _ANSWER,
    "desk_custody": _ANSWER,
    "desk_custody_called": _ANSWER,
    "desk_hold": _ANSWER,
    "desk_hold_called": _ANSWER,
    "desk_hold_clear": _ANSWER,
    "desk_precautions": _DESK,
    "desk_precaution_end": _DESK,
    "desk_shown": _DESK,
    "desk_sources": _DESK,
    "desk_source_end": _DESK,
}
