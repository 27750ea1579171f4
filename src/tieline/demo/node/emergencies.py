"""Two emergencies: one that a supervisor is to confirm, and one that is over, to be reviewed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from tieline.core.agreement.emergencies import Danger
from tieline.core.agreement.viewer import Purpose, PurposeCode, Viewer
from tieline.demo.world.cast import CAST
from tieline.keeping.breaking import GlassRefused, Plea
from tieline.keeping.emergencies import EmergencyRow
from tieline.systems.investigations.cases.case import Case
from tieline.wiring.emergencies import close_emergency, open_in_emergency, tell_emergencies

__all__ = ["open_emergencies"]

_SYSTEM: Final = "investigations"
_WHO: Final = "agent"
_WHOSE: Final = "TU"
"""The office whose supervisor is of the cast."""
_DANGERS: Final = (
    (Danger.CONFINED, "A locked trailer at the yard, and knocking from within."),
    (Danger.HELD, "He calls from a house and says that they are not let go."),
)


def open_emergencies(*, at: datetime) -> None:
    """Those that there are not yet: a build that was stopped goes on."""
    agent = next(one for one in CAST if one.username == _WHO).viewer()
    for danger, why in _DANGERS:
        rows = EmergencyRow.objects.using(_SYSTEM).filter(danger=danger.value)
        before = rows.values_list("number", flat=True).first()
        number = before or _opened(danger, why, agent, at)
        if number and danger is Danger.CONFINED:
            close_emergency(number, why="All were got out.", viewer=agent, at=at)
    tell_emergencies(at=at)


def _opened(danger: Danger, why: str, agent: Viewer, at: datetime) -> str:
    """Of the first case that a danger opens to him; blank in a year without one."""
    purpose = Purpose(code=PurposeCode.OFFICER_SAFETY, reason=why)
    for record in _cases():
        plea = Plea(record=record, danger=danger, why=why, case="")
        try:
            return open_in_emergency(_SYSTEM, plea, viewer=agent, purpose=purpose, at=at)
        except GlassRefused:
            continue
    return ""


def _cases() -> Iterator[str]:
    opened = list(EmergencyRow.objects.using(_SYSTEM).values_list("record", flat=True))
    rows = Case._default_manager.using(_SYSTEM).filter(owning_unit=_WHOSE)
    rows = rows.exclude(number__in=opened)
    yield from rows.order_by("-number").values_list("number", flat=True).iterator()
