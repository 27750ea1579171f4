"""A-numbers and FINs belong to their issuer; processing goes on without them (P5)."""

from __future__ import annotations

import pytest

from tieline.systems.patrol.desk import Desk
from tieline.systems.patrol.events.opening import open_event
from tieline.systems.patrol.issuer import Allotment, NumberState
from tieline.systems.patrol.subjects.adding import add_subject
from tieline.systems.patrol.subjects.numbers import (
    NoIssuer,
    NumberNotAsked,
    ask_a_number,
    ask_again,
    ask_fin,
)
from tieline.systems.patrol.subjects.subject import Subject

from .scene import MINE, Registry, a_subject, an_event, desk_with

pytestmark = pytest.mark.database


@pytest.fixture
def registry() -> Registry:
    return Registry()


@pytest.fixture
def desk(registry: Registry) -> Desk:
    return desk_with({}, issuer=registry)


@pytest.fixture
def subject(desk: Desk) -> str:
    event = open_event(desk, an_event(), **MINE).number
    return add_subject(desk, a_subject(event), **MINE).number


def allotted(number: str) -> Allotment:
    return Allotment(state=NumberState.ALLOTTED, number=number)


def kept(number: str) -> Subject:
    return Subject.objects.using("patrol").get(number=number)


def test_a_number_is_pending_until_its_owner_allots_it(
    desk: Desk, registry: Registry, subject: str
) -> None:
    assert ask_a_number(desk, subject, **MINE).a_number_state == "pending"
    assert ask_again(desk, **MINE) == []
    assert kept(subject).version == 2
    registry.answers[subject] = allotted("A123456780")
    assert ask_again(desk, **MINE) == [subject]
    assert (kept(subject).a_number, kept(subject).a_number_state) == ("123456780", "allotted")
    assert ask_again(desk, **MINE) == []
    with pytest.raises(NumberNotAsked):
        ask_a_number(desk, subject, **MINE)


def test_a_refusal_stands_in_the_record_and_may_be_asked_again(
    desk: Desk, registry: Registry, subject: str
) -> None:
    registry.answers[subject] = Allotment(state=NumberState.REFUSED)
    assert ask_a_number(desk, subject, **MINE).a_number_state == "refused"
    registry.answers[subject] = Allotment(state=NumberState.CONSOLIDATED, number="A123456780")
    assert ask_a_number(desk, subject, **MINE).a_number == "123456780"


def test_a_fin_comes_from_its_owner_too(desk: Desk, registry: Registry, subject: str) -> None:
    assert ask_fin(desk, subject, **MINE).fin == ""
    registry.answers[subject] = allotted("1234567801")
    assert ask_fin(desk, subject, **MINE).fin == "1234567801"
    with pytest.raises(NumberNotAsked):
        ask_fin(desk, subject, **MINE)


def test_without_an_issuer_everything_but_the_number_goes_on(subject: str) -> None:
    alone = desk_with({})
    with pytest.raises(NoIssuer):
        ask_a_number(alone, subject, **MINE)
    assert add_subject(alone, a_subject(subject.rpartition("-")[0]), **MINE).a_number_state == ""


def test_a_number_that_was_entered_by_hand_is_not_overwritten(
    desk: Desk, registry: Registry, subject: str
) -> None:
    event = subject.rpartition("-")[0]
    known = add_subject(desk, a_subject(event, a_number="A222333440"), **MINE).number
    registry.answers[known] = allotted("A123456780")
    with pytest.raises(NumberNotAsked):
        ask_a_number(desk, known, **MINE)
    assert kept(known).a_number == "222333440"
    assert registry.asked == []
