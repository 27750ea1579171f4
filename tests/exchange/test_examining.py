"""Whose people and records somebody examines: what is not known to be his is nobody's."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.db import OperationalError, connections
from tests.people import AT, AUDITOR

from tieline.core.agreement.viewer import AUDITS, Role, Viewer
from tieline.exchange.directory.models import Agency
from tieline.exchange.directory.register import register_agency
from tieline.exchange.oversight.examining import Examined, examined_by, of_agency

pytestmark = pytest.mark.database

DEPARTMENT = replace(
    AUDITOR,
    number="U-850",
    assignment="AS-850",
    agency="dhs-audit",
    unit="HQ",
    role=Role.DEPARTMENT_AUDITOR,
    roles=frozenset({Role.AUDITOR}),
)
ALL = {"patrol": "DHS", "investigations": "DHS", "county": "COUNTY", "visitors": ""}


@pytest.fixture(autouse=True)
def _directory() -> None:
    for code, department in ALL.items():
        register_agency(code=code, name=code, department=department, at=AT)


def had(viewer: Viewer = DEPARTMENT) -> set[str]:
    return {one for one in (*ALL, "dhs-audit", "oig", "") if examined_by(viewer).has(one)}


def rows(viewer: Viewer) -> set[str]:
    """The same, as a database is asked."""
    return set(Agency.objects.filter(examined_by(viewer).among("code")).values_list("code", flat=1))


@pytest.mark.parametrize(
    ("viewer", "agencies"),
    [
        (AUDITOR, {"investigations"}),
        (DEPARTMENT, {"patrol", "investigations", "dhs-audit"}),
        (replace(DEPARTMENT, department="COUNTY"), {"county", "dhs-audit"}),
        # An agency without a department is of none, and what is nearly its name is another's.
        (replace(DEPARTMENT, department=""), {"dhs-audit"}),
        (replace(DEPARTMENT, department=" "), {"dhs-audit"}),
        (replace(DEPARTMENT, department="dhs"), {"dhs-audit"}),
        (replace(DEPARTMENT, department="DHS "), {"dhs-audit"}),
        (replace(DEPARTMENT, department="%"), {"dhs-audit"}),
        (replace(DEPARTMENT, department="NAVY"), {"dhs-audit"}),
    ],
)
def test_whom_each_examines(viewer: Viewer, agencies: set[str]) -> None:
    assert had(viewer) == agencies
    assert rows(viewer) == agencies & set(ALL)
    assert not examined_by(viewer).is_all


@pytest.mark.parametrize("role", sorted(set(Role) - AUDITS))
def test_nobody_else_examines_anybody(role: Role) -> None:
    other = replace(DEPARTMENT, role=role)
    assert had(other) == rows(other) == set()
    assert not examined_by(other).is_several


def test_an_inspector_examines_whoever_there_is() -> None:
    inspector = replace(DEPARTMENT, role=Role.INSPECTOR, agency="oig")
    assert examined_by(inspector) == Examined(agencies=None)
    assert had(inspector) == {*ALL, "dhs-audit", "oig", ""}
    assert rows(inspector) == set(ALL)


def test_an_agency_that_leaves_the_department_is_gone_at_the_next_request() -> None:
    register_agency(code="patrol", name="patrol", department="NAVY", at=AT)
    assert had() == {"investigations", "dhs-audit"}
    assert had(replace(DEPARTMENT, department="NAVY")) == {"patrol", "dhs-audit"}


def test_without_the_exchange_it_is_the_own_agency_and_that_is_said() -> None:
    def refuse(*asked: Any) -> Any:
        raise OperationalError("away")

    with connections["exchange"].execute_wrapper(refuse):
        made = examined_by(DEPARTMENT)
        assert examined_by(AUDITOR) == of_agency("investigations")
    assert (made.agencies, made.missing) == ({"dhs-audit"}, ("exchange",))
    assert made.of_department
    assert examined_by(DEPARTMENT).missing == ()


@pytest.mark.parametrize(
    ("viewer", "told"),
    [
        (AUDITOR, {"agent"}),
        (DEPARTMENT, {"agent", "fellow"}),
        (replace(DEPARTMENT, agency="doj-audit"), {"agent"}),
        # Were one given in the very agency, its auditors would still be told nothing.
        (replace(AUDITOR, agency="dhs-audit"), {"agent"}),
        (replace(AUDITOR, role=Role.INSPECTOR), {"agent", "fellow", "inspector"}),
        (
            replace(AUDITOR, role=Role.INSPECTOR, agency="dhs-audit"),
            {"agent", "fellow", "inspector"},
        ),
        (replace(DEPARTMENT, agency="oig"), {"agent"}),
    ],
)
def test_what_those_did_who_examine_others_is_told_to_their_fellows_alone(
    viewer: Viewer, told: set[str]
) -> None:
    hats = {
        "agent": ("agent", "patrol"),
        "fellow": ("department_auditor", "dhs-audit"),
        "inspector": ("inspector", "oig"),
    }
    examined = examined_by(viewer)
    assert {name for name, hat in hats.items() if examined.tells_of(*hat)} == told
