"""A unit as such: as whom the agreement is asked when nobody in particular is told."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from tieline.core.agreement.viewer import Role, Viewer
from tieline.exchange.directory.models import Agency

__all__ = ["unit_viewer"]

_ALWAYS: Final = datetime.max.replace(tzinfo=UTC)


def unit_viewer(*, agency: str, unit: str) -> Viewer:
    """Sworn agents of the agency's department, their training not lapsed.

    Who opens what the unit was told is asked about anew, as the person he is. An agency that the
    directory does not know has neither department nor oath, and so is told of its own alone.
    """
    department = Agency.objects.filter(code=agency).values_list("department", flat=True).first()
    known = department is not None
    return Viewer(
        # No number and no assignment: no entry of the ledger may name a unit as one who looked.
        number="",
        agency=agency,
        unit=unit,
        role=Role.AGENT,
        assignment="",
        department=department or "",
        sworn=known,
        employee=known,
        trained_until=_ALWAYS,
    )
