"""Kinds of people to whom an agreement is shown: each is trained, and of a unit of its own."""

from __future__ import annotations

import pytest

from tieline.core.agreement.circle import in_circle, is_protection_desk
from tieline.core.agreement.decide import decide
from tieline.core.agreement.question import Action
from tieline.core.agreement.standings import STANDINGS, Standing, somebody
from tieline.core.agreement.viewer import Role

from .scene import AGREEMENT, CASE, NOW, PARTIES, record

PATROL, _, SHERIFF = PARTIES


@pytest.mark.parametrize("standing", STANDINGS, ids=lambda one: one.key)
def test_somebody_is_what_his_standing_says(standing: Standing) -> None:
    facts = record().facts
    viewer = somebody(SHERIFF, standing, facts)
    assert (viewer.agency, viewer.department) == ("sheriff", "sheriff")
    assert (viewer.role, viewer.roles) == (standing.role, frozenset())
    assert (viewer.sworn, viewer.employee) == (standing.sworn, standing.employee)
    # Of the record's very unit, or of one that no record is of.
    assert (viewer.unit == facts.owning_unit) is standing.owners_unit
    assert viewer.unit.strip()


@pytest.mark.parametrize("standing", STANDINGS, ids=lambda one: one.key)
def test_what_nobody_is_told_is_closed_by_a_clause_and_by_no_lapse(standing: Standing) -> None:
    for party in PARTIES:
        facts = record().facts
        told = decide(
            AGREEMENT,
            viewer=somebody(party, standing, facts),
            purpose=CASE,
            facts=facts,
            action=Action.POINTER,
            at=NOW,
        )
        assert not any(clause.startswith("gate:") for clause in told.clauses)
        assert told.alarm == ""


def test_the_kinds_differ_in_what_clauses_ask_of_people() -> None:
    facts = record().facts
    kinds = {one.key: somebody(PATROL, one, facts) for one in STANDINGS}
    assert len(kinds) == len(STANDINGS)
    assert kinds.keys() - {key for key, one in kinds.items() if in_circle(one)} == {"contractor"}
    assert {key for key, one in kinds.items() if one.sworn} == {"unit", "sworn", "desk"}
    assert all(one.employee for key, one in kinds.items() if key != "contractor")
    assert [key for key, one in kinds.items() if is_protection_desk(one)] == ["desk"]
    assert [key for key, one in kinds.items() if one.unit == facts.owning_unit] == ["unit"]
    assert {key: one.role for key, one in kinds.items() if one.role is not Role.AGENT} == {
        "watch": Role.WATCH_DESK,
        "desk": Role.PROTECTION_DESK,
        "auditor": Role.AUDITOR,
        "administrator": Role.ADMINISTRATOR,
    }
    # Of another agency there is nobody in the owner's unit, and its desk is no desk for the record.
    assert [one.key for one in STANDINGS if one.owners_alone] == ["unit", "desk"]


def test_the_owner_s_unit_sees_its_own_record_and_a_contractor_of_it_less() -> None:
    facts = record("section_1367").facts
    by_key = {one.key: one for one in STANDINGS}
    for key, sees in (("unit", True), ("contractor", False)):
        viewer = somebody(PATROL, by_key[key], facts)
        asked = {"viewer": viewer, "purpose": CASE, "facts": facts, "at": NOW}
        assert decide(AGREEMENT, action=Action.POINTER, **asked).allowed is sees  # type: ignore[arg-type]
