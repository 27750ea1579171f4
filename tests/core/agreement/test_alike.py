"""Facts that are alike for a viewer's questions are answered alike, each by itself."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Hashable
from dataclasses import replace
from datetime import timedelta

import pytest
from bench.policy import drawn_facts, drawn_purpose, drawn_viewer
from tests.people import AGENT, AT, CASE, signed_agreement

from tieline.core.agreement.alike import Alike, Several, alike
from tieline.core.agreement.clauses import Agreement, Clause, Party
from tieline.core.agreement.decide import checked, decide_all
from tieline.core.agreement.engine import Engine
from tieline.core.agreement.question import Action, Question, Unaskable
from tieline.core.records import Facts, FieldClass, Protections

QUESTIONS = (
    *(Question(one) for one in Action if one is not Action.FIELD),
    *(Question(Action.FIELD, one) for one in (FieldClass.FEAR, FieldClass.IDENTITY)),
)
TEXT = signed_agreement(
    Party("patrol", "DHS"), Party("investigations", "DHS"), Party("sheriff", "sheriff")
)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("later", [timedelta(), timedelta(days=4000)], ids=["in force", "lapsed"])
def test_one_decision_of_a_group_is_that_of_all(seed: int, later: timedelta) -> None:
    rng = random.Random(seed)
    viewer, purpose = drawn_viewer(rng), drawn_purpose(rng)
    key = alike(TEXT, viewer=viewer, purpose=purpose, questions=QUESTIONS)
    answers: dict[Hashable, set[object]] = defaultdict(set)
    for _ in range(400):
        facts, _ = drawn_facts(rng)
        about = {"viewer": viewer, "purpose": purpose, "questions": QUESTIONS}
        answers[key(facts)].add(decide_all(TEXT, facts=facts, at=AT + later, **about))
    assert all(len(one) == 1 for one in answers.values())
    assert len(answers) < 100


@pytest.mark.parametrize("seed", range(6))
def test_of_many_at_once_the_keys_are_those_of_each(seed: int) -> None:
    rng = random.Random(seed)
    facts = [drawn_facts(rng)[0] for _ in range(200)]
    facts[7] = replace(facts[7], owning_unit=" ")
    several = Several(facts)
    for text in (TEXT, replace(TEXT, parties=TEXT.parties[:2])):
        for _ in range(3):
            viewer, purpose = drawn_viewer(rng), drawn_purpose(rng)
            key = alike(text, viewer=viewer, purpose=purpose, questions=QUESTIONS)
            assert key.of_all(several) == [key(one) for one in facts]
    assert key.of_all(Several([])) == []


def test_of_many_at_once_whatever_fails_leaves_each_by_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    key = alike(TEXT, viewer=AGENT, purpose=CASE, questions=QUESTIONS)
    facts = [drawn_facts(random.Random(1))[0] for _ in range(3)]

    def failing(self: object, columns: object, records: object) -> None:
        raise KeyError("unit")

    monkeypatch.setattr("tieline.core.agreement.compiled.Sheet.truths_of_all", failing)
    assert key.of_all(Several(facts)) == facts
    assert Alike(None, {}).of_all(Several(facts)) == facts


def test_what_one_department_alone_is_told_tells_its_records_apart() -> None:
    body = 'permit (principal, action, resource) when { resource.department == "DHS" && %s };'
    told = replace(
        TEXT,
        policies='@id("C1") ' + body % "resource.juvenile",
        clauses={"C1": Clause(prose="Said.", source="a rule")},
        articles={},
        sections=(),
    )
    key = alike(told, viewer=AGENT, purpose=CASE, questions=QUESTIONS)
    facts, _ = drawn_facts(random.Random(1))
    child, grown = (
        replace(facts, protections=Protections.screened(*flags)) for flags in (("juvenile",), ())
    )
    for owner, apart in (("patrol", True), ("sheriff", False), ("nobody", False)):
        one, other = (replace(each, owner_agency=owner) for each in (child, grown))
        assert (key(one) != key(other)) is apart


def test_what_cannot_be_asked_of_is_alike_to_itself_alone() -> None:
    key = alike(TEXT, viewer=AGENT, purpose=CASE, questions=QUESTIONS)
    facts, _ = drawn_facts(random.Random(1))
    blank = replace(facts, owning_unit=" ")
    assert key(blank) == blank
    unstated: Facts = replace(facts, protections=Protections.unknown())
    assert key(unstated) != key(blank)


def test_a_viewer_who_cannot_be_put_is_refused() -> None:
    with pytest.raises(Unaskable):
        alike(TEXT, viewer=replace(AGENT, unit=""), purpose=CASE, questions=QUESTIONS)


def test_without_functions_each_is_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    def parsed(agreement: Agreement) -> Engine:
        return Engine.parsed(agreement.policies, agreement.schema)

    monkeypatch.setattr("tieline.core.agreement.alike.checked", parsed)
    key = alike(TEXT, viewer=AGENT, purpose=CASE, questions=QUESTIONS)
    facts, _ = drawn_facts(random.Random(1))
    assert key(facts) == facts
    assert checked(TEXT).compiled is not None
