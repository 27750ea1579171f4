"""Gates, the engine's errors, and what is remembered: whatever goes wrong is no."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import cedarpy
import pytest

from tieline.core.agreement import decide as deciding
from tieline.core.agreement.clauses import Agreement
from tieline.core.agreement.decide import Decision, Gate, barred, decide, decide_all
from tieline.core.agreement.disclose import NOTHING, disclose
from tieline.core.agreement.engine import Engine, Verdict
from tieline.core.agreement.question import Action, Question, Unaskable, context_of, stated
from tieline.core.agreement.viewer import Purpose, PurposeCode, Role, Viewer
from tieline.core.records import FieldClass, Level
from tieline.reference.agreement import model_agreement

from .scene import AGENT, AGREEMENT, CASE, INVESTIGATOR, LOOSE, NOW, PARTIES, record, signed


@pytest.fixture(autouse=True)
def _read_before() -> None:
    """Checking a text asks its engine, too: it is done before a test breaks the engine."""
    deciding.checked(AGREEMENT)


def ask(
    agreement: Agreement = AGREEMENT,
    viewer: Viewer = INVESTIGATOR,
    purpose: Purpose | None = CASE,
    at: datetime = NOW,
) -> Decision:
    return decide(
        agreement,
        viewer=viewer,
        purpose=purpose,
        facts=record().facts,
        action=Action.POINTER,
        at=at,
    )


def test_a_decision_cites_its_clauses_in_words() -> None:
    decision = ask()
    assert decision.allowed
    assert decision.clauses == ("P02", "P05")
    assert decision.reasons[0] == AGREEMENT.clauses["P02"].prose


def test_a_refusal_by_no_clause_says_so() -> None:
    facts = record(kind="case").facts
    decision = decide(
        AGREEMENT, viewer=INVESTIGATOR, purpose=CASE, facts=facts, action=Action.FULL, at=NOW
    )
    assert (decision.allowed, decision.clauses) == (False, ())
    assert "No clause" in decision.reasons[0]


GATES = {
    "unsigned": (model_agreement(parties=PARTIES), INVESTIGATOR, CASE, NOW, Gate.SIGNED),
    "signed by two of three": (
        replace(AGREEMENT, signatures=AGREEMENT.signatures[:2]),
        INVESTIGATOR,
        CASE,
        NOW,
        Gate.SIGNED,
    ),
    "signed, then changed": (
        replace(AGREEMENT, policies=AGREEMENT.policies + "\n// widened"),
        INVESTIGATOR,
        CASE,
        NOW,
        Gate.SIGNED,
    ),
    "no party": (AGREEMENT, replace(INVESTIGATOR, agency="other"), CASE, NOW, Gate.PARTY),
    "no purpose": (AGREEMENT, INVESTIGATOR, None, NOW, Gate.PURPOSE),
    "purpose without number or reason": (
        *(AGREEMENT, INVESTIGATOR, Purpose(code=PurposeCode.INVESTIGATION, reason=" .-"), NOW),
        Gate.PURPOSE,
    ),
    "purpose outside the list": (
        *(AGREEMENT, INVESTIGATOR, Purpose(code="curiosity", number="1"), NOW),  # type: ignore[arg-type]
        Gate.PURPOSE,
    ),
    "not yet in force": (
        *(AGREEMENT, INVESTIGATOR, CASE, AGREEMENT.in_force_from - timedelta(microseconds=1)),
        Gate.IN_FORCE,
    ),
    "the moment it ends": (
        *(AGREEMENT, INVESTIGATOR, CASE, AGREEMENT.in_force_until),
        Gate.IN_FORCE,
    ),
    "never trained": (
        *(AGREEMENT, replace(INVESTIGATOR, trained_until=None), CASE, NOW),
        Gate.TRAINING,
    ),
    "the moment training lapses": (
        *(AGREEMENT, replace(INVESTIGATOR, trained_until=NOW), CASE, NOW),
        Gate.TRAINING,
    ),
}


@pytest.mark.parametrize("row", GATES.values(), ids=GATES)
def test_a_gate_that_is_shut_says_which(row: Any) -> None:
    agreement, viewer, purpose, at, gate = row
    decision = ask(agreement, viewer, purpose, at)
    assert (decision.allowed, decision.clauses, decision.alarm) == (False, (gate.value,), "")
    assert decision.reasons[0]
    assert barred(agreement, viewer=viewer, purpose=purpose, at=at) == decision
    answer = disclose(record(), viewer=viewer, purpose=purpose, agreement=agreement, at=at)
    assert answer.disclosure is NOTHING


def test_nothing_bars_a_viewer_who_may_ask() -> None:
    assert barred(AGREEMENT, viewer=INVESTIGATOR, purpose=LOOSE, at=NOW) is None


def test_the_first_moment_in_force_counts() -> None:
    assert ask(at=AGREEMENT.in_force_from).allowed


@pytest.mark.parametrize(
    ("viewer", "at"),
    [
        (AGENT, AGREEMENT.in_force_until),
        (replace(AGENT, trained_until=None), NOW),
    ],
    ids=["lapsed", "untrained"],
)
def test_an_agency_s_own_records_do_not_go_dark_when_the_agreement_lapses(
    viewer: Viewer, at: datetime
) -> None:
    """P6: custody clocks go on at midnight. Protections hold there too; foreign records close."""
    own = disclose(record(), viewer=viewer, purpose=CASE, agreement=AGREEMENT, at=at)
    assert own.disclosure.level is Level.FULL
    foreign = record(owner="investigations")
    for closed in (record("sealed", owner="investigations"), foreign):
        told = disclose(closed, viewer=viewer, purpose=CASE, agreement=AGREEMENT, at=at)
        assert told.disclosure is NOTHING
    contractor = replace(viewer, sworn=False, employee=False)
    hidden = disclose(
        record("section_1367"), viewer=contractor, purpose=CASE, agreement=AGREEMENT, at=at
    )
    assert hidden.disclosure is NOTHING
    # What forbids it is cited, and not the lapse, which closes nothing of one's own.
    assert hidden.inward.clauses == ("F01",)


def test_an_owner_who_is_no_party_gives_nothing_by_this_agreement() -> None:
    """P19: no chain of agreements gives more than the owner's own."""
    told = disclose(
        record(owner="coast"), viewer=INVESTIGATOR, purpose=CASE, agreement=AGREEMENT, at=NOW
    )
    assert told.disclosure is NOTHING
    assert told.inward.clauses == (Gate.PARTY.value,)


