"""A token opens for its person, in its hat, for its time, and for whoever holds the secret."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from tests.people import ADMINISTRATOR, AGENT, AT, CASE, HOST_ADMINISTRATOR

from tieline.accounts.models import AccessToken, Assignment, User
from tieline.accounts.people import (
    PersonDraft,
    add_person,
    assign,
    change_password,
    end_assignment,
    give_one_time_password,
    lock,
    unlock,
)
from tieline.accounts.tokens import (
    LONGEST,
    TokenRefused,
    make_token,
    opened,
    revoke_token,
    token_of,
)
from tieline.core.agreement.viewer import Role, Viewer
from tieline.core.ledger.entries import Entry
from tieline.core.ledger.events import Event
from tieline.keeping.rows import LedgerRow

pytestmark = pytest.mark.database

DAY = timedelta(days=1)


@pytest.fixture
def ana(_django_db_helper: None) -> User:
    made = add_person(PersonDraft(username="ruiz", name="Ana Ruiz"), password=None, at=AT)
    assign(made, agency="patrol", unit="TCA/NGL", role=Role.AGENT, starts=AT - DAY, at=AT)
    return made


def hat(user: User) -> Assignment:
    return user.assignments.get()


def herself(user: User) -> Viewer:
    return replace(AGENT, number=user.number, assignment=hat(user).number)


def made(user: User, *, days: int = 30) -> tuple[AccessToken, str]:
    return make_token(
        user,
        assignment=hat(user),
        purpose=CASE,
        expires_at=AT + days * DAY,
        at=AT,
        by=herself(user),
        name="roster sheet",
    )


def test_the_secret_opens_and_is_kept_nowhere(ana: User) -> None:
    token, secret = made(ana)
    assert token_of(secret, at=AT) == token
    assert (token.user, token.assignment, token.purpose, token.case) == (
        ana,
        hat(ana),
        "investigation",
        "LA13PR10LA0031",
    )
    assert secret not in str(AccessToken.objects.values().get())
    last = LedgerRow.objects.using("default").order_by("-sequence").first()
    assert last is not None
    assert Entry.from_bytes(last.data.encode()).event is Event.TOKEN_CHANGED
    assert secret not in last.data


@pytest.mark.parametrize("after", [30 * DAY, 31 * DAY, -timedelta(seconds=1)])
def test_it_opens_in_its_time_alone(ana: User, after: timedelta) -> None:
    _, secret = made(ana)
    assert token_of(secret, at=AT + after) is None


@pytest.mark.parametrize("secret", ["", "tieline_", "tieline_" + "a" * 43, "x" * 10_000, "\x00"])
def test_nothing_else_opens(ana: User, secret: str) -> None:
    made(ana)
    assert token_of(secret, at=AT) is None


def test_revoked_locked_or_without_its_hat_it_opens_nothing(ana: User) -> None:
    token, secret = made(ana)
    revoke_token(token, at=AT, by=herself(ana))
    assert token_of(secret, at=AT) is None
    written = LedgerRow.objects.using("default").count()
    revoke_token(token, at=AT, by=herself(ana))
    assert LedgerRow.objects.using("default").count() == written
    _, second = made(ana)
    end_assignment(hat(ana), at=AT + DAY)
    assert token_of(second, at=AT) is not None
    assert token_of(second, at=AT + DAY) is None
    lock(ana, at=AT, by=ADMINISTRATOR)
    assert token_of(second, at=AT) is None


def test_a_refusal_at_the_door_is_in_the_ledger_of_its_agency(ana: User) -> None:
    token, secret = made(ana)
    assert opened(secret, at=AT) == token
    revoke_token(token, at=AT, by=herself(ana))
    end_assignment(hat(ana), at=AT + DAY)
    assert opened(secret, at=AT + 2 * DAY) is None
    last = LedgerRow.objects.using("default").order_by("-sequence").first()
    assert last is not None
    assert (last.event, last.record, last.owner) == (Event.TOKEN_REFUSED, ana.number, "patrol")
    assert secret not in last.data


@pytest.mark.parametrize("secret", ["", "tieline_" + "a" * 43, "x" * 10_000, "\x00", "\ud800"])
def test_what_is_no_token_is_in_the_log_alone(
    ana: User, secret: str, caplog: pytest.LogCaptureFixture
) -> None:
    written = LedgerRow.objects.using("default").count()
    assert opened(secret, at=AT) is None
    assert LedgerRow.objects.using("default").count() == written
    assert "refused" in caplog.text
    assert not secret or secret not in caplog.text


@pytest.mark.parametrize(
    "expires_at",
    [AT, AT - DAY, AT + LONGEST + timedelta(seconds=1), datetime.max.replace(tzinfo=AT.tzinfo)],
)
def test_none_is_made_for_ever_or_for_the_past(ana: User, expires_at: datetime) -> None:
    with pytest.raises(TokenRefused):
        make_token(
            ana, assignment=hat(ana), purpose=CASE, expires_at=expires_at, at=AT, by=herself(ana)
        )


def test_none_is_made_for_somebody_else_or_in_their_hat(ana: User) -> None:
    soto = add_person(PersonDraft(username="soto", name="J. Soto"), password=None, at=AT)
    given = {"purpose": CASE, "expires_at": AT + DAY, "at": AT}
    with pytest.raises(TokenRefused):
        make_token(ana, assignment=hat(ana), by=HOST_ADMINISTRATOR, **given)  # type: ignore[arg-type]
    with pytest.raises(TokenRefused):
        make_token(soto, assignment=hat(ana), by=replace(AGENT, number=soto.number), **given)  # type: ignore[arg-type]
    assert not AccessToken.objects.exists()


@pytest.mark.parametrize("act", ["password", "one time", "lock"])
def test_none_outlives_the_password_or_the_lock_under_which_it_was_made(
    ana: User, act: str
) -> None:
    User.objects.filter(pk=ana.pk).update(agency=ADMINISTRATOR.agency)
    ana.refresh_from_db()
    _, secret = made(ana)
    if act == "password":
        change_password(ana, "brand new horse battery", at=AT, by=herself(ana))
    elif act == "one time":
        give_one_time_password(ana, at=AT, by=ADMINISTRATOR)
    else:
        lock(ana, at=AT, by=ADMINISTRATOR)
        unlock(ana, at=AT, by=ADMINISTRATOR)
    User.objects.filter(pk=ana.pk).update(one_time_until=None)
    assert token_of(secret, at=AT) is None
    changes = LedgerRow.objects.using("default").filter(event=Event.TOKEN_CHANGED)
    assert changes.count() == 2


@pytest.mark.parametrize("act", ["password", "lock"])
def test_none_is_made_in_a_sign_in_that_ended_meanwhile(ana: User, act: str) -> None:
    before = User.objects.get(pk=ana.pk)
    if act == "password":
        change_password(ana, "brand new horse battery", at=AT, by=herself(ana))
    else:
        User.objects.filter(pk=ana.pk).update(is_active=False)
    with pytest.raises(TokenRefused):
        made(before)
    assert not AccessToken.objects.exists()


def test_until_a_password_for_one_use_is_changed_no_token_opens(ana: User) -> None:
    _, secret = made(ana)
    User.objects.filter(pk=ana.pk).update(one_time_until=AT + DAY)
    assert token_of(secret, at=AT) is None
