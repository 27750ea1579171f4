"""Desks are told of a custody once, wherever between the booking and the telling one is killed."""

from __future__ import annotations

import signal
import subprocess
from datetime import timedelta
from typing import Any, Final

import pytest
from django.db import connections
from tests.ledgers import rows_of
from tests.people import AGENT, AT, INVESTIGATOR
from tests.systems.investigations.scene import OPEN, a_case, a_person
from tests.systems.patrol.scene import a_subject, an_event
from tests.wiring.way import begin

from tieline.core.ledger.events import Event
from tieline.keeping.custody_news import CustodyNews
from tieline.keeping.keeper import Keeper
from tieline.keeping.told_custodies import ToldCustody
from tieline.systems.investigations import desk as investigations
from tieline.systems.investigations.cases.opening import open_case
from tieline.systems.investigations.subjects.adding import add_subject as add_to_case
from tieline.systems.patrol import desk as patrol
from tieline.systems.patrol.events.opening import open_event
from tieline.systems.patrol.subjects.adding import add_subject
from tieline.systems.patrol.subjects.subject import Subject

from .carried import asked

pytestmark = [
    pytest.mark.database,
    pytest.mark.django_db(databases="__all__", transaction=True),
]

_WIRING: Final = "tieline.wiring.custodies"
STEPS: Final[dict[str, tuple[str, str]]] = {
    "before anybody is told": ("before", f"{_WIRING}:_told"),
    "as the desk is told": ("after", f"{_WIRING}:tell_of_custody"),
    "the desk told": ("after", f"{_WIRING}:_told"),
    "all told": ("after", f"{_WIRING}:_tell_of"),
}
"""Between the booking and the moment at which nothing waits; in a transaction its last moment."""


def booked_in() -> tuple[str, str]:
    """A custody of the patrol, and the record of the investigators that protects its person."""
    begin()
    alien = {"a_number": "A089555111"}
    theirs = {"author": INVESTIGATOR, "at": AT}
    case = open_case(investigations.at_work(), a_case(), **theirs).number
    flags: dict[str, Any] = {"protections": {**OPEN, "section_1367": True}}
    kept = add_to_case(investigations.at_work(), a_person(case, **alien, **flags), **theirs)
    ours = {"author": AGENT, "at": AT}
    event = open_event(patrol.at_work(), an_event(), **ours).number
    draft = a_subject(event, booked_in_at=AT - timedelta(hours=1), **alien)
    return add_subject(patrol.at_work(), draft, **ours).number, kept.number


def tell(carrying: subprocess.Popen[str], **how: Any) -> int:
    # Whoever forks has nothing open: a connection of before would be two processes'.
    connections.close_all()
    code, _ = asked(carrying, {"act": "tell desks", "day": 0, **how})
    return code


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("nth", [1, 2])
def test_killed_at_a_step_the_desk_is_told_once(
    step: str, nth: int, carrying: subprocess.Popen[str]
) -> None:
    met, kept = booked_in()
    when, at = STEPS[step]
    died = tell(carrying, at=at, when=when, nth=nth)
    # One custody waits, so only what is done for each system is done a second time.
    assert died == (0 if (step, nth) == ("all told", 2) else -signal.SIGKILL)
    assert tell(carrying) == 0
    (row,) = ToldCustody.objects.using("investigations").filter(record=kept)
    assert (row.about, row.ended_at) == (met, None)
    entries = rows_of("investigations").filter(event=Event.CUSTODY_BEGUN, record=kept)
    assert entries.count() == 1
    assert not CustodyNews.objects.using("patrol").exists()


def test_a_booking_that_was_not_kept_is_told_to_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """The news stands or falls with the record, in one transaction."""
    begin()
    event = open_event(patrol.at_work(), an_event(), author=AGENT, at=AT).number

    def fail(*_given: Any) -> None:
        raise RuntimeError("the machine stops here")

    monkeypatch.setattr(Keeper, "_take_back", fail)
    draft = a_subject(event, booked_in_at=AT - timedelta(hours=1))
    with pytest.raises(RuntimeError):
        add_subject(patrol.at_work(), draft, author=AGENT, at=AT)
    assert not Subject.objects.filter(event=event).exists()
    assert not CustodyNews.objects.using("patrol").exists()
