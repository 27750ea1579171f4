"""What the page of a record tells before anybody said what for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from django.test import Client

from tieline.core.agreement.viewer import Viewer
from tieline.systems.patrol.desk import at_work
from tieline.systems.patrol.events.opening import open_event
from tieline.wiring.systems import set_to_work

from ..people import AGENT, AT, INVESTIGATOR, PATROL  # noqa: TID252 - tests are no package
from ..systems.patrol.scene import an_event  # noqa: TID252
from ..systems.signing_in import person  # noqa: TID252

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("adopted")]


@pytest.fixture
def event(node_folder: Path) -> str:
    """A sealed one, for its own unit alone."""
    from tieline.exchange.directory.register import put_on_duty, register_agency, register_unit

    (node_folder / "static").mkdir(exist_ok=True)
    set_to_work()
    register_agency(code=PATROL.agency, name="Patrol", department=PATROL.department, at=AT)
    register_unit(agency=PATROL.agency, code=AGENT.unit, name="Nogales", at=AT)
    put_on_duty(
        agency=PATROL.agency, unit=AGENT.unit, contact="NGL, +1 520 555 0110", at=AT, starts=AT
    )
    sealed = an_event(protections={**an_event().protections, "sealed": True})
    return open_event(at_work(), sealed, author=AGENT, at=AT).number


def asked(viewer: Viewer, number: str, page: str = "") -> tuple[int, str]:
    client = Client()
    client.force_login(person(viewer))
    answer = client.get(f"/records/patrol/{number}/{page}")
    return answer.status_code, answer.headers.get("Location", "").partition("?")[0]


def test_an_own_record_is_its_own_purpose(event: str) -> None:
    assert asked(AGENT, event) == (200, "")


@pytest.mark.parametrize(
    "viewer", [replace(AGENT, number="U-102", assignment="AS-102", unit="YUM/WEL"), INVESTIGATOR]
)
@pytest.mark.parametrize("absent", [False, True])
@pytest.mark.parametrize("page", ["", "history/"])
def test_what_is_hidden_asks_as_what_is_absent_does(
    event: str, viewer: Viewer, absent: bool, page: str
) -> None:
    """P26; decision 0008."""
    number = "TCA-2611-000999" if absent else event
    assert asked(viewer, number, page) == (302, "/hat/purpose/")
