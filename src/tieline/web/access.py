"""Who may open which address, stated once for each; one that is not stated opens for nobody."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any, Final

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse

from tieline.core.agreement.viewer import Role
from tieline.web import errors

__all__ = ["ACCESS", "ANYBODY", "SIGNED_IN", "StatedAccess"]

log = logging.getLogger(__name__)

ANYBODY: Final = None
"""Without sign-in: the sign-in itself, and the checks of health, which tell nothing."""
SIGNED_IN: Final = frozenset(Role)
RECORDS: Final = SIGNED_IN - {Role.ADMINISTRATOR, Role.AUDITOR}
"""Those whose work is with records; what of them they see, the agreement says."""

ACCESS: Final[Mapping[str, frozenset[Role] | None]] = {
    "account_login": ANYBODY,
    "account_logout": SIGNED_IN,
    "healthz": ANYBODY,
    "readyz": ANYBODY,
    "home": SIGNED_IN,
}


class StatedAccess:
    """Asks the list before any view is called."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._get_response(request)

    def process_view(
        self, request: Any, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        name = request.resolver_match.view_name
        if name not in ACCESS:
            return errors.not_found(request)
        allowed = ACCESS[name]
        if allowed is ANYBODY:
            return None
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if request.viewer is None and name != "account_logout":
            return errors.refused(request, "You have no assignment that holds now.")
        if request.viewer is not None and request.viewer.role not in allowed:
            return errors.refused(request, "Your role does not open this page.")
        return None
