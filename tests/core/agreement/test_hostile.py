"""Whatever comes in, nothing is raised and nobody sees more."""

from __future__ import annotations

import pickle
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from tieline.core.agreement.decide import Gate, decide
from tieline.core.agreement.disclose import NOTHING, disclose
from tieline.core.agreement.question import Action
from tieline.core.agreement.viewer import Purpose, PurposeCode, Role, Viewer
from tieline.core.records import Facts, FieldClass, Level, Protections, Record

from .scene import (
    AGENT,
    AGREEMENT,
    CASE,
    CONTRACTOR,
    DEPUTY,
    EVERYBODY,
    INVESTIGATOR,
    NOW,
    STRANGER,
    TASK_FORCE_LOCAL,
    canary,
    record,
)


class Liar(str):
    """Text that equals whatever it is compared with."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 0


class Explosive:
    """A thing that raises at a touch, with a person's name in the text."""

    def __getattr__(self, name: str) -> Any:
        raise RuntimeError("CANARY")

    def __eq__(self, other: object) -> bool:
        raise RuntimeError("CANARY")

    def __bool__(self) -> bool:
        raise RuntimeError("CANARY")

    def __hash__(self) -> int:
        raise RuntimeError("CANARY")

    def __repr__(self) -> str:
        raise RuntimeError("CANARY")


ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=40),
    st.sampled_from(
        [
            "",
            " ",
            "patrol\u0000",
            "patrol ",
            "PATROL",
            "p\u0430trol",
            "\u202epatrol",
            "\ud800",
            '" || true || "',
            'patrol"};permit(principal,action,resource);',
            "DHS\n",
            "x" * 10_000_000,
            "😀" * 1000,
            "True",
            "False",
        ]
    ),
    st.builds(Explosive),
    st.just(Liar("DHS")),
    st.lists(st.text(max_size=5), max_size=3),
    st.dictionaries(st.text(max_size=5), st.text(max_size=5), max_size=2),
    st.just(float("nan")),
    st.just(b"patrol"),
)
VIEWER_FIELDS = [one.name for one in fields(Viewer)]
FACT_FIELDS = [one.name for one in fields(Facts)]
FLAGS = list(Protections.unknown().effective)


def seen(viewer: Any, what: Any = None, purpose: Any = CASE, at: Any = NOW) -> Any:
    answer = disclose(
        what if what is not None else record(),
        viewer=viewer,
        purpose=purpose,
        agreement=AGREEMENT,
        at=at,
    )
    assert "CANARY" not in answer.inward.alarm
    if answer.inward.alarm:
        assert answer.disclosure is NOTHING
    return answer.disclosure


@given(name=st.sampled_from(VIEWER_FIELDS), value=ODD)
@example(name="sworn", value="False")
@example(name="department", value=Liar("DHS"))
@example(name="agency", value=Liar("patrol"))
def test_an_outsider_gets_no_more_by_an_odd_attribute(name: str, value: Any) -> None:
    odd = replace(DEPUTY, **{name: value})
    told = seen(odd)
    assert told.level <= Level.POINTER
    assert told.shown == ()


@given(name=st.sampled_from(VIEWER_FIELDS), value=ODD)
def test_an_insider_gets_all_or_less_by_an_odd_attribute(name: str, value: Any) -> None:
    as_ever = {one.name for one in seen(INVESTIGATOR).shown}
    told = seen(replace(INVESTIGATOR, **{name: value}))
    assert {one.name for one in told.shown} <= as_ever


@given(
    viewer=st.sampled_from([INVESTIGATOR, DEPUTY, STRANGER, CONTRACTOR, TASK_FORCE_LOCAL]),
    name=st.sampled_from(VIEWER_FIELDS),
    value=ODD,
)
def test_protected_stays_nothing_whatever_an_attribute_is(
    viewer: Viewer, name: str, value: Any
) -> None:
    """8 USC 1367(a)(2)."""
    assert seen(replace(viewer, **{name: value}), record("section_1367")) is NOTHING


@given(value=ODD, code=ODD)
def test_an_odd_purpose_gives_nothing(value: Any, code: Any) -> None:
    assert seen(INVESTIGATOR, purpose=Purpose(code=code, number="1")) is NOTHING
    assert seen(INVESTIGATOR, purpose=value) is NOTHING
    told = seen(INVESTIGATOR, purpose=Purpose(code=PurposeCode.INVESTIGATION, number=value))
    if type(value) is not str:
        assert told is NOTHING


@given(at=ODD)
def test_an_odd_moment_gives_nothing(at: Any) -> None:
    assert seen(INVESTIGATOR, at=at) is NOTHING


def test_a_moment_without_a_zone_gives_nothing() -> None:
    assert seen(INVESTIGATOR, at=NOW.replace(tzinfo=None)) is NOTHING


@given(name=st.sampled_from(FACT_FIELDS), value=ODD)
def test_odd_facts_open_nothing_to_an_outsider(name: str, value: Any) -> None:
    facts = replace(record("section_1367").facts, **{name: value})
    decision = decide(
        AGREEMENT, viewer=DEPUTY, purpose=CASE, facts=facts, action=Action.POINTER, at=NOW
    )
    if name != "protections":
        assert not decision.allowed
    else:
        assert decision.clauses == (Gate.ENGINE.value,)
    assert "CANARY" not in repr(decision.alarm)


