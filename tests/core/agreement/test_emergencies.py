"""A danger opens what its clause lets it open to one person for a short term, and nothing that any
clause closes: not past the circle, not a hidden record, not who told.
"""

from __future__ import annotations

import pickle
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tieline.core.agreement.disclose import NOTHING, disclose
from tieline.core.agreement.emergencies import Danger, Emergency, may_confirm
from tieline.core.agreement.question import Action
from tieline.core.agreement.releases import Release
from tieline.core.agreement.releasing import opened
from tieline.core.agreement.viewer import PurposeCode, Role, Viewer
from tieline.core.records import FieldClass, Level

from .scene import (
    AGENT,
    AGREEMENT,
    AUDITOR,
    CASE,
    CONTRACTOR,
    DEPUTY,
    HOST_ADMINISTRATOR,
    INVESTIGATOR,
    LOOSE,
    NOW,
    STRANGER,
    TASK_FORCE_LOCAL,
    canary,
    record,
    signed,
)

NARRATIVE = FieldClass.CASE_NARRATIVE
OPENED = {
    *(FieldClass.IDENTITY, FieldClass.DESCRIPTION, FieldClass.CONTACT, FieldClass.FAMILY),
    *(FieldClass.APPREHENSION, FieldClass.LOCATION, FieldClass.CONVEYANCE, FieldClass.CUSTODY),
    *(FieldClass.CRIMINAL_HISTORY, FieldClass.LOOKOUT, FieldClass.CAUTION, NARRATIVE),
    *(FieldClass.APPREHENSION_NARRATIVE, FieldClass.HANDLING),
}
"""All that a danger opens."""
HIDDEN = (
    *("section_1367", "informant", "grand_jury", "intercept", "sealed"),
    *("medical", "third_agency", "tax", "suspicious_activity"),
)


def emergency(by: Viewer = INVESTIGATOR, **about: Any) -> Emergency:
    given = {
        "number": "BG-0000000001",
        "record": record().number,
        "owner": "patrol",
        "owning_unit": "TCA/NGL",
        "viewer": by.number,
        "agency": by.agency,
        "unit": by.unit,
        "assignment": by.assignment,
        "danger": Danger.CONFINED,
        "why": "Eleven people in a trailer at the yard.",
        "case": CASE.number,
        "opened_at": NOW - timedelta(minutes=5),
        "expires_at": NOW + timedelta(minutes=55),
        "confirm_by": NOW + timedelta(minutes=55),
        **about,
    }
    return Emergency(**given)


def shown(
    given: Emergency | None, *flags: str, viewer: Viewer = INVESTIGATOR, **asked: Any
) -> tuple[Level, set[FieldClass]]:
    about = {"kind": asked.pop("kind", "case"), **asked.pop("about", {})}
    by = {"viewer": viewer, "purpose": CASE, "agreement": AGREEMENT, "at": NOW}
    answer = disclose(replace(record(*flags), **about), **{**by, "emergency": given, **asked})
    told = answer.disclosure
    # What is shown is what it says it is, and what is withheld is nowhere in the answer.
    assert all(canary(one) not in repr(told.withheld) for one in FieldClass)
    assert bool(told.emergency) == any(
        any(clause.startswith("emergency:") for clause in one.clauses) for one in told.shown
    )
    return told.level, {one.field_class for one in told.shown}


def test_of_a_pointer_it_opens_what_its_clause_names_and_no_more() -> None:
    assert shown(None) == (Level.POINTER, set())
    assert shown(emergency()) == (Level.SUMMARY, OPENED)


def test_to_what_the_agreement_gives_it_adds_what_was_shut() -> None:
    level, before = shown(None, kind="subject")
    assert shown(emergency(), kind="subject") == (level, before | OPENED)


def test_there_need_be_no_number_yet() -> None:
    assert shown(emergency(case=""), purpose=LOOSE) == (Level.SUMMARY, OPENED)
    assert shown(emergency(), purpose=None) == (Level.NONE, set())


@pytest.mark.parametrize("flag", HIDDEN)
def test_a_hidden_record_stays_as_an_absent_one_to_the_byte(flag: str) -> None:
    by: dict[str, Any] = {"viewer": INVESTIGATOR, "purpose": CASE, "agreement": AGREEMENT}
    by |= {"at": NOW, "emergency": emergency()}
    hidden = disclose(record(flag), **by).disclosure
    absent = disclose(None, **by).disclosure
    assert hidden == absent == NOTHING
    assert pickle.dumps(hidden) == pickle.dumps(absent)


