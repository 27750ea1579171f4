"""Somebody is called while there is still room on a disk."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from django.db import connections

from tieline.settings import node
from tieline.web.health import FILLING, state_of
from tieline.wiring import disks, sealing
from tieline.wiring.disks import ENOUGH_BYTES, LEAST_BYTES, Room, room

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("adopted")]

BIG = 4_000 * LEAST_BYTES


@pytest.mark.parametrize(
    ("free", "total", "is_low"),
    [
        (LEAST_BYTES - 1, 2 * LEAST_BYTES, True),
        (LEAST_BYTES, 2 * LEAST_BYTES, False),
        (ENOUGH_BYTES - 1, BIG, True),
        (ENOUGH_BYTES, BIG, False),
        (0, 0, True),
    ],
)
def test_when_it_is_little(free: int, total: int, is_low: bool) -> None:
    assert Room(free, total).is_low is is_low


def test_it_is_the_disk_of_the_database(node_folder: Path) -> None:
    left = room("patrol")
    if connections["patrol"].vendor == "sqlite":
        assert left is not None
        assert 0 < left.free < left.total
        assert disks._place("patrol") == node_folder == node().folder
    else:
        # Whether the server says where its files lie is its owner's matter.
        assert left is None or left.total > 0


def test_it_is_said_and_the_node_still_serves(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    assert state_of("patrol") in ("ready", FILLING)
    monkeypatch.setattr(disks, "room", lambda database: Room(5 << 20, BIG))
    assert state_of("patrol") == FILLING
    with caplog.at_level(logging.CRITICAL):
        sealing.alarm_of_disks()
    assert "the disk of patrol has 5 MB left" in caplog.messages
    assert len(caplog.messages) == 5


def test_a_disk_of_which_nothing_is_known_calls_nobody(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(disks, "_place", lambda database: Path("/no/such/place"))
    assert room("patrol") is None
    sealing.alarm_of_disks()
    assert caplog.messages == []
