"""The circle of 8 USC 1367(a)(2) and 8 CFR 208.6: person and department, not role."""

from __future__ import annotations

from typing import Final

from tieline.core.agreement.viewer import Role, Viewer

__all__ = ["CIRCLE", "in_circle", "is_protection_desk"]

CIRCLE: Final = ("DHS", "DOJ", "STATE")
"""The departments whose sworn officers and employees 8 USC 1367(a)(2) and 8 CFR 208.6 name."""


def in_circle(viewer: Viewer) -> bool:
    """Contractors, local officers of a task force and foreign members stay outside, whatever role
    they were given (P14).
    """
    return viewer.department in CIRCLE and (viewer.sworn or viewer.employee)


def is_protection_desk(viewer: Viewer) -> bool:
    """Whether this is the protection desk of the viewer's agency: the role alone does not do."""
    return Role.PROTECTION_DESK in {viewer.role, *viewer.roles} and in_circle(viewer)
