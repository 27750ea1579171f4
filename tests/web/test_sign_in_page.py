"""The page of the sign-in: one answer to whatever is wrong, shut after five tries, found again by
nobody's session of before.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from tests.people import AGENT, AT, INVESTIGATOR
from tests.systems.signing_in import HOSTILE
from tests.web.cast import INQUIRY, PASSWORD, enlist, sign_in

from tieline.accounts.hats import SIGNED_IN_AT
from tieline.accounts.models import Assignment, User
from tieline.core.ledger.events import Event
from tieline.keeping.rows import LedgerRow

pytestmark = [pytest.mark.any_database, pytest.mark.usefixtures("adopted", "people")]

PAGE: Final = "/accounts/login/"
WRONG: Final = "User name and password do not go together"
SHUT: Final = "Too many sign-ins failed. Wait five minutes"
TRIES: Final = 5


@pytest.fixture
def people(node_folder: Path) -> None:
    (node_folder / "static").mkdir(exist_ok=True)
    cache.clear()
    enlist(AGENT)
    enlist(INVESTIGATOR)


def tried(username: str, password: str, client: Client | None = None) -> HttpResponse:
    return (client or Client()).post(PAGE, {"login": username, "password": password})


def says(answer: HttpResponse, words: str) -> bool:
    return answer.status_code == 200 and words in answer.content.decode()


def signed_in(answer: HttpResponse) -> bool:
    return answer.status_code == 302


def test_who_knows_the_password_comes_in_and_it_is_written_down() -> None:
    assert signed_in(tried("u-100", PASSWORD))
    rows = LedgerRow.objects.using("default").filter(event=Event.SIGN_IN_DONE)
    assert [one.viewer for one in rows] == [AGENT.number]


def test_a_wrong_name_a_wrong_password_and_a_locked_person_read_alike() -> None:
    User.objects.filter(number=INVESTIGATOR.number).update(is_active=False)
    answers = [
        tried("u-100", "wrong, and long enough"),
        tried("nobody", PASSWORD),
        tried("u-200", PASSWORD),
    ]
    assert all(says(one, WRONG) for one in answers)
    refused = LedgerRow.objects.using("default").filter(event=Event.SIGN_IN_REFUSED)
    assert refused.count() >= 2


def test_after_five_wrong_passwords_even_the_right_one_waits_and_others_do_not() -> None:
    for _ in range(TRIES):
        assert says(tried("u-100", "wrong, and long enough"), WRONG)
    assert says(tried("u-100", PASSWORD), SHUT)
    assert says(tried("U-100", PASSWORD), SHUT), "in whatever case it is written"
    assert signed_in(tried("u-200", PASSWORD))


def test_a_name_that_nobody_has_is_shut_as_well() -> None:
    """Else the lock-out would tell which names there are."""
    for _ in range(TRIES):
        assert says(tried("nobody", "wrong, and long enough"), WRONG)
    assert says(tried("nobody", PASSWORD), SHUT)


TRIES_OF_AN_ADDRESS: Final = 20


def from_(address: str, username: str, password: str) -> HttpResponse:
    said = {"login": username, "password": password}
    return Client().post(PAGE, said, headers={"X-Forwarded-For": address})


def test_behind_a_proxy_one_address_is_shut_and_no_other(settings: LazySettings) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for place in range(TRIES_OF_AN_ADDRESS):
        # What stands before the last one is what somebody wrote there.
        from_(f"203.0.113.{place}, 198.51.100.1", f"nobody{place}", "wrong, and long enough")
    assert says(from_("203.0.113.99, 198.51.100.1", "u-100", PASSWORD), SHUT)
    assert signed_in(from_("198.51.100.2", "u-100", PASSWORD))


def test_without_a_proxy_a_forged_address_opens_nothing_again() -> None:
    for place in range(TRIES_OF_AN_ADDRESS):
        from_(f"198.51.100.{place}", f"nobody{place}", "wrong, and long enough")
    assert says(from_("198.51.100.99", "u-100", PASSWORD), SHUT)


@pytest.mark.parametrize(("seconds", "told"), [(31_536_000, "max-age=31536000"), (0, None)])
def test_a_browser_is_told_to_come_by_https_also_where_a_proxy_speaks_it(
    settings: LazySettings, seconds: int, told: str | None
) -> None:
    settings.SECURE_HSTS_SECONDS = seconds
    assert Client().get(PAGE).headers.get("Strict-Transport-Security") == told


def test_the_lock_out_is_kept_where_every_process_and_a_restart_find_it() -> None:
    from django.conf import settings

    assert settings.CACHES["default"]["BACKEND"].endswith("DatabaseCache")


def test_a_session_begins_anew_with_the_sign_in() -> None:
    client = Client()
    client.get(PAGE)
    client.session["planted"] = "x"
    before = client.session.session_key
    assert signed_in(tried("u-100", PASSWORD, client))
    assert client.session.session_key != before


def test_it_leads_back_to_a_page_of_this_node_alone() -> None:
    for target, then in (
        ("/agreement/", "/agreement/"),
        ("https://evil.example/", "/"),
        ("//x/", "/"),
    ):
        answer = Client().post(
            f"{PAGE}?next={target}", {"login": "u-100", "password": PASSWORD, "next": target}
        )
        assert answer.headers["Location"] == then


@pytest.mark.parametrize("hostile", HOSTILE.values())
def test_whatever_is_typed_breaks_nothing_and_is_not_shown_again_as_markup(hostile: str) -> None:
    answer = tried(hostile, hostile)
    assert answer.status_code == 200
    assert "<script>alert" not in answer.content.decode()
    assert (
        hostile not in "".join(LedgerRow.objects.using("default").values_list("data", flat=True))
        or len(hostile) < 4
    )


def test_twelve_hours_after_the_sign_in_it_is_over_whatever_was_done_since() -> None:
    client = sign_in(AGENT)
    session = client.session
    session[SIGNED_IN_AT] -= 12 * 3600 - 60
    session.save()
    assert client.get("/agreement/").status_code == 200
    session = client.session
    session[SIGNED_IN_AT] -= 120
    session.save()
    assert client.get("/agreement/").headers["Location"].startswith(PAGE)
    assert client.get("/").headers["Location"].startswith(PAGE)


@pytest.mark.parametrize("said", [None, "soon", 9e12])
def test_a_session_of_which_nobody_knows_when_it_began_is_none(said: object) -> None:
    client = sign_in(AGENT)
    session = client.session
    session[SIGNED_IN_AT] = said
    session.save()
    assert client.get("/agreement/").headers["Location"].startswith(PAGE)


def test_a_purpose_stays_with_the_hat_in_which_it_was_stated() -> None:
    """Put on elsewhere, or because the other one ended: the work in hand is another (P3)."""
    client = sign_in(AGENT)
    assert INQUIRY.number in client.get("/agreement/").content.decode()
    person = User.objects.get(number=AGENT.number)
    other = Assignment.objects.create(
        number="AS-901", user=person, agency="patrol", unit="TCA", role="supervisor", starts=AT
    )
    User.objects.filter(pk=person.pk).update(active=other)
    assert INQUIRY.number not in client.get("/agreement/").content.decode()


def test_a_purpose_does_not_come_back_with_its_hat() -> None:
    client = sign_in(AGENT)
    person = User.objects.get(number=AGENT.number)
    first, other = (
        person.active,
        Assignment.objects.create(
            number="AS-901", user=person, agency="patrol", unit="TCA", role="agent", starts=AT
        ),
    )
    for worn in (other, first):
        User.objects.filter(pk=person.pk).update(active=worn)
        assert INQUIRY.number not in client.get("/agreement/").content.decode()
    assert "purpose" not in client.session


def test_another_hat_has_another_session_key() -> None:
    client = sign_in(AGENT)
    person = User.objects.get(number=AGENT.number)
    Assignment.objects.create(
        number="AS-901", user=person, agency="patrol", unit="TCA", role="agent", starts=AT
    )
    before = client.session.session_key
    assert client.post("/hat/assignment/", {"assignment": "AS-901"}).status_code == 302
    assert client.session.session_key != before


NEW: Final = "brand new horse battery"


def changed(client: Client, **said: str) -> HttpResponse:
    return client.post("/accounts/password/", {"new_password1": NEW, "new_password2": NEW, **said})


def test_a_password_is_changed_by_whoever_knows_the_old_one_alone() -> None:
    client = sign_in(AGENT)
    for wrong in ({}, {"old_password": "wrong, and long enough"}):
        assert changed(client, **wrong).status_code == 422
    assert changed(client, old_password=PASSWORD).status_code == 302
    assert User.objects.get(number=AGENT.number).check_password(NEW)


def test_without_the_old_password_nothing_is_told_of_the_new_one() -> None:
    said = {"old_password": "wrong", "new_password1": "short", "new_password2": "else"}
    answer = sign_in(AGENT).post("/accounts/password/", said)
    assert answer.context["form"].errors == {"old_password": ["The old password is not right."]}


def test_with_a_password_for_one_use_no_other_one_is_asked() -> None:
    client = sign_in(AGENT)
    until = datetime.now(UTC) + timedelta(hours=1)
    User.objects.filter(number=AGENT.number).update(one_time_until=until)
    assert "old_password" not in client.get("/accounts/password/").content.decode()
    assert changed(client).status_code == 302
