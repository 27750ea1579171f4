"""Who may open which address, stated once for each; one that is not stated opens for nobody."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any, Final

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse

from tieline.core.agreement.viewer import AUDITS, Role
from tieline.keeping.releasing import RELEASERS
from tieline.systems.investigations.access import ACCESS as INVESTIGATIONS
from tieline.systems.patrol.access import ACCESS as PATROL
from tieline.web import errors
from tieline.web.account.access import ACCESS as ACCOUNT
from tieline.web.audit.access import ACCESS as AUDIT
from tieline.web.desk.access import ACCESS as DESK
from tieline.web.marks.access import ACCESS as MARKS
from tieline.web.oversight.access import ACCESS as OVERSIGHT
from tieline.web.people.access import ACCESS as PEOPLE
from tieline.web.redress.access import ACCESS as REDRESS
from tieline.web.units.access import ACCESS as UNITS
from tieline.web.unsent import given_back

__all__ = [
    "ACCESS",
    "ANSWERS",
    "ANYBODY",
    "ASKERS",
    "JUDGES",
    "RECORDS",
    "SHARING_OFFICERS",
    "SIGNED_IN",
    "TOLD_OF_EMERGENCIES",
    "StatedAccess",
    "may_open",
]

log = logging.getLogger(__name__)

ANYBODY: Final = None
"""Without sign-in: the sign-in itself, and the checks of health, which tell nothing."""
SIGNED_IN: Final = frozenset(Role)
RECORDS: Final = SIGNED_IN - AUDITS - {Role.ADMINISTRATOR}
"""Those whose work is with records; what of them they see, the agreement says."""
JUDGES: Final = frozenset(
    {Role.AGENT, Role.INVESTIGATOR, Role.SUPERVISOR, Role.ANALYST, Role.WATCH_DESK}
)
"""Those before whom links are put, one after the other, to be judged."""
ANSWERS: Final = frozenset({Role.SUPERVISOR, Role.SHARING_OFFICER, Role.PROTECTION_DESK})
"""Those who answer for what others are told of their agency's records."""
ASKERS: Final = RECORDS - {Role.PROTECTION_DESK}
"""Those who ask an owner for more than they are told."""
SHARING_OFFICERS: Final = frozenset({Role.SHARING_OFFICER})
"""Those who say for an agency whether what it gave to another may go on."""

TOLD_OF_EMERGENCIES: Final = ASKERS | {Role.AUDITOR}
"""Those who open a record because a life is in danger, and those who confirm, see and review it."""

_API: Final = "api"
"""Has a list and a door of its own (`tieline.api.access`): tokens open it, never a session."""

ACCESS: Final[Mapping[str, frozenset[Role] | None]] = {
    "healthz": ANYBODY,
    "readyz": ANYBODY,
    "home": SIGNED_IN,
    "agreement": SIGNED_IN,
    "agreement_compare": frozenset({Role.SHARING_OFFICER, Role.SUPERVISOR}),
    "search": RECORDS,
    "record": RECORDS,
    "record_history": RECORDS,
    "record_seers": ANSWERS,
    "notices": RECORDS,
    "notice_acknowledge": RECORDS,
    "overlap": RECORDS,
    "overlap_judge": RECORDS,
    "review": JUDGES,
    "review_together": JUDGES,
    "overlap_review": JUDGES,
    "overlap_review_judge": JUDGES,
    "overlap_review_second": JUDGES,
    "events": RECORDS,
    "requests": ASKERS,
    "request": ASKERS,
    "request_new": ASKERS,
    "stamp_new": ASKERS,
    "request_stamp": RELEASERS,
    "request_appeal": ASKERS,
    "request_noted": ASKERS,
    "request_grant": RELEASERS,
    "request_refuse": RELEASERS,
    "request_consent": RELEASERS,
    "request_council": SHARING_OFFICERS,
    "releases": RELEASERS,
    "release_recall": RELEASERS,
    "emergency_new": ASKERS,
    "emergencies": TOLD_OF_EMERGENCIES,
    "emergency": TOLD_OF_EMERGENCIES,
    # By whoever has a supervisor's role in this hat, if only for a while.
    "emergency_confirm": ASKERS,
    "emergency_seen": RELEASERS,
    "emergency_close": ASKERS,
    "emergency_review": frozenset({Role.AUDITOR, Role.SHARING_OFFICER}),
    "record_copy": RECORDS,
    "copies": RECORDS,
    "copy_destroyed": RECORDS,
    "copy_recall": RELEASERS,
    "shown": RELEASERS,
    "corrections": RECORDS,
    "correction_acknowledge": RECORDS,
    "corrections_told": RELEASERS,
    "consent": SHARING_OFFICERS,
    "consent_answer": SHARING_OFFICERS,
    **ACCOUNT,
    **AUDIT,
    **DESK,
    **INVESTIGATIONS,
    **MARKS,
    **OVERSIGHT,
    **PATROL,
    **PEOPLE,
    **REDRESS,
    **UNITS,
}


def may_open(name: str, role: Role) -> bool:
    """Whether the page is for this role; what is on it, the agreement says."""
    allowed = ACCESS.get(name, frozenset())
    return allowed is ANYBODY or role in allowed


class StatedAccess:
    """Asks the list before any view is called."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._get_response(request)

    def process_view(
        self, request: Any, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        found = request.resolver_match
        if found.namespaces[:1] == [_API]:
            return None
        name = found.view_name
        if name not in ACCESS:
            return errors.not_found(request)
        allowed = ACCESS[name]
        if allowed is ANYBODY:
            return None
        if not request.user.is_authenticated:
            return given_back(request) or redirect_to_login(request.get_full_path())
        if request.viewer is None and name != "account_logout":
            return errors.refused(request, errors.NO_HAT)
        if request.viewer is not None and request.viewer.role not in allowed:
            return errors.refused(request, errors.OTHER_ROLE)
        return None
