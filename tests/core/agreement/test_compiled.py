"""What is made of a text answers as Cedar does, to every question; where it cannot, it is no."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import cedarpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tieline.core.agreement.compiled import Part, Sheet, Verdict
from tieline.core.agreement.decide import Gate, decide_all
from tieline.core.agreement.engine import SHADOWED, Engine
from tieline.core.agreement.expression import (
    Asked,
    Both,
    Constant,
    Either,
    Equal,
    Holds,
    Not,
    Unreadable,
    attributes_of,
    folded,
    function_of,
    read_condition,
)
from tieline.core.agreement.likeness import Likening
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

    read = _read(condition)
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


ATTRIBUTES = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["event", "subject", "x"]),
        "owner": st.sampled_from(["patrol", "investigations", "x"]),
        "unit": st.sampled_from(["a'b", "one", "two"]),
        "department": st.sampled_from(["DHS", "sheriff"]),
        "caveats": st.frozensets(st.sampled_from(["silent", "exercise", "x", "y"])),
        **{name: st.booleans() for name in FLAGS},
    }
)


@settings(max_examples=EXAMPLES)
@given(st.lists(CONDITIONS, min_size=1, max_size=3), ATTRIBUTES, ATTRIBUTES, st.data())
def test_records_with_one_likeness_are_the_same_to_each_condition(
    conditions: list[str], one: dict[str, Any], other: dict[str, Any], data: st.DataObject
) -> None:
    known = {
        "principal": {
            **{"agency": "patrol", "unit": "a'b", "department": "DHS", "sworn": True},
            **{"employee": False, "roles": frozenset({"agent"})},
        },
        "context": {
            **{"purpose": "custody", "field_class": "whole", "has_number": True},
            "has_reason": False,
        },
    }
    left = [folded(_read(text), known) for text in conditions]
    of = Likening(left)
    # Most that are drawn differ in much: make them alike in all but one attribute.
    name = data.draw(st.sampled_from(sorted(one)))
    near = one | {name: other[name]}
    records = [one, near, other]
    columns = {each: [record[each] for record in records] for each in one}
    assert list(of.of_all(columns, 3)) == [of(record) for record in records]
    for record in (near, other):
        if of(record) == of(one):
            for condition in left:
                test = function_of(condition)
                assert test(record) is test(one)


def test_what_no_condition_names_makes_no_difference() -> None:
    mine = Equal(Constant("one"), Asked("resource", "unit"))
    silent = Holds(Asked("resource", "caveats"), Constant("silent"))
    kinds = Holds(Constant(frozenset({"event"})), Asked("resource", "kind"))
    of = Likening([Both(mine, Not(silent)), kinds])
    record: dict[str, Any] = {"unit": "two", "caveats": frozenset({"x"}), "kind": "case", "a": True}
    assert of(record) == of(record | {"unit": "three", "kind": "y", "a": False})
    assert of(record) == of(record | {"caveats": frozenset({"x", "y"})})
    differing = ({"unit": "one"}, {"kind": "event"}, {"caveats": frozenset({"silent"})})
    assert len({of(record), *(of(record | each) for each in differing)}) == 4
    marked = Likening([Holds(Asked("resource", "caveats"), Asked("resource", "unit"))])
    for each in ({"unit": "three"}, {"caveats": frozenset({"two"})}):
        assert marked(record) != marked(record | each)
    assert marked(record) == marked(record | {"kind": "y"})
    flags = Likening([Asked("resource", "a"), Equal(Asked("resource", "a"), Constant(True))])
    assert flags(record) != flags(record | {"a": False})
    assert list(Likening([Constant(True)]).of_all({}, 2)) == [(), ()]
    with pytest.raises(KeyError):
        of({"unit": "two"})
    with pytest.raises(TypeError):
        of(record | {"caveats": "silent"})


def _read(condition: str) -> Any:
    text = f"permit (principal, action, resource) when {{ {condition} }};"
    tree = json.loads(cedarpy.policies_to_json_str(text))["staticPolicies"]["policy0"]
    return read_condition(tree["conditions"])


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


def test_nothing_is_asked_on_the_right_where_the_left_has_settled_it() -> None:
    """As in Cedar: what is not asked can be missing."""
    missing = Asked("principal", "gone")
    yes, no = Constant(True), Constant(False)
    assert folded(Both(no, missing), {"principal": {}}) == no
    assert folded(Either(yes, missing), {"principal": {}}) == yes
    for asking in (Both(yes, missing), Either(no, missing), Equal(no, missing)):
        with pytest.raises(KeyError):
            folded(asking, {"principal": {}})


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


def test_what_is_remembered_has_an_end_and_changes_no_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tests = tuple(Asked("resource", name) for name in ("sealed", "juvenile"))
    parts = (Part((("F01", 0), ("F02", 1)), (("P01", -1),)),)
    records = [{"sealed": one, "juvenile": two} for one in (True, False) for two in (True, False)]
    at_first = [Sheet(tests, parts).decide(one) for one in records]
    assert [one.clauses for (one,) in at_first] == [("F01", "F02"), ("F01",), ("F02",), ("P01",)]
    monkeypatch.setattr("tieline.core.agreement.compiled._ANSWERED", 1)
    sheet = Sheet(tests, parts)
    for _ in range(2):
        assert [sheet.decide(one) for one in records] == at_first
        assert len(sheet._truths) == len(sheet._answers) == 1
    monkeypatch.undo()
    sheet = Sheet(tests, parts)
    once = [sheet.decide(one) for one in records]
    # The very answer that was made before: nothing is worked out twice.
    assert all(sheet.decide(one) is answer for one, answer in zip(records, once, strict=True))


def test_what_is_of_another_type_than_its_sign_needs_raises() -> None:
    with pytest.raises(TypeError, match="no set of texts"):
        folded(Holds(Constant("x"), Constant("x")), {})
    with pytest.raises(TypeError, match="no set of texts"):
        folded(Holds(Constant(frozenset({"x"})), Constant(True)), {})
    with pytest.raises(TypeError, match="none"):
        folded(Both(Constant("x"), Asked("resource", "sealed")), {})
    with pytest.raises(TypeError):
        function_of(Holds(Asked("resource", "kind"), Constant("x")))({"kind": "xyz"})
    with pytest.raises(TypeError):
        function_of(Constant("x"))
    both = Equal(Asked("resource", "owner"), Asked("resource", "unit"))
    assert function_of(both)({"owner": "a", "unit": "a"})
    assert not function_of(both)({"owner": "a", "unit": "b"})
    negated = Equal(Not(Asked("resource", "sealed")), Asked("resource", "tax"))
    assert function_of(negated)({"sealed": False, "tax": True})
