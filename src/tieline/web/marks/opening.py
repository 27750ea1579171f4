"""An own record whose marks somebody may look at, as each page of them needs it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, cast

from django.http import HttpRequest, HttpResponse

from tieline.accounts.hats import HattedRequest
from tieline.core.agreement.viewer import PurposeCode, Viewer
from tieline.keeping.desk import Desk
from tieline.keeping.marking import NoSuchMark, one_mark
from tieline.keeping.marks import MarkRow
from tieline.keeping.records import KeptRecord
from tieline.systems.pages.looks import look_at_own
from tieline.web import errors
from tieline.wiring.marking import DESKS, WRITERS

__all__ = ["Opened", "opened", "opened_mark"]

_WORK: Final = {"patrol": PurposeCode.PROCESSING, "investigations": PurposeCode.INVESTIGATION}


@dataclass(frozen=True, slots=True)
class Opened:
    """The record, through its door, and who stands before it."""

    system: str
    number: str
    desk: Desk
    record: KeptRecord
    viewer: Viewer


def opened(request: HttpRequest, system: str, number: str) -> Opened | HttpResponse:
    """The record for its owner's people who write there; to all others what any page of it says:
    of a hidden one as of none.
    """
    hatted = cast(HattedRequest, request)
    viewer = hatted.viewer
    if viewer is None:
        return errors.refused(request, errors.NO_HAT)
    if system not in DESKS or viewer.role not in WRITERS[system]:
        return errors.nothing(request)
    desk = DESKS[system]()
    seen = look_at_own(hatted, desk, number, kinds=desk.keeper.by_kind, work=_WORK[system])
    if isinstance(seen, HttpResponse):
        return seen
    record = desk.keeper.find(number)
    if record is None:
        # Destroyed in between.
        return errors.nothing(request)
    return Opened(system, number, desk, record, viewer)


def opened_mark(
    request: HttpRequest, system: str, number: str, mark: str
) -> tuple[Opened, MarkRow] | HttpResponse:
    """The same with one of its marks."""
    found = opened(request, system, number)
    if isinstance(found, HttpResponse):
        return found
    try:
        return found, one_mark(found.desk, number, mark)
    except NoSuchMark:
        return errors.nothing(request)
