"""What is made of a text answers as Cedar does, to every question; where it cannot, it is no."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from datetime import UTC, datetime
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
from tieline.core.agreement.question import ACTIONS, Action, Question
from tieline.core.agreement.viewer import Purpose, PurposeCode, Role, Viewer
from tieline.core.records import Facts, FieldClass, Protections
from tieline.reference.agreement import model_agreement

from .scene import EVERYBODY

MODEL = model_agreement()
ENGINE = MODEL.check()
AT = datetime(2026, 5, 1, tzinfo=UTC)
EXAMPLES = int(os.environ.get("TIELINE_SOAK_EXAMPLES", "150"))
FLAGS = tuple(Protections.unknown().effective)

# Texts that look like something else to whoever is careless with them.
TEXTS = st.sampled_from(
    [
        "patrol",
        "investigations",
        "DHS",
        "",
        "True",
        "false",
        "silent",
        "Ä",
        "a'b",
        'a"b',
        "\\n",
        "0",
    ]
)
SAID = TEXTS.filter(bool)
FACTS = st.builds(
    Facts,
    kind=SAID,
    owner_agency=SAID,
    owning_unit=SAID,
    protections=st.builds(
        Protections, **{name: st.sampled_from([True, False, None]) for name in FLAGS}
    ),
    caveats=st.frozensets(SAID, max_size=3),
)
VIEWERS = st.builds(
    Viewer,
    number=st.just("P-1"),
    agency=SAID,
    unit=SAID,
    role=st.sampled_from(list(Role)),
    assignment=st.just("A-1"),
    department=TEXTS,
    sworn=st.booleans(),
    employee=st.booleans(),
    trained_until=st.none(),
    roles=st.frozensets(st.sampled_from(list(Role)), max_size=2),
)
PURPOSES = st.builds(
    Purpose,
    code=st.sampled_from(list(PurposeCode)),
    number=st.sampled_from(["", "E-1", "--"]),
    reason=st.sampled_from(["", "asked"]),
)
QUESTIONS = [
    *(Question(action) for action in ACTIONS if action is not Action.FIELD),
    *(Question(Action.FIELD, one) for one in FieldClass),
]


def quoted(text: str) -> str:
    signs = {'"': '\\"', "\\": "\\\\", "Ä": "\\u{c4}"}
    return '"' + "".join(signs.get(sign, sign) for sign in text) + '"'


A_TEXT = st.one_of(
    TEXTS.map(quoted),
    st.sampled_from(
        [
            *(f"principal.{name}" for name in ("agency", "unit", "department")),
            *(f"resource.{name}" for name in ("kind", "owner", "unit", "department")),
            *("context.purpose", "context.field_class"),
        ]
    ),
)
A_SET = st.one_of(
    st.lists(TEXTS.map(quoted), min_size=1, max_size=4).map(lambda all_: f"[{', '.join(all_)}]"),
    st.sampled_from(["principal.roles", "resource.caveats"]),
)
A_FLAG = st.sampled_from(
    [
        *("principal.sworn", "principal.employee", "context.has_number", "context.has_reason"),
        *(f"resource.{name}" for name in FLAGS),
    ]
)
CONDITIONS = st.recursive(
    st.one_of(
        A_FLAG,
        st.builds("{} {} {}".format, A_TEXT, st.sampled_from(["==", "!="]), A_TEXT),
        st.builds("{} {} {}".format, A_FLAG, st.sampled_from(["==", "!="]), A_FLAG),
        st.builds("{} {} {}".format, A_SET, st.sampled_from(["==", "!="]), A_SET),
        st.builds("{}.contains({})".format, A_SET, A_TEXT),
    ),
    lambda inner: st.one_of(
        inner.map("!({})".format),
        st.builds("({}) {} ({})".format, inner, st.sampled_from(["&&", "||", "=="]), inner),
    ),
    max_leaves=8,
)
HEADS = st.sampled_from(
    [
        "action",
        'action == Tieline::Action::"field"',
        'action in [Tieline::Action::"search", Tieline::Action::"full"]',
    ]
)
CLAUSES = st.builds(
    "{} (principal, {}, resource)\n{};".format,
    st.sampled_from(["permit", "forbid"]),
    HEADS,
    st.lists(
        st.builds("{} {{ {} }}".format, st.sampled_from(["when", "unless"]), CONDITIONS), max_size=2
    ).map("\n".join),
)


@st.composite
def texts(draw: st.DrawFn) -> Engine:
    clauses = draw(st.lists(CLAUSES, min_size=1, max_size=6))
    policies = "\n".join(f'@id("C{at}")\n{clause}' for at, clause in enumerate(clauses))
    prose = {f"C{at}": "Said in words." for at in range(len(clauses))}
    return Engine.checked(policies, MODEL.schema, prose)


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
