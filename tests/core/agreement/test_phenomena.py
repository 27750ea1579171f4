"""One row a phenomenon: who, of what, for what, sees how much; with what it rests on."""

from __future__ import annotations

import pickle
from datetime import datetime
from typing import Any

import pytest

from tieline.core.agreement.decide import Obligation, checked
from tieline.core.agreement.disclose import NOTHING, disclose, disclose_each, receipt_of
from tieline.core.agreement.engine import Engine
from tieline.core.agreement.question import Action
from tieline.core.agreement.viewer import Purpose, Viewer
from tieline.core.records import FieldClass, FieldValue, Level, Protections, Record
from tieline.core.redress import Statement

from .phenomena import ROWS, Row
from .scene import (
    AGENT,
    AGREEMENT,
    AUDITOR,
    CASE,
    DEPUTY,
    EVERYBODY,
    INVESTIGATOR,
    LOOSE,
    NOW,
    OWN_CONTRACTOR,
    canary,
    record,
)

C = FieldClass


@pytest.mark.parametrize("row", ROWS, ids=[row.says for row in ROWS])
def test_a_viewer_sees_this_much_and_no_more(row: Row) -> None:
    answer = disclose(
        row.record,
        viewer=row.viewer,
        purpose=row.purpose,
        agreement=AGREEMENT,
        at=NOW,
        way=row.way,
    )
    told = answer.disclosure
    assert told.level is row.level
    assert {one.field_class for one in told.shown} == set(row.sees)
    assert answer.inward.alarm == ""
    if row.level is Level.NONE:
        assert told is NOTHING
    if row.clause:
        assert row.clause in answer.inward.clauses
    # Nothing of a closed field, anywhere in what may leave.
    out = f"{told!r}{told}{pickle.dumps(told)!r}{told.shown}"
    closed = [canary(one) for one in C if one not in row.sees]
    assert [one for one in closed if one in out] == []
    stays = repr(answer.inward) + repr(
        receipt_of(
            answer,
            number=row.record.number,
            viewer=row.viewer,
            purpose=row.purpose,
            agreement=AGREEMENT,
            at=NOW,
        )
    )
    assert "CANARY" not in stays
    assert "CANARY" not in repr(answer)


@pytest.mark.parametrize("flag", [None, *Protections.unknown().effective])
@pytest.mark.parametrize("viewer", EVERYBODY.values(), ids=EVERYBODY)
def test_unknown_hides_whatever_set_hides(viewer: Viewer, flag: str | None) -> None:
    """A flag left blank gives nobody more than the same flag set."""
    stated = Protections.screened()
    if flag is not None:
        stated = Protections(**{**stated.effective, flag: None})
    unknown, known = record(stated=stated), record(*filter(None, [flag]))
    answers = [
        disclose(one, viewer=viewer, purpose=CASE, agreement=AGREEMENT, at=NOW).disclosure
        for one in (unknown, known)
    ]
    assert answers[0] == answers[1]


@pytest.mark.parametrize("viewer", EVERYBODY.values(), ids=EVERYBODY)
@pytest.mark.parametrize("code", ["ER/CF", "ER", "REINRF", "", None])
def test_an_outcome_tells_nothing_by_how_it_is_withheld(viewer: Viewer, code: str | None) -> None:
    """8 CFR 208.6, P19: for who may not see outcomes, ER/CF and a blank look alike."""

    plain = record()
    kept = dict(plain.fields)
    kept["the outcome"] = FieldValue(code, FieldClass.OUTCOME)
    other = Record(**{**_parts(plain), "fields": kept})
    ask = {"viewer": viewer, "purpose": CASE, "agreement": AGREEMENT, "at": NOW}
    told, as_ever = (disclose(one, **ask).disclosure for one in (other, plain))
    if FieldClass.OUTCOME in {one.field_class for one in told.shown}:
        assert told.value("the outcome") == code
    else:
        assert told == as_ever
        assert pickle.dumps(told) == pickle.dumps(as_ever)


