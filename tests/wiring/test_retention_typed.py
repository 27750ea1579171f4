"""Retention as somebody types it, on the node of the tests."""

from __future__ import annotations

import json
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from tests.cli.running import tieline
from tests.people import AGENT, SUPERVISOR
from tests.web.cast import enlist

from tieline.keeping.graves import Grave
from tieline.systems.patrol.subjects.subject import Subject

from .purged import NUMBER, aged, written_about

pytestmark = [
    pytest.mark.database,
    pytest.mark.django_db(databases="__all__", transaction=True),
]


def test_due_hold_release_and_purge(node_folder: Path) -> None:
    written_about()
    aged()
    for viewer in (SUPERVISOR, AGENT):
        enlist(viewer)

    def retention(*said: str, user: str = SUPERVISOR.number) -> CompletedProcess[str]:
        where = ("--as", user, "--config", str(node_folder))
        return tieline("retention", *said, *where, cwd=node_folder)

    due = retention("due", "--json")
    (one,) = json.loads(due.stdout)
    assert (due.returncode, one["number"], one["stops"]) == (1, NUMBER, [])
    assert (one["class"], one["due_on"]) == ("enforcement-encounter", "2026-11-01")
    held = retention("hold", NUMBER, "--why", "preservation letter")
    assert held.stdout == f"{NUMBER} is held\n"
    stopped = retention("purge", NUMBER)
    assert (stopped.returncode, "held" in stopped.stderr) == (3, True)
    assert retention("release", NUMBER, "--why", "dismissed").returncode == 0
    dry = retention("purge", "--dry-run")
    assert (dry.returncode, dry.stdout) == (0, f"{NUMBER}\n")
    assert Subject.objects.filter(number=NUMBER).exists()
    refused = retention("purge", NUMBER, user=AGENT.number)
    assert (refused.returncode, "supervisors" in refused.stderr) == (3, True)
    done = retention("purge", "--json")
    assert (done.returncode, json.loads(done.stdout)) == (0, {"purged": [NUMBER], "waiting": []})
    assert Grave.objects.using("patrol").get().finished_at is not None
    assert retention("purge").stderr == "nothing is due\n"
