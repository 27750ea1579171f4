"""Which role may call what; what of a record is told, the agreement says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tieline.core.agreement.viewer import AUDITS, Role
from tieline.keeping.releasing import RELEASERS
from tieline.systems.investigations.access import ACCESS as INVESTIGATIONS
from tieline.systems.patrol.access import ACCESS as PATROL
from tieline.wiring.marking import WRITERS

__all__ = ["ACCESS", "ANYBODY", "may_call"]

ANYBODY: Final = None
"""Without a token: the description of the API, which stands in its source as well."""
_EVERYBODY: Final = frozenset(Role)
_RECORDS: Final = _EVERYBODY - AUDITS - {Role.ADMINISTRATOR}
_ASKERS: Final = _RECORDS - {Role.PROTECTION_DESK}
_AUDIT: Final = frozenset({Role.AUDITOR})

ACCESS: Final[Mapping[str, frozenset[Role] | None]] = {
    "api:docs": ANYBODY,
    "api:nothing": ANYBODY,
    "api:v1:openapi-json": ANYBODY,
    "api:v1:api-root": ANYBODY,
    "api:v1:me": _EVERYBODY,
    "api:v1:agreement": _EVERYBODY,
    "api:v1:search": _RECORDS,
    "api:v1:record": _RECORDS,
    "api:v1:record_viewers": _RECORDS,
    "api:v1:record_links": _RECORDS,
    "api:v1:notices": _RECORDS,
    "api:v1:notice_acknowledge": _RECORDS,
    "api:v1:overlap": _RECORDS,
    # The roles of the pages on which it is asked and answered.
    "api:v1:requests": _ASKERS,
    "api:v1:request": _ASKERS,
    "api:v1:request_draft": _ASKERS,
    "api:v1:request_new": _ASKERS,
    "api:v1:request_appeal": _ASKERS,
    "api:v1:request_noted": _ASKERS,
    "api:v1:request_council": frozenset({Role.SHARING_OFFICER}),
    "api:v1:request_grant": RELEASERS,
    "api:v1:request_refuse": RELEASERS,
    "api:v1:request_stamp": RELEASERS,
    "api:v1:request_recall": RELEASERS,
    # Entered by the same roles as on the pages of each system.
    "api:v1:event_new": PATROL["patrol:event_new"],
    "api:v1:event_subject_new": PATROL["patrol:subject_new"],
    "api:v1:case_new": INVESTIGATIONS["investigations:case_new"],
    "api:v1:case_subject_new": INVESTIGATIONS["investigations:subject_new"],
    "api:v1:lookout_new": INVESTIGATIONS["investigations:lookout_new"],
    "api:v1:marks": frozenset[Role]().union(*WRITERS.values()),
    "api:v1:mark_new": frozenset[Role]().union(*WRITERS.values()),
    "api:v1:ledger": _AUDIT,
    "api:v1:who_saw": _AUDIT,
}


def may_call(name: str, role: Role) -> bool:
    """Whether an address is for this role; one that is not stated is for nobody."""
    allowed = ACCESS.get(name, frozenset())
    return allowed is ANYBODY or role in allowed
