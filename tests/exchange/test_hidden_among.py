"""What is hidden among notices and links takes nobody's place: no list, count or mark changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from tests.people import AT, CASE, INVESTIGATOR

from tieline.core.agreement.clauses import Agreement, Clause
from tieline.core.agreement.viewer import Viewer
from tieline.exchange.index.overlap import links_of
from tieline.exchange.notices import inbox as inboxes
from tieline.exchange.notices.inbox import inbox, waiting
from tieline.exchange.review import queue as queues
from tieline.exchange.review.queue import Asked, Which, queue
from tieline.keeping.agreements import in_force
from tieline.keeping.databases import EXCHANGE
from tieline.reference.agreement import model_agreement

from .scene import directory, of_case, pointer, put_in_force, told

pytestmark = pytest.mark.database

LATER = AT + timedelta(minutes=5)
UNSWORN = replace(INVESTIGATOR, number="U-230", assignment="AS-230", sworn=False)
KEPT_BACK = """
@id("X01")
forbid (principal, action, resource)
when { !principal.sworn && resource.caveats.contains("kept back") };
"""


@pytest.fixture(autouse=True)
def text(adopted: Agreement, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some of what a unit was told is closed to one of its people; lists are short."""
    directory()
    model = model_agreement()
    clauses = {**model.clauses, "X01": Clause(prose="Kept back.", source="a rule")}
    put_in_force(policies=model.policies + KEPT_BACK, clauses=clauses)
    monkeypatch.setattr(inboxes, "_MOST_COUNTED", 3)
    monkeypatch.setattr(inboxes, "_PART_COUNTED", 2)
    monkeypatch.setattr(inboxes, "_CHUNK", 2)
    # Numbers of rows begin anew with each test.
    monkeypatch.setattr(inboxes, "_COUNTS", {})
    monkeypatch.setattr(queues, "MOST", 3)
    monkeypatch.setattr(queues, "_PART", 2)


def pair(at: int, *, hidden: bool = False, strong: bool = False) -> None:
    about: dict[str, Any] = {"names": (f"Ana NUMBER{at}",), "birth_date": f"1990-01-{at:02}"}
    if strong:
        about["identifiers"] = (("a_number", f"A0123456{at:02}"),)
    caveats = frozenset({"kept back"} if hidden else ())
    told(
        pointer(f"TCA-2611-0001{at:02}-01", caveats=caveats, **about),
        of_case(f"SR-26-0001{at:02}", **about),
    )


def seen(viewer: Viewer) -> tuple[Any, ...]:
    """Everything in which an order or a number stands, in a form that is compared as text."""
    asked: dict[str, Any] = {"viewer": viewer, "agreement": in_force(EXCHANGE), "at": LATER}
    queued = [
        queue(Asked(which, stake, whole), purpose=CASE, **asked)
        for which in Which
        for stake in ("", "strong", "names", "lookout")
        for whole in (False, True)
    ]
    return (
        [[one.number for one in inbox(purpose=None, limit=limit, **asked)] for limit in (1, 3, 9)],
        waiting(purpose=None, **asked),
        [([one.link for one in found.items], found.more) for found in queued],
        [links_of("investigations", f"SR-26-0001{at:02}", purpose=CASE, **asked) for at in (1, 2)],
    )


@pytest.mark.parametrize("visible", [0, 2, 3, 4])
def test_planted_ones_change_nothing_for_whom_they_are_hidden_from(visible: int) -> None:
    for at in range(1, visible + 1):
        pair(at, strong=at % 2 == 0)
    before, of_sworn = seen(UNSWORN), seen(INVESTIGATOR)
    for at in range(20, 29):
        # Older and newer, with and without a strong identifier: all of them before or between.
        pair(at, hidden=True, strong=at % 2 == 0)
    assert repr(seen(UNSWORN)) == repr(before)
    assert seen(INVESTIGATOR) != of_sworn


def test_what_comes_after_them_is_found() -> None:
    for at in range(20, 29):
        pair(at, hidden=True, strong=True)
    assert waiting_for(UNSWORN) == (0, False)
    for at in range(1, 4):
        pair(at)
    assert waiting_for(UNSWORN) == (3, False)
    pair(4)
    assert waiting_for(UNSWORN) == (3, True)


def waiting_for(viewer: Viewer) -> tuple[int, bool]:
    found = waiting(viewer=viewer, agreement=in_force(EXCHANGE), purpose=None, at=LATER)
    return found.count, found.more
