"""Whom somebody declares of the own household: by himself alone, and kept for what was before."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.people import ADMINISTRATOR, AGENT, AT, SUPERVISOR
from tests.web.cast import enlist

from tieline.accounts.household import MOST, HouseholdRefused, declare, declared_by, end
from tieline.accounts.models import HouseholdMember, User
from tieline.core.agreement.viewer import Viewer
from tieline.core.ledger.entries import Entry
from tieline.core.ledger.events import Event
from tieline.keeping.rows import LedgerRow, LedgerSide

pytestmark = pytest.mark.database

TODAY = AT.date()
NAME = "Elena Ibarra Soto"


@pytest.fixture
def ana() -> User:
    return enlist(AGENT)


def declared(person: User, name: str = NAME, **about: object) -> HouseholdMember:
    given = {"since": TODAY, "today": TODAY, "by": AGENT, "at": AT, **about}
    return declare(person, name=name, **given)  # type: ignore[arg-type]


def entries() -> list[Entry]:
    rows = LedgerRow.objects.using("default").filter(event=Event.HOUSEHOLD_CHANGED)
    return [Entry.from_bytes(one.data.encode()) for one in rows.order_by("sequence")]


def test_it_is_declared_and_ended_and_stays_for_what_was_before(ana: User) -> None:
    one = declared(ana, f"  {NAME} ", since=TODAY - timedelta(days=400))
    later = AT + timedelta(days=9)
    assert end(ana, [one.pk], by=AGENT, at=later) == 1
    again = declared(ana)
    assert [(each.pk, each.name, each.ended_at) for each in declared_by(ana)] == [
        (again.pk, NAME, None),
        (one.pk, NAME, later),
    ]


def test_the_ledger_says_so_without_the_name(ana: User) -> None:
    one = declared(ana)
    end(ana, [one.pk], by=AGENT, at=AT)
    assert [(each.viewer, each.record, each.owner) for each in entries()] == [
        (AGENT.number, AGENT.number, "patrol")
    ] * 2
    assert not LedgerSide.objects.using("default").exists()
    assert "Ibarra" not in str(list(LedgerRow.objects.using("default").values()))


@pytest.mark.parametrize("other", [SUPERVISOR, ADMINISTRATOR])
def test_nobody_declares_or_ends_another_s(ana: User, other: Viewer) -> None:
    with pytest.raises(HouseholdRefused, match="his own"):
        declared(ana, by=other)
    one = declared(ana)
    with pytest.raises(HouseholdRefused, match="his own"):
        end(ana, [one.pk], by=other, at=AT)
    him = enlist(other)
    assert end(him, [one.pk], by=other, at=AT) == 0
    assert [each.ended_at for each in declared_by(ana)] == [None]
    assert not declared_by(him).exists()
    assert len(entries()) == 1


@pytest.mark.parametrize(
    "name",
    ["", "  ", "Ibarra", "ibarra IBARRA", "x" * 121, "Elena\0Ibarra", "👮🏽 🚔", "\ud800 a b"],
)
def test_what_is_no_whole_name_is_refused(ana: User, name: str) -> None:
    with pytest.raises(HouseholdRefused) as refused:
        declared(ana, name)
    assert refused.value.cure
    assert not declared_by(ana).exists()


@pytest.mark.parametrize("since", [TODAY + timedelta(days=1), date(1899, 12, 31)])
def test_a_day_to_come_or_long_ago_is_refused(ana: User, since: date) -> None:
    with pytest.raises(HouseholdRefused):
        declared(ana, since=since)


def test_one_name_stands_once_however_it_is_written(ana: User) -> None:
    declared(ana)
    with pytest.raises(HouseholdRefused, match="have declared"):
        declared(ana, "SOTO, Elena  Ibárra")
    assert declared_by(ana).count() == 1


def test_there_is_a_most_of_them(ana: User) -> None:
    words = ("Alba", "Bruna", "Clara", "Delia", "Flora", "Irma")
    names = [f"{one} {other} Soto" for one in words for other in words if one < other]
    names += [f"{name} Rey" for name in names]
    for name in names[:MOST]:
        declared(ana, name)
    with pytest.raises(HouseholdRefused, match=f"{MOST} names"):
        declared(ana)


def test_what_ended_does_not_end_again(ana: User) -> None:
    one = declared(ana)
    end(ana, [one.pk], by=AGENT, at=AT)
    assert end(ana, [one.pk, 999], by=AGENT, at=AT + timedelta(days=1)) == 0
    assert [each.ended_at for each in declared_by(ana)] == [AT]
    assert len(entries()) == 2
