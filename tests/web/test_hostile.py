"""Whatever is sent to any form or address: refused or shown escaped, logged, and nothing leaks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from itertools import groupby
from typing import Any, Final
from urllib.parse import quote

import pytest
from django.conf import LazySettings
from django.conf import settings as configured
from django.db import connections, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import resolve, reverse
from tests.ledgers import rows_of
from tests.people import AT
from tests.sampling import one_of, some
from tests.systems.signing_in import HOSTILE, NO_NUMBERS
from tests.web.addresses import ADDRESSES
from tests.web.cast import CAST, sign_in
from tests.web.forms import PageForm, forms_of, questions_of
from tests.web.journal import JsonLog
from tests.web.scene import Scene, notices, overlaps
from tests.web.walking import open_urls

from tieline.accounts.models import Assignment, User
from tieline.keeping.databases import KEEPERS
from tieline.web.access import ACCESS, ANYBODY

pytestmark = pytest.mark.database

WHO: Final = (
    *("agent", "investigator", "case supervisor", "patrol's protection desk", "sharing officer"),
    *("redress officer", "auditor", "administrator"),
)
"""Between them they may open every page, and own what is on it."""
ATTACKS: Final[Mapping[str, str]] = {
    **HOSTILE,
    "traversal": "../../../../etc/passwd\r\nSet-Cookie: a=b",
    "elsewhere": "https://evil.example/?q=<script>alert('x')</script>",
    "day": "0001-01-01",
    "attribute": "\" onfocus=alert('x') autofocus x=\"",
}
AT_DATABASES: Final = ("too long", "NUL", "emoji", "SQL", "number", "the last moment", "day")
"""What one database may take otherwise than another."""
KNOWN: Final = {200, 204, 302, 303, 400, 403, 404, 405, 409, 413, 422}
_LONG: Final = 8
_ALIKE: Final = 4
"""So many pages of one kind are read by one person, but for pages of records."""
_SIGN_OUT: Final = "/accounts/logout/"


@pytest.fixture(autouse=True)
def quick_hashes(settings: LazySettings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def held(answer: HttpResponse, about: object) -> str:
    """The page, if it is one that may be answered to anything."""
    assert answer.status_code in KNOWN, about
    page = "" if answer.streaming else answer.content.decode()
    for leak in ("<script>alert", "onfocus=alert('x')", "Traceback", "DoesNotExist", '.py"'):
        assert leak not in page, about
    assert "evil.example" not in answer.headers.get("Location", ""), about
    assert "Set-Cookie: a=b" not in str(answer.headers), about
    return page


@dataclass(frozen=True, slots=True)
class Opened:
    """A page that somebody may read."""

    who: str
    name: str
    url: str
    page: str = field(repr=False)


@pytest.fixture(scope="module")
def opened(scene: Scene, second_hat: None, django_db_blocker: Any) -> list[Opened]:
    """Every page of whoever opens it first, and of everybody else a third; of those that are alike
    but for their number a few.
    """
    with django_db_blocker.unblock(), ExitStack() as undone:
        for alias in connections:
            undone.enter_context(transaction.atomic(using=alias))
        found = list[Opened]()
        for who in WHO:
            found += _pages_of(who, scene, {one.name for one in found})
        for alias in connections:
            transaction.set_rollback(True, using=alias)
    return found


def _pages_of(who: str, scene: Scene, known: set[str]) -> Iterator[Opened]:
    client = sign_in(CAST[who])
    urls = open_urls(scene, CAST[who].role)
    for name, alike in groupby(urls, key=lambda url: resolve(url).view_name):
        read = 0
        if name in known and not some([name], f"{who} {name}", every=3):
            continue
        for url in alike:
            answer = client.get(url)
            if answer.status_code == 405 or (read == _ALIKE and name != "record"):
                break
            if answer.status_code == 200 and not answer.streaming:
                read += 1
                yield Opened(who, name, url, answer.content.decode())


@dataclass(frozen=True, slots=True)
class Found:
    """A form that somebody is offered."""

    who: str
    form: PageForm


def offered(opened: Sequence[Opened]) -> Iterator[Found]:
    """Every form of every page, once."""
    known: set[tuple[str, str, tuple[str, ...]]] = set()
    for one in opened:
        forms = forms_of(one.page, url=one.url)
        for form in (one for one in forms if one.method in ("get", "post")):
            name = resolve(form.action.partition("?")[0]).view_name
            like = (form.method, name, tuple(form.names))
            if form.action != _SIGN_OUT and like not in known:
                known.add(like)
                yield Found(one.who, form)


def tried() -> list[str]:
    """Every attack; on the second database those that a database may take otherwise."""
    if connections["patrol"].vendor != "postgresql":
        return list(ATTACKS.values())
    return [ATTACKS[name] for name in AT_DATABASES]


def attacks(form: PageForm) -> Iterator[dict[str, Any]]:
    """An attack in every field at once; of short forms each field alone as well, one attack
    after the other: `tests/systems` tries each field of the long ones.
    """
    names = [name for name in form.names if name != "csrfmiddlewaretoken"]
    at = resolve(form.action.partition("?")[0]).view_name
    for attack in some(tried(), f"{at} {names}"):
        yield form.with_(**dict.fromkeys(names, attack))
    for place, name in enumerate(names if len(names) < _LONG else ()):
        yield form.with_(**{name: list(ATTACKS.values())[place % len(ATTACKS)]})


@pytest.fixture(scope="module")
def second_hat(scene: Scene, django_db_blocker: Any) -> None:
    """So that the page offers the form by which another is put on."""
    with django_db_blocker.unblock():
        Assignment.objects.create(
            number="AS-999",
            user=User.objects.get(number=CAST["agent"].number),
            agency="patrol",
            unit="TCA",
            role="agent",
            starts=AT - timedelta(days=99),
        )


def test_whatever_is_typed_into_a_form_is_refused_or_kept(opened: list[Opened]) -> None:
    forms = list(offered(opened))
    names = {resolve(one.form.action.partition("?")[0]).view_name for one in forms}
    sent = 0
    with JsonLog() as log:
        for found in forms:
            client = sign_in(CAST[found.who])
            for said in attacks(found.form):
                send = getattr(client, found.form.method)
                held(send(found.form.action, said), (found.form.action, said))
                sent += 1
    assert log.lines("answered") >= sent
    for hostile in ("alert(", "drop table", "evil.example", "\\u202e"):
        assert hostile not in log.text
    # Every page that takes forms has one, on some page that somebody opens.
    assert {"search", "purpose", "assignment", "account_password", "ledger"} <= names
    assert {"patrol:subject_new", "investigations:protect", "overlap_judge"} <= names
    for database in KEEPERS:
        kept = rows_of(database).values_list("data", flat=True)
        assert not [one for one in kept if "alert(" in one or "DROP" in one]


def test_every_table_is_there_afterwards() -> None:
    for alias in connections:
        assert connections[alias].introspection.table_names()


def test_whatever_is_asked_behind_an_address_is_left_out_or_refused(
    opened: list[Opened],
) -> None:
    first = {one.name: one for one in reversed(opened)}
    for one in first.values():
        client = sign_in(CAST[one.who])
        questions = questions_of(one.page, url=one.url)
        questions |= {"q", "next", "work", "after", "page", "sort", "size", "hide", "all", "x"}
        for attack in some(tried(), one.name):
            held(client.get(one.url, dict.fromkeys(questions, attack)), (one.url, attack))


@pytest.mark.parametrize("who", ["case supervisor", "auditor", "administrator"])
def test_what_can_be_no_number_leads_nowhere(scene: Scene, who: str) -> None:
    client = sign_in(CAST[who])
    for one in ADDRESSES:
        for number in one_of(NO_NUMBERS, f"{who} {one.name}") if one.parts else ():
            mark = "NUMBER"
            (url,) = one.filled({"number": [mark], "system": ["patrol"], "kind": ["person"]})
            for method in (client.get, client.post):
                answer = method(url.replace(mark, number))
                page = held(answer, (url, number))
                refused = answer.status_code in (302, 400, 403, 404, 405, 422)
                assert refused or "No entry that you may be told" in page, (url, number)


def test_a_form_without_the_mark_of_its_session_is_taken_nowhere(scene: Scene) -> None:
    other = sign_in(CAST["agent"], checks=True)
    other.get("/")
    token_of_another = other.cookies[configured.CSRF_COOKIE_NAME].value
    marks: list[dict[str, Any]] = [
        {"data": {}},
        {"data": {"csrfmiddlewaretoken": "x" * 64}},
        {"data": {"csrfmiddlewaretoken": token_of_another}},
        {"headers": {"X-CSRFToken": token_of_another}},
    ]
    for who in ("case supervisor", "administrator"):
        client = sign_in(CAST[who], checks=True)
        client.get("/")
        values = {"number": [*scene.numbers.values()][:1], "system": ["patrol"], "kind": ["person"]}
        for one in ADDRESSES:
            url = next(one.filled(values))
            for mark in one_of(marks, f"{who} {one.name}"):
                forged(client.post(url, **mark), url)


def forged(answer: HttpResponse, url: str) -> None:
    assert answer.status_code == 403, url
    assert "This form was not accepted" in answer.content.decode()


def test_ten_megabytes_and_ten_thousand_fields_are_turned_away_everywhere(scene: Scene) -> None:
    large = b"title=" + b"x" * 10_000_000
    many = "&".join(f"a{n}=1" for n in range(10_000)).encode()
    for who in ("case supervisor", "administrator"):
        client = sign_in(CAST[who], checks=True)
        # With the mark of the session, and so read; without it, refused unread.
        client.get("/")
        values = {"number": [*scene.numbers.values()][:1], "system": ["patrol"], "kind": ["person"]}
        for one in ADDRESSES:
            url = next(one.filled(values))
            for body in one_of((large, many), f"{who} {one.name}"):
                answer = client.post(url, body, content_type="application/x-www-form-urlencoded")
                assert answer.status_code in (400, 413), url
                assert "cannot be read" in answer.content.decode()


def test_what_is_no_text_breaks_no_page(scene: Scene) -> None:
    client = sign_in(CAST["case supervisor"])
    form = "application/x-www-form-urlencoded"
    for one in ADDRESSES:
        url = next(one.filled({"number": ["X-1"], "system": ["patrol"], "kind": ["person"]}))
        for raw in one_of(("%ED%A0%80", "%FF%FE", "%C0%AF", "%", "%zz", "%u0041"), one.name):
            names = ("q", "next", "work", "after", "day", "sort")
            asked = "&".join(f"{name}={raw}" for name in names)
            held(client.get(f"{url}?{asked}&{raw}={raw}"), url)
            if url != _SIGN_OUT:
                held(client.post(url, f"{asked}&title={raw}", content_type=form), url)


def test_a_search_of_a_million_signs_is_cut(scene: Scene) -> None:
    page = held(sign_in(CAST["agent"]).get("/search/", {"q": "Zoe " * 250_000}), "search")
    assert len(page) < 100_000


@pytest.mark.parametrize("value", ["x" * 32, "../../etc/passwd", "a\x00b", "'; --", "é" * 40, ""])
def test_a_session_that_was_made_up_opens_nothing(scene: Scene, value: str) -> None:
    client = Client()
    client.cookies[configured.SESSION_COOKIE_NAME] = value
    for one in ADDRESSES:
        if ACCESS[one.name] is not ANYBODY:
            url = next(one.filled({"number": ["X-1"]}))
            assert client.get(url).headers["Location"].startswith("/accounts/login/"), url


def test_a_session_ends_with_its_password_and_with_its_sign_out(scene: Scene) -> None:
    client = sign_in(CAST["agent"])
    kept = client.cookies[configured.SESSION_COOKIE_NAME].value
    assert client.get("/").status_code == 200
    client.post(_SIGN_OUT)
    again = Client()
    again.cookies[configured.SESSION_COOKIE_NAME] = kept
    assert again.get("/").status_code == 302
    client = sign_in(CAST["agent"])
    user = User.objects.get(number=CAST["agent"].number)
    user.set_password("quite another one")
    user.save()
    assert client.get("/").status_code == 302


HEADERS: Final = {
    "HX-Request": "true",
    "HX-Current-URL": "http://[::1/?<script>alert('x')</script>",
    "HX-Target": "<script>alert('x')</script>",
    "HX-Trigger": "\" onfocus=alert('x')",
    "Accept-Language": "../../etc;q=1e999, <script>, " + "x" * 10_000,
    "Accept": "*/*;q=nan",
    "Range": "bytes=0-1",
    "Referer": "https://evil.example/<script>alert('x')</script>",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-For": "'; DROP TABLE",
    "X-HTTP-Method-Override": "DELETE",
    "X-Request-Id": "<script>alert('x')</script>",
    "If-Modified-Since": "yesterday",
    "Content-Type": "text/html; charset=\xff\xfe",
}


@pytest.mark.parametrize("name", HEADERS)
def test_no_header_breaks_a_page(scene: Scene, name: str) -> None:
    client = sign_in(CAST["case supervisor"])
    for url in ("/", "/search/?q=garcia", "/nowhere/", f"/patrol/events/{scene.numbers['event']}"):
        answer = client.get(url, headers={name: HEADERS[name]})
        assert "evil.example" not in held(answer, name)
        assert answer.headers["X-Request-Id"] != HEADERS["X-Request-Id"]


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "localhost:1@evil", ""])
def test_a_host_that_is_not_ours_is_refused(scene: Scene, host: str) -> None:
    answer = sign_in(CAST["agent"]).get("/", headers={"Host": host})
    assert answer.status_code == 400
    assert "evil" not in held(answer, host)


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_cookie_says_nothing_that_a_page_repeats(scene: Scene, attack: str) -> None:
    client = sign_in(CAST["agent"])
    known = {configured.SESSION_COOKIE_NAME, configured.CSRF_COOKIE_NAME}
    cookies = [*client.cookies, "theme", "keys", "messages", "django_language", "tieline"]
    for name in cookies:
        if name not in known:
            client.cookies[name] = quote(ATTACKS[attack], errors="replace", safe="\"'<>=()/ ")
    held(client.get("/"), attack)


def test_nobody_is_led_to_another_site(scene: Scene) -> None:
    client = sign_in(CAST["agent"])
    said = {"code": "processing", "number": "TCA-2611-000123"}
    for place in (
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
    ):
        answer = client.post(reverse("purpose"), {**said, "next": place})
        assert (answer.status_code, answer.headers["Location"]) == (302, "/")
        answer = Client().get(reverse("account_login"), {"next": place})
        assert f'action="{place}' not in held(answer, place)


def test_nobody_puts_on_the_hat_of_another(scene: Scene) -> None:
    client = sign_in(CAST["agent"])
    for number in (CAST["administrator"].assignment, "AS-0", "", "'; --", "a\x00b"):
        assert client.post(reverse("assignment"), {"assignment": number}).status_code == 422
    assert "Node" not in client.get("/").content.decode()
    assert client.get(reverse("ledger")).status_code == 403


def test_what_is_another_unit_s_is_judged_and_acknowledged_by_nobody_else(scene: Scene) -> None:
    for who in ("agent of another sector", "investigator of another office", "deputy", "outsider"):
        client = sign_in(CAST[who])
        for number in notices():
            answer = client.post(reverse("notice_acknowledge", args=(number,)))
            absent = client.post(reverse("notice_acknowledge", args=("NT-1",)))
            assert (answer.status_code, answer.content) == (404, absent.content)
    judge = partial(reverse, "overlap_judge")
    for who in ("deputy", "outsider"):
        for number in overlaps():
            said = {"action": "same", "reason": "He is."}
            assert sign_in(CAST[who]).post(judge(args=(number,)), said).status_code == 422
