"""In whose name a node itself writes: nobody's, of the agency that owns the record."""

from __future__ import annotations

from tieline.core.agreement.viewer import Role, Viewer

__all__ = ["nobody_of"]


def nobody_of(agency: str, *, number: str, unit: str) -> Viewer:
    """Neither sworn nor employed nor trained: it writes what is its agency's own, and no more."""
    return Viewer(
        number=number,
        agency=agency,
        unit=unit,
        role=Role.AGENT,
        assignment="AS-0",
        department="",
        sworn=False,
        employee=False,
        trained_until=None,
    )
