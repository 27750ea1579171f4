"""Letters to redress officers are kept as long as their schedule says, and then are gone."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from tests.keeping.searched import files_with, tables_with
from tests.people import AGENT, AT, INVESTIGATIONS, PATROL, SUPERVISOR

from tieline.core.agreement.viewer import Role
from tieline.core.ledger.judging import examine as verify
from tieline.core.redress import Kind, Outcome
from tieline.core.retention import Stop, years_after
from tieline.exchange.directory.register import register_party
from tieline.exchange.redress.matters import Letter, decide, enter_matter
from tieline.exchange.redress.models import Matter, MatterStep
from tieline.keeping.holds import Held
from tieline.keeping.writing import NoSuchRecord
from tieline.wiring import retaining
from tieline.wiring.ledgers import LEDGERS
from tieline.wiring.letters import forget_again
from tieline.wiring.retaining import NotDue
from tieline.wiring.systems import set_to_work

pytestmark = [
    pytest.mark.database,
    pytest.mark.django_db(databases="__all__", transaction=True),
]

OFFICER = replace(AGENT, number="U-170", assignment="AS-170", role=Role.REDRESS)
OF_OTHERS = replace(SUPERVISOR, agency="investigations")
MARKS = ("ZZPERSONMARK", "ZZSTREETMARK", "ZZSAIDMARK", "ZZREASONMARK")
OVER = years_after(AT, 6)


def decided(*, on: str = "") -> str:
    set_to_work()
    for party in (PATROL, INVESTIGATIONS):
        register_party(agency=party.agency, department=party.department, at=AT)
    person, street, said, reason = MARKS
    letter = Letter(
        kind=Kind.COMPLAINT,
        decides="patrol",
        person=person,
        reply_to=street,
        said=said,
        received_on=AT.date(),
    )
    number = enter_matter(letter, viewer=OFFICER, at=AT).number
    by = {"viewer": OFFICER, "at": AT}
    decide(number, Outcome.NOT_UPHELD, said=reason, record=on, system="", **by)  # type: ignore[arg-type]
    return number


def finish(number: str, at: datetime) -> object:
    return retaining.finish(SUPERVISOR, at=at, rng=random.Random(1), letters=[number])


def left(folder: Path) -> list[str]:
    return [place for one in MARKS for place in (*tables_with(one), *files_with(one, folder))]


def test_a_letter_goes_to_its_last_trace_once_its_years_are_over(node_folder: Path) -> None:
    number = decided()
    before = OVER - timedelta(days=1)
    assert retaining.due(SUPERVISOR, at=before) == []
    with pytest.raises(NotDue):
        retaining.purge(number, author=SUPERVISOR, at=before)
    assert [(one.number, one.due.is_due) for one in retaining.due(SUPERVISOR, at=OVER)] == [
        (number, True)
    ]
    retaining.purge(number, author=SUPERVISOR, at=OVER)
    assert finish(number, OVER) == []
    assert left(node_folder) == []
    kept = Matter.objects.get(number=number)
    assert (kept.outcome, kept.kind) == (Outcome.NOT_UPHELD.value, Kind.COMPLAINT.value)
    assert MatterStep.objects.filter(matter=kept).count() == 2
    assert all(verify(one.exported()).sound for one in LEDGERS.values())
    with pytest.raises(NoSuchRecord):
        retaining.purge(number, author=SUPERVISOR, at=OVER)


def test_an_order_ends_it_before_and_no_backup_of_the_exchange_brings_it_back(
    node_folder: Path,
) -> None:
    number = decided()
    kept = list(Matter.objects.filter(number=number).values())
    retaining.expunge(number, order="ORD-26-9", author=SUPERVISOR, at=AT)
    assert finish(number, AT) == []
    assert left(node_folder) == []
    # As a backup of the exchange alone has it; the accounts' ledger remembers.
    Matter.objects.filter(number=number).update(**{k: v for k, v in kept[0].items() if k != "id"})
    assert tables_with(MARKS[0]) != []
    assert forget_again(at=AT) == 1
    assert forget_again(at=AT) == 0
    assert tables_with(MARKS[0]) == []


def test_only_the_agency_that_decides_destroys_a_letter_and_never_an_open_one() -> None:
    number = decided()
    for author in (OF_OTHERS, replace(SUPERVISOR, agency="county")):
        with pytest.raises(NoSuchRecord):
            retaining.expunge(number, order="ORD-26-9", author=author, at=AT)
    with pytest.raises(retaining.RetentionRefused):
        retaining.purge(number, author=OFFICER, at=OVER)
    Matter.objects.filter(number=number).update(state="taken", outcome="")
    (standing,) = retaining.due(SUPERVISOR, at=OVER)
    assert standing.due.stops == (Stop.OPEN,)
    with pytest.raises(NotDue):
        retaining.purge(number, author=SUPERVISOR, at=OVER)


def test_a_hold_on_its_record_keeps_the_letter(monkeypatch: pytest.MonkeyPatch) -> None:
    number = decided(on="TCA-2611-000001-03")
    monkeypatch.setattr(retaining, "_is_held_anywhere", lambda record: record.startswith("TCA"))
    (standing,) = retaining.due(SUPERVISOR, at=OVER)
    assert standing.due.stops == (Stop.HELD,)
    with pytest.raises(Held):
        retaining.expunge(number, order="ORD-26-9", author=SUPERVISOR, at=AT)
    assert Matter.objects.get(number=number).said == MARKS[2]
