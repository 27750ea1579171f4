"""Two requests of the demo: one that was refused twice and so lies before the council, and one that
its owner is to answer.

Each step is done where it is not done yet, so that a build that was stopped goes on.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from tieline.core.agreement.refusing import RefusalReason
from tieline.core.agreement.viewer import Purpose, PurposeCode, Viewer
from tieline.core.records import RecordNumber
from tieline.exchange.sharing.asking import appeal, ask, askable
from tieline.exchange.sharing.models import ReleaseRequest, RequestKind, RequestState
from tieline.wiring.sharing import refuse
from tieline.wiring.systems import doors

__all__ = ["ask_for_more"]

_DAYS: Final = timedelta(days=14)
_SYSTEM: Final = "investigations"
_MOST: Final = 2


def ask_for_more(
    overlaps: Collection[tuple[str, ...]], *, people: Mapping[str, Viewer], at: datetime
) -> None:
    """By the agent, of the investigators' records of two men of `overlaps` of whom there is more to
    be asked for; of one, where a small year has no two.
    """
    agent = people["agent"]
    rows = ReleaseRequest.objects.filter(kind=RequestKind.RELEASE, system=_SYSTEM)
    before = list(rows.order_by("id").values_list("record", "number"))
    for record, subject in overlaps:
        if len(before) < _MOST and record not in dict(before):
            number = _asked(record, _event_of(subject), agent, at=at)
            before += [(record, number)] if number else []
    if before:
        officers = people["sharing2"], people["sharing3"]
        _refused_twice(before[0][1], agent, officers, at=at)


def _event_of(subject: str) -> str:
    """An event's number, and behind it the subject's place in it."""
    return subject.rpartition("-")[0]


def _asked(record: str, event: str, agent: Viewer, *, at: datetime) -> str:
    """The request's number; blank where nothing is withheld that may be asked for."""
    purpose = Purpose(code=PurposeCode.PROCESSING, number=event)
    by: dict[str, Any] = {"viewer": agent, "purpose": purpose, "at": at}
    told = doors()[_SYSTEM].fetch(RecordNumber(record), **by).disclosure
    classes = askable(told, viewer=agent)
    if not classes:
        return ""
    about: dict[str, Any] = {"system": _SYSTEM, "why": "Whom is he with?", "due_at": at + _DAYS}
    return ask(told, classes=classes[:1], **about, **by).number


def _refused_twice(
    number: str, asker: Viewer, owners: tuple[Viewer, Viewer], *, at: datetime
) -> None:
    first, second = owners
    if _state(number) is RequestState.ASKED:
        refuse(number, RefusalReason.NO_NEED, said="For which search?", viewer=first, at=at)
    if _state(number) is RequestState.REFUSED:
        appeal(number, why="He is of the same load as two others.", viewer=asker, at=at)
    if _state(number) is RequestState.APPEALED:
        refuse(number, RefusalReason.OPERATION, said="", viewer=second, at=at)


def _state(number: str) -> RequestState:
    return RequestState(ReleaseRequest.objects.get(number=number).state)
