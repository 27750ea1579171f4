"""A token opens; nothing else does: no session, no cookie, no token that has ended."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from tests.people import ADMINISTRATOR, AT, CASE

from tieline.accounts.people import end_assignment, give_one_time_password, lock, unlock
from tieline.accounts.tokens import make_token, revoke_token
from tieline.api import caller
from tieline.api.access import ACCESS
from tieline.core.agreement.viewer import AUDITS, Role
from tieline.core.ledger.events import Event
from tieline.keeping.rows import LedgerRow
from tieline.web.access import ACCESS as PAGES

from .scene import AGENT, DAY, As, Call, Known, person, stand_in, token

pytestmark = pytest.mark.database

OF_RECORDS = frozenset(Role) - AUDITS - {Role.ADMINISTRATOR}


def refusals() -> int:
    rows = LedgerRow.objects.using("default")
    return rows.filter(event=Event.TOKEN_REFUSED.value, owner="patrol").count()


def test_a_session_opens_nothing(as_: As, known: Known) -> None:
    """So no other site can have a browser call for whoever is signed in."""
    nobody = as_()
    nobody.client.force_login(person(AGENT))
    session = nobody.client.session
    session["purpose"] = ["processing", "TCA-2611-000001", "", AGENT.assignment]
    session.save()
    assert nobody.client.get(f"/records/patrol/{known.subject}/").status_code == 200
    for path in ("/me", f"/records/patrol/{known.subject}", "/notices"):
        refused = nobody.get(path)
        assert (refused.status_code, refused.json()["code"]) == (401, "no_token")
        assert refused.content == as_().get(path).content
        assert refused.headers["WWW-Authenticate"] == 'Bearer realm="tieline"'
    assert nobody.post("/search", {"words": "garcia"}).status_code == 401
    assert nobody.client.post("/api/v1/patrol/events", {}).status_code == 401


def test_no_answer_sets_a_cookie_and_no_call_needs_the_mark_of_a_form(as_: As) -> None:
    strict = replace(as_(AGENT), client=Client(enforce_csrf_checks=True))
    answer = strict.post("/search", {"words": "garcia"})
    assert answer.status_code == 200
    assert not answer.cookies
    assert strict.post("/nowhere").status_code == 404


def test_a_session_of_another_person_changes_nothing(as_: As) -> None:
    call = as_(AGENT)
    other = person(stand_in(Role.AUDITOR))
    call.client.force_login(other)
    give_one_time_password(other, at=AT)
    assert call.get("/me").json()["viewer"]["number"] == AGENT.number


@pytest.mark.parametrize(
    "header",
    [
        *("", "Bearer", "Bearer ", "Basic YTpi", "Token {}", "{}", "Bearer tieline_", "Bearer x"),
        *("Bearer {} {}", "Bearer {}x", "Bearer " + "9" * 9_000, "bearer\t{}", "Bearer é\u202e"),
    ],
)
def test_nothing_but_a_token_opens(as_: As, header: str) -> None:
    secret = as_(AGENT).secret
    said = header.replace("{}", secret)
    answer = Client().get("/api/v1/me", headers={"Authorization": said})
    assert answer.status_code == 401
    assert secret not in answer.content.decode()
    assert Client().get(f"/api/v1/me?token={secret}&access_token={secret}").status_code == 422


def test_a_revoked_token_is_refused_at_the_next_call_and_that_is_in_the_ledger(as_: As) -> None:
    made, secret = token(AGENT)
    call = Call(secret)
    assert call.get("/me").status_code == 200
    revoke_token(made, at=AT, by=AGENT)
    assert call.get("/me").status_code == 401
    assert call.post("/search", {"words": "garcia"}).status_code == 401
    assert refusals() == 2
    assert call.get("/me").content == as_().get("/me").content


def test_an_expired_token_is_refused(as_: As, monkeypatch: pytest.MonkeyPatch) -> None:
    call = as_(AGENT)
    monkeypatch.setattr(caller, "now", lambda: AT + 30 * DAY)
    assert call.get("/me").status_code == 401
    assert refusals() == 1


def test_a_locked_person_s_token_is_refused_also_once_they_are_unlocked(as_: As) -> None:
    call = as_(AGENT)
    lock(person(AGENT), at=AT, by=ADMINISTRATOR)
    assert call.get("/me").status_code == 401
    assert refusals() == 1
    unlock(person(AGENT), at=AT, by=ADMINISTRATOR)
    assert call.get("/me").status_code == 401
    assert Call(token(AGENT)[1]).get("/me").status_code == 200


def test_a_token_ends_with_its_assignment_whatever_else_its_person_is(
    as_: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    call = as_(AGENT)
    user = person(AGENT)
    later = replace(AGENT, assignment="AS-199", role=Role.SUPERVISOR)
    user.assignments.create(
        number=later.assignment, agency="patrol", unit="TCA/NGL", role="supervisor", starts=AT
    )
    end_assignment(user.assignments.get(number=AGENT.assignment), at=AT)
    assert call.get("/me").status_code == 401
    assert refusals() == 1
    _, second = make_token(
        user,
        assignment=user.assignments.get(number=later.assignment),
        purpose=CASE,
        expires_at=AT + DAY,
        at=AT,
        by=later,
    )
    assert Call(second).get("/me").json()["viewer"]["role"] == "supervisor"


def test_no_secret_stands_in_a_log(as_: As, caplog: pytest.LogCaptureFixture) -> None:
    call = as_(AGENT)
    call.get("/me")
    Call(call.secret[:-1] + "A").get("/me")
    revoke_token(person(AGENT).tokens.get(), at=AT, by=AGENT)
    call.get("/me")
    assert call.secret[:-1] not in caplog.text
    assert call.secret[:-1] not in repr(call)


def every_address(
    resolver: URLResolver | None = None, within: tuple[str, ...] = ()
) -> list[tuple[str, bool]]:
    """The full name of each address of the node, and whether it is the API's."""
    found: list[tuple[str, bool]] = []
    for one in (resolver or get_resolver()).url_patterns:
        if isinstance(one, URLPattern):
            found.append((":".join((*within, one.name or "")), within[:1] == ("api",)))
        else:
            inner = (*within, one.namespace) if one.namespace else within
            found += every_address(one, inner)
    return found


