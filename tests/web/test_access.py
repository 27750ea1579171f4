"""Every page opens for whom web/access.py states, and says to all others why it does not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from django.conf import LazySettings
from django.http import HttpResponse
from django.test import Client
from django.urls import path, reverse
from tests.people import AGENT, AT
from tests.sampling import one_of, some
from tests.web.addresses import ADDRESSES, Address
from tests.web.cast import enlist

from tieline.accounts.models import User
from tieline.core.agreement.viewer import Role
from tieline.web.access import ACCESS, ANYBODY
from tieline.web.errors import NO_HAT, OTHER_ROLE
from tieline.web.urls import urlpatterns as _pages
from tieline.wiring.systems import set_to_work

pytestmark = [pytest.mark.any_database, pytest.mark.usefixtures("adopted", "at_work")]

NOBODY = {"number": ["TCA-2611-000999-01"], "system": ["patrol"], "kind": ["person"]}
"""Numbers of nothing: whoever may open the page is told so by the page itself."""
OPENED = {200, 204, 302, 303, 404, 405, 422}
METHODS = ("get", "post")
_LIBRARY = ("account_login", "account_logout")


@pytest.fixture
def at_work(node_folder: Path) -> None:
    (node_folder / "static").mkdir(exist_ok=True)
    set_to_work()


def addresses() -> Iterator[tuple[Address, str]]:
    for one in ADDRESSES:
        yield one, next(one.filled(NOBODY))


def asked(who: str) -> Iterator[tuple[Address, str, str]]:
    """Every second page, by one method, others for others; each by each in `make soak`."""
    for one, url in some(list(addresses()), who, every=2):
        for method in one_of(METHODS, f"{who} {one.name}"):
            yield one, url, method


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def ends_the_session(one: Address) -> bool:
    return one.name == "account_logout"


def is_refused(answer: HttpResponse, why: object) -> bool:
    return answer.status_code == 403 and str(why) in answer.content.decode()


def test_there_are_pages_to_open() -> None:
    assert len(ADDRESSES) > 30


def test_access_is_stated_for_every_page_and_for_no_other() -> None:
    assert sorted(one.name for one in ADDRESSES) == sorted(ACCESS)


@pytest.mark.parametrize("role", Role)
def test_a_page_opens_for_the_roles_that_are_stated(role: Role) -> None:
    user = enlist(replace(AGENT, role=role))
    client = signed_in(user)
    for one, url, method in asked(role):
        answer = getattr(client, method)(url)
        allowed = ACCESS[one.name]
        if allowed is ANYBODY or role in allowed:
            assert answer.status_code in OPENED, (one.name, method)
            assert "/accounts/login/" not in answer.headers.get("Location", "") or ends_the_session(
                one
            )
        else:
            assert is_refused(answer, OTHER_ROLE), (one.name, method)
        if ends_the_session(one):
            client = signed_in(user)


def test_who_is_not_signed_in_is_led_to_the_sign_in_and_back() -> None:
    for one, url, method in asked("nobody"):
        answer = getattr(Client(), method)(url)
        if ACCESS[one.name] is ANYBODY:
            assert answer.status_code in OPENED, (one.name, method)
        else:
            page, _, query = answer.headers["Location"].partition("?")
            assert (answer.status_code, page) == (302, reverse("account_login")), one.name
            assert parse_qs(query) == {"next": [url]}


def test_who_has_no_assignment_may_sign_out_and_nothing_else() -> None:
    user = enlist(AGENT, hats=False)
    for one, url, method in asked("no hat"):
        answer = getattr(signed_in(user), method)(url)
        if ACCESS[one.name] is ANYBODY or ends_the_session(one):
            assert answer.status_code in OPENED, (one.name, method)
        else:
            assert is_refused(answer, NO_HAT), (one.name, method)


def test_an_assignment_that_ended_is_none() -> None:
    user = enlist(AGENT)
    user.assignments.update(ends=AT - timedelta(days=300))
    assert is_refused(signed_in(user).get("/"), NO_HAT)


def test_an_open_session_of_somebody_locked_opens_nothing() -> None:
    user = enlist(replace(AGENT, role=Role.SUPERVISOR))
    sessions = [signed_in(user) for _ in addresses()]
    User.objects.update(is_active=False)
    for client, (one, url) in zip(sessions, addresses(), strict=True):
        answer = client.get(url)
        if ACCESS[one.name] is not ANYBODY:
            assert answer.headers["Location"].startswith(reverse("account_login")), one.name


def test_with_a_password_for_one_use_it_is_changed_first() -> None:
    user = enlist(replace(AGENT, role=Role.SUPERVISOR))
    client = signed_in(user)
    User.objects.update(one_time_until=AT + timedelta(days=36_500))
    change = reverse("account_password")
    for one, url in addresses():
        answer = client.get(url)
        if ACCESS[one.name] is ANYBODY or url == change or ends_the_session(one):
            assert answer.status_code in OPENED, one.name
        else:
            assert (answer.status_code, answer.headers.get("Location")) == (302, change), one.name


def test_a_refusal_says_why_what_to_do_and_its_number() -> None:
    answer = signed_in(enlist(AGENT)).get(reverse("ledger"))
    page = answer.content.decode()
    assert answer.status_code == 403
    assert str(OTHER_ROLE) in page
    assert "Change your assignment" in page
    assert answer.headers["X-Request-Id"] in page


def test_no_page_has_a_method_that_nobody_thought_of() -> None:
    client = signed_in(enlist(replace(AGENT, role=Role.SUPERVISOR)))
    for one, url in addresses():
        for method in one_of(("put", "patch", "delete", "options", "trace"), one.name):
            answer = getattr(client, method)(url)
            # Sign-in and sign-out are the library's, whose `put` is a `post`.
            known = {302, 403, 404, 405} | ({200} if one.name in _LIBRARY else set())
            assert answer.status_code in known, (one.name, method)


def nobody_stated(request: object) -> HttpResponse:
    return HttpResponse(json.dumps("opened"))


urlpatterns = [
    *_pages,
    path("not/stated/", nobody_stated, name="not_stated"),
    path("not/named/", nobody_stated),
]


@pytest.mark.parametrize("url", ["/not/stated/", "/not/named/"])
def test_a_page_for_which_nothing_is_stated_opens_for_nobody(
    settings: LazySettings, url: str
) -> None:
    settings.ROOT_URLCONF = __name__
    assert Client().get(url).status_code == 404
    assert signed_in(enlist(AGENT, hats=False)).get(url).status_code == 404
    for place, role in enumerate(Role):
        viewer = replace(AGENT, role=role, number=f"U-9{place}", assignment=f"AS-9{place}")
        answer = signed_in(enlist(viewer)).get(url)
        assert (answer.status_code, b"opened" in answer.content) == (404, False), role
