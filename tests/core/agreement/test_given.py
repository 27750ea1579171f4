"""The formulas say of every question what the functions and Cedar answer to each."""

from __future__ import annotations

import builtins
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given as tried
from hypothesis import settings
from hypothesis import strategies as st

from tieline.core.agreement import given as whole
from tieline.core.agreement.clauses import Agreement
from tieline.core.agreement.decide import Gate, decide
from tieline.core.agreement.engine import Differing, Engine
from tieline.core.agreement.formulas import ProverMissing, asking, prover, stated_as
from tieline.core.agreement.given import ask_z3, given, texts_of
from tieline.core.agreement.question import (
    ACTIONS,
    Action,
    Question,
    context_of,
    of_record,
    of_viewer,
    stated,
)
from tieline.core.agreement.viewer import Purpose, PurposeCode, Viewer
from tieline.core.records import Facts, FieldClass, Protections

from .generated import ENGINE, EXAMPLES, FACTS, MODEL, PURPOSES, QUESTIONS, SAID, VIEWERS, texts
from .scene import AGENT, AGREEMENT, EVERYBODY, NOW, PARTIES, record, signed

SLOWLY = max(20, EXAMPLES // 5)
"""Of each 28 questions are asked: 20,000 decisions and more in `make soak`."""
PERSONS = st.sampled_from(list(EVERYBODY.values()))


@settings(max_examples=SLOWLY)
@tried(texts(), VIEWERS, PURPOSES, FACTS, SAID)
def test_any_text_means_what_cedar_says(
    engine: Engine, viewer: Viewer, purpose: Purpose, facts: Facts, department: str
) -> None:
    asked: dict[str, Any] = {"viewer": viewer, "purpose": purpose, "facts": facts}
    asked["department"] = department
    assert ask_z3(engine, QUESTIONS, **asked) == engine.ask_cedar(QUESTIONS, **asked)


@settings(max_examples=SLOWLY)
@tried(VIEWERS | PERSONS, PURPOSES, FACTS, SAID)
def test_the_model_means_what_cedar_says(
    viewer: Viewer, purpose: Purpose, facts: Facts, department: str
) -> None:
    asked: dict[str, Any] = {"viewer": viewer, "purpose": purpose, "facts": facts}
    asked["department"] = department
    told = ask_z3(ENGINE, QUESTIONS, **asked)
    assert told == ENGINE.ask_cedar(QUESTIONS, **asked) == ENGINE.ask(QUESTIONS, **asked)


@settings(max_examples=SLOWLY)
@tried(
    VIEWERS | PERSONS,
    PURPOSES,
    FACTS,
    st.sampled_from(QUESTIONS),
    st.booleans(),
    st.booleans(),
    st.sampled_from([*(one.agency for one in PARTIES), "city police"]),
)
def test_the_gates_are_those_of_a_decision(
    viewer: Viewer,
    purpose: Purpose,
    facts: Facts,
    question: Question,
    in_force: bool,
    trained: bool,
    owner: str,
) -> None:
    """What is proved is proved of what `decide` answers, its gates included."""
    facts = replace(facts, owner_agency=owner)
    at = NOW if in_force else AGREEMENT.in_force_until
    until = at + timedelta(days=1) if trained else at
    viewer = replace(viewer, trained_until=until)
    asked_by, asked_of = of_viewer(viewer), of_record(facts, department="any")
    further = [text for side in (asked_by, asked_of) for text in said(side)]
    asked = asking(texts_of(AGREEMENT, further=further))
    z3 = prover()
    solver = z3.Solver()
    solver.add(
        *asked.possible,
        *stated_as(asked, "principal", asked_by),
        *stated_as(asked, "resource", asked_of),
        *stated_as(asked, "context", context_of(question, stated(purpose))),
        asked.action == ACTIONS.index(question.action),
        asked.in_force == in_force,
        asked.trained == trained,
    )
    assert solver.check() == z3.sat
    told = decide(
        AGREEMENT,
        viewer=viewer,
        purpose=purpose,
        facts=facts,
        action=question.action,
        field_class=question.field_class,
        at=at,
    )
    found = given(AGREEMENT, asked)
    assert (solver.check(found.formula) == z3.sat) is told.allowed
    assert (solver.check(found.whole) == z3.sat) is told.is_whole
    assert not told.alarm


WITHOUT = signed(
    replace(AGREEMENT, policies=AGREEMENT.policies.replace('@standing("owner")', ""), signatures=())
)
"""No clause of it stands when it is not in force."""


@pytest.mark.parametrize(
    ("agreement", "in_force", "trained", "own", "gives"),
    [
        (AGREEMENT, True, True, False, True),
        (AGREEMENT, False, True, False, False),
        (AGREEMENT, True, False, False, False),
        (AGREEMENT, False, False, True, True),
        (WITHOUT, True, True, True, True),
        (WITHOUT, False, True, True, False),
        (WITHOUT, True, False, True, False),
    ],
)
def test_a_lapse_leaves_what_is_one_s_own_by_a_clause_that_stands(
    agreement: Agreement, in_force: bool, trained: bool, own: bool, gives: bool
) -> None:
    asked = asking(texts_of(agreement))
    z3 = prover()
    solver = z3.Solver()
    solver.add(*asked.possible, asked.in_force == in_force, asked.trained == trained)
    solver.add((asked.principal["agency"] == asked.resource["owner"]) == own)
    found = given(agreement, asked)
    for formula in (found.formula, found.whole):
        assert (solver.check(formula) == z3.sat) is gives


@pytest.mark.parametrize("gate", [Gate.PARTY, Gate.PURPOSE])
def test_what_is_given_whole_is_given_behind_every_gate(gate: Gate) -> None:
    asked = asking(texts_of(AGREEMENT))
    z3 = prover()
    solver = z3.Solver()
    found = given(AGREEMENT, asked)
    solver.add(*asked.possible, z3.Not(found.gates[gate]))
    assert solver.check() == z3.sat
    assert solver.check(found.whole) == solver.check(found.formula) == z3.unsat


def said(side: Any) -> list[str]:
    """All texts of a side."""
    sets = [value for value in side.values() if isinstance(value, frozenset)]
    alone = [value for value in side.values() if isinstance(value, str)]
    return [*alone, *(text for texts_ in sets for text in texts_)]


def test_a_question_that_the_formulas_hold_impossible_is_an_alarm(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Else they would prove something of other questions than those that there are."""

    def nothing_possible(texts: Any) -> Any:
        asked = asking(texts)
        return replace(asked, possible=(*asked.possible, prover().BoolVal(False)))

    monkeypatch.setattr(whole, "asking", nothing_possible)
    with pytest.raises(Differing):
        ask_z3(
            ENGINE,
            [Question(Action.POINTER)],
            viewer=AGENT,
            purpose=Purpose(code=PurposeCode.CUSTODY, number="E-1"),
            facts=record().facts,
            department="DHS",
        )


def test_a_text_that_was_not_checked_is_not_made_formulas() -> None:
    with pytest.raises(Differing):
        ask_z3(
            Engine.parsed(MODEL.policies, MODEL.schema),
            [Question(Action.FIELD, FieldClass.IDENTITY)],
            viewer=AGENT,
            purpose=Purpose(code=PurposeCode.CUSTODY, number="E-1"),
            facts=replace(record().facts, protections=Protections.unknown()),
            department="DHS",
        )


def test_without_z3_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    usual = builtins.__import__

    def without(name: str, *rest: Any) -> Any:
        if name == "z3":
            raise ImportError(name)
        return usual(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ProverMissing) as missing:
        prover()
    assert "tieline[prove]" in missing.value.cure
