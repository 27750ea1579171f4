"""A release opens what a clause lets its owner release; it opens nothing that any clause closes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tieline.core.agreement.clauses import Agreement
from tieline.core.agreement.disclose import NOTHING, disclose
from tieline.core.agreement.question import Action
from tieline.core.agreement.releases import Release
from tieline.core.agreement.releasing import released
from tieline.core.agreement.viewer import Viewer
from tieline.core.records import FieldClass, Level

from .scene import (
    AGENT,
    AGREEMENT,
    AUDITOR,
    BOOKING,
    CASE,
    CONTRACTOR,
    DEPUTY,
    INVESTIGATOR,
    LOOSE,
    NOW,
    canary,
    record,
    signed,
)

NARRATIVE = FieldClass.CASE_NARRATIVE
EVERYTHING = frozenset(FieldClass)
NEVER = {
    FieldClass.FEAR,
    FieldClass.SOURCE,
    FieldClass.COURT,
    FieldClass.MEDICAL,
    FieldClass.PROTECTION,
}
"""What no clause lets an owner release."""


def release(viewer: Viewer = INVESTIGATOR, **about: Any) -> Release:
    given = {
        "number": "RL-0000000001",
        "record": record().number,
        "agency": viewer.agency,
        "unit": viewer.unit,
        "purpose_number": CASE.number,
        "classes": EVERYTHING,
        "given_at": NOW - timedelta(hours=1),
        "expires_at": NOW + timedelta(days=1),
        **about,
    }
    return Release(**given)


def shown(
    given: Release | None, *flags: str, viewer: Viewer = INVESTIGATOR, **asked: Any
) -> tuple[Level, set[FieldClass]]:
    about = {"kind": asked.pop("kind", "subject"), **asked.pop("about", {})}
    answer = disclose(
        replace(record(*flags), **about),
        **{
            "viewer": viewer,
            "purpose": CASE,
            "agreement": AGREEMENT,
            "at": NOW,
            "release": given,
            **asked,
        },
    )
    told = answer.disclosure
    seen = {one.field_class for one in told.shown}
    # What is shown is what it says it is, and what is withheld is nowhere in the answer.
    assert all(canary(one) not in repr(told.withheld) for one in FieldClass)
    assert bool(told.release) == any(
        any(clause.startswith("release:") for clause in one.clauses) for one in told.shown
    )
    return told.level, seen


def test_it_opens_what_the_agreement_left_closed_and_no_more() -> None:
    level, before = shown(None)
    assert NARRATIVE not in before
    assert shown(release(classes=frozenset({NARRATIVE}))) == (level, before | {NARRATIVE})


def test_what_no_clause_lets_an_owner_release_stays_closed() -> None:
    _, seen = shown(release())
    assert seen == EVERYTHING - NEVER


def test_a_pointer_rises_to_the_released_classes_alone() -> None:
    asked = {"viewer": DEPUTY, "given": release(DEPUTY, classes=frozenset({NARRATIVE}))}
    assert shown(None, viewer=DEPUTY) == (Level.POINTER, set())
    assert shown(**asked) == (Level.SUMMARY, {NARRATIVE})  # type: ignore[arg-type]
    # A party outside the department gets less than one inside, whatever was released.
    assert shown(release(DEPUTY), viewer=DEPUTY) == (
        Level.SUMMARY,
        {
            FieldClass.IDENTITY,
            FieldClass.DESCRIPTION,
            FieldClass.APPREHENSION,
            FieldClass.LOCATION,
            FieldClass.CONVEYANCE,
            FieldClass.CRIMINAL_HISTORY,
            FieldClass.LOOKOUT,
            FieldClass.CAUTION,
            NARRATIVE,
            FieldClass.HANDLING,
        },
    )


def test_of_a_case_the_pointer_alone_is_given_without_a_release() -> None:
    assert shown(None, kind="case") == (Level.POINTER, set())
    of_narrative = release(classes=frozenset({NARRATIVE}))
    assert shown(of_narrative, kind="case") == (Level.SUMMARY, {NARRATIVE})


@pytest.mark.parametrize(
    "flag",
    [
        *("section_1367", "informant", "grand_jury", "intercept", "sealed"),
        *("medical", "third_agency", "tax", "suspicious_activity"),
    ],
)
def test_no_release_opens_a_protected_record(flag: str) -> None:
    assert shown(release(), flag) == (Level.NONE, set())


def test_asylum_stays_in_the_circle_and_a_child_s_family_with_its_owner() -> None:
    assert shown(release(DEPUTY), "asylum", viewer=DEPUTY) == (Level.NONE, set())
    _, seen = shown(release(), "juvenile")
    assert not seen & {FieldClass.FAMILY, FieldClass.CONTACT}
    # Under a pointer the reason is one for all: F12's would tell of the child.
    answer = disclose(
        replace(record("juvenile"), kind="case"),
        viewer=INVESTIGATOR,
        purpose=CASE,
        agreement=AGREEMENT,
        at=NOW,
        release=release(),
    )
    assert len({one.reason for one in answer.disclosure.withheld}) == 1
    assert not any("F12" in one.clauses for one in answer.disclosure.withheld)


@pytest.mark.parametrize(
    "viewer",
    [
        replace(INVESTIGATOR, unit="TU"),
        replace(INVESTIGATOR, unit="LA"),
        replace(INVESTIGATOR, agency="sheriff"),
        DEPUTY,
        AGENT,
        AUDITOR,
        CONTRACTOR,
    ],
)
def test_another_unit_agency_or_hat_is_told_as_if_there_were_none(viewer: Viewer) -> None:
    assert shown(release(), viewer=viewer) == shown(None, viewer=viewer)


def test_an_auditor_of_the_very_unit_is_shown_no_field_by_it() -> None:
    auditor = replace(AUDITOR, unit=INVESTIGATOR.unit, sworn=True)
    assert shown(release(auditor), viewer=auditor) == (Level.POINTER, set())


@pytest.mark.parametrize("purpose", [BOOKING, LOOSE, None])
def test_for_other_work_it_opens_nothing(purpose: object) -> None:
    assert shown(release(), purpose=purpose) == shown(None, purpose=purpose)


@pytest.mark.parametrize(
    "about",
    [
        {"record": "S-2"},
        {"number": ""},
        {"purpose_number": ""},
        {"recalled_at": NOW},
        {"recalled_at": NOW + timedelta(days=1)},
        {"given_at": NOW + timedelta(microseconds=1)},
        {"expires_at": NOW},
        {"classes": frozenset()},
    ],
)
def test_one_that_does_not_hold_opens_nothing(about: dict[str, Any]) -> None:
    assert shown(release(**about)) == shown(None)


def test_one_for_no_case_opens_nothing_to_who_has_none() -> None:
    of_none = release(purpose_number="")
    assert not of_none.holds(of_none.record, viewer=INVESTIGATOR, purpose=LOOSE, at=NOW)
    of_one = release()
    assert of_one.holds(of_one.record, viewer=INVESTIGATOR, purpose=CASE, at=NOW)


def test_it_is_cited_by_what_it_opens_and_by_nothing_that_stays_shut() -> None:
    asked: dict[str, Any] = {"viewer": INVESTIGATOR, "agreement": AGREEMENT, "at": NOW}
    tried = released(record(), release(), EVERYTHING, purpose=CASE, **asked)
    cited = {one for one, said in tried.items() if "release:RL-0000000001" in said.clauses}
    assert cited == {one for one, said in tried.items() if said.allowed} == EVERYTHING - NEVER
    assert released(record(), release(), EVERYTHING, purpose=None, **asked) == {}


def test_its_first_moment_is_part_of_it() -> None:
    assert NARRATIVE in shown(release(given_at=NOW))[1]


def test_one_that_opens_nothing_is_not_spoken_of() -> None:
    """Its caveats would tell that there is one."""
    asked: dict[str, Any] = {"viewer": INVESTIGATOR, "purpose": CASE, "at": NOW}
    over = release(recalled_at=NOW, caveats=("call before you use it",))
    with_it = disclose(record(), agreement=AGREEMENT, release=over, **asked)
    assert with_it == disclose(record(), agreement=AGREEMENT, **asked)


def test_its_last_moment_is_no_longer_part_of_it() -> None:
    midnight = NOW.replace(hour=0, minute=0) + timedelta(days=1)
    given = release(expires_at=midnight)
    just_before = midnight - timedelta(microseconds=1)
    assert NARRATIVE in shown(given, at=just_before)[1]
    assert NARRATIVE not in shown(given, at=midnight)[1]


def test_a_lapsed_agreement_ends_it_and_a_lapsed_training_too() -> None:
    assert shown(release(), agreement=replace(AGREEMENT, in_force_until=NOW))[0] is Level.NONE
    untrained = replace(INVESTIGATOR, trained_until=NOW)
    assert shown(release(), viewer=untrained)[0] is Level.NONE


def test_it_is_of_a_record_opened_by_its_number_and_of_no_row_notice_or_copy() -> None:
    for way in (Action.SEARCH, Action.NOTIFY, Action.EXPORT):
        assert shown(release(), way=way) == shown(None, way=way)


def test_what_came_from_a_third_agency_needs_its_consent() -> None:
    from_county = {"caveats": frozenset({"from:county", "noforn"})}
    assert shown(release(), about=from_county) == shown(None, about=from_county)
    other = release(consents=frozenset({"sheriff"}))
    assert shown(other, about=from_county) == shown(None, about=from_county)
    agreed = release(consents=frozenset({"county"}))
    assert NARRATIVE in shown(agreed, about=from_county)[1]
    # A caveat that names nobody is nobody's to lift.
    blank = {"caveats": frozenset({"from:"})}
    assert shown(agreed, about=blank) == shown(None, about=blank)


def test_a_text_without_releases_lets_no_owner_give_any() -> None:
    assert shown(release(), agreement=without_releases()) == shown(None)


def without_releases() -> Agreement:
    policies = AGREEMENT.policies
    for clause in ("R01", "R02", "R03", "R04"):
        policies = policies.replace(AGREEMENT.policy_of(clause), "")
    kept = {name: said for name, said in AGREEMENT.clauses.items() if name[0] != "R"}
    # The articles tell of releases too.
    return signed(
        replace(AGREEMENT, policies=policies, clauses=kept, articles={}, sections=(), signatures=())
    )


def test_what_it_opened_is_cited_with_its_caveats_and_not_to_be_passed_on() -> None:
    given = release(classes=frozenset({NARRATIVE}), caveats=("call before you use it",))
    answer = disclose(
        record(), viewer=INVESTIGATOR, purpose=CASE, agreement=AGREEMENT, at=NOW, release=given
    )
    told = answer.disclosure
    (opened,) = (one for one in told.shown if one.field_class is NARRATIVE)
    assert opened.clauses == ("R01", "R02", "release:RL-0000000001")
    assert told.release == given.number
    assert "call before you use it" in told.caveats
    assert "release:RL-0000000001" in answer.inward.clauses
    assert NARRATIVE not in answer.inward.withheld


def test_an_absent_record_is_absent_whatever_was_released() -> None:
    asked = {"viewer": INVESTIGATOR, "purpose": CASE, "agreement": AGREEMENT, "at": NOW}
    assert disclose(None, release=release(), **asked).disclosure == NOTHING  # type: ignore[arg-type]
