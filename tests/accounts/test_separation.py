"""An administrator opens nothing to himself, and touches no other agency's people."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from tests.people import ADMINISTRATOR, AGENT, AT, HOST_ADMINISTRATOR, SUPERVISOR

from tieline.accounts.models import Assignment, User
from tieline.accounts.people import (
    PersonDraft,
    add_person,
    assign,
    end_assignment,
    give_one_time_password,
    lock,
    unlock,
)
from tieline.accounts.separation import NotAdministrator, NotToBeGiven, OtherAgency, OwnAccess
from tieline.core.agreement.viewer import APART, Role, Viewer
from tieline.core.errors import TielineError
from tieline.core.ledger.entries import Entry
from tieline.core.ledger.events import Event
from tieline.keeping.rows import LedgerRow

pytestmark = pytest.mark.database

DAY = timedelta(days=1)
BY = ADMINISTRATOR


@pytest.fixture
def ana() -> User:
    """An agent of the patrol."""
    made = add_person(PersonDraft(username="ruiz", name="Ana Ruiz"), password=None, at=AT, by=BY)
    assign(made, agency="patrol", unit="TCA", role=Role.AGENT, starts=AT - DAY, at=AT, by=BY)
    return made


@pytest.fixture
def petrov() -> User:
    """The administrator of the patrol himself."""
    draft = PersonDraft(username="petrov", name="N. Petrov", number=BY.number)
    made = add_person(draft, password=None, at=AT)
    assign(
        made,
        agency="patrol",
        unit="TCA",
        role=Role.ADMINISTRATOR,
        starts=AT - DAY,
        at=AT,
        number=BY.assignment,
    )
    return made


def give(person: User, role: Role, *, by: Viewer = BY, **more: object) -> Assignment:
    about = {"agency": "patrol", "unit": "TCA", "starts": AT, "at": AT, **more}
    return assign(person, role=role, by=by, **about)  # type: ignore[arg-type]


def refusals() -> list[tuple[str | None, str | None, str | None, str | None]]:
    rows = (
        LedgerRow.objects.using("default").filter(event=Event.CHANGE_REFUSED).order_by("sequence")
    )
    told = [Entry.from_bytes(row.data.encode()) for row in rows]
    return [(one.viewer, one.agency, one.record, one.owner) for one in told]


@pytest.mark.parametrize("role", [one for one in Role if one != Role.ADMINISTRATOR])
def test_an_administrator_gives_himself_no_access_to_records(petrov: User, role: Role) -> None:
    with pytest.raises(OwnAccess) as refused:
        give(petrov, role)
    assert refused.value.exit_code == 3
    assert "another administrator" in refused.value.cure
    assert [one.role for one in petrov.assignments.all()] == ["administrator"]
    assert refusals() == [(BY.number, "patrol", BY.number, "patrol")]


def test_nor_by_acting_for_somebody_or_by_a_later_day(petrov: User) -> None:
    with pytest.raises(OwnAccess):
        give(petrov, Role.ADMINISTRATOR, acting=True)
    with pytest.raises(OwnAccess):
        give(petrov, Role.AGENT, starts=AT + 400 * DAY)
    assert give(petrov, Role.ADMINISTRATOR, starts=AT + DAY).role == Role.ADMINISTRATOR


def test_another_administrator_gives_it(petrov: User) -> None:
    other = replace(BY, number="U-161", assignment="AS-161")
    assert give(petrov, Role.AGENT, by=other).user == petrov


@pytest.mark.parametrize("role", sorted(APART))
def test_no_administrator_gives_a_look_into_the_ledgers_of_others(petrov: User, role: Role) -> None:
    other = replace(BY, number="U-161", assignment="AS-161")
    with pytest.raises(NotToBeGiven) as refused:
        give(petrov, role, by=other)
    assert "tieline inspector" in refused.value.cure
    assert refusals() == [("U-161", "patrol", BY.number, "patrol")]
    assert give(petrov, role, by=None).role == role  # type: ignore[arg-type]


ACTS: dict[str, Callable[[User, Viewer], object]] = {
    "lock": lambda person, by: lock(person, at=AT, by=by),
    "unlock": lambda person, by: unlock(person, at=AT, by=by),
    "password": lambda person, by: give_one_time_password(person, at=AT, by=by),
    "assign": lambda person, by: give(person, Role.AGENT, by=by),
    "assign to theirs": lambda person, by: give(person, Role.AGENT, by=by, agency=by.agency),
    "end": lambda person, by: end_assignment(person.assignments.get(), at=AT + DAY, by=by),
    "add": lambda person, by: add_person(
        PersonDraft(username="new", name="New", agency="patrol"), password=None, at=AT, by=by
    ),
}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize(
    ("by", "error"),
    [
        (HOST_ADMINISTRATOR, OtherAgency),
        (replace(SUPERVISOR, number="U-111"), NotAdministrator),
        (replace(AGENT, roles=frozenset({Role.SUPERVISOR})), NotAdministrator),
    ],
)
def test_nobody_else_changes_people_and_each_try_is_told(
    ana: User, act: str, by: Viewer, error: type[TielineError]
) -> None:
    before = (ana.password, ana.is_active, User.objects.count(), Assignment.objects.count())
    with pytest.raises(error):
        ACTS[act](ana, by)
    ana.refresh_from_db()
    assert (ana.password, ana.is_active, User.objects.count(), Assignment.objects.count()) == before
    assert ana.assignments.get().ends is None
    ((viewer, agency, _, _),) = refusals()
    assert (viewer, agency) == (by.number, by.agency)


@pytest.mark.parametrize("act", ["lock", "unlock", "password"])
def test_nobody_administers_himself(petrov: User, act: str) -> None:
    with pytest.raises(OwnAccess):
        ACTS[act](petrov, BY)
    petrov.refresh_from_db()
    assert petrov.is_active
    assert not petrov.has_usable_password()


def test_nobody_ends_the_assignment_in_which_he_acts(petrov: User) -> None:
    with pytest.raises(OwnAccess):
        end_assignment(petrov.assignments.get(), at=AT, by=BY)
    other = give(petrov, Role.ADMINISTRATOR, starts=AT - DAY)
    end_assignment(other, at=AT, by=BY)
    assert [one.ends for one in petrov.assignments.order_by("id")] == [None, AT]


def test_access_that_was_given_to_a_guest_is_taken_by_whose_it_is(ana: User) -> None:
    """Detailed to the investigators, she stays the patrol's, but the access is theirs."""
    given = {"agency": "investigations", "unit": "TU", "role": Role.INVESTIGATOR}
    detail = assign(ana, starts=AT - DAY, at=AT, **given)  # type: ignore[arg-type]
    with pytest.raises(OtherAgency):
        end_assignment(detail, at=AT, by=BY)
    with pytest.raises(OtherAgency):
        give_one_time_password(ana, at=AT, by=HOST_ADMINISTRATOR)
    end_assignment(detail, at=AT, by=HOST_ADMINISTRATOR)
    assert not detail.holds(AT)


def test_who_has_no_home_is_nobody_s_to_administer() -> None:
    nobody_s = User.objects.create_user("soto", None, number="U-9", name="J. Soto")
    for by in (BY, HOST_ADMINISTRATOR, replace(BY, agency="")):
        with pytest.raises(TielineError):
            lock(nobody_s, at=AT, by=by)
    assert User.objects.get().is_active