def test_a_silent_record_stays_silent() -> None:
    assert shown(emergency(), about={"caveats": frozenset({"silent"})}) == (Level.NONE, set())


@pytest.mark.parametrize(
    "viewer",
    [
        AGENT,
        AUDITOR,
        replace(AUDITOR, sworn=True),
        replace(INVESTIGATOR, roles=frozenset({Role.AUDITOR})),
        CONTRACTOR,
        DEPUTY,
        HOST_ADMINISTRATOR,
        STRANGER,
        TASK_FORCE_LOCAL,
        replace(INVESTIGATOR, trained_until=None),
        replace(INVESTIGATOR, trained_until=NOW),
    ],
)
@pytest.mark.parametrize("flags", [(), ("asylum",), ("section_1367",), ("us_person",)])
def test_whoever_is_outside_the_circle_is_told_as_if_there_were_none(
    viewer: Viewer, flags: tuple[str, ...]
) -> None:
    """P14: contractors, local officers of a task force and foreign members are never let in."""
    own = emergency(viewer)
    assert shown(own, *flags, viewer=viewer) == shown(None, *flags, viewer=viewer)


@pytest.mark.parametrize(
    "viewer",
    [
        replace(INVESTIGATOR, number="U-201"),
        replace(INVESTIGATOR, assignment="A-201"),
        replace(INVESTIGATOR, unit="TU"),
        replace(INVESTIGATOR, agency="patrol"),
    ],
)
def test_it_is_of_one_person_in_one_assignment(viewer: Viewer) -> None:
    assert shown(emergency(), viewer=viewer) == shown(None, viewer=viewer)


@pytest.mark.parametrize(
    "about",
    [
        {"record": "S-2"},
        {"number": ""},
        {"viewer": ""},
        {"closed_at": NOW},
        {"closed_at": NOW + timedelta(days=1)},
        {"opened_at": NOW + timedelta(microseconds=1)},
        {"expires_at": NOW},
        {"confirm_by": NOW},
    ],
)
def test_one_that_does_not_hold_opens_nothing(about: dict[str, Any]) -> None:
    assert shown(emergency(**about)) == shown(None)


def test_the_moment_it_was_opened_is_part_of_it_and_nobody_s_is_nobody_s() -> None:
    assert shown(emergency(opened_at=NOW))[1] == OPENED
    # Who has no number is the same as nobody, and not as another who has none.
    nameless = replace(INVESTIGATOR, number="")
    assert shown(emergency(nameless), viewer=nameless) == shown(None, viewer=nameless)


def test_without_a_purpose_it_is_not_even_tried() -> None:
    asked: dict[str, Any] = {"viewer": INVESTIGATOR, "agreement": AGREEMENT, "at": NOW}
    case = replace(record(), kind="case")
    assert opened(case, emergency(), OPENED, purpose=CASE, **asked).keys() == OPENED
    assert opened(case, emergency(), OPENED, purpose=None, **asked) == {}


def test_unconfirmed_it_closes_at_that_moment_and_confirmed_at_the_end_of_its_term() -> None:
    short = {"confirm_by": NOW + timedelta(minutes=10)}
    before, then = (short["confirm_by"] - timedelta(microseconds=1), short["confirm_by"])
    assert shown(emergency(**short), at=before)[1] == OPENED
    assert shown(emergency(**short), at=then)[1] == set()
    confirmed = emergency(**short, confirmed_at=NOW, confirmed_by="U-210")
    assert shown(confirmed, at=then)[1] == OPENED
    assert shown(confirmed, at=confirmed.expires_at - timedelta(microseconds=1))[1] == OPENED
    assert shown(confirmed, at=confirmed.expires_at)[1] == set()


def test_a_lapsed_agreement_ends_it() -> None:
    assert shown(emergency(), agreement=replace(AGREEMENT, in_force_until=NOW))[0] is Level.NONE


def test_it_is_of_a_record_opened_by_its_number_and_of_no_row_notice_or_copy() -> None:
    for way in (Action.SEARCH, Action.NOTIFY, Action.EXPORT):
        assert shown(emergency(), way=way) == shown(None, way=way)


@pytest.mark.parametrize("caveat", ["from:county", "from:"])
def test_what_a_third_agency_gave_it_does_not_open(caveat: str) -> None:
    about = {"caveats": frozenset({caveat})}
    assert shown(emergency(), about=about) == shown(None, about=about)


