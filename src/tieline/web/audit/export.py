"""The rows of an audit page as a file."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tieline.accounts.hats import HattedRequest
from tieline.core.errors import TielineError
from tieline.ui.parts import Refusal
from tieline.web import errors
from tieline.web.audit.views import asked_of
from tieline.wiring.extract import Form, extract

__all__ = ["ledger_export"]

_TYPES = {Form.CSV: "text/csv; charset=utf-8", Form.JSON: "application/x-ndjson"}


@require_safe
@never_cache
def ledger_export(request: HttpRequest) -> HttpResponse:
    """All rows of what was asked on the ledger's page, not those of one page alone."""
    hatted = cast(HattedRequest, request)
    viewer = hatted.viewer
    if viewer is None:
        return errors.refused(request, errors.NO_HAT)
    form = Form.JSON if request.GET.get("format") == Form.JSON else Form.CSV
    try:
        made = extract(
            asked_of(request.GET),
            viewer,
            form=form,
            zone=timezone.get_current_timezone(),
            at=hatted.at,
        )
    except TielineError as error:
        rule = f"{error.what[:1].upper()}{error.what[1:]}."
        refusal = Refusal(what=_("Nothing was exported"), rule=rule, cure=error.cure)
        return errors.told(request, refusal, status=503 if error.exit_code == 4 else 422)
    answer = HttpResponse(made.data, content_type=_TYPES[form])
    name = f"ledger-{hatted.at:%Y%m%dT%H%M%SZ}-{made.digest[:8]}.{form.value}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
