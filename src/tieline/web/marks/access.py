"""Marks are for whoever writes records of a system; what opens more, for its supervisors."""

from __future__ import annotations

from typing import Final

from tieline.core.agreement.viewer import Role
from tieline.wiring.marking import WRITERS

__all__ = ["ACCESS"]

_ANY: Final = frozenset[Role]().union(*WRITERS.values())

ACCESS: Final[dict[str, frozenset[Role] | None]] = {
    "marks": _ANY,
    "mark_new": _ANY,
    # By whoever has a supervisor's role in this hat, if only for a while.
    "mark_approve": _ANY,
    "mark_review": _ANY,
    "mark_end": _ANY,
}
