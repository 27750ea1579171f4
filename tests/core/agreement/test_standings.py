"""Kinds of people to whom an agreement is shown: each is trained, and of a unit of its own."""

from __future__ import annotations

import pytest

from tieline.core.agreement.decide import decide
from tieline.core.agreement.question import Action
from tieline.core.agreement.standings import STANDINGS, Standing, somebody

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


def test_the_owner_s_unit_sees_its_own_record_and_a_contractor_of_it_less() -> None:
    facts = record("section_1367").facts
    by_key = {one.key: one for one in STANDINGS}
    for key, sees in (("unit", True), ("contractor", False)):
        viewer = somebody(PATROL, by_key[key], facts)
        asked = {"viewer": viewer, "purpose": CASE, "facts": facts, "at": NOW}
        assert decide(AGREEMENT, action=Action.POINTER, **asked).allowed is sees  # type: ignore[arg-type]
