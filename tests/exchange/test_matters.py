"""A matter's way from a letter to its answer, and who is not told of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from tests.people import AGENT, AT, AUDITOR, SUPERVISOR

from tieline.core.agreement.viewer import Role, Viewer
from tieline.core.ledger.events import Event
from tieline.core.redress import Kind, Outcome
from tieline.exchange.redress import matters
from tieline.exchange.redress.matters import (
    LONGEST,
    Letter,
    MatterRefused,
    NoSuchMatter,
    decide,
    enter_matter,
    matters_for,
    one_matter,
    steps_for,
    take,
    waiting_for,
)
from tieline.exchange.redress.models import Matter, MatterState
from tieline.keeping.rows import LedgerRow, LedgerSide
from tieline.settings import Node

from .scene import directory

pytestmark = pytest.mark.database

OFFICER = replace(AGENT, number="U-170", assignment="AS-170", role=Role.REDRESS, unit="HQ")
THEIRS = replace(AUDITOR, number="U-570", assignment="AS-570", role=Role.REDRESS)
LATER = AT + timedelta(days=3)


@pytest.fixture(autouse=True)
def _directory() -> None:
    directory()


def letter(**about: Any) -> Letter:
    given: dict[str, Any] = {
        "kind": Kind.AMENDMENT,
        "decides": "investigations",
        "person": "María López",
        "reply_to": "PO Box 1, Nogales",
        "said": "I was never in Yuma.",
        "received_on": AT.date(),
        **about,
    }
    return Letter(**given)


def entered(**about: Any) -> Matter:
    return enter_matter(letter(**about), viewer=OFFICER, at=AT)


def decided(number: str, outcome: Outcome = Outcome.NOTHING_TOLD, **about: Any) -> Matter:
    given = {"said": "Nothing found.", "record": "", "system": "", "viewer": THEIRS, "at": LATER}
    return decide(number, outcome, **{**given, **about})


def test_entered_sent_taken_decided() -> None:
    matter = entered()
    assert matter.state == MatterState.SENT
    assert waiting_for(OFFICER) == []
    assert waiting_for(THEIRS) == [matter]
    with pytest.raises(MatterRefused):
        decided(matter.number)
    assert take(matter.number, viewer=THEIRS, at=LATER).state == MatterState.TAKEN
    assert decided(matter.number).outcome == Outcome.NOTHING_TOLD
    assert [one.act for one in steps_for(matter, THEIRS)] == ["entered", "taken", "decided"]
    assert waiting_for(THEIRS) == []


def test_what_came_for_the_own_agency_is_there_at_once() -> None:
    assert entered(decides="patrol").state == MatterState.TAKEN


def test_the_clock_runs_from_the_day_on_which_it_came(monkeypatch: pytest.MonkeyPatch) -> None:
    came = AT.date() - timedelta(days=10)
    assert entered(received_on=came).due() == AT + timedelta(days=4)
    node = Node(folder=matters.node().folder, redress={"acknowledge": 11, "decide": 20})
    monkeypatch.setattr(matters, "node", lambda: node)
    matter = entered(received_on=came)
    assert matter.due() == AT + timedelta(days=1)
    assert take(matter.number, viewer=THEIRS, at=AT).due() == AT + timedelta(days=10)


def test_who_entered_it_reads_the_outcome_and_nothing_that_the_others_wrote() -> None:
    matter = entered()
    take(matter.number, viewer=THEIRS, at=LATER)
    decided(matter.number, said="It is the informant's file.", record="SR-26-000001")
    steps = steps_for(one_matter(matter.number, OFFICER), OFFICER)
    assert [(one.act, one.said, one.user, one.unit) for one in steps[1:]] == [
        ("taken", "", "", ""),
        ("decided", "", "", ""),
    ]
    assert [one.agency for one in steps[1:]] == ["investigations"] * 2


@pytest.mark.parametrize(
    "viewer",
    [
        AGENT,
        SUPERVISOR,
        replace(OFFICER, agency="county"),
        *(replace(THEIRS, role=role) for role in sorted(Role) if role is not Role.REDRESS),
    ],
)
def test_nobody_else_knows_of_it(viewer: Viewer) -> None:
    number = entered().number
    assert list(matters_for(viewer)) == []
    for act in (
        lambda: one_matter(number, viewer),
        lambda: take(number, viewer=viewer, at=LATER),
        lambda: decided(number, viewer=viewer),
    ):
        with pytest.raises(NoSuchMatter):
            act()


def test_only_the_agency_that_decides_takes_and_decides_and_once() -> None:
    number = entered().number
    with pytest.raises(MatterRefused):
        take(number, viewer=OFFICER, at=LATER)
    take(number, viewer=THEIRS, at=LATER)
    with pytest.raises(MatterRefused):
        take(number, viewer=THEIRS, at=LATER)
    with pytest.raises(MatterRefused):
        decided(number, viewer=OFFICER)
    decided(number)
    with pytest.raises(MatterRefused):
        decided(number, Outcome.REFUSED)


@pytest.mark.parametrize("outcome", [Outcome.GIVEN, Outcome.UPHELD, Outcome.KEPT_APART])
def test_it_ends_by_an_outcome_of_its_kind_alone(outcome: Outcome) -> None:
    number = entered(decides="patrol").number
    with pytest.raises(MatterRefused, match="does not end so"):
        decided(number, outcome, viewer=OFFICER)


@pytest.mark.parametrize(
    "about",
    [
        {"person": ""},
        {"person": "x" * 121},
        {"person": "a\x00b"},
        {"reply_to": " "},
        {"said": ""},
        {"said": "x" * (LONGEST + 1)},
        {"said": "a\0b"},
        {"record": "x" * 65},
        {"redress": "R" * 17},
        {"decides": "moon"},
        {"decides": ""},
        {"received_on": AT.date() + timedelta(days=2)},
        {"received_on": date(1999, 1, 1)},
    ],
)
def test_what_is_no_letter_is_refused_and_nothing_is_kept(about: dict[str, Any]) -> None:
    with pytest.raises(MatterRefused):
        entered(**about)
    assert not Matter.objects.exists()


def test_nobody_in_another_role_enters_one() -> None:
    with pytest.raises(MatterRefused):
        enter_matter(letter(), viewer=SUPERVISOR, at=AT)


@pytest.mark.parametrize("said", ["", " ", "x" * (LONGEST + 1), "a\0b"])
def test_it_is_decided_for_a_reason(said: str) -> None:
    number = entered(decides="patrol").number
    with pytest.raises(MatterRefused):
        decided(number, said=said, viewer=OFFICER)


def test_each_step_is_in_the_ledger_and_no_name_with_it() -> None:
    number = entered().number
    take(number, viewer=THEIRS, at=LATER)
    rows = LedgerRow.objects.using("exchange").filter(event=Event.REDRESS_RECORDED.value)
    assert [(row.record, row.owner) for row in rows.order_by("sequence")] == [
        (number, "patrol"),
        (number, "investigations"),
    ]
    said = f"{[row.data for row in rows]}{list(LedgerSide.objects.using('exchange').values())}"
    assert "pez" not in said
    assert "Yuma" not in said