def test_a_child_s_family_stays_with_its_owner_and_nothing_tells_of_the_child() -> None:
    answer = disclose(
        replace(record("juvenile"), kind="case"),
        viewer=INVESTIGATOR,
        purpose=CASE,
        agreement=AGREEMENT,
        at=NOW,
        emergency=emergency(),
    )
    seen = {one.field_class for one in answer.disclosure.shown}
    assert seen == OPENED - {FieldClass.FAMILY, FieldClass.CONTACT}
    assert len({one.reason for one in answer.disclosure.withheld}) == 1
    assert not any("F12" in one.clauses for one in answer.disclosure.withheld)


def test_a_text_without_the_clause_lets_nobody_break_the_glass() -> None:
    policies = AGREEMENT.policies.replace(AGREEMENT.policy_of("E01"), "")
    kept = {name: said for name, said in AGREEMENT.clauses.items() if name != "E01"}
    bare = {"articles": {}, "sections": (), "signatures": ()}
    text = signed(replace(AGREEMENT, policies=policies, clauses=kept, **bare))
    assert shown(emergency(), agreement=text) == shown(None)


def test_what_it_opened_cites_it_and_what_was_released_cites_the_release() -> None:
    release = Release(
        number="RL-0000000001",
        record=record().number,
        agency=INVESTIGATOR.agency,
        unit=INVESTIGATOR.unit,
        purpose_number=CASE.number,
        classes=frozenset({NARRATIVE, FieldClass.BIOMETRIC}),
        caveats=("call before you use it",),
        given_at=NOW - timedelta(hours=1),
        expires_at=NOW + timedelta(days=1),
    )
    answer = disclose(
        replace(record(), kind="case"),
        viewer=INVESTIGATOR,
        purpose=CASE,
        agreement=AGREEMENT,
        at=NOW,
        release=release,
        emergency=emergency(),
    )
    told = answer.disclosure
    cited = {one.field_class: one.clauses[-1] for one in told.shown}
    by_release = {one for one, clause in cited.items() if clause == "release:RL-0000000001"}
    by_danger = {one for one, clause in cited.items() if clause == "emergency:BG-0000000001"}
    assert by_release == {NARRATIVE, FieldClass.BIOMETRIC}
    assert by_danger == OPENED - {NARRATIVE}
    assert (told.release, told.emergency) == ("RL-0000000001", "BG-0000000001")
    assert "call before you use it" in told.caveats
    assert {"release:RL-0000000001", "emergency:BG-0000000001"} <= set(answer.inward.clauses)


SUPERVISOR = replace(
    INVESTIGATOR, number="U-210", assignment="A-210", role=Role.SUPERVISOR, unit="LA"
)


@pytest.mark.parametrize(
    ("viewer", "about", "may"),
    [
        (SUPERVISOR, {}, True),
        (replace(SUPERVISOR, unit="LA/13"), {}, True),
        (replace(SUPERVISOR, role=Role.AGENT, roles=frozenset({Role.SUPERVISOR})), {}, True),
        (SUPERVISOR, {"closed_at": NOW}, True),
        (replace(SUPERVISOR, unit="L"), {}, False),
        (replace(SUPERVISOR, unit="TU"), {}, False),
        (replace(SUPERVISOR, agency="patrol"), {}, False),
        (replace(SUPERVISOR, role=Role.INVESTIGATOR), {}, False),
        (replace(SUPERVISOR, number=INVESTIGATOR.number), {}, False),
        (SUPERVISOR, {"confirmed_at": NOW}, False),
        (SUPERVISOR, {"confirm_by": NOW}, False),
    ],
)
def test_another_one_confirms_a_supervisor_and_in_time(
    viewer: Viewer, about: dict[str, Any], may: bool
) -> None:
    assert may_confirm(emergency(**about), viewer=viewer, at=NOW) is may


def test_what_is_written_of_it_does_not_repeat_its_words() -> None:
    assert "Eleven" not in repr(emergency())


def test_unconfirmed_is_what_nobody_confirmed_within_its_time() -> None:
    one = emergency()
    assert not one.is_unconfirmed(one.confirm_by - timedelta(microseconds=1))
    assert one.is_unconfirmed(one.confirm_by)
    assert not replace(one, confirmed_at=NOW, confirmed_by="U-2").is_unconfirmed(one.confirm_by)


def test_its_record_is_looked_at_for_its_case_or_else_for_itself() -> None:
    with_case, without = emergency(case="C26-1").purpose, emergency(case="").purpose
    assert (with_case.number, with_case.reason) == ("C26-1", "")
    assert (without.number, without.reason) == ("", "BG-0000000001")
    assert with_case.code is without.code is PurposeCode.OFFICER_SAFETY
