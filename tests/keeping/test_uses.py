"""How often a clause decided is what the ledger says, however it is counted."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from tests.people import AGENT, AT, BOOKING, CASE, INVESTIGATOR

from tieline.core.agreement.clauses import Agreement
from tieline.core.ledger.events import Event
from tieline.keeping.rows import LedgerRow
from tieline.keeping.uses import (
    ClauseDay,
    ClauseMark,
    Use,
    count_uses,
    uses_by_day,
    uses_of,
)

from .depot import DATABASE, DOOR, KEEPER, crate, kept

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("crates")]

SHOWN, REFUSED = Event.RECORD_SHOWN.value, Event.RECORD_REFUSED.value
LATER = AT + timedelta(days=2)


@pytest.fixture
def looked(adopted: Agreement) -> Agreement:
    """Two agencies look: at what is open, at what is sealed, at what there is not."""
    kept(crate("S-1"), crate("S-2", "sealed"))
    by_case = {"viewer": INVESTIGATOR, "purpose": CASE}
    for at in (AT, AT, LATER):
        DOOR.fetch("S-1", **by_case, at=at)
    DOOR.fetch("S-2", **by_case, at=AT)
    DOOR.fetch("S-404", **by_case, at=AT)
    DOOR.fetch("S-1", viewer=AGENT, purpose=BOOKING, at=AT)
    unsworn = replace(INVESTIGATOR, sworn=False, employee=False)
    DOOR.fetch("S-1", viewer=unsworn, purpose=CASE, at=AT)
    return adopted


def counted(text: Agreement, agency: str = "patrol", days: int = 0) -> Counter[Use]:
    since = (AT + timedelta(days=days)).date()
    return uses_by_day(DATABASE, agreement=text.digest, agency=agency, since=since)


def use(clause: str, event: str = SHOWN) -> Use:
    return Use(clause, event, "investigations", "patrol")


def test_each_clause_is_counted_that_decided_on_another_agency_s_record(
    looked: Agreement,
) -> None:
    assert not count_uses(KEEPER.ledger)
    found = counted(looked)
    assert found[use("P04")] == 3
    assert found[use("F03", REFUSED)] == 1
    assert found[use("F14", REFUSED)] == 1
    # Neither one's own looks nor a look at what there is not.
    assert {(one.agency, one.owner) for one in found} == {("investigations", "patrol")}
    assert found == counted(looked, "investigations")
    assert counted(looked, "county") == Counter()


def test_of_the_days_that_are_asked_for_and_of_this_text_alone(looked: Agreement) -> None:
    count_uses(KEEPER.ledger)
    assert counted(looked, days=1)[use("P04")] == 1
    assert counted(looked, days=3) == Counter()
    assert counted(replace(looked, version=9)) == Counter()


def test_in_parts_and_again_it_is_the_same(looked: Agreement) -> None:
    count_uses(KEEPER.ledger)
    at_once = counted(looked)
    count_uses(KEEPER.ledger)
    assert counted(looked) == at_once
    ClauseDay.objects.using(DATABASE).all().delete()
    ClauseMark.objects.using(DATABASE).all().delete()
    parts = 1
    while count_uses(KEEPER.ledger, most=2):
        parts += 1
    assert parts > 2
    assert counted(looked) == at_once


def test_what_came_since_is_added(looked: Agreement) -> None:
    count_uses(KEEPER.ledger)
    DOOR.fetch("S-1", viewer=INVESTIGATOR, purpose=CASE, at=AT)
    assert not count_uses(KEEPER.ledger)
    assert counted(looked)[use("P04")] == 4


def test_of_some_entries_what_was_counted_of_them(looked: Agreement) -> None:
    """So that it can be taken away from the whole."""
    rows = LedgerRow.objects.using(DATABASE).filter(record="S-2")
    assert uses_of(DATABASE, rows, agreement=looked.digest) == Counter()
    count_uses(KEEPER.ledger)
    found = uses_of(DATABASE, rows, agreement=looked.digest)
    assert set(found) == {one for one in counted(looked) if one.clause in {"F03"}}
    assert uses_of(DATABASE, rows, agreement="0" * 64) == Counter()


def test_killed_in_the_middle_nothing_is_counted_twice(
    looked: Agreement, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def dies(*_: object, **__: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(ClauseMark, "save", dies)
        with pytest.raises(Killed):
            count_uses(KEEPER.ledger)
    assert counted(looked) == Counter()
    count_uses(KEEPER.ledger)
    assert counted(looked)[use("P04")] == 3