def _parts(one: Record) -> dict[str, object]:
    return {name: getattr(one, name) for name in Record.__slots__}


def test_what_betrays_by_its_name_is_not_named() -> None:
    told = disclose(
        record(), viewer=INVESTIGATOR, purpose=CASE, agreement=AGREEMENT, at=NOW
    ).disclosure
    assert {one.field_class for one in told.withheld} == {C.CASE_NARRATIVE}
    assert all(one.reason for one in told.withheld)


def test_each_withheld_field_cites_its_clause_in_words() -> None:
    told = disclose(
        record(), viewer=OWN_CONTRACTOR, purpose=CASE, agreement=AGREEMENT, at=NOW
    ).disclosure
    (outcome,) = [one for one in told.withheld if one.field_class is C.OUTCOME]
    assert outcome.clauses == ("F09",)
    assert outcome.reason == AGREEMENT.clauses["F09"].prose


def test_the_owner_is_to_be_told_and_the_viewer_does_not_learn_it() -> None:
    """P7, P14: the obligation stays inside; the disclosure is the same NOTHING as ever."""
    hidden = disclose(
        record("section_1367"), viewer=INVESTIGATOR, purpose=CASE, agreement=AGREEMENT, at=NOW
    )
    assert hidden.inward.obligations == {Obligation.NOTIFY_OWNER}
    assert hidden.disclosure is NOTHING
    assert "notify" not in repr(hidden.disclosure)


def test_a_lookout_is_confirmed_first_and_an_outsider_passes_nothing_on() -> None:
    lookout = record(kind="lookout", owner="investigations")
    told = disclose(lookout, viewer=AGENT, purpose=CASE, agreement=AGREEMENT, at=NOW).disclosure
    assert told.obligations == (Obligation.CONFIRM_FIRST,)
    outside = disclose(record(), viewer=DEPUTY, purpose=CASE, agreement=AGREEMENT, at=NOW)
    assert outside.disclosure.obligations == (Obligation.NO_ONWARD_SHARING,)
    own = disclose(record(), viewer=AGENT, purpose=CASE, agreement=AGREEMENT, at=NOW)
    assert own.disclosure.obligations == ()


@pytest.mark.parametrize("viewer", EVERYBODY.values(), ids=EVERYBODY)
def test_absent_is_the_same_nothing(viewer: Viewer) -> None:
    absent = disclose(None, viewer=viewer, purpose=CASE, agreement=AGREEMENT, at=NOW)
    assert absent.disclosure is NOTHING
    assert absent.inward.obligations == frozenset()
    hidden = disclose(
        record("grand_jury", owner="investigations"),
        viewer=viewer,
        purpose=CASE,
        agreement=AGREEMENT,
        at=NOW,
    ).disclosure
    assert hidden == absent.disclosure
    assert repr(hidden) == repr(absent.disclosure)
    assert pickle.dumps(hidden) == pickle.dumps(absent.disclosure)
    assert pickle.loads(pickle.dumps(hidden)) == NOTHING


def test_every_clause_of_the_model_is_tried_by_a_row() -> None:
    """A clause that decides nothing here is one that nobody would miss. What an owner may release
    or a danger opens, has rows of its own, in test_releases and test_emergencies.
    """
    cited = {
        clause
        for row in ROWS
        for clause in disclose(
            row.record,
            viewer=row.viewer,
            purpose=row.purpose,
            agreement=AGREEMENT,
            at=NOW,
            way=row.way,
        ).inward.clauses
    }
    assert set(AGREEMENT.clauses) - cited == {"R01", "R02", "R03", "R04", "E01"}