# Cedar lets the permit stand where a forbid cannot be evaluated (an overflow, say).
FAILS = """
@id("yes") permit (principal, action, resource);
@id("F01") forbid (principal, action, resource)
when { resource.section_1367 && 9223372036854775807 + 1 > 0 };
"""


def test_a_forbid_that_errors_denies(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = Engine.parsed(FAILS, AGREEMENT.schema)
    monkeypatch.setattr(deciding, "checked", lambda _: broken)
    facts = record("section_1367").facts
    decision = decide(
        AGREEMENT, viewer=INVESTIGATOR, purpose=CASE, facts=facts, action=Action.POINTER, at=NOW
    )
    assert (decision.allowed, decision.clauses) == (False, (Gate.ENGINE.value,))
    assert "F01" in decision.alarm
    assert "9223372036854775807" not in decision.alarm
    answer = disclose(
        record("section_1367"), viewer=INVESTIGATOR, purpose=CASE, agreement=AGREEMENT, at=NOW
    )
    assert answer.disclosure is NOTHING
    assert answer.inward.alarm


@pytest.mark.parametrize("clause", ["F01", ""])
def test_what_cannot_be_evaluated_is_named_and_allows_nothing(clause: str) -> None:
    policies = FAILS if clause else FAILS.replace('@id("F01")', "")
    said = {"viewer": INVESTIGATOR, "purpose": CASE, "facts": record("section_1367").facts}
    (verdict,) = Engine.parsed(policies, AGREEMENT.schema).ask_cedar(
        [Question(Action.POINTER)],
        department="DHS",
        **said,  # type: ignore[arg-type]
    )
    assert verdict == Verdict(allowed=False, failed=(clause or "policy1",))


def test_cedar_alone_would_have_allowed_it() -> None:
    """The trap itself: were this to change, the guard above would be tried by nothing."""
    answer = cedarpy.is_authorized(
        {"principal": 'A::"a"', "action": 'A::"b"', "resource": 'A::"c"', "context": {}},
        "permit (principal, action, resource); forbid (principal, action, resource) "
        "when { 9223372036854775807 + 1 > 0 };",
        [],
    )
    assert answer.allowed
    assert answer.diagnostics.errors


def test_one_field_that_fails_takes_the_whole_answer_with_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = """
    @id("P02") permit (principal, action, resource);
    @id("F09") forbid (principal, action, resource)
    when { context.field_class == "contact" && 9223372036854775807 + 1 > 0 };
    """
    broken = Engine.parsed(text, AGREEMENT.schema)
    monkeypatch.setattr(deciding, "checked", lambda _: broken)
    answer = disclose(record(), viewer=INVESTIGATOR, purpose=CASE, agreement=AGREEMENT, at=NOW)
    assert answer.disclosure is NOTHING
    assert "F09" in answer.inward.alarm


class Panic(BaseException):
    """As the engine's own panics are: no Exception."""


@pytest.mark.parametrize("error", [ValueError, RecursionError, MemoryError, Panic])
def test_whatever_the_engine_raises_denies_and_its_text_stays(
    error: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise error("CANARY of a person")

    monkeypatch.setattr(Engine, "_answers", fails)
    decision = ask()
    assert not decision.allowed
    assert error.__name__ in decision.alarm
    assert "CANARY" not in repr(decision)
    assert barred(AGREEMENT, viewer=INVESTIGATOR, purpose=CASE, at=NOW) is None
    answer = disclose(record(), viewer=INVESTIGATOR, purpose=CASE, agreement=AGREEMENT, at=NOW)
    assert answer.disclosure is NOTHING
    assert error.__name__ in answer.inward.alarm
    assert "CANARY" not in repr(answer)


@pytest.mark.parametrize("stop", [KeyboardInterrupt, SystemExit, GeneratorExit])
def test_who_stops_the_program_stops_it(
    stop: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stops(*_: object, **__: object) -> None:
        raise stop

    monkeypatch.setattr(Engine, "_answers", stops)
    with pytest.raises(stop):
        ask()
    monkeypatch.setattr("tieline.core.agreement.disclose.decide_all", stops)
    with pytest.raises(stop):
        disclose(record(), viewer=INVESTIGATOR, purpose=CASE, agreement=AGREEMENT, at=NOW)
    monkeypatch.setattr(deciding, "checked", stops)
    with pytest.raises(stop):
        barred(AGREEMENT, viewer=INVESTIGATOR, purpose=CASE, at=NOW)


def test_an_own_record_lapses_with_the_agreement_where_no_clause_stands() -> None:
    text = AGREEMENT.policies.replace('@standing("owner")', "")
    without = signed(replace(AGREEMENT, policies=text))
    assert ask(without, AGENT).allowed
    decision = ask(without, AGENT, at=AGREEMENT.in_force_until)
    assert (decision.allowed, decision.clauses) == (False, (Gate.IN_FORCE.value,))


def test_a_yes_that_cites_no_clause_is_no(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Engine, "_answers", lambda *_: [Verdict(allowed=True)])
    decision = ask()
    assert not decision.allowed
    assert decision.alarm


@pytest.mark.parametrize("answers", [0, 1, 3])
def test_fewer_answers_than_questions_are_none_and_more_are_none_either(
    answers: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A field must not be opened by its neighbour's answer."""
    yes = Verdict(allowed=True, clauses=("P02",))
    monkeypatch.setattr(Engine, "_answers", lambda *_: [yes] * answers)
    decisions = decide_all(
        AGREEMENT,
        viewer=INVESTIGATOR,
        purpose=CASE,
        facts=record().facts,
        questions=(Question(Action.POINTER), Question(Action.SUMMARY)),
        at=NOW,
    )
    assert [one.allowed for one in decisions] == [False, False]
    assert all("ValueError" in one.alarm for one in decisions)


def test_an_alarm_is_raised_for_an_absent_record_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Engine, "_answers", lambda *_: [])
    told = [
        disclose(what, viewer=INVESTIGATOR, purpose=CASE, agreement=AGREEMENT, at=NOW)
        for what in (None, record())
    ]
    assert told[0] == told[1]
    assert told[0].inward.alarm


def test_a_gate_is_cited_for_an_absent_record_too() -> None:
    """So that the ledger says alike of both why nothing was told."""
    ask_of: dict[str, Any] = {"viewer": INVESTIGATOR, "purpose": None, "at": NOW}
    for what in (None, record()):
        answer = disclose(what, agreement=AGREEMENT, **ask_of)
        assert answer.inward.clauses == (Gate.PURPOSE.value,)


def test_a_purpose_outside_the_list_cannot_be_put() -> None:
    with pytest.raises(Unaskable):
        stated(Purpose(code="curiosity", number="1"))  # type: ignore[arg-type]


def test_a_text_that_was_never_checked_decides_nothing() -> None:
    bad = signed(replace(AGREEMENT, policies='@id("x") permit (principal, action, resource);'))
    decision = ask(bad)
    assert not decision.allowed
    assert "AgreementRefused" in decision.alarm
    assert decision.clauses == (Gate.ENGINE.value,)
    # The text is named in the log, and in words it is told that nothing was decided.
    assert bad.digest[:12] in decision.alarm
    assert all(decision.reasons)
    assert len(decision.reasons) == 1
    assert barred(bad, viewer=INVESTIGATOR, purpose=CASE, at=NOW) == decision


@pytest.mark.parametrize("nothing", [None, "an agreement"])
def test_what_is_no_agreement_gives_nothing_and_breaks_nothing(nothing: Any) -> None:
    for decision in (
        ask(nothing),
        barred(nothing, viewer=INVESTIGATOR, purpose=CASE, at=NOW),
    ):
        assert decision is not None
        assert (decision.allowed, decision.clauses) == (False, (Gate.ENGINE.value,))
        assert "agreement none" in decision.alarm


@pytest.mark.parametrize(
    "question",
    [
        Question(Action.FIELD),
        Question(Action.POINTER, FieldClass.IDENTITY),
        Question("pointer"),  # type: ignore[arg-type]
        Question(Action.FIELD, "identity"),  # type: ignore[arg-type]
    ],
    ids=repr,
)
def test_a_question_that_is_none_is_denied(question: Question) -> None:
    # Also where the same was asked before in the right words, and is remembered.
    for sign in (Question(Action.POINTER), Question(Action.FIELD, FieldClass.IDENTITY)):
        asked = {"viewer": AGENT, "purpose": CASE, "facts": record().facts, "at": NOW}
        decide_all(AGREEMENT, questions=(sign,), **asked)
    (decision,) = decide_all(
        AGREEMENT,
        viewer=AGENT,
        purpose=CASE,
        facts=record().facts,
        questions=(question,),
        at=NOW,
    )
    assert not decision.allowed
    assert decision.alarm


def test_one_by_one_all_at_once_and_remembered_are_the_same() -> None:
    facts = record().facts
    ask_of: dict[str, Any] = {"viewer": INVESTIGATOR, "purpose": CASE, "facts": facts, "at": NOW}
    questions = tuple(Question(Action.FIELD, one) for one in FieldClass)
    at_once = decide_all(AGREEMENT, questions=questions, **ask_of)
    one_by_one = tuple(
        decide(AGREEMENT, action=Action.FIELD, field_class=one, **ask_of) for one in FieldClass
    )
    for _ in range(2):
        assert deciding.decide_fields(AGREEMENT, classes=tuple(FieldClass), **ask_of) == at_once
    assert one_by_one == at_once


def test_a_class_in_words_is_denied_though_its_sign_was_asked_before() -> None:
    ask_of: dict[str, Any] = {"viewer": AGENT, "purpose": CASE, "facts": record().facts, "at": NOW}
    signs = (FieldClass.IDENTITY,)
    assert deciding.decide_fields(AGREEMENT, classes=signs, **ask_of)[0].allowed
    words: Any = ("identity",)
    (decision,) = deciding.decide_fields(AGREEMENT, classes=words, **ask_of)
    assert not decision.allowed
    assert decision.alarm


@pytest.mark.parametrize("is_frozen", [True, False])
def test_who_gains_a_role_between_two_looks_is_asked_anew(is_frozen: bool) -> None:
    """The last to ask is remembered for the next record; never by what is only equal."""
    roles: Any = frozenset[Role]() if is_frozen else set[Role]()
    viewer = replace(INVESTIGATOR, roles=roles)
    ask_of: dict[str, Any] = {"purpose": CASE, "facts": record("juvenile").facts, "at": NOW}
    questions = tuple(Question(Action.FIELD, one) for one in FieldClass)
    before = decide_all(AGREEMENT, viewer=viewer, questions=questions, **ask_of)
    if is_frozen:
        viewer = replace(viewer, roles=frozenset({Role.ADMINISTRATOR}))
    else:
        roles.add(Role.ADMINISTRATOR)
    after = decide_all(AGREEMENT, viewer=viewer, questions=questions, **ask_of)
    assert any(one.allowed for one in before)
    assert not any(one.allowed for one in after)


def test_questions_that_change_between_two_looks_are_asked_anew() -> None:
    ask_of: dict[str, Any] = {"viewer": INVESTIGATOR, "purpose": CASE, "facts": record().facts}
    questions = [Question(Action.FIELD, FieldClass.IDENTITY)]
    (identity,) = decide_all(AGREEMENT, questions=questions, at=NOW, **ask_of)
    questions[0] = Question(Action.FIELD, FieldClass.CASE_NARRATIVE)
    (narrative,) = decide_all(AGREEMENT, questions=questions, at=NOW, **ask_of)
    assert (identity.allowed, narrative.allowed) == (True, False)


def test_what_is_remembered_of_one_purpose_is_not_another_s() -> None:
    """By the very same questions, one after the other and back again."""
    questions = tuple(Question(Action.FIELD, one) for one in FieldClass)
    ask_of: dict[str, Any] = {"facts": record().facts, "questions": questions, "at": NOW}
    seen = [
        [one.allowed for one in decide_all(AGREEMENT, viewer=viewer, purpose=purpose, **ask_of)]
        for viewer, purpose in [(INVESTIGATOR, CASE), (INVESTIGATOR, LOOSE), (AGENT, LOOSE)] * 2
    ]
    assert sum(seen[0]) > sum(seen[1])
    assert sum(seen[2]) > sum(seen[1])
    assert seen[:3] == seen[3:]


def test_the_last_to_ask_is_remembered_and_nobody_before() -> None:
    for engine in (AGREEMENT.check(), Engine.parsed(AGREEMENT.policies, AGREEMENT.schema)):
        questions = (Question(Action.POINTER),)
        for viewer in (AGENT, INVESTIGATOR):
            asked = {"viewer": viewer, "purpose": CASE, "facts": record().facts}
            engine.ask(questions, department="DHS", **asked)  # type: ignore[arg-type]
        assert [one.viewer for one in engine.askers] == [INVESTIGATOR]


def test_what_is_remembered_of_one_viewer_is_not_another_s() -> None:
    first = disclose(record(), viewer=AGENT, purpose=CASE, agreement=AGREEMENT, at=NOW)
    second = disclose(record(), viewer=INVESTIGATOR, purpose=CASE, agreement=AGREEMENT, at=NOW)
    third = disclose(record(), viewer=INVESTIGATOR, purpose=LOOSE, agreement=AGREEMENT, at=NOW)
    assert len(first.disclosure.shown) > len(second.disclosure.shown) > len(third.disclosure.shown)


@pytest.mark.parametrize(
    "question",
    [
        Question("pointer"),  # type: ignore[arg-type]
        Question(Action.FIELD),
        Question(Action.POINTER, FieldClass.IDENTITY),
        Question(Action.FIELD, "identity"),  # type: ignore[arg-type]
    ],
    ids=repr,
)
def test_a_question_that_is_none_has_no_context(question: Question) -> None:
    with pytest.raises(Unaskable):
        context_of(question, stated(CASE))
