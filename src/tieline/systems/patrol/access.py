"""Who may open which page of this system; what of a record they see, the agreement says."""

from __future__ import annotations

from typing import Final

from tieline.core.agreement.viewer import AUDITS, Role

__all__ = ["ACCESS"]

_READERS: Final = frozenset(Role) - AUDITS - {Role.ADMINISTRATOR}
_WRITERS: Final = frozenset({Role.AGENT, Role.SUPERVISOR})

ACCESS: Final[dict[str, frozenset[Role]]] = {
    "patrol:events": _READERS,
    "patrol:event": _READERS,
    "patrol:event_new": _WRITERS,
    "patrol:event_correct": _WRITERS,
    "patrol:subject_new": _WRITERS,
    "patrol:subject_correct": _WRITERS,
    "patrol:subject_clearance": _WRITERS,
    "patrol:protect": _WRITERS | {Role.PROTECTION_DESK},
}
