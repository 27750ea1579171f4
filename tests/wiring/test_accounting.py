"""To whom a record was disclosed: all for its owner, for the person what the law gives."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from tests.cli.running import tieline
from tests.people import (
    AGENT,
    AT,
    AUDITOR,
    INVESTIGATOR,
    OUTSIDER,
    PROTECTION_DESK,
    SUPERVISOR,
)
from tests.web.cast import enlist

from tieline.core.agreement.viewer import Purpose, PurposeCode, Role, Viewer
from tieline.core.ledger.events import Event
from tieline.core.ports import Query
from tieline.core.records import RecordNumber
from tieline.keeping.rows import LedgerRow, LedgerSide
from tieline.systems.patrol import desk as patrol
from tieline.systems.patrol.protecting import set_protection
from tieline.wiring import accounting as made
from tieline.wiring import retaining
from tieline.wiring.accounting import EXCEPTED, LedgerAway, accounting, statement
from tieline.wiring.systems import doors

from .purged import LOOKED, NUMBER, REASON, written_about

pytestmark = [
    pytest.mark.database,
    pytest.mark.django_db(databases="__all__", transaction=True),
]

LATER = AT + timedelta(days=8)
OFFICER = replace(SUPERVISOR, number="U-130", assignment="AS-130", role=Role.SHARING_OFFICER)
OWN_AUDITOR = replace(AGENT, number="U-140", assignment="AS-140", role=Role.AUDITOR)
CUSTODY = Purpose(code=PurposeCode.CUSTODY, number="LA-26-0001")
INQUIRY = Purpose(code=PurposeCode.INVESTIGATION, number="LA-26-0001")


def looks(viewer: Viewer, purpose: Purpose) -> None:
    doors()["patrol"].fetch(RecordNumber(NUMBER), viewer=viewer, purpose=purpose, at=LOOKED)


def history() -> None:
    """Told in a notice, looked at for an inquiry and for custody, tried in vain by a third."""
    written_about()
    looks(INVESTIGATOR, CUSTODY)
    looks(OUTSIDER, INQUIRY)


def events(viewer: Viewer = OFFICER) -> list[tuple[str, str, str]]:
    found = accounting(NUMBER, viewer=viewer, at=LATER)
    assert found is not None
    return [(one.event.value, one.agency, one.purpose) for one in found.rows]


def for_the_person() -> list[tuple[str, str, str]]:
    found = statement(NUMBER, viewer=OFFICER, at=LATER)
    assert found is not None
    assert all(
        (one.officer, one.case, one.handle, one.clauses) == ("", "", "", ()) for one in found.rows
    )
    return [(one.level, f"{one.agency} {one.unit}", one.purpose) for one in found.rows]


def noted() -> tuple[str, str, str, str]:
    row = LedgerRow.objects.using("default").order_by("-sequence")[0]
    return row.event, row.record, row.viewer, row.owner


@pytest.mark.parametrize("viewer", [OFFICER, OWN_AUDITOR], ids=lambda one: one.role.value)
def test_its_owner_is_told_of_every_disclosure_and_of_who_tried_in_vain(viewer: Viewer) -> None:
    history()
    assert events(viewer) == [
        ("notice:delivery:sent", "investigations", "deconfliction"),
        ("record:disclosure:shown", "investigations", "investigation"),
        ("record:disclosure:shown", "investigations", "custody"),
        ("record:disclosure:refused", "police", "investigation"),
    ]
    found = accounting(NUMBER, viewer=viewer, at=LATER)
    assert found is not None
    look = found.rows[1]
    assert (look.officer, look.unit, look.at) == (INVESTIGATOR.number, "LA/13", LOOKED)
    assert (bool(look.level), bool(look.clauses), len(look.handle)) == (True, True, 16)
    # For what the others' work is, and why in words, is theirs to know.
    assert {one.case for one in found.rows} == {""}
    assert REASON not in repr(found)
    assert noted() == ("audit:statement:made", NUMBER, viewer.number, "patrol")


def test_searches_in_vain_by_the_owner_s_people_are_in_it() -> None:
    history()
    before = events()
    # Without a number or a reason no search is run (P3).
    loose = Purpose(code=PurposeCode.INVESTIGATION)
    for name in ("José Luis Mamani", "Mamani", "José Luis García"):
        query = Query(names=(name,))
        doors()["patrol"].search(query, viewer=AGENT, purpose=loose, at=LATER, limit=5)
    # A surname alone, or somebody else's name, was not for this person.
    assert events()[len(before) :] == [("record:search:refused", "patrol", "investigation")]


def test_the_statement_leaves_out_what_the_law_excepts() -> None:
    history()
    ((level, whom, purpose),) = for_the_person()
    assert (bool(level), whom, purpose) == (True, "investigations LA/13", "custody")
    assert "552a(c)(3)" in EXCEPTED
    assert noted() == ("audit:statement:made", NUMBER, OFFICER.number, "patrol")


def test_of_a_record_whose_existence_is_protected_a_statement_lists_nothing() -> None:
    history()
    set_protection(
        *(patrol.at_work(), NUMBER, "section_1367", True),
        why="told",
        author=PROTECTION_DESK,
        at=LATER,
    )
    assert for_the_person() == []
    assert len(events()) == 4


@pytest.mark.parametrize(
    "viewer", [AGENT, SUPERVISOR, INVESTIGATOR, AUDITOR, OUTSIDER], ids=lambda one: one.number
)
@pytest.mark.parametrize("make", [accounting, statement])
def test_anybody_else_gets_what_there_is_of_no_record(viewer: Viewer, make: object) -> None:
    history()
    left = []
    for number in (NUMBER, "TCA-2611-999999-01", "no\x00number"):
        assert make(number, viewer=viewer, at=LATER) is None  # type: ignore[operator]
        left.append(noted())
    # That he asked is an entry, the same for each: the number lies in its side row.
    assert left == [("audit:read:refused", "", viewer.number, "")] * 3


def test_a_number_that_somebody_asked_for_in_vain_lies_aside() -> None:
    history()
    accounting(NUMBER, viewer=AGENT, at=LATER)
    side = LedgerSide.objects.using("default").order_by("-sequence")[0]
    assert side.payload["query"] == {"record": NUMBER}


def test_an_accounting_outlives_the_record() -> None:
    history()
    before = events()
    retaining.expunge(NUMBER, order="ORD-26-1", author=SUPERVISOR, at=LATER)
    assert retaining.finish(SUPERVISOR, at=LATER, rng=random.Random(1)) == []
    # Whoever was shown it was told that it stands no more, which is accounted for as well.
    assert events() == [*before, ("record:correction:sent", "investigations", "")]
    # Whether it was protected nobody knows any more.
    assert for_the_person() == []


def test_half_an_accounting_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    history()
    assert events()
    monkeypatch.setattr(made, "away", lambda asked: ("exchange",))
    before = noted()
    for make in (accounting, statement):
        with pytest.raises(LedgerAway, match="exchange"):
            make(NUMBER, viewer=OFFICER, at=LATER)
    assert noted() == before


def test_as_somebody_types_it(node_folder: Path) -> None:
    history()
    for viewer in (OFFICER, AGENT):
        enlist(viewer)

    def typed(*said: str, user: str = OFFICER.number) -> tuple[int, str]:
        where = ("--as", user, "--config", str(node_folder))
        run = tieline("accounting", *said, *where, cwd=node_folder)
        return run.returncode, run.stdout

    code, said = typed(NUMBER, "--json")
    told = json.loads(said)
    assert (code, told["number"], told["note"]) == (0, NUMBER, "")
    assert [one["event"] for one in told["disclosures"]] == [one for one, _, _ in events()]
    code, said = typed(NUMBER, "--for-the-person")
    assert (code, EXCEPTED in said, "custody" in said) == (0, True, True)
    assert INVESTIGATOR.number not in said
    nothing = typed(NUMBER, user=AGENT.number)
    assert nothing == typed("TCA-2611-999999-01", user=AGENT.number)
    assert nothing[0] == 3
    assert Event.STATEMENT_MADE in {
        one.event for one in LedgerRow.objects.using("default").order_by("-sequence")[:9]
    }
