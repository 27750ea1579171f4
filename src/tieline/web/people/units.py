"""Units and department of an agency, as the exchange's directory has them."""

from __future__ import annotations

import logging

from django.db import Error

from tieline.core.errors import TielineError
from tieline.exchange.directory.models import Agency, Unit

__all__ = ["DirectoryAway", "department_of", "units_of"]

log = logging.getLogger(__name__)


class DirectoryAway(TielineError):
    """The exchange's directory cannot be read, and what it says is never guessed."""

    exit_code = 4

    def __init__(self, error: Error) -> None:
        super().__init__("the directory does not answer", cure="Try again in a minute.")
        log.error("the directory cannot be read: %s", type(error).__name__)


def units_of(agency: str) -> list[tuple[str, str]]:
    """To choose from: code, and code with name."""
    try:
        rows = Unit.objects.filter(agency__code=agency).order_by("code")
        known = list(rows.values_list("code", "name"))
    except Error as error:
        raise DirectoryAway(error) from None
    return [(code, code if code == name else f"{code} · {name}") for code, name in known]


def department_of(agency: str) -> str:
    """Blank for an agency that the directory does not know: its people are in no circle then."""
    try:
        rows = Agency.objects.filter(code=agency)
        return rows.values_list("department", flat=True).first() or ""
    except Error as error:
        raise DirectoryAway(error) from None
