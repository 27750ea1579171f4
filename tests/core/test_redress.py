"""The list of outcomes is closed, and none of them turns on who somebody is a citizen of."""

from __future__ import annotations

import re

import pytest

from tieline.core.redress import ANSWERS, OUTCOMES, TELLING, Kind, Outcome


def test_each_kind_has_outcomes_and_each_outcome_its_words() -> None:
    assert set(OUTCOMES) == set(Kind)
    assert {one for some in OUTCOMES.values() for one in some} == set(Outcome) == set(ANSWERS)


@pytest.mark.parametrize("kind", Kind)
def test_each_may_end_without_saying_whether_there_is_a_record(kind: Kind) -> None:
    assert Outcome.NOTHING_TOLD in OUTCOMES[kind]
    assert Outcome.NOTHING_TOLD not in TELLING


def test_nobody_is_refused_for_nationality() -> None:
    words = " ".join([*ANSWERS.values(), *Outcome, *Kind]).lower()
    assert not re.search("citizen|national|alien|resident|foreign", words)


def test_what_is_excepted_and_what_is_not_there_have_one_sentence() -> None:
    said = ANSWERS[Outcome.NOTHING_TOLD]
    assert "552a(j)(2)" in said
    assert not any(word in said for word in ("protected", "sealed", "exists"))
