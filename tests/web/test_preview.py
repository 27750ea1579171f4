"""`tieline disclose`: what a user would be told, through the same door, with the same entry."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from tests.ledgers import rows_of
from tests.people import AT
from tests.web.cast import CAST, INQUIRY
from tests.web.scene import Scene

from tieline.accounts.hats import BadPurpose, NoHat
from tieline.cli.disclose import command
from tieline.core.agreement.disclose import NOTHING
from tieline.core.agreement.viewer import Purpose
from tieline.core.ledger.entries import Entry
from tieline.core.ledger.events import Event
from tieline.core.ports import SystemState
from tieline.core.records import RecordNumber
from tieline.wiring.previewing import Preview, preview
from tieline.wiring.systems import doors

pytestmark = [pytest.mark.any_database, pytest.mark.usefixtures("scene")]

SYSTEMS = ("patrol", "investigations", "partner")
ABSENT = "TCA-2611-000001-99"


def seen(who: str, number: str, purpose: Purpose = INQUIRY) -> Preview:
    return preview(number, user=CAST[who].number, purpose=purpose, systems=SYSTEMS, at=AT)


def entries() -> list[Entry]:
    return [
        Entry.from_bytes(one.data.encode())
        for system in SYSTEMS
        for one in rows_of(system).order_by("sequence")
    ]


@pytest.mark.parametrize("who", sorted(CAST))
def test_it_is_what_the_door_tells_that_user(scene: Scene, who: str) -> None:
    for label, number in scene.numbers.items():
        door = doors()[scene.systems[label]]
        viewer = CAST[who]
        told = door.fetch(RecordNumber(number), viewer=viewer, purpose=INQUIRY, at=AT).disclosure
        found = seen(who, number)
        assert found.told == told
        assert found.system == (scene.systems[label] if told != NOTHING else "")


def test_it_stands_in_the_ledger_as_that_user_s_look(scene: Scene) -> None:
    before = len(entries())
    seen("investigator", scene.numbers["subject"])
    (entry,) = [one for one in entries() if one.record == scene.numbers["subject"]][-1:]
    assert (entry.event, entry.viewer) == (Event.RECORD_SHOWN, CAST["investigator"].number)
    assert (entry.case, entry.request is not None) == (INQUIRY.number, True)
    assert len(entries()) == before + 1


@pytest.mark.parametrize(
    ("who", "hidden"),
    [
        ("agent of another sector", "sealed subject"),
        ("contractor", "victim"),
        ("investigator", "victim"),
        ("deputy", "child"),
        ("untrained", "subject"),
        ("outsider", "subject"),
        ("administrator", "subject"),
    ],
)
def test_hidden_and_absent_are_alike_and_cost_the_same(scene: Scene, who: str, hidden: str) -> None:
    found = []
    for number in (scene.numbers[hidden], ABSENT):
        before = len(entries())
        found.append((seen(who, number), len(entries()) - before))
    assert repr(found[0]) == repr(found[1])
    assert found[0][0].told == NOTHING
    assert found[0][1] == len(SYSTEMS)


def test_a_shut_gate_is_told_in_words(scene: Scene) -> None:
    found = seen("untrained", scene.numbers["subject"])
    assert found.state is SystemState.REFUSED
    assert found.why == ("The training on this agreement has lapsed, or there was none.",)


def test_who_is_no_user_sees_nothing() -> None:
    with pytest.raises(NoHat):
        preview(ABSENT, user="nobody", purpose=INQUIRY, systems=SYSTEMS, at=AT)


def test_a_system_that_does_not_answer_is_said_to(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object, **__: object) -> Any:
        raise OSError

    broken = replace(doors()["patrol"])
    monkeypatch.setattr(type(broken), "fetch", fails)
    assert seen("investigator", ABSENT).is_silent


@pytest.mark.parametrize("more", [(), ("--json",)])
def test_as_somebody_types_it(
    scene: Scene, node_folder: Path, more: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    # In this process, whose transaction no other process would be let past; the node is open.
    monkeypatch.setattr("tieline.wiring.opening.open_node", lambda config: None)

    def typed(number: str, *about: str) -> Result:
        who = ["--as", CAST["investigator"].number.lower(), "--purpose", "investigation"]
        asked = [number, *who, *about, *more, "--config", str(node_folder)]
        return CliRunner().invoke(command, asked, standalone_mode=False)

    case = ("--number", INQUIRY.number)
    told = typed(scene.numbers["subject"], *case)
    assert told.return_value == 0
    assert scene.numbers["subject"] in told.output
    assert "P03" in told.output
    if more:
        said = json.loads(told.output)
        assert (said["system"], said["state"]) == ("patrol", "answered")
        assert {one["name"] for one in said["shown"]} >= {"given_name"}
        assert all(one["clauses"] for one in (*said["shown"], *said["withheld"]))
    hidden, absent = typed(scene.numbers["victim"], *case), typed(ABSENT, *case)
    assert hidden.output == absent.output
    assert (hidden.return_value, absent.return_value) == (3, 3)
    assert isinstance(typed(scene.numbers["subject"]).exception, BadPurpose)