def test_access_is_stated_for_every_address_and_for_no_other() -> None:
    names = every_address()
    assert {name for name, is_api in names if is_api} == set(ACCESS)
    pages = {name for name, is_api in names if not is_api}
    assert pages <= set(PAGES)
    assert not set(ACCESS) & set(PAGES)


PATHS = {
    "me": "/me",
    "agreement": "/agreement",
    "record": "/records/patrol/TCA-2611-000001",
    "record_viewers": "/records/patrol/TCA-2611-000001/viewers",
    "record_links": "/records/patrol/TCA-2611-000001/links",
    "notices": "/notices",
    "overlap": "/overlaps/OV-1",
    "requests": "/requests",
    "request": "/requests/RQ-1",
    "request_draft": "/records/patrol/TCA-2611-000001/askable",
    "marks": "/records/patrol/TCA-2611-000001/marks",
    "ledger": "/ledger",
    "who_saw": "/ledger/records/TCA-2611-000001",
}
POSTS = {
    "search": "/search",
    "notice_acknowledge": "/notices/NT-1/acknowledge",
    "request_new": "/records/patrol/TCA-2611-000001/requests",
    **{
        f"request_{verb}": f"/requests/RQ-1/{verb}"
        for verb in ("grant", "refuse", "stamp", "recall", "appeal", "council", "noted")
    },
    "mark_new": "/records/patrol/TCA-2611-000001/marks",
    "event_new": "/patrol/events",
    "event_subject_new": "/patrol/events/TCA-2611-000001/subjects",
    "case_new": "/investigations/cases",
    "case_subject_new": "/investigations/cases/LA-26-0001/subjects",
    "lookout_new": "/investigations/subjects/SR-26-000001/lookouts",
}


@pytest.mark.parametrize("role", Role)
def test_each_role_calls_what_is_its_own_and_nothing_else(as_: As, role: Role) -> None:
    call = as_(stand_in(role, "investigations"))
    stated = {name.removeprefix("api:v1:"): allowed for name, allowed in ACCESS.items() if allowed}
    assert set(PATHS) | set(POSTS) == set(stated)
    for name, allowed in stated.items():
        answer = call.get(PATHS[name]) if name in PATHS else call.post(POSTS[name], {})
        assert (answer.status_code == 403) is (role not in allowed), name
        assert answer.status_code != 401
    assert set(call.get("/me").json()["may_call"]) == {
        name for name, allowed in stated.items() if role in allowed
    }


def test_records_are_for_those_who_work_with_them() -> None:
    """An administrator sees no record; an auditor sees ledgers alone (P28)."""
    for name in ("search", "record", "record_viewers", "record_links", "notices", "overlap"):
        assert ACCESS[f"api:v1:{name}"] == OF_RECORDS
    for name in ("ledger", "who_saw"):
        assert ACCESS[f"api:v1:{name}"] == {Role.AUDITOR}
