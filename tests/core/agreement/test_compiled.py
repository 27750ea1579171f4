"""What is made of a text answers as Cedar does, to every question; where it cannot, it is no."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import cedarpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tieline.core.agreement.compiled import Sheet, Verdict
from tieline.core.agreement.decide import Gate, decide_all
from tieline.core.agreement.engine import SHADOWED, Engine
from tieline.core.agreement.expression import (
    Asked,
    Constant,
    Equal,
    Not,
    Unreadable,
    attributes_of,
    folded,
    function_of,
    read_condition,
)
from tieline.core.agreement.question import Action, Question
from tieline.core.agreement.viewer import Purpose, PurposeCode, Viewer
from tieline.core.records import Facts, Protections

from .generated import (
    AT,
    CONDITIONS,
    ENGINE,
    EXAMPLES,
    FACTS,
    FLAGS,
    MODEL,
    PURPOSES,
    QUESTIONS,
    SAID,
    VIEWERS,
    texts,
)
from .scene import EVERYBODY


def both(engine: Engine, asked: dict[str, Any]) -> None:
    assert engine.ask(QUESTIONS, **asked) == engine.ask_cedar(QUESTIONS, **asked)


@settings(max_examples=EXAMPLES)
@given(texts(), VIEWERS, PURPOSES, FACTS, SAID)
def test_any_text_means_what_cedar_says(
    engine: Engine, viewer: Viewer, purpose: Purpose, facts: Facts, department: str
) -> None:
    asked = {"viewer": viewer, "purpose": purpose, "facts": facts, "department": department}
    both(engine, asked)


@settings(max_examples=EXAMPLES)
@given(VIEWERS | st.sampled_from(list(EVERYBODY.values())), PURPOSES, FACTS, SAID)
def test_the_model_means_what_cedar_says(
    viewer: Viewer, purpose: Purpose, facts: Facts, department: str
) -> None:
    asked = {"viewer": viewer, "purpose": purpose, "facts": facts, "department": department}
    both(ENGINE, asked)


@settings(max_examples=EXAMPLES)
@given(CONDITIONS, st.dictionaries(st.sampled_from(FLAGS), st.booleans()))
def test_what_is_folded_is_what_it_was(condition: str, flags: dict[str, bool]) -> None:
    """In whatever order the sides come to be known."""

    text = f"permit (principal, action, resource) when {{ {condition} }};"
    tree = json.loads(cedarpy.policies_to_json_str(text))["staticPolicies"]["policy0"]
    read = read_condition(tree["conditions"])
    none = {"kind": "", "owner": "", "unit": "", "department": "", "caveats": frozenset[str]()}
    sides: dict[str, dict[str, Any]] = {
        "resource": none | dict.fromkeys(FLAGS, False) | flags,
        "principal": {
            **{"agency": "patrol", "unit": "a'b", "department": "DHS", "sworn": True},
            **{"employee": False, "roles": frozenset({"agent"})},
        },
        "context": {
            **{"purpose": "custody", "field_class": "whole", "has_number": True},
            "has_reason": False,
        },
    }
    at_once = folded(read, sides)
    one_by_one = folded(
        folded(folded(read, _only(sides, "context")), _only(sides, "resource")), sides
    )
    known = folded(read, _only(sides, "principal") | _only(sides, "context"))
    assert isinstance(at_once, Constant)
    assert one_by_one == at_once
    assert function_of(known)(sides["resource"]) is at_once.value
    assert all(one.of == "resource" for one in attributes_of(known))


def _only(sides: dict[str, dict[str, Any]], side: str) -> dict[str, dict[str, Any]]:
    return {side: sides[side]}


@pytest.mark.parametrize(
    "body",
    [
        {"like": {"left": {"Var": "principal"}, "pattern": ["Wildcard"]}},
        {"Value": True},
        {"Value": 1},
        {"Set": [{"Value": 1}]},
        {"Var": "principal"},
        {".": {"left": {"Var": "action"}, "attr": "id"}},
        {"if-then-else": {}},
    ],
)
def test_a_sign_that_is_not_known_is_refused(body: dict[str, Any]) -> None:
    with pytest.raises(Unreadable):
        read_condition([{"kind": "when", "body": body}])
    with pytest.raises(Unreadable):
        read_condition([{"kind": "perhaps", "body": {"Value": "x"}}])


def test_what_is_not_there_is_not_guessed() -> None:
    flag = Asked("resource", "sealed")
    with pytest.raises(KeyError):
        function_of(Not(flag))({})
    with pytest.raises(TypeError):
        function_of(Not(flag))({"sealed": "no"})
    with pytest.raises(KeyError):
        folded(Equal(Asked("principal", "agency"), Constant("x")), {"principal": {}})
    with pytest.raises(Unreadable):
        function_of(Asked("principal", "sworn"))


def decided(engine_of: Any, monkeypatch: pytest.MonkeyPatch, times: int) -> list[bool]:
    """Whether each of so many looks was allowed, of an owner at its own record."""
    viewer = replace(next(iter(EVERYBODY.values())), agency="patrol")
    signed = MODEL
    for party in MODEL.parties:
        signed = signed.signed(agency=party.agency, by="a person", at=AT)
    assert "patrol" in {party.agency for party in MODEL.parties}
    monkeypatch.setattr("tieline.core.agreement.decide.checked", lambda agreement: engine_of)
    facts = Facts(
        kind="event",
        owner_agency="patrol",
        owning_unit="u",
        protections=Protections.screened(),
        caveats=frozenset(),
    )
    found = []
    for _ in range(times):
        (one,) = decide_all(
            signed,
            viewer=viewer,
            purpose=Purpose(code=PurposeCode.PROCESSING, number="E-1"),
            facts=facts,
            questions=[Question(Action.POINTER)],
            at=AT,
        )
        found.append(one.allowed)
        if not one.allowed:
            assert one.clauses == (Gate.ENGINE.value,)
            assert "Differing" in one.alarm
    return found


def test_where_cedar_says_otherwise_nothing_is_disclosed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cedar is asked again and again; a difference is an alarm, and the answer is no."""
    assert all(decided(MODEL.check(), monkeypatch, 3))
    lying = MODEL.check()
    monkeypatch.setattr(Sheet, "decide", lambda self, record: (Verdict(True, ("P02",)),))
    found = decided(lying, monkeypatch, SHADOWED + 1)
    assert [at for at, allowed in enumerate(found) if not allowed] == [0, SHADOWED]
