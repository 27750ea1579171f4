"""The circle of 8 USC 1367(a)(2): by person and department, whatever the role (P14)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tieline.core.agreement.circle import in_circle, is_protection_desk
from tieline.core.agreement.viewer import Role, Viewer

from .scene import (
    AGENT,
    CONTRACTOR,
    DEPUTY,
    DESK,
    FOREIGNER,
    INVESTIGATOR,
    PROSECUTOR,
    TASK_FORCE_LOCAL,
    WATCH,
)


@pytest.mark.parametrize("viewer", [AGENT, INVESTIGATOR, DESK, WATCH, PROSECUTOR])
def test_sworn_officers_and_employees_of_the_three_departments_are_inside(viewer: Viewer) -> None:
    assert in_circle(viewer)
    assert in_circle(replace(viewer, department="STATE"))


def test_to_be_sworn_or_to_be_employed_is_enough_and_one_of_them_is_needed() -> None:
    assert in_circle(replace(AGENT, sworn=True, employee=False))
    assert in_circle(replace(AGENT, sworn=False, employee=True))
    assert not in_circle(replace(AGENT, sworn=False, employee=False))


@pytest.mark.parametrize("viewer", [CONTRACTOR, DEPUTY, TASK_FORCE_LOCAL, FOREIGNER])
def test_all_others_stay_outside_whatever_role_they_were_given(viewer: Viewer) -> None:
    assert not in_circle(viewer)
    assert not in_circle(replace(viewer, role=Role.PROTECTION_DESK))
    assert not is_protection_desk(replace(viewer, role=Role.PROTECTION_DESK))


def test_a_desk_is_a_role_inside_the_circle() -> None:
    assert is_protection_desk(DESK)
    assert is_protection_desk(replace(AGENT, roles=frozenset({Role.PROTECTION_DESK})))
    assert not is_protection_desk(AGENT)
    assert not is_protection_desk(replace(DESK, department=""))
