"""A finding's way from an auditor to a unit and back, and who may not go it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from tests.people import (
    ADMINISTRATOR,
    AGENT,
    AT,
    AUDITOR,
    CASE_SUPERVISOR,
    INVESTIGATOR,
    SUPERVISOR,
)

from tieline.core.agreement.viewer import Role, Viewer
from tieline.core.ledger.events import Event
from tieline.exchange.oversight.findings import (
    LONGEST,
    MOST_DAYS,
    FindingRefused,
    NoSuchFinding,
    answer,
    close,
    findings_for,
    give_back,
    one_finding,
    raise_finding,
)
from tieline.exchange.oversight.models import Finding, FindingState
from tieline.keeping.rows import LedgerRow, LedgerSide

from .scene import directory

pytestmark = pytest.mark.database

LATER = AT + timedelta(days=3)
DUE = AT.date() + timedelta(days=14)
OTHER_AUDITOR = replace(AUDITOR, number="U-501", assignment="AS-501")
OF_PATROL = replace(AUDITOR, agency="patrol", unit="TCA", number="U-140", assignment="AS-140")


@pytest.fixture(autouse=True)
def _directory() -> None:
    directory()


def raised(**about: Any) -> Finding:
    given = {
        "about": INVESTIGATOR.number,
        "unit": "LA/13",
        "title": "Forty looks without a number",
        "said": "Between the 1st and the 7th.",
        "due": DUE,
        "viewer": AUDITOR,
        "at": AT,
        **about,
    }
    return raise_finding(**given)


def test_raised_answered_returned_answered_closed() -> None:
    number = raised().number
    answer(number, "Operation Sandbar; the numbers follow.", viewer=CASE_SUPERVISOR, at=LATER)
    give_back(number, "Which numbers?", due=DUE + timedelta(7), viewer=AUDITOR, at=LATER)
    assert one_finding(number, CASE_SUPERVISOR).due == DUE + timedelta(7)
    answer(number, "LA13PR10LA0031.", viewer=CASE_SUPERVISOR, at=LATER)
    done = close(number, "Numbers are asked for at sign-in now.", viewer=AUDITOR, at=LATER)
    assert done.state == FindingState.CLOSED
    acts = list(done.steps.order_by("id").values_list("act", "user", "due"))
    assert [act for act, _, _ in acts] == ["raised", "answered", "returned", "answered", "closed"]
    assert {user for _, user, _ in acts} == {AUDITOR.number, CASE_SUPERVISOR.number}


def test_each_step_is_in_the_ledger_with_its_words_left_out() -> None:
    number = raised().number
    answer(number, "An informant of ours.", viewer=CASE_SUPERVISOR, at=LATER)
    rows = LedgerRow.objects.using("exchange").filter(event=Event.FINDING_RECORDED.value)
    assert [row.record for row in rows] == [number, number]
    assert [row.viewer for row in rows.order_by("sequence")] == ["U-500", "U-210"]
    sides = LedgerSide.objects.using("exchange").filter(
        sequence__in=rows.values_list("sequence", flat=True)
    )
    assert [side.payload["finding"]["act"] for side in sides.order_by("sequence")] == [
        "raised",
        "answered",
    ]
    assert not any("informant" in str(each.payload) for each in sides)
    assert not any("informant" in row.data for row in rows)


@pytest.mark.parametrize(
    "viewer",
    [
        AGENT,
        INVESTIGATOR,
        SUPERVISOR,
        ADMINISTRATOR,
        OF_PATROL,
        replace(CASE_SUPERVISOR, unit="TU"),
        replace(CASE_SUPERVISOR, agency="patrol"),
        *(replace(INVESTIGATOR, role=role) for role in Role if role is not Role.AUDITOR),
    ],
)
def test_nobody_else_knows_of_it(viewer: Viewer) -> None:
    """Of `INVESTIGATOR` it is; in whatever role he comes, he is not told."""
    number = raised().number
    assert list(findings_for(viewer)) == []
    with pytest.raises(NoSuchFinding):
        one_finding(number, viewer)
    with pytest.raises(NoSuchFinding):
        answer(number, "No.", viewer=viewer, at=LATER)
    with pytest.raises(NoSuchFinding):
        close(number, "No.", viewer=viewer, at=LATER)


def test_who_is_the_matter_does_not_answer_though_he_is_the_supervisor() -> None:
    number = raised(about=CASE_SUPERVISOR.number).number
    with pytest.raises(NoSuchFinding):
        answer(number, "All was well.", viewer=CASE_SUPERVISOR, at=LATER)
    deputy = replace(CASE_SUPERVISOR, number="U-211", assignment="AS-211")
    assert answer(number, "It was not.", viewer=deputy, at=LATER).state == FindingState.ANSWERED


def test_nobody_closes_what_he_answered_in_another_hat() -> None:
    number = raised().number
    both = replace(CASE_SUPERVISOR, number=OTHER_AUDITOR.number)
    answer(number, "Looked into.", viewer=both, at=LATER)
    with pytest.raises(FindingRefused, match="answered this yourself"):
        close(number, "Well answered.", viewer=OTHER_AUDITOR, at=LATER)
    assert close(number, "Read.", viewer=AUDITOR, at=LATER).state == FindingState.CLOSED


def test_in_its_turn_alone() -> None:
    number = raised().number
    with pytest.raises(FindingRefused):
        close(number, "Done.", viewer=AUDITOR, at=LATER)
    with pytest.raises(FindingRefused):
        give_back(number, "Again.", due=DUE, viewer=AUDITOR, at=LATER)
    with pytest.raises(FindingRefused):
        answer(number, "I answer myself.", viewer=AUDITOR, at=LATER)
    answer(number, "So it was.", viewer=CASE_SUPERVISOR, at=LATER)
    with pytest.raises(FindingRefused):
        answer(number, "And more.", viewer=CASE_SUPERVISOR, at=LATER)
    close(number, "Done.", viewer=AUDITOR, at=LATER)
    for late in (
        lambda: answer(number, "More.", viewer=CASE_SUPERVISOR, at=LATER),
        lambda: close(number, "Twice.", viewer=AUDITOR, at=LATER),
        lambda: give_back(number, "Again.", due=DUE, viewer=AUDITOR, at=LATER),
    ):
        with pytest.raises(FindingRefused):
            late()
    assert Finding.objects.get().steps.count() == 3


@pytest.mark.parametrize("viewer", [INVESTIGATOR, CASE_SUPERVISOR, ADMINISTRATOR])
def test_only_an_auditor_raises_one(viewer: Viewer) -> None:
    with pytest.raises(FindingRefused):
        raised(viewer=viewer)
    assert not Finding.objects.exists()


@pytest.mark.parametrize(
    "about",
    [
        {"unit": "TCA/NGL"},
        {"unit": ""},
        {"unit": "NOWHERE"},
        {"about": ""},
        {"about": "U" * 65},
        {"about": "U-1\0"},
        {"title": " "},
        {"title": "x" * 121},
        {"said": ""},
        {"said": "x" * (LONGEST + 1)},
        {"said": "a\0b"},
        {"due": AT.date() - timedelta(days=2)},
        {"due": AT.date() + timedelta(days=MOST_DAYS + 1)},
        {"due": date.max},
    ],
)
def test_odd_ones_are_refused_and_nothing_is_kept(about: dict[str, Any]) -> None:
    with pytest.raises(FindingRefused):
        raised(**about)
    assert not Finding.objects.exists()


@pytest.mark.parametrize("number", ["", "FI-0", "FI-\0", "\ud800", "' or 1=1 --", "x" * 9_000])
def test_odd_numbers_are_of_no_finding(number: str) -> None:
    raised()
    with pytest.raises(NoSuchFinding):
        one_finding(number, AUDITOR)
