"""A review is run for each period, and signed by somebody who is not in it; who may do neither."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from tests.people import AGENT, AT, AUDITOR, SUPERVISOR

from tieline.core.agreement.viewer import Role, Viewer
from tieline.core.ledger.events import Event
from tieline.exchange.oversight.models import SavedReview, SignOff
from tieline.exchange.oversight.reviews import (
    LONGEST,
    PATIENCE,
    NoSuchReview,
    ReviewRefused,
    end_review,
    one_review,
    periods,
    reviews_for,
    save_review,
    sign_off,
    unsigned,
)
from tieline.keeping.rows import LedgerRow, LedgerSide

pytestmark = pytest.mark.database

WEEK = timedelta(days=7)
OTHER = replace(AUDITOR, number="U-501", assignment="AS-501")
OF_PATROL = replace(AUDITOR, agency="patrol", unit="TCA", number="U-140", assignment="AS-140")
INSPECTOR = replace(AUDITOR, number="U-800", assignment="AS-800", role=Role.INSPECTOR)


def saved(**about: Any) -> SavedReview:
    given = {"title": "Looks at night", "asked": {"unit": "LA/13"}, "days": 7, "viewer": AUDITOR}
    return save_review(at=AT, **{**given, **about})


def signed(review: SavedReview, since: datetime = AT, **about: Any) -> SignOff:
    given: dict[str, Any] = {
        "said": "Nothing to see to.",
        "count": 3,
        "digest": "0" * 64,
        "people": {"U-200"},
        "viewer": OTHER,
        "at": AT + 2 * WEEK,
        **about,
    }
    return sign_off(review.number, since, **given)


def test_periods_follow_each_other_and_the_last_one_is_not_over_yet() -> None:
    review = saved()
    assert list(periods(review, at=AT + WEEK - timedelta(seconds=1))) == []
    first, second = periods(review, at=AT + 2 * WEEK)
    assert (first.since, first.until) == (AT, AT + WEEK)
    assert (second.since, second.until) == (AT + WEEK, AT + 2 * WEEK)


def test_it_may_begin_earlier_and_never_later() -> None:
    assert saved(begins=AT - WEEK).begins == AT - WEEK
    assert saved(begins=AT + WEEK).begins == AT


def test_unsigned_it_is_overdue_after_a_week() -> None:
    saved()
    (waits,) = unsigned(OTHER, at=AT + WEEK)
    assert not waits.is_overdue(AT + WEEK + PATIENCE)
    assert waits.is_overdue(AT + WEEK + PATIENCE + timedelta(seconds=1))


def test_once_signed_it_waits_no_more_and_nobody_signs_it_again() -> None:
    review = saved()
    made = signed(review)
    assert (made.count, made.user, made.since) == (3, OTHER.number, AT)
    assert [one.since for one in unsigned(OTHER, at=AT + 2 * WEEK)] == [AT + WEEK]
    with pytest.raises(ReviewRefused, match="meanwhile"):
        signed(review, viewer=AUDITOR)
    assert SignOff.objects.count() == 1


def test_nobody_signs_what_he_is_in() -> None:
    review = saved()
    with pytest.raises(ReviewRefused) as refused:
        signed(review, people={"U-200", OTHER.number})
    assert "Another auditor" in refused.value.cure
    assert signed(review, people={"U-200", OTHER.number}, viewer=AUDITOR).user == AUDITOR.number


@pytest.mark.parametrize("since", [AT + WEEK, AT + timedelta(1), AT - WEEK, AT + 900 * WEEK])
def test_no_period_is_signed_that_is_not_over(since: datetime) -> None:
    review = saved()
    with pytest.raises(ReviewRefused, match="not over"):
        signed(review, since, at=AT + WEEK)


@pytest.mark.parametrize("said", ["", "  \n", "x" * (LONGEST + 1), "a\0b"])
def test_it_is_signed_in_words(said: str) -> None:
    review = saved()
    with pytest.raises(ReviewRefused):
        signed(review, said=said)


def test_after_its_end_no_period_begins_and_those_that_are_over_still_wait() -> None:
    review = saved()
    end_review(review.number, viewer=OTHER, at=AT + timedelta(days=10))
    assert [one.since for one in unsigned(AUDITOR, at=AT + 9 * WEEK)] == [AT]
    with pytest.raises(ReviewRefused, match="already"):
        end_review(review.number, viewer=OTHER, at=AT + 2 * WEEK)


@pytest.mark.parametrize(
    "viewer",
    [
        OF_PATROL,
        AGENT,
        SUPERVISOR,
        INSPECTOR,
        *(replace(OTHER, role=role) for role in sorted(Role) if role is not Role.AUDITOR),
    ],
)
def test_nobody_else_knows_of_it(viewer: Viewer) -> None:
    review = saved()
    assert list(reviews_for(viewer)) == []
    assert unsigned(viewer, at=AT + 2 * WEEK) == []
    for act in (
        lambda: one_review(review.number, viewer),
        lambda: signed(review, viewer=viewer),
        lambda: end_review(review.number, viewer=viewer, at=AT),
    ):
        with pytest.raises(NoSuchReview):
            act()


@pytest.mark.parametrize("role", [Role.INSPECTOR, Role.DEPARTMENT_AUDITOR])
def test_of_those_who_examine_others_it_is_for_the_same_alone_even_within_the_agency(
    role: Role,
) -> None:
    review = saved(viewer=replace(INSPECTOR, role=role))
    fellow = replace(INSPECTOR, number="U-801", role=role)
    assert list(reviews_for(fellow)) == [review]
    assert list(reviews_for(replace(fellow, agency="doj-audit"))) == []
    for other in sorted(set(Role) - {role}):
        assert list(reviews_for(replace(fellow, role=other))) == []


def test_whom_it_is_about_is_not_told_of_it_though_he_is_an_auditor() -> None:
    review = saved(asked={"viewer": OTHER.number})
    assert list(reviews_for(OTHER)) == []
    with pytest.raises(NoSuchReview):
        signed(review, viewer=OTHER, people=())
    assert list(reviews_for(AUDITOR)) == [review]


@pytest.mark.parametrize(
    "about",
    [
        {"viewer": replace(AUDITOR, role=Role.SUPERVISOR)},
        {"title": ""},
        {"title": "x" * 121},
        {"title": "a\x00b"},
        {"days": 0},
        {"days": 367},
        {"asked": {}},
        {"asked": {"lists": "hide"}},
        {"asked": {"viewer": "U-1", "day": "2026-11-23"}},
        {"asked": {"viewer": "U-\0"}},
        {"asked": {"viewer": "U" * 65}},
    ],
)
def test_what_is_no_review_is_refused_and_nothing_is_kept(about: dict[str, Any]) -> None:
    with pytest.raises(ReviewRefused):
        saved(**about)
    assert not SavedReview.objects.exists()
    assert not LedgerRow.objects.using("exchange").exists()


def test_each_step_is_in_the_ledger_without_its_words() -> None:
    review = saved()
    signed(review, said="An informant of ours.")
    end_review(review.number, viewer=AUDITOR, at=AT + WEEK)
    rows = LedgerRow.objects.using("exchange").order_by("sequence")
    assert [(row.event, row.record) for row in rows] == [
        (Event.AUDIT_SAVED.value, review.number),
        (Event.AUDIT_SIGNED.value, review.number),
        (Event.AUDIT_SAVED.value, review.number),
    ]
    sides = LedgerSide.objects.using("exchange").all()
    assert not any("informant" in f"{one.payload}" for one in sides)


@pytest.mark.parametrize("number", ["", "RW-1", "\x00", "x" * 9_000])
def test_a_number_of_nothing_is_of_nothing(number: str) -> None:
    with pytest.raises(NoSuchReview):
        one_review(number, AUDITOR)
