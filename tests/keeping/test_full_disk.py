"""While the ledger cannot be written, lists hold what is the viewer's own agency's, and no more."""

from __future__ import annotations

import logging
from collections.abc import Callable

import pytest
from django.db import DatabaseError
from tests.ledgers import fill_the_disk
from tests.people import AGENT, AT, BOOKING, INVESTIGATOR

from tieline.core.agreement.viewer import Viewer
from tieline.core.ports import Query
from tieline.keeping.desk import Desk
from tieline.keeping.history import editions
from tieline.keeping.lists import listed

from .depot import DATABASE, DOOR, Crate, by, crate, kept

pytestmark = pytest.mark.database

DESK = Desk(door=DOOR, duty_contact=lambda agency, unit: "duty desk")


def in_a_search(viewer: Viewer) -> list[str]:
    found = DOOR.search(
        Query(names=("Maria Lopez",)), viewer=viewer, purpose=BOOKING, at=AT, limit=1
    )
    assert not found.more
    return [one.number for one in found.rows]


def in_a_list(viewer: Viewer) -> list[str]:
    rows = Crate._default_manager.using(DATABASE).order_by("number")
    told = listed(DESK, rows, what="crates", viewer=viewer, purpose=BOOKING, at=AT, most=9)
    return [one.number for one in told]


def in_versions(viewer: Viewer) -> list[str]:
    told = editions(DOOR, "S-2", viewer=viewer, purpose=BOOKING, at=AT)
    return ["S-2" for _ in told]


WAYS = [in_a_search, in_a_list, in_versions]


@pytest.fixture(autouse=True)
def full(crates: None, adopted: object) -> None:
    kept(crate("S-1", owner="investigations"), author=by("investigations"))
    kept(crate("S-2"))
    fill_the_disk(DATABASE)


@pytest.mark.parametrize("way", WAYS)
def test_own_rows_stay_readable_and_an_alarm_is_logged(
    caplog: pytest.LogCaptureFixture, way: Callable[[Viewer], list[str]]
) -> None:
    assert way(AGENT) == ["S-2"]
    (alarm,) = [one for one in caplog.records if one.levelno == logging.CRITICAL]
    assert "S-2" not in alarm.getMessage()


@pytest.mark.parametrize("way", WAYS)
def test_who_has_none_of_his_own_is_told_nothing(way: Callable[[Viewer], list[str]]) -> None:
    with pytest.raises(DatabaseError):
        way(by("county"))


def test_another_agency_reads_no_versions() -> None:
    with pytest.raises(DatabaseError):
        in_versions(INVESTIGATOR)
