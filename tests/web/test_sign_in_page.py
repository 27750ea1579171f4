"""The page of the sign-in: one answer to whatever is wrong, shut after five tries, found again by
nobody's session of before.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from tests.people import AGENT, INVESTIGATOR
from tests.systems.signing_in import HOSTILE
from tests.web.cast import PASSWORD, enlist

from tieline.accounts.models import User
from tieline.core.ledger.events import Event
from tieline.keeping.rows import LedgerRow

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("adopted", "people")]

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
