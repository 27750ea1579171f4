"""What happened lately in the demo: a value that was corrected after it was shown, a copy, a stamp.

Each step is done where it is not done yet, so that a build that was stopped goes on.
"""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from tieline.core.agreement.viewer import Purpose, PurposeCode, Viewer
from tieline.core.records import FieldClass, RecordNumber
from tieline.demo.node.asked import ask_for_more
from tieline.demo.world.world import World
from tieline.exchange.index.relay import relay_once
from tieline.exchange.sharing.asking import ask
from tieline.exchange.sharing.models import ReleaseRequest, RequestKind, RequestState
from tieline.exchange.sharing.verifying import ask_stamp
from tieline.keeping.copies import CopyForm, CopyRow
from tieline.keeping.copying import make_copy
from tieline.keeping.records import PROTECTIONS
from tieline.keeping.rows import LedgerRow
from tieline.keeping.stamps import StampAnswer
from tieline.systems.patrol import desk as patrol_desk
from tieline.systems.patrol.subjects.adding import correct_subject
from tieline.wiring.correcting import send_corrections
from tieline.wiring.sharing import grant
from tieline.wiring.stamping import put_stamp, to_be_stamped
from tieline.wiring.systems import doors

__all__ = ["happen"]

_DAYS: Final = timedelta(days=14)
_STREET: Final = "Invented Street 21, Phoenix AZ"


def happen(world: World, *, at: datetime) -> None:
    """Between an investigator and the patrol, over two men whom both know."""
    at = max(at, datetime.now(UTC))
    people = {one.username: one.viewer() for one in world.people}
    known = [one.records for one in world.scenes if one.name == "overlap"]
    (person, corrected), *others = known
    copied = next((number for _, number in others if _may_be_told(number)), None)
    (case,) = {
        getattr(one.draft, "case", "") for one in world.investigations if one.draft.number == person
    }
    purpose = Purpose(code=PurposeCode.INVESTIGATION, number=case)
    by: dict[str, Any] = {"viewer": people["investigator"], "purpose": purpose, "at": at}
    _correct(corrected, by, author=people["agent"], at=at)
    if copied is not None:
        _copy(copied, by, owner=people["sharing"], at=at)
        _stamp(copied, by, owner=people["sharing"], at=at)
    ask_for_more(known, people=people, at=at)


def _may_be_told(number: str) -> bool:
    """Whether nothing protects the record: a small year may have few such men."""
    kept = doors()["patrol"].keeper.find(number)
    return kept is not None and all(getattr(kept, name) is False for name in PROTECTIONS)


def _correct(number: str, by: dict[str, Any], *, author: Viewer, at: datetime) -> None:
    looks = LedgerRow.objects.using("patrol").filter(record=number, viewer=by["viewer"].number)
    doors()["patrol"].keeper.ledger.number_staged()
    if not looks.exists():
        doors()["patrol"].fetch(RecordNumber(number), **by)
    kept = doors()["patrol"].keeper.find(number)
    if kept is not None and kept.version == 1:
        changes = {"intended_address": _STREET}
        desk = patrol_desk.at_work()
        correct_subject(desk, number, changes, why="Digits swapped.", author=author, at=at)
    relay_once(doors(), at=at, rng=random.Random())  # noqa: S311 - for pauses alone
    send_corrections(at=at)


def _copy(number: str, by: dict[str, Any], *, owner: Viewer, at: datetime) -> None:
    door = doors()["patrol"]
    asked = ReleaseRequest.objects.filter(kind=RequestKind.RELEASE, record=number).first()
    if asked is None:
        told = door.fetch(RecordNumber(number), **by).disclosure
        about = {"system": "patrol", "why": "For the case file.", "due_at": at + _DAYS, **by}
        asked = ask(told, classes=(), copies=True, **about)
    if RequestState(asked.state).waits:
        until = {"expires_at": at + _DAYS, "caveats": "For the case file alone."}
        grant(asked.number, classes=(), copies=True, viewer=owner, at=at, **until)  # type: ignore[arg-type]
    if not CopyRow.objects.using("patrol").filter(record=number).exists():
        make_copy(door, number, CopyForm.PAGE, **by)


def _stamp(number: str, by: dict[str, Any], *, owner: Viewer, at: datetime) -> None:
    asked = ReleaseRequest.objects.filter(kind=RequestKind.STAMP, record=number).first()
    if asked is None:
        told = doors()["patrol"].fetch(RecordNumber(number), **by).disclosure
        about = {"system": "patrol", "why": "For an affidavit.", "due_at": at + _DAYS, **by}
        wanted = (FieldClass.IDENTITY, FieldClass.APPREHENSION)
        asked = ask_stamp(told, classes=wanted, **about)
    if RequestState(asked.state).waits:
        _, version, classes = to_be_stamped(asked.number, viewer=owner, at=at)
        answers = dict.fromkeys(classes, StampAnswer.STAMPED)
        put_stamp(asked.number, answers, version=version, viewer=owner, at=at)