@given(flag=st.sampled_from(FLAGS), value=ODD)
@example(flag="juvenile", value=0)
@example(flag="section_1367", value=0.0)
def test_anything_but_false_protects(flag: str, value: Any) -> None:
    assume(value is not False)
    clean = Protections.screened().effective
    odd = record(stated=Protections(**{**clean, flag: value}))
    flagged = record(flag)
    for viewer in (INVESTIGATOR, DEPUTY, AGENT):
        assert seen(viewer, odd) == seen(viewer, flagged)


@pytest.mark.parametrize("flag", FLAGS)
def test_what_only_equals_false_is_not_taken_for_it(flag: str) -> None:
    """Answers are remembered by what is equal; 0 is equal to False, and says nothing."""
    clean = Protections.screened()
    odd = replace(clean, **{flag: 0})
    assert odd != clean
    assert replace(record().facts, protections=odd) != record().facts


@given(what=ODD)
def test_what_is_no_record_gives_nothing(what: Any) -> None:
    answer = disclose(what, viewer=AGENT, purpose=CASE, agreement=AGREEMENT, at=NOW)
    assert answer.disclosure is NOTHING
    assert "CANARY" not in repr(answer)


@given(thing=ODD)
def test_what_is_no_viewer_and_no_agreement_gives_nothing(thing: Any) -> None:
    assert seen(thing) is NOTHING
    answer = disclose(record(), viewer=AGENT, purpose=CASE, agreement=thing, at=NOW)
    assert answer.disclosure is NOTHING
    assert answer.inward.alarm


@given(
    viewer=st.builds(
        Viewer,
        number=st.just("U-1"),
        agency=st.sampled_from(["patrol", "investigations", "sheriff", "other"]),
        unit=st.sampled_from(["TCA/NGL", "EPT/YST", "LA/13"]),
        role=st.sampled_from(Role),
        assignment=st.just("A-1"),
        department=st.sampled_from(["DHS", "DOJ", "STATE", "sheriff", ""]),
        sworn=st.booleans(),
        employee=st.booleans(),
        trained_until=st.sampled_from([None, NOW, NOW + timedelta(days=1)]),
        roles=st.frozensets(st.sampled_from(Role), max_size=2),
    ),
    purpose=st.builds(
        Purpose,
        code=st.sampled_from(PurposeCode),
        number=st.sampled_from(["", "LA13"]),
        reason=st.sampled_from(["", "seen twice"]),
    ),
    flags=st.fixed_dictionaries({name: st.sampled_from([None, False, True]) for name in FLAGS}),
    kind=st.sampled_from(["subject", "lookout", "case", "report", "person", "odd"]),
    owner=st.sampled_from(["patrol", "investigations", "sheriff", "other"]),
    caveats=st.sampled_from([frozenset[str](), frozenset({"silent"})]),
)
def test_what_must_hold_for_every_viewer_purpose_and_record(
    viewer: Viewer,
    purpose: Purpose,
    flags: dict[str, bool | None],
    kind: str,
    owner: str,
    caveats: frozenset[str],
) -> None:
    stated = Protections(**flags)
    what = record(kind=kind, owner=owner, caveats=caveats, stated=stated)
    told = seen(viewer, what, purpose)
    own = viewer.agency == owner
    circle = viewer.department in ("DHS", "DOJ", "STATE") and (viewer.sworn or viewer.employee)
    on = stated.effective
    out = {one.field_class for one in told.shown}
    if not own:
        hidden = on["section_1367"] or (on["asylum"] and not circle) or "silent" in caveats
        kept = ("informant", "grand_jury", "intercept", "sealed", "tax", "medical")
        if hidden or any(on[name] for name in (*kept, "suspicious_activity", "third_agency")):
            assert told is NOTHING
        assert not out & {FieldClass.SOURCE, FieldClass.COURT, FieldClass.PROTECTION}
        assert not out & {FieldClass.FEAR, FieldClass.MEDICAL, FieldClass.CASE_NARRATIVE}
        if viewer.trained_until is None or viewer.trained_until <= NOW:
            assert told is NOTHING
    if not circle:
        assert not out & {FieldClass.OUTCOME, FieldClass.FEAR}
        assert not on["section_1367"] or told is NOTHING
    if "other" in (viewer.agency, owner) or not (purpose.number or purpose.reason):
        assert told is NOTHING
    if Role.ADMINISTRATOR in {viewer.role, *viewer.roles}:
        assert told is NOTHING
    if told.level < Level.SUMMARY:
        assert out == set()
    assert {one.name for one in told.shown} & {one.name for one in told.withheld} == set()
    text = pickle.dumps(told).decode("latin-1")
    assert [one for one in FieldClass if canary(one) in text and one not in out] == []


def test_ten_megabytes_in_every_field_are_cut_like_any_other() -> None:
    huge = record()
    kept = {
        name: type(one)(canary(one.field_class) + "x" * 10_000_000, one.field_class)
        for name, one in list(huge.fields.items())[:3]
    }
    what = Record(**{**{n: getattr(huge, n) for n in Record.__slots__}, "fields": kept})
    for viewer in EVERYBODY.values():
        assert len(repr(seen(viewer, what))) < 10_000


def test_time_alone_never_widens() -> None:
    """From the first moment to the last, an outsider sees the pointer, and never more."""
    for at in (
        AGREEMENT.in_force_from,
        NOW,
        AGREEMENT.in_force_until,
        datetime.max.replace(tzinfo=UTC),
    ):
        assert seen(DEPUTY, at=at).level <= Level.POINTER