@pytest.mark.parametrize("viewer", EVERYBODY.values(), ids=EVERYBODY)
def test_a_pointer_does_not_tell_of_a_child_by_what_it_withholds(viewer: Viewer) -> None:
    """P11: one reason for all fields, whoever the record is about."""
    told = [
        disclose(what, viewer=viewer, purpose=LOOSE, agreement=AGREEMENT, at=NOW).disclosure
        for what in (record(), record("juvenile"))
    ]
    if told[0].level is Level.POINTER:
        assert told[0] == told[1]
        assert len({one.reason for one in told[0].withheld}) == 1


@pytest.mark.parametrize("purpose", [CASE, LOOSE], ids=["number", "reason"])
@pytest.mark.parametrize("at", [NOW, AGREEMENT.in_force_until], ids=["in force", "lapsed"])
def test_nothing_costs_the_same_questions_whether_hidden_or_absent(
    purpose: Purpose, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """design.md 4: a no-hit looks the same, timing included."""
    # Checking the text asks its engine, too: once, and whatever is looked for.
    checked(AGREEMENT)
    asked: list[int] = []
    answers = Engine._answers

    def counted(self: Engine, asker: Any, asked_of: Any) -> Any:
        asked.append(len(asker.questions))
        return answers(self, asker, asked_of)

    monkeypatch.setattr(Engine, "_answers", counted)
    no_party_s = record(owner="coast")
    own = record("informant", owner="investigations")
    hidden = (None, record("section_1367"), record("sealed"), no_party_s, own, None)
    for what in hidden:
        answer = disclose(what, viewer=INVESTIGATOR, purpose=purpose, agreement=AGREEMENT, at=at)
        assert answer.disclosure is NOTHING
    assert asked == [4] * len(hidden)


@pytest.mark.parametrize(
    ("viewer", "way", "level"),
    [
        (INVESTIGATOR, Action.SEARCH, Level.FULL),
        (INVESTIGATOR, Action.NOTIFY, Level.FULL),
        (INVESTIGATOR, Action.EXPORT, Level.NONE),
        (DEPUTY, Action.SEARCH, Level.POINTER),
        (DEPUTY, Action.NOTIFY, Level.NONE),
        (AGENT, Action.EXPORT, Level.FULL),
        (AUDITOR, Action.EXPORT, Level.NONE),
    ],
)
def test_the_way_out_must_be_open_too(viewer: Viewer, way: Action, level: Level) -> None:
    """P27: no copy of a foreign record unless a clause grants it."""
    told = disclose(record(), viewer=viewer, purpose=CASE, agreement=AGREEMENT, at=NOW, way=way)
    assert told.disclosure.level is level


def test_one_after_another_is_told_as_each_by_itself() -> None:
    """A list decides what clauses see alike once, and tells each as it would be told alone."""
    rows = [
        record(number="S-1"),
        record("section_1367", number="S-2"),
        record(number="S-3"),
        record(owner="investigations", number="S-4"),
        record("juvenile", number="S-5"),
    ]
    about = {"viewer": INVESTIGATOR, "purpose": CASE, "agreement": AGREEMENT, "at": NOW}
    found = list(disclose_each(rows, way=Action.SEARCH, **about))
    assert [one for one, _ in found] == rows
    assert [answer for _, answer in found] == [
        disclose(one, way=Action.SEARCH, **about) for one in rows
    ]
    assert found[1][1].disclosure is NOTHING


def test_a_statement_goes_with_the_field_that_is_shown_and_with_no_other() -> None:
    """5 USC 552a(d)(4)."""
    told = disclose(record(), viewer=INVESTIGATOR, purpose=CASE, agreement=AGREEMENT, at=NOW)
    shown = {one.name for one in told.disclosure.shown}
    assert "the identity" in shown
    assert "the source" not in shown
    said = [Statement(f"the {name}", "No.", NOW.date()) for name in ("identity", "source")]
    assert told.disclosure.with_statements(said).statements == (said[0],)
    assert told.disclosure.with_statements(said[1:]) == told.disclosure
