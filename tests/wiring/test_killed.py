"""A record is carried to the other side once, wherever on its way somebody is killed.

TIELINE_SOAK_KILLS and TIELINE_SOAK_SEED let scripts/soak.py try other moments, many more of them.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import pytest
from django.db import connections
from django.test import TransactionTestCase
from tests.databases import Emptying

from .carried import asked
from .way import begin, change, picture

pytestmark = [
    pytest.mark.database,
    pytest.mark.django_db(databases="__all__", transaction=True),
]

KILLS: Final = int(os.environ.get("TIELINE_SOAK_KILLS", "2"))
SEED: Final = int(os.environ.get("TIELINE_SOAK_SEED", "1"))
_INDEX: Final = "tieline.exchange.index"
_NOTICES: Final = "tieline.exchange.notices"
STEPS: Final[dict[str, tuple[str, str]]] = {
    "before the outbox is read": ("before", "tieline.keeping.door:Door.pointers_since"),
    "with what was read of it": ("before", f"{_INDEX}.relay:take"),
    "as it is taken": ("after", f"{_INDEX}.take:note_success"),
    "taken, and nobody woken": ("after", f"{_INDEX}.relay:take"),
    "before somebody is woken": ("before", "tieline.keeping.wake:ring"),
    "as keys are made": ("after", f"{_INDEX}.match:insert_rows"),
    "keys kept": ("before", f"{_INDEX}.match:_who_meet"),
    "as links are written": ("after", f"{_INDEX}.match:write_links"),
    "links kept": ("after", f"{_INDEX}.match:match_pending"),
    "as units are told": ("after", f"{_NOTICES}.telling:_write"),
    "as notices are taken back": ("after", f"{_NOTICES}.telling:withdraw"),
    "told": ("after", f"{_NOTICES}.telling:notify_pending"),
    "as it is escalated": ("after", f"{_NOTICES}.clock:_line"),
    "escalated": ("after", f"{_NOTICES}.clock:tick"),
}
"""Every place between two things that are done, and in each transaction the last moment of it."""


@dataclass
class Carrier:
    """The process that forks those that carry."""

    process: subprocess.Popen[str] = field(repr=False)
    day: int = 0

    def afresh(self) -> None:
        """Everything in the systems, and nothing in the exchange yet."""
        self.day = 0
        begin()

    def later(self) -> None:
        """Something was changed since; a ledger's time goes on."""
        self.day = 7
        change()

    def carry(self, **how: object) -> tuple[int, float]:
        """Exit code and seconds."""
        return asked(self.process, {"day": self.day, **how})

    def dies(self, step: str, nth: int = 1) -> bool:
        """Whether it came to that step, and so died there."""
        when, at = STEPS[step]
        code, _ = self.carry(at=at, when=when, nth=nth)
        assert code in (0, -signal.SIGKILL)
        return code != 0

    def dies_after(self, seconds: float) -> None:
        self.carry(after=seconds)

    def ends(self) -> dict[str, Any]:
        """What there is once one was left alone."""
        assert self.carry()[0] == 0
        return picture()


@pytest.fixture(scope="module")
def carrier(carrying: subprocess.Popen[str]) -> Carrier:
    return Carrier(carrying)


@dataclass
class Undisturbed:
    """What comes of it where nobody is killed, at first and after the changes, and in how long."""

    first: dict[str, Any]
    changed: dict[str, Any]
    took: float


@pytest.fixture(scope="module")
def emptying(django_db_setup: None, django_db_blocker: Any) -> Iterator[Emptying]:
    """Tests of this file begin with nothing, and leave what they have made to the next one."""
    made = Emptying()
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock():
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda case: None)
        made.remember()
        yield made
        nothing(made)


def nothing(emptying: Emptying) -> None:
    for alias in connections:
        emptying.empty(alias)


@pytest.fixture(scope="module")
def undisturbed(emptying: Emptying, carrier: Carrier) -> Undisturbed:
    carrier.afresh()
    code, took = carrier.carry()
    assert code == 0
    first = picture()
    carrier.later()
    return Undisturbed(first, carrier.ends(), took)


@pytest.fixture(autouse=True)
def afresh(emptying: Emptying, carrier: Carrier, undisturbed: Undisturbed) -> None:
    nothing(emptying)
    carrier.afresh()


def test_undisturbed_both_sides_are_told_once_of_what_they_share(undisturbed: Undisturbed) -> None:
    """What the other tests compare with is what it should be."""
    told = undisturbed.first["notices"]
    assert len(told) == len(set(told)) == 14
    assert len(undisturbed.first["links"]) == 7
    assert {count for entry, count in undisturbed.first["entries"] if "taken" in entry[0]} == {1}
    assert all(escalated for *_, escalated in told)
    for seen in (undisturbed.first, undisturbed.changed):
        assert (seen["differs"], seen["sound"]) == ([], True)
    assert undisturbed.changed["links"] != undisturbed.first["links"]
    # Of whom was protected or purged nothing stands before anybody.
    assert sum(withdrawn for *_, withdrawn, _ in undisturbed.changed["notices"]) == 4


@pytest.mark.parametrize("step", STEPS)
def test_killed_at_a_step_it_comes_to_the_same(
    step: str, carrier: Carrier, undisturbed: Undisturbed
) -> None:
    died = carrier.dies(step)
    assert carrier.ends() == undisturbed.first
    carrier.later()
    assert carrier.dies(step) or died
    assert carrier.ends() == undisturbed.changed


def test_killed_at_every_step_in_turn_it_comes_to_the_same(
    carrier: Carrier, undisturbed: Undisturbed
) -> None:
    deaths = sum(carrier.dies(step, nth) for nth in (2, 1) for step in STEPS)
    assert deaths > len(STEPS) // 2
    assert carrier.ends() == undisturbed.first


@pytest.mark.parametrize("seed", [SEED + n for n in range(KILLS)])
def test_killed_at_any_moment_it_comes_to_the_same(
    seed: int, carrier: Carrier, undisturbed: Undisturbed
) -> None:
    rng = random.Random(seed)
    for wanted in (undisturbed.first, undisturbed.changed):
        for _ in range(3):
            carrier.dies_after(undisturbed.took * rng.random())
        assert carrier.ends() == wanted
        if wanted is undisturbed.first:
            carrier.later()
