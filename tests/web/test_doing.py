"""A record leads to the pages on which its owner's people change it, and nobody else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tieline.core.agreement.disclose import Disclosure
from tieline.core.agreement.viewer import AUDITS, Role, Viewer
from tieline.core.records import Level, RecordNumber

from ..people import AGENT, INVESTIGATOR  # noqa: TID252 - tests are no installed package

EVENT = Disclosure(
    level=Level.FULL,
    number=RecordNumber("TCA-2611-000123"),
    version=1,
    kind="event",
    owner_agency="patrol",
)


def led_to(told: Disclosure, viewer: Viewer, system: str = "patrol") -> list[str]:
    from tieline.web.records.doing import doing

    return [one.url for one in doing(told, system=system, viewer=viewer)]


def test_its_owner_s_people_are_led_to_what_their_role_does() -> None:
    at = "/patrol/events/TCA-2611-000123"
    assert led_to(EVENT, AGENT) == [
        at,
        f"{at}/subjects/new",
        f"{at}/correct",
        "/patrol/records/TCA-2611-000123/protections",
        "/records/patrol/TCA-2611-000123/marks/",
    ]
    desk = replace(AGENT, role=Role.PROTECTION_DESK)
    assert led_to(replace(EVENT, kind="subject"), desk) == [
        "/patrol/records/TCA-2611-000123/protections",
        "/desk/records/patrol/TCA-2611-000123/told/",
        "/desk/records/patrol/TCA-2611-000123/sources/",
        "/desk/records/patrol/TCA-2611-000123/precautions/",
    ]
    # The role alone makes nobody the desk (P14).
    outside = replace(desk, sworn=False, employee=False)
    assert led_to(replace(EVENT, kind="subject"), outside) == [
        "/patrol/records/TCA-2611-000123/protections"
    ]


def test_every_kind_of_every_own_system_leads_somewhere() -> None:
    from tieline.wiring.systems import doors

    boss = replace(INVESTIGATOR, role=Role.SUPERVISOR)
    for system in ("patrol", "investigations"):
        for kind in doors()[system].keeper.by_kind:
            told = replace(EVENT, kind=kind, owner_agency=boss.agency)
            assert any(url.endswith("/protections") for url in led_to(told, boss, system)), kind


@pytest.mark.parametrize("viewer", [INVESTIGATOR, replace(AGENT, agency="investigations")])
def test_others_are_led_to_nothing_that_changes_it(viewer: Viewer) -> None:
    assert led_to(EVENT, viewer) == ["/patrol/events/TCA-2611-000123"]
    assert led_to(replace(EVENT, kind="subject"), viewer) == []


@pytest.mark.parametrize("role", sorted(AUDITS | {Role.ADMINISTRATOR}))
def test_who_works_with_no_record_is_led_nowhere(role: Role) -> None:
    assert led_to(EVENT, replace(AGENT, role=role)) == []
