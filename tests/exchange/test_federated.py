"""Several systems asked at once: each one's state is told, and none keeps the others waiting."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import InterfaceError, OperationalError, transaction
from tests.core.fake_system import FakeSystem
from tests.people import AGENT, AT, CASE, INVESTIGATOR, LOOSE, OUTSIDER, signed_agreement

from tieline.core.agreement.disclose import NOTHING, Disclosure
from tieline.core.agreement.viewer import Purpose, Viewer
from tieline.core.errors import TielineError
from tieline.core.ports import Found, Query, RecordSystem, SystemDescription, SystemState
from tieline.core.records import FieldClass, FieldValue, Protections, Record, RecordNumber
from tieline.exchange import federated
from tieline.exchange.federated import SystemAnswer, fetch, search
from tieline.keeping.databases import EXCHANGE
from tieline.keeping.trace import request_number

from .scene import Feed

FOREVER = 60.0
SOON = 0.05
QUERY = Query(names=("Maria Lopez",))
NAMES = ("patrol", "investigations", "partner")


@dataclass
class Asked(Feed):
    """A system that answers in a way of its own."""

    answer: Callable[[], Found] = field(default_factory=lambda: found)
    asked_in: list[tuple[threading.Thread, str | None]] = field(default_factory=list)

    def search(self, query: Query, **_about: Any) -> Found:
        self.asked_in.append((threading.current_thread(), request_number.get()))
        return self.answer()


def found(state: SystemState = SystemState.ANSWERED) -> Found:
    return Found(state=state, rows=(NOTHING,), more=True)


def ask(
    systems: Mapping[str, RecordSystem],
    *,
    viewer: Viewer = AGENT,
    purpose: Purpose = CASE,
    patience: float = FOREVER,
) -> tuple[SystemAnswer, ...]:
    return search(systems, QUERY, viewer=viewer, purpose=purpose, at=AT, limit=5, patience=patience)


def states(answers: tuple[SystemAnswer, ...]) -> dict[str, SystemState]:
    return {one.name: one.state for one in answers}


@pytest.fixture
def release() -> Iterator[threading.Event]:
    """What a system that hangs waits for; it is let go at the end of each test."""
    held = threading.Event()
    yield held
    held.set()


@pytest.fixture
def hanging(release: threading.Event) -> Asked:
    def hang() -> Found:
        release.wait(FOREVER)
        return found()

    return Asked("patrol", answer=hang)


def test_answers_stand_in_the_order_in_which_systems_are_known() -> None:
    first_done = threading.Event()

    def last() -> Found:
        first_done.wait(FOREVER)
        return found()

    def first() -> Found:
        first_done.set()
        return found(SystemState.STALE)

    systems = {"patrol": Asked(answer=last), "partner": Asked(answer=first)}
    answers = ask(systems)
    assert list(states(answers).items()) == [
        ("patrol", SystemState.ANSWERED),
        ("partner", SystemState.STALE),
    ]
    assert [(one.rows, one.more) for one in answers] == [((NOTHING,), True)] * 2


@pytest.mark.parametrize(
    "error",
    [ConnectionError, OperationalError, InterfaceError, TielineError, RuntimeError, MemoryError],
)
def test_one_that_fails_is_said_to_and_the_others_answer(error: type[Exception]) -> None:
    def fail() -> Found:
        raise error("what it would say of GARCIA")

    systems = {name: Asked(name) for name in NAMES}
    systems["investigations"] = Asked("investigations", answer=fail)
    answers = ask(systems)
    assert states(answers) == dict.fromkeys(NAMES, SystemState.ANSWERED) | {
        "investigations": SystemState.NO_ANSWER
    }
    assert (answers[1].rows, answers[1].more) == ((), False)


@pytest.mark.parametrize("others", [(), ("partner",)])
def test_one_that_hangs_keeps_nobody_waiting_be_it_asked_alone(
    hanging: Asked, others: tuple[str, ...]
) -> None:
    answers = ask({"patrol": hanging, **{name: Asked(name) for name in others}}, patience=SOON)
    assert states(answers) == {
        "patrol": SystemState.NO_ANSWER,
        **dict.fromkeys(others, SystemState.ANSWERED),
    }
    assert answers[0].took == SOON


def test_what_is_answered_late_is_dropped(hanging: Asked, release: threading.Event) -> None:
    answers = ask({"patrol": hanging}, patience=SOON)
    release.set()
    hanging.asked_in[0][0].join(FOREVER)
    assert answers == (SystemAnswer(name="patrol", state=SystemState.NO_ANSWER, took=SOON),)
    # And nothing of it comes with the next question.
    assert ask({"patrol": Asked()}) != answers


def test_a_system_that_answers_none_is_asked_no_more_until_it_does(
    hanging: Asked, release: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(federated, "MOST_AT_ONCE", 3)
    for _ in range(5):
        assert states(ask({"patrol": hanging}, patience=SOON)) == {"patrol": SystemState.NO_ANSWER}
    assert len(hanging.asked_in) == 3
    assert states(ask({"partner": Asked()})) == {"partner": SystemState.ANSWERED}
    release.set()
    for thread, _ in hanging.asked_in:
        thread.join(FOREVER)
    assert states(ask({"patrol": hanging})) == {"patrol": SystemState.ANSWERED}


def test_each_system_is_asked_under_the_number_of_the_request() -> None:
    """By it log, ledgers and answer meet."""
    systems = {name: Asked(name) for name in NAMES}
    mark = request_number.set("f" * 32)
    try:
        ask(systems)
    finally:
        request_number.reset(mark)
    asked = [one for system in systems.values() for one in system.asked_in]
    assert [number for _, number in asked] == ["f" * 32] * 3
    assert len({thread for thread, _ in asked} | {threading.current_thread()}) == 4


@pytest.mark.database
def test_within_a_transaction_they_are_asked_in_it_one_after_another() -> None:
    systems = {name: Asked(name) for name in NAMES}
    with transaction.atomic(using=EXCHANGE):
        ask(systems)
    assert {one.asked_in[0][0] for one in systems.values()} == {threading.current_thread()}


def record(number: str, *flags: str) -> Record:
    return Record(
        number=RecordNumber(number),
        version=1,
        kind="subject",
        owner_agency="patrol",
        owning_unit="TCA/NGL",
        fields={"name": FieldValue("Maria Lopez", FieldClass.IDENTITY)},
        protections=Protections.screened(*flags),
        caveats=frozenset(),
        created_at=AT,
        updated_at=AT,
    )


def systems_with(*records: Record) -> dict[str, RecordSystem]:
    about = SystemDescription(name="patrol", owner="one", operator="two", host="three")
    return {"patrol": FakeSystem(about, signed_agreement(), records)}


@pytest.mark.parametrize("viewer", [AGENT, INVESTIGATOR, OUTSIDER], ids=lambda one: one.agency)
@pytest.mark.parametrize("purpose", [CASE, LOOSE], ids=["number", "reason"])
def test_a_state_tells_nothing_of_what_there_is(viewer: Viewer, purpose: Purpose) -> None:
    """P26: by viewer and purpose alone."""
    stocks = [
        (),
        (record("S-1"),),
        (record("S-1", "section_1367"), record("S-2", "informant")),
        tuple(record(f"S-{n}") for n in range(20)),
    ]
    said = [ask(systems_with(*stock), viewer=viewer, purpose=purpose) for stock in stocks]
    assert len({one.state for (one,) in said}) == 1
    hidden: tuple[Disclosure, ...] = said[2][0].rows
    assert bool(hidden) is (viewer is AGENT)


def test_an_outsider_is_refused_and_told_so() -> None:
    assert states(ask(systems_with(record("S-1")), viewer=OUTSIDER)) == {
        "patrol": SystemState.REFUSED
    }


@pytest.mark.parametrize("error", [ConnectionError, OperationalError, InterfaceError, TielineError])
def test_a_door_that_fails_gives_no_record_and_says_that_it_does_not_answer(
    error: type[Exception],
) -> None:
    class Falling(Feed):
        def fetch(self, *_given: Any, **_about: Any) -> Any:
            raise error("of GARCIA")

    told = fetch(Falling(), RecordNumber("S-1"), viewer=AGENT, purpose=CASE, at=AT)
    assert (told.state, told.disclosure) == (SystemState.NO_ANSWER, NOTHING)
