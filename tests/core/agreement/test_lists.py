"""Each item of each list in the model's clauses: kinds, purposes, departments."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tieline.core.agreement.decide import decide
from tieline.core.agreement.disclose import NOTHING, disclose
from tieline.core.agreement.question import Action
from tieline.core.agreement.viewer import Purpose, PurposeCode, Viewer
from tieline.core.records import FieldClass, Level

from .scene import AGENT, AGREEMENT, CASE, DEPUTY, DESK, INVESTIGATOR, LOOSE, NOW, record

C = FieldClass
SUMMARY = {C.IDENTITY, C.DESCRIPTION, C.APPREHENSION, C.LOCATION, C.CONVEYANCE, C.CUSTODY}
SUMMARY |= {C.IMMIGRATION, C.OUTCOME, C.CAUTION, C.HANDLING}
FULL = {C.CONTACT, C.FAMILY, C.BIOMETRIC, C.CRIMINAL_HISTORY, C.APPREHENSION_NARRATIVE}
PATROL_KINDS = ("event", "custody", "removal", "prosecution")
THINGS = ("person", "business", "vehicle", "vessel", "aircraft", "phone", "address", "thing")


def sees(viewer: Viewer, purpose: Purpose, kind: str) -> tuple[Level, set[FieldClass]]:
    told = disclose(
        record(kind=kind), viewer=viewer, purpose=purpose, agreement=AGREEMENT, at=NOW
    ).disclosure
    return told.level, {one.field_class for one in told.shown}


@pytest.mark.parametrize("kind", PATROL_KINDS)
def test_these_kinds_are_seen_in_full_but_for_lookouts(kind: str) -> None:
    """P03, P04: only a subject, of the patrol's kinds, bears lookouts (P06)."""
    assert sees(INVESTIGATOR, CASE, kind) == (Level.FULL, SUMMARY | FULL)


@pytest.mark.parametrize("kind", THINGS)
def test_these_kinds_are_seen_as_a_summary_with_their_lookouts(kind: str) -> None:
    """P03, P06."""
    assert sees(INVESTIGATOR, CASE, kind) == (Level.SUMMARY, SUMMARY | {C.LOOKOUT})


@pytest.mark.parametrize("code", PurposeCode)
def test_only_work_on_the_person_opens_a_record_in_full(code: PurposeCode) -> None:
    """P04."""
    full = {"processing", "custody", "removal", "prosecution", "investigation"}
    level, shown = sees(INVESTIGATOR, Purpose(code=code, number="1"), "custody")
    assert level is (Level.FULL if code in full else Level.SUMMARY)
    assert shown == (SUMMARY | FULL if code in full else SUMMARY)


@pytest.mark.parametrize("code", PurposeCode)
def test_an_outsider_gets_the_pointer_for_some_purposes_and_cautions_for_two(
    code: PurposeCode,
) -> None:
    """P05, P09."""
    pointed, warned = {"investigation", "deconfliction"}, {"officer_safety", "custody"}
    level, shown = sees(DEPUTY, Purpose(code=code, number="1"), "subject")
    if code in warned:
        assert (level, shown) == (Level.SUMMARY, {FieldClass.CAUTION})
    else:
        assert (level, shown) == (Level.POINTER if code in pointed else Level.NONE, set())


@pytest.mark.parametrize("field_class", FieldClass)
def test_a_field_asked_by_itself_needs_a_number_too(field_class: FieldClass) -> None:
    """P03, P04, P06: the clause holds without the level that is asked before it."""
    asked = [
        decide(
            AGREEMENT,
            viewer=viewer,
            purpose=purpose,
            facts=record().facts,
            action=Action.FIELD,
            field_class=field_class,
            at=NOW,
        ).allowed
        for viewer, purpose in ((INVESTIGATOR, LOOSE), (DEPUTY, CASE))
    ]
    assert asked == [False, False]


CIRCLE = [
    (department, sworn, employee)
    for department in ("DHS", "DOJ", "STATE", "sheriff", "dhs", "")
    for sworn in (True, False)
    for employee in (True, False)
]


@pytest.mark.parametrize(("department", "sworn", "employee"), CIRCLE)
def test_the_circle_is_sworn_officers_and_employees_of_three_departments(
    department: str, sworn: bool, employee: bool
) -> None:
    """8 USC 1367(a)(2), 8 CFR 208.6; P14."""
    inside = department in ("DHS", "DOJ", "STATE") and (sworn or employee)
    hat = {"department": department, "sworn": sworn, "employee": employee}
    own, desk = replace(AGENT, **hat), replace(DESK, **hat)
    for flag in ("section_1367", "asylum"):
        told = disclose(record(flag), viewer=own, purpose=CASE, agreement=AGREEMENT, at=NOW)
        assert (told.disclosure is not NOTHING) == inside
    _, shown = sees(own, CASE, "subject")
    assert ({C.OUTCOME, C.FEAR} <= shown) == inside
    assert ({C.OUTCOME, C.FEAR} & shown == set()) == (not inside)
    _, shown = sees(desk, CASE, "subject")
    assert (C.PROTECTION in shown) == inside
