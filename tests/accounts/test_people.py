"""What an administrator does to people: each act once in the ledger, none that breaks it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.people import ADMINISTRATOR, AT

from tieline.accounts.hats import active_assignment
from tieline.accounts.models import Assignment, OddCode, User
from tieline.accounts.people import (
    ONE_TIME,
    PersonDraft,
    PersonRefused,
    add_person,
    assign,
    change_password,
    end_assignment,
    give_one_time_password,
    lock,
    unlock,
    wear,
)
from tieline.accounts.signin import LEDGER
from tieline.core.agreement.viewer import Role
from tieline.core.ledger.entries import Entry
from tieline.core.ledger.events import Event
from tieline.core.ledger.judging import examine as verify
from tieline.keeping.rows import LedgerRow, LedgerSide

pytestmark = pytest.mark.database

BY = ADMINISTRATOR
DAY = timedelta(days=1)


def entries() -> list[Entry]:
    rows = LedgerRow.objects.using("default").order_by("sequence")
    return [Entry.from_bytes(row.data.encode()) for row in rows]


def person(name: str = "ruiz") -> User:
    return add_person(PersonDraft(username=name, name="Ana Ruiz"), password=None, at=AT, by=BY)


def test_each_act_is_told_with_who_whom_and_when() -> None:
    ana = person()
    hat = assign(
        ana, agency="patrol", unit="TCA/NGL", role=Role.AGENT, starts=AT - DAY, at=AT, by=BY
    )
    give_one_time_password(ana, at=AT, by=BY)
    lock(ana, at=AT, by=BY)
    unlock(ana, at=AT, by=BY)
    end_assignment(hat, at=AT + DAY, by=BY)
    told = [(one.event, one.record, one.owner, one.viewer) for one in entries()]
    assert told == [
        (Event.PERSON_ADDED, ana.number, "patrol", BY.number),
        (Event.ASSIGNMENT_CHANGED, hat.number, "patrol", BY.number),
        (Event.PASSWORD_CHANGED, ana.number, "patrol", BY.number),
        (Event.PERSON_LOCKED, ana.number, "patrol", BY.number),
        (Event.PERSON_UNLOCKED, ana.number, "patrol", BY.number),
        (Event.ASSIGNMENT_CHANGED, hat.number, "patrol", BY.number),
    ]
    assert "Ruiz" not in "".join(LedgerRow.objects.using("default").values_list("data", flat=True))


@pytest.mark.parametrize("starts", [AT - 400 * DAY, AT + 400 * DAY])
def test_an_assignment_of_other_days_is_told_when_it_is_given(starts: object) -> None:
    ana = person()
    hat = assign(ana, agency="patrol", unit="TCA", role=Role.AGENT, starts=starts, at=AT, by=BY)  # type: ignore[arg-type]
    end_of_day = AT + timedelta(minutes=1)
    assign(ana, agency="patrol", unit="TCA", role=Role.AGENT, starts=AT, at=end_of_day, by=BY)
    assert [one.at for one in entries()] == [AT, AT, end_of_day]
    assert hat.starts == starts
    assert verify(LEDGER.exported()).sound


@pytest.mark.parametrize(
    ("agency", "unit"),
    [("Patrol", "TCA"), ("patrol", "Tucson Station"), ("", "TCA"), ("patrol", ""), ("p" * 33, "T")],
)
def test_no_hat_that_the_ledger_could_not_write(agency: str, unit: str) -> None:
    ana = person()
    with pytest.raises(OddCode) as refused:
        assign(ana, agency=agency, unit=unit, role=Role.AGENT, starts=AT, at=AT)
    assert refused.value.cure
    assert not ana.assignments.exists()


@pytest.mark.parametrize("number", ["ana", "U-", "A-123456789", "U-1\n", ""])
def test_no_person_whom_the_ledger_could_not_name(number: str) -> None:
    with pytest.raises(OddCode):
        User.objects.create_user("ana", None, number=number)


def test_a_user_name_is_given_once() -> None:
    person()
    with pytest.raises(PersonRefused):
        person()
    assert User.objects.count() == 1


def test_an_assignment_ends_once_and_not_before_it_began() -> None:
    ana = person()
    hat = assign(ana, agency="patrol", unit="TCA", role=Role.AGENT, starts=AT, at=AT, by=BY)
    with pytest.raises(PersonRefused):
        end_assignment(hat, at=AT, by=BY)
    end_assignment(hat, at=AT + DAY, by=BY)
    with pytest.raises(PersonRefused):
        end_assignment(hat, at=AT + 2 * DAY, by=BY)
    assert active_assignment(ana, at=AT + DAY) is None
    with pytest.raises(PersonRefused):
        assign(ana, agency="patrol", unit="T", role=Role.AGENT, starts=AT, ends=AT, at=AT, by=BY)


def test_nobody_wears_what_is_not_theirs_or_does_not_hold() -> None:
    ana, soto = person(), person("soto")
    given = {"agency": "patrol", "unit": "TCA", "role": Role.AGENT, "at": AT, "by": BY}
    home = assign(ana, starts=AT, **given)  # type: ignore[arg-type]
    later = assign(ana, starts=AT + DAY, **given)  # type: ignore[arg-type]
    other = assign(soto, starts=AT, **given)  # type: ignore[arg-type]
    for number in (later.number, other.number, "AS-999", ""):
        with pytest.raises(PersonRefused):
            wear(ana, number, at=AT, by=None)
    assert wear(ana, later.number, at=AT + DAY, by=None) == later
    assert active_assignment(ana, at=AT + DAY) == later
    assert home.holds(AT + DAY)


def test_a_password_for_one_use_ends_and_is_replaced() -> None:
    ana = person()
    assert not ana.has_usable_password()
    first = give_one_time_password(ana, at=AT, by=BY)
    second = give_one_time_password(ana, at=AT, by=BY)
    assert first != second
    assert not ana.check_password(first)
    assert ana.check_password(second)
    assert ana.one_time_until == AT + ONE_TIME
    change_password(ana, "a long one of her own", at=AT, by=None)
    ana.refresh_from_db()
    assert ana.one_time_until is None
    assert not ana.check_password(second)


@pytest.mark.parametrize(
    "odd", ["", "Ruiz", "r uiz", "ruíz", "-ruiz", "r" * 65, "a\x00b", "ruiz\n"]
)
def test_a_user_name_is_plain_so_that_no_other_looks_like_it(odd: str) -> None:
    with pytest.raises(PersonRefused):
        person(odd)
    assert not User.objects.exists()


@pytest.mark.parametrize(
    "odd", ["", " ", "12", "A" * 121, "Ana\x00", "Ana \u202eziuR", "Ana\nRuiz"]
)
def test_a_name_is_one_line_that_reads_as_it_is_written(odd: str) -> None:
    with pytest.raises(PersonRefused):
        add_person(PersonDraft(username="ruiz", name=odd), password=None, at=AT, by=BY)


def test_a_number_is_given_once_and_the_next_one_is_free() -> None:
    first = add_person(
        PersonDraft(username="ruiz", name="Ana Ruiz", number="U-999999"), password=None, at=AT
    )
    taken = User.objects.create_user("taken", None, number=f"U-{first.pk + 2}")
    assert person("soto").number == f"U-{taken.pk + 2}"
    with pytest.raises(PersonRefused):
        add_person(
            PersonDraft(username="mora", name="L. Mora", number=taken.number), password=None, at=AT
        )


def test_the_home_agency_is_that_of_whoever_enters_the_person() -> None:
    assert person().agency == "patrol"
    by_the_node = add_person(PersonDraft(username="soto", name="J. Soto"), password=None, at=AT)
    assert by_the_node.agency == ""
    assign(by_the_node, agency="county", unit="JAIL", role=Role.AGENT, starts=AT, at=AT)
    assign(by_the_node, agency="patrol", unit="TCA", role=Role.AGENT, starts=AT, at=AT)
    assert by_the_node.agency == "county"


@pytest.mark.parametrize("year", [1, 1999, 2101, 9999])
def test_an_assignment_of_a_year_that_was_mistyped_is_refused(year: int) -> None:
    ana, odd = person(), AT.replace(year=year)
    given = {"agency": "patrol", "unit": "TCA", "role": Role.AGENT, "at": AT, "by": BY}
    with pytest.raises(PersonRefused):
        assign(ana, starts=odd, **given)  # type: ignore[arg-type]
    with pytest.raises(PersonRefused):
        assign(ana, starts=AT, ends=odd, **given)  # type: ignore[arg-type]
    hat = assign(ana, starts=AT, **given)  # type: ignore[arg-type]
    with pytest.raises(PersonRefused):
        end_assignment(hat, at=AT, ends=odd, by=BY)
    assert not Assignment.objects.filter(ends__isnull=False).exists()


def test_an_end_is_told_with_whose_it_was_and_may_lie_ahead() -> None:
    ana = person()
    hat = assign(ana, agency="patrol", unit="TCA", role=Role.AGENT, starts=AT, at=AT, by=BY)
    end_assignment(hat, at=AT, ends=AT + 9 * DAY, by=BY)
    assert active_assignment(ana, at=AT + 8 * DAY) == hat
    assert active_assignment(ana, at=AT + 9 * DAY) is None
    end_assignment(hat, at=AT + DAY, by=BY)
    assert active_assignment(ana, at=AT + DAY) is None
    told = [one.payload for one in LedgerSide.objects.using("default").order_by("sequence")]
    said = [one for one in told if one.get("person") == ana.number]
    assert [(one["role"], one["unit"], one["ends"][:10]) for one in said] == [
        ("agent", "TCA", ""),
        ("agent", "TCA", "2026-12-02"),
        ("agent", "TCA", "2026-11-24"),
    ]
