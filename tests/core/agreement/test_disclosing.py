"""What an answer says beside the values: whose it is, by what it is told, what its receipt keeps.

What any clause closes stays closed to a key, and what fails takes the whole answer with it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tieline.core.agreement import decide as deciding
from tieline.core.agreement.clauses import Agreement, Clause, Party
from tieline.core.agreement.decide import Obligation
from tieline.core.agreement.disclose import NOTHING, Answer, Inward, disclose, receipt_of
from tieline.core.agreement.emergencies import Danger, Emergency
from tieline.core.agreement.engine import Engine
from tieline.core.agreement.question import Action
from tieline.core.agreement.releases import Release
from tieline.core.agreement.viewer import Viewer
from tieline.core.records import FieldClass, Level, Pointer, Protections, Record
from tieline.reference.agreement import model_agreement

from .scene import AGENT, AGREEMENT, CASE, DEPUTY, INVESTIGATOR, NOW, record, signed

C = FieldClass
FIELD = 'permit (principal, action == Tieline::Action::"field", resource)'
RELEASE = 'permit (principal, action == Tieline::Action::"release", resource)'
POINTER = 'permit (principal, action == Tieline::Action::"pointer", resource)'
FAILS = "when { 9223372036854775807 + 1 > 0 }"
"""Of a text that was not checked: it cannot be evaluated."""


def text(*clauses: str) -> Agreement:
    policies = "\n".join(f'@id("C{at}")\n{clause};' for at, clause in enumerate(clauses))
    prose = {f"C{at}": Clause(prose="Said.", source="a rule") for at in range(len(clauses))}
    return signed(
        replace(
            AGREEMENT, policies=policies, clauses=prose, articles={}, sections=(), signatures=()
        )
    )


def answered(
    what: Record | Pointer | None,
    viewer: Viewer = INVESTIGATOR,
    agreement: Agreement = AGREEMENT,
    **how: Any,
) -> Answer:
    return disclose(what, viewer=viewer, purpose=CASE, agreement=agreement, at=NOW, **how)


def release(**about: Any) -> Release:
    given = {
        **{"number": "RL-1", "record": record().number, "purpose_number": CASE.number},
        **{"agency": INVESTIGATOR.agency, "unit": INVESTIGATOR.unit, "classes": frozenset(C)},
        **{"given_at": NOW, "expires_at": NOW + timedelta(days=1)},
        **about,
    }
    return Release(**given)


def emergency() -> Emergency:
    by = INVESTIGATOR
    return Emergency(
        **{"number": "BG-1", "record": record().number, "owner": "patrol", "case": CASE.number},
        **{"owning_unit": "TCA/NGL", "danger": Danger.HELD, "why": "Two people in a trailer."},
        **{"viewer": by.number, "agency": by.agency, "unit": by.unit, "assignment": by.assignment},
        **{"opened_at": NOW, "expires_at": NOW + timedelta(hours=1)},
        confirm_by=NOW + timedelta(hours=1),
    )


def pointer(**about: Any) -> Pointer:
    said = {
        **{"system": "patrol", "number": record().number, "version": 1, "kind": "subject"},
        **{"owner_agency": "patrol", "owning_unit": "TCA/NGL", "contact": "duty desk"},
        **{"protections": Protections.screened(), "caveats": frozenset()},
        **{"names": ("MARIA LOPEZ",), **about},
    }
    return Pointer(**said)


def test_it_is_said_whose_it_is_whom_to_call_and_by_what_it_is_told() -> None:
    told = answered(record(), DEPUTY).disclosure
    assert told.level is Level.POINTER
    assert (told.number, told.version, told.kind) == (record().number, 3, "subject")
    assert (told.owner_agency, told.owning_unit) == ("patrol", "TCA/NGL")
    assert told.contact == "duty desk"
    assert told.clauses == ("P05",)
    assert told.agreement == AGREEMENT.digest


def test_under_a_pointer_each_field_is_named_and_none_that_betrays_by_its_name() -> None:
    told = answered(record(), DEPUTY).disclosure
    named = {one.name: one.field_class for one in told.withheld}
    assert named == {f"the {one}": one for one in C if not one.betrays_by_name}
    prose = AGREEMENT.clauses["P05"].prose
    for one in told.withheld:
        assert one.clauses == told.clauses
        assert "pointer only" in one.reason
        assert prose in one.reason


def test_others_are_not_told_what_nobody_approved_and_the_owner_is() -> None:
    marked = record(caveats=frozenset({"gang_label", "unapproved", "no_fly"}))
    assert answered(marked, AGENT).disclosure.caveats == ("gang_label", "no_fly", "unapproved")
    assert answered(marked).disclosure.caveats == ("no_fly", "unapproved")


def test_what_a_field_s_clause_demands_is_demanded_where_the_field_is_shown() -> None:
    asked = 'when { context.field_class == "identity" }'
    demanding = text(
        *(POINTER, POINTER.replace("pointer", "summary")),
        f'@obligation("confirm_first") {FIELD} {asked}',
    )
    told = answered(record(), agreement=demanding).disclosure
    assert {one.field_class for one in told.shown} == {C.IDENTITY}
    assert told.obligations == (Obligation.CONFIRM_FIRST,)


def test_that_the_owner_is_told_is_not_told_to_whom_it_is_shown() -> None:
    """P7."""
    telling = text(f'@obligation("notify_owner, confirm_first") {POINTER}')
    answer = answered(record(), agreement=telling)
    assert answer.disclosure.level is Level.POINTER
    assert answer.disclosure.obligations == (Obligation.CONFIRM_FIRST,)
    assert answer.inward.obligations == {Obligation.NOTIFY_OWNER, Obligation.CONFIRM_FIRST}


def test_its_receipt_says_who_saw_what_by_which_text_and_not_one_value() -> None:
    answer = answered(record())
    about = {"number": record().number, "viewer": INVESTIGATOR, "purpose": CASE}
    receipt = receipt_of(answer, agreement=AGREEMENT, at=NOW, **about)  # type: ignore[arg-type]
    assert (receipt.number, receipt.version) == (record().number, 3)
    assert receipt.level is Level.FULL
    assert receipt.shown == {one.field_class for one in answer.disclosure.shown}
    # Those that are not even named to the viewer, too.
    assert receipt.withheld == frozenset(C) - receipt.shown
    assert C.SOURCE in receipt.withheld
    assert receipt.clauses == answer.inward.clauses
    assert {"P02", "P05"} <= set(receipt.clauses)
    assert receipt.agreement == AGREEMENT.digest
    assert (receipt.purpose, receipt.purpose_number) == ("investigation", CASE.number)
    assert (receipt.viewer, receipt.agency) == ("U-200", "investigations")
    assert (receipt.unit, receipt.assignment) == ("LA/13", INVESTIGATOR.assignment)
    assert receipt.at == NOW


def test_its_receipt_of_a_refusal_says_by_what() -> None:
    refused = answered(record("sealed"))
    about = {"number": record().number, "viewer": INVESTIGATOR, "purpose": CASE}
    receipt = receipt_of(refused, agreement=AGREEMENT, at=NOW, **about)  # type: ignore[arg-type]
    assert (receipt.level, receipt.version) == (Level.NONE, 0)
    assert (receipt.shown, receipt.withheld) == (frozenset(), frozenset())
    assert receipt.clauses == ("F03",)


def test_only_what_closed_it_and_what_the_record_holds_is_cited() -> None:
    """A door that is open is no reason for what another shut, nor is a class that is not there."""
    found = answered(
        record(),
        agreement=text('permit (principal, action == Tieline::Action::"search", resource)'),
        way=Action.SEARCH,
    )
    assert found == Answer(NOTHING, Inward())
    closed = text(
        'permit (principal, action == Tieline::Action::"search", resource)',
        'forbid (principal, action == Tieline::Action::"pointer", resource)',
    )
    assert answered(record(), agreement=closed, way=Action.SEARCH).inward.clauses == ("C1",)
    of_two = text(
        POINTER,
        'forbid (principal, action == Tieline::Action::"summary", resource)',
        'forbid (principal, action == Tieline::Action::"full", resource)',
    )
    assert answered(record(), agreement=of_two).inward.clauses == ("C0", "C1")
    named = {name: one for name, one in record().fields.items() if one.field_class is C.IDENTITY}
    assert "F10" in answered(record()).inward.clauses
    assert "F10" not in answered(replace(record(), fields=named)).inward.clauses


@pytest.mark.parametrize("parties", [1, 2, 3])
@pytest.mark.parametrize("way", [Action.POINTER, Action.SEARCH, Action.EXPORT])
def test_an_absent_record_cites_nothing_and_alarms_nobody(parties: int, way: Action) -> None:
    agencies = (Party("investigations", "DHS"), Party("patrol", "DHS"), Party("coast", "DHS"))
    agreement = signed(model_agreement(parties=agencies[:parties]))
    assert answered(None, agreement=agreement, way=way) == Answer(NOTHING, Inward())


def test_of_a_pointer_that_was_taken_back_nothing_is_told() -> None:
    assert answered(pointer()).disclosure.level > Level.NONE
    assert answered(pointer().buried(version=2)).disclosure is NOTHING
    open_to_all = text("permit (principal, action, resource)")
    assert answered(pointer().buried(version=2), agreement=open_to_all) == Answer(NOTHING, Inward())


def test_a_key_is_tried_at_a_record_and_at_no_pointer() -> None:
    """A pointer tells that there is a case; what stands in it is opened by its number."""
    case = pointer(kind="case")
    for key in ({"release": release()}, {"emergency": emergency()}):
        assert answered(replace(record(), kind="case"), **key).disclosure.shown
        assert answered(case, **key) == answered(case)
    plain = answered(case, way=Action.EXPORT)
    assert answered(case, way=Action.EXPORT, release=release(copies=True)) == plain


def test_a_release_adds_nothing_to_a_copy_that_a_clause_allows_unless_it_says_so() -> None:
    export = POINTER.replace("pointer", "export")
    allowing = text(POINTER, export, POINTER.replace("pointer", "summary"), RELEASE)
    how = {"agreement": allowing, "way": Action.EXPORT}
    without = answered(record(), release=release(), **how)  # type: ignore[arg-type]
    assert (without.disclosure.level, without.disclosure.shown) == (Level.SUMMARY, ())
    copied = answered(record(), release=release(copies=True), **how)  # type: ignore[arg-type]
    assert copied.disclosure.shown


def test_a_key_to_what_is_open_already_is_not_spoken_of() -> None:
    given = release(classes=frozenset({C.IDENTITY}), caveats=("call before you use it",))
    assert answered(record(), release=given) == answered(record())


def test_a_release_is_no_way_around_what_forbids_a_summary() -> None:
    forbidding = 'forbid (principal, action == Tieline::Action::"summary", resource)'
    assert answered(record(), agreement=text(POINTER, RELEASE), release=release()).disclosure.shown
    told = answered(record(), agreement=text(POINTER, RELEASE, forbidding), release=release())
    assert (told.disclosure.level, told.disclosure.shown) == (Level.POINTER, ())
    # What forbids the whole alone leaves a summary to be released.
    whole = forbidding.replace("summary", "full")
    told = answered(record(), agreement=text(POINTER, RELEASE, whole), release=release())
    assert told.disclosure.level is Level.SUMMARY


def test_what_a_key_left_shut_says_so_in_the_same_words_for_all() -> None:
    case = replace(record(), kind="case")
    narrative = release(classes=frozenset({C.CASE_NARRATIVE}))
    pointed = answered(case).disclosure
    for key, says in (
        ({"release": narrative}, "did not release"),
        (
            {"emergency": emergency()},
            "No danger opens",
        ),
    ):
        told = answered(case, **key).disclosure  # type: ignore[arg-type]
        assert told.level is Level.SUMMARY
        assert told.withheld
        for one in told.withheld:
            assert one.clauses == pointed.clauses
            assert says in one.reason
            assert AGREEMENT.clauses[one.clauses[0]].prose in one.reason


@pytest.mark.parametrize(
    ("action", "key"),
    [
        *((one, "release") for one in ("pointer", "summary", "full", "field", "release")),
        *((one, "emergency") for one in ("summary", "field", "emergency")),
    ],
)
def test_whatever_fails_takes_the_whole_answer_with_it(
    action: str, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A key that fails as well: half an answer would say which half could not be decided."""
    policies = f"""
    @id("C0") {POINTER};
    @id("C1") forbid (principal, action == Tieline::Action::"{action}", resource) {FAILS};
    """
    if action in ("full", "field"):
        policies += '@id("C2") permit (principal, action == Tieline::Action::"summary", resource);'
    broken = Engine.parsed(policies, AGREEMENT.schema)
    monkeypatch.setattr(deciding, "checked", lambda _: broken)
    made = release() if key == "release" else emergency()
    answer = answered(record(), agreement=text(POINTER, POINTER, POINTER), **{key: made})
    assert answer.disclosure is NOTHING
    assert "C1" in answer.inward.alarm
    assert answer.inward.clauses == ("gate:engine",)


def test_a_way_out_that_fails_tells_nothing_by_a_release_either(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    policies = f"""
    @id("C0") permit (principal, action, resource);
    @id("C1") forbid (principal, action == Tieline::Action::"export", resource) {FAILS};
    """
    broken = Engine.parsed(policies, AGREEMENT.schema)
    monkeypatch.setattr(deciding, "checked", lambda _: broken)
    answer = answered(
        record(), agreement=text(POINTER), way=Action.EXPORT, release=release(copies=True)
    )
    assert answer.disclosure is NOTHING
    assert "C1" in answer.inward.alarm


def test_what_is_no_record_is_an_alarm_of_its_kind() -> None:
    what: Any = "a record"
    answer = answered(what)
    assert answer.disclosure is NOTHING
    assert answer.inward == Inward(alarm="disclosing failed, so nothing was told: AttributeError")
