"""Who may open which page of this system; what of a record they see, the agreement says."""

from __future__ import annotations

from typing import Final

from tieline.core.agreement.viewer import AUDITS, Role

__all__ = ["ACCESS"]

_READERS: Final = frozenset(Role) - AUDITS - {Role.ADMINISTRATOR}
_WRITERS: Final = frozenset({Role.INVESTIGATOR, Role.SUPERVISOR})

ACCESS: Final[dict[str, frozenset[Role]]] = {
    "investigations:cases": _READERS,
    "investigations:case": _READERS,
    "investigations:case_new": _WRITERS,
    "investigations:case_change": _WRITERS,
    "investigations:subject_new": _WRITERS,
    "investigations:subject_correct": _WRITERS,
    "investigations:lookout_new": _WRITERS,
    "investigations:lookout_activate": _WRITERS,
    "investigations:lookout_renew": _WRITERS,
    "investigations:lookout_cancel": _WRITERS,
    "investigations:protect": _WRITERS | {Role.PROTECTION_DESK},
}
