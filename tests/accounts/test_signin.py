"""Sign-in leaves its trace, makes nobody, and keeps what was typed out of the ledger."""

from __future__ import annotations

import pytest
from django.contrib.auth.signals import user_logged_in, user_login_failed
from django.http import HttpRequest
from tests.people import AT

from tieline.accounts.models import Assignment, User
from tieline.accounts.signin import LEDGER, Adapter
from tieline.core.agreement.viewer import Role
from tieline.core.ledger.entries import Entry
from tieline.core.ledger.events import Event
from tieline.core.ledger.judging import examine as verify
from tieline.keeping.rows import LedgerRow, LedgerSide

pytestmark = pytest.mark.database


def entry() -> Entry:
    return Entry.from_bytes(LedgerRow.objects.using("default").get().data.encode())


def test_nobody_signs_up() -> None:
    assert not Adapter().is_open_for_signup(HttpRequest())


def test_a_sign_in_is_told_with_the_hat_that_is_worn() -> None:
    user = User.objects.create_user("ruiz", "correct horse battery", number="U-1")
    user.active = Assignment.objects.create(
        number="AS-1", user=user, agency="patrol", unit="TCA", role=Role.AGENT.value, starts=AT
    )
    user.active.starts = AT.replace(year=2020)
    user_logged_in.send(User, request=HttpRequest(), user=user)
    told = entry()
    assert (told.event, told.viewer, told.assignment) == (Event.SIGN_IN_DONE, "U-1", "AS-1")


def test_a_sign_in_without_a_hat_is_told_too() -> None:
    user = User.objects.create_user("ruiz", None, number="U-1")
    assert not user.has_usable_password()
    user_logged_in.send(User, request=HttpRequest(), user=user)
    assert (entry().event, entry().viewer) == (Event.SIGN_IN_DONE, None)


@pytest.mark.parametrize("typed", ["ruiz", "correct horse battery", "x" * 500, "\x00\ud800"])
def test_what_was_typed_stands_in_the_side_row_alone(typed: str) -> None:
    user_login_failed.send(User, credentials={"username": typed}, request=HttpRequest())
    row = LedgerRow.objects.using("default").get()
    assert typed not in row.data
    assert entry().event is Event.SIGN_IN_REFUSED
    side = LedgerSide.objects.using("default").get()
    assert len(side.payload["username"]) <= 64
    assert verify(LEDGER.exported()).sound
    side.delete()
    assert verify(LEDGER.exported()).sides["erased"] == 1


def test_passwords_are_hashed() -> None:
    user = User.objects.create_user("ruiz", "correct horse battery", number="U-1")
    assert "correct" not in user.password
    assert user.check_password("correct horse battery")
