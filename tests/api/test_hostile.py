"""Whatever is sent, it is understood or refused in JSON; nothing fails, nothing leaks."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import pytest
from django.db import OperationalError
from django.test import Client
from tests.ledgers import rows_of
from tests.people import AUDITOR
from tests.sampling import some

from tieline.api.routes import API
from tieline.keeping.door import Door
from tieline.systems.investigations.cases.case import Case

from .scene import AGENT, INVESTIGATOR, ROOT, As, Known

pytestmark = pytest.mark.database

HOSTILE: dict[str, Any] = {
    "script": "<script>alert('x')</script>",
    "SQL": "'; DROP TABLE inv_case; --",
    "NUL": "a\x00b",
    "half a sign": "\ud800",
    "right to left": "\u202eمحمد الحداد\u202c",
    "emoji": "👮🏽‍♀️🚔",
    "template": "{{ settings.SECRET_KEY }}{% load ui %}",
    "long": "x" * 30_000,
    "huge": 10**400,
    "minus huge": -(10**400),
    "many digits": "9" * 4_000,
    "float": 1.7976931348623157e308,
    "null": None,
    "true": True,
    "list": ["a", ["b"]],
    "object": {"a": {"$ne": 1}},
    "moment": "0001-01-01T00:00:00+23:59",
    "last moment": "9999-12-31T23:59:59-23:59",
    "fear": "ER/CF",
    "traversal": "../../../etc/passwd",
}
SCHEMAS = API.get_openapi_schema()["components"]["schemas"]


def refused_or_kept(answer: Any) -> None:
    assert answer.status_code in (200, 201, 400, 404, 422), answer.content[:300]
    assert answer.headers["Content-Type"].startswith("application/json")
    said = answer.json()
    if answer.status_code >= 400:
        assert set(said) == {"code", "what", "cure", "problems"}
        assert said["what"]
        assert said["cure"]
        assert "Traceback" not in answer.content.decode()
        assert ".py" not in answer.content.decode()


FORMS: dict[str, tuple[str, dict[str, Any]]] = {
    "EventEntry": ("/patrol/events", {}),
    "SubjectEntry": ("/patrol/events/{event}/subjects", {"given_name": "x"}),
    "CaseEntry": ("/investigations/cases", {"title": "x"}),
    "PersonEntry": ("/investigations/cases/{case}/subjects", {"kind": "person", "fin": "12345"}),
    "VehicleEntry": ("/investigations/cases/{case}/subjects", {"kind": "vehicle", "make": "x"}),
    "LookoutEntry": (
        "/investigations/subjects/{person}/lookouts",
        {"grounds": dict.fromkeys(SCHEMAS["GroundsEntry"]["required"], False)},
    ),
}
"""Where each is sent, with the least that it needs."""


@pytest.mark.parametrize("form", FORMS)
def test_every_field_of_every_form_is_tried(as_: As, known: Known, form: str) -> None:
    path, least = FORMS[form]
    call = as_(AGENT if path.startswith("/patrol") else INVESTIGATOR)
    path = path.format(event=known.event, case=known.case, person=known.person)
    for kind, attack in HOSTILE.items():
        for name in some(SCHEMAS[form]["properties"], f"{form} {kind}"):
            refused_or_kept(call.post(path, {**least, name: attack}))
        every = dict.fromkeys(SCHEMAS[form]["properties"], attack)
        assert call.post(path, every).status_code in (413, 422)


def test_every_field_of_a_search_is_tried(as_: As, known: Known) -> None:
    call = as_(INVESTIGATOR)
    for attack in HOSTILE.values():
        for name in SCHEMAS["SearchEntry"]["properties"]:
            refused_or_kept(call.post("/search", {name: attack}))
            refused_or_kept(call.post("/search", {name: [attack]}))
    data = rows_of("patrol").values_list("data", flat=True)
    assert not [one for one in data if "alert(" in one]


@pytest.mark.parametrize(
    "number",
    [
        *(
            "%00",
            "%F0%9F%98%80",
            "x" * 3_000,
            "';--",
            "%E2%80%AE",
            "%FF%FE",
            "..%2F..",
            "%0A",
            "-1",
        ),
        *("%25", "<script>", "9" * 400, " ", "TCA-2611-000001%00"),
    ],
)
def test_a_number_that_cannot_be_is_like_one_that_is_not(as_: As, number: str) -> None:
    call, auditor = as_(INVESTIGATOR), as_(AUDITOR)
    for path in (
        *("/records/patrol/{}", "/records/{}/TCA-2611-000001", "/records/patrol/{}/viewers"),
        *("/records/patrol/{}/links", "/overlaps/{}"),
    ):
        answer = call.get(path.format(number))
        assert (answer.status_code, answer.json()["code"]) == (404, "nothing"), path
    assert call.post(f"/notices/{number}/acknowledge").status_code == 404
    person = {"kind": "person", "given_name": "x"}
    assert call.post(f"/investigations/cases/{number}/subjects", person).status_code == 404
    seen = auditor.get(f"/ledger/records/{number}")
    assert seen.status_code == 404 or seen.json()["entries"] == []


def test_every_question_of_an_auditor_is_tried(as_: As, known: Known) -> None:
    auditor = as_(AUDITOR)
    for attack in filter(lambda one: isinstance(one, str), HOSTILE.values()):
        for name in ("system", "viewer", "record", "event", "clause", "day", "after", "unknown"):
            said = quote(attack, errors="surrogatepass")
            path = f"{ROOT}/ledger?{name}={said}"
            refused_or_kept(auditor.client.get(path, headers=auditor.headers))


@pytest.mark.parametrize(
    "body",
    [
        *("", "{", "nul", "[]", '"title"', "1", "null", "{}{}", "\x00", "[" * 100_000),
        *('{"title": NaN}', '{"title": 1e999}', '{"title": "\\ud800"}', '{"a":' * 20_000),
        *('{"title": ' + "9" * 5_000 + "}", '{"title": "a", "title": 1}'),
        *(b"\xff\xfe{}", "title=Boats", "<title>Boats</title>"),
    ],
)
def test_what_is_no_object_of_json_is_refused(as_: As, body: str | bytes) -> None:
    answer = as_(INVESTIGATOR).post("/investigations/cases", body)
    assert answer.status_code in (400, 422)
    assert answer.json()["code"] in ("unreadable", "fields")
    assert not Case.objects.using("investigations").exists()


@pytest.mark.parametrize("path", ["/investigations/cases", "/search", "/me", "/nowhere"])
def test_ten_megabytes_are_turned_away(as_: As, path: str) -> None:
    sent = json.dumps({"title": "x" * 10_000_000})
    answer = as_(INVESTIGATOR).post(path, sent)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert as_().post(path, sent).status_code == 413
    assert not Case.objects.using("investigations").exists()


def test_a_megabyte_less_one_is_read(as_: As) -> None:
    body = json.dumps({"title": "Boats"})
    padded = body + " " * ((1 << 20) - len(body))
    call = as_(INVESTIGATOR)
    assert call.post("/investigations/cases", padded).status_code == 201
    assert call.post("/investigations/cases", padded + " ").status_code == 413


def test_a_question_that_there_is_not_is_refused(as_: As, known: Known) -> None:
    """A filter with a slip in its name would list what was not asked for."""
    auditor = as_(AUDITOR)
    refused = auditor.get("/ledger", recrod=known.person)
    assert (refused.status_code, refused.json()["problems"]) == (
        422,
        {"recrod": "There is no such field."},
    )
    for path in ("/me", f"/records/patrol/{known.subject}", "/notices"):
        assert as_(AGENT).get(path, token="x").status_code == 422


def test_another_method_is_refused_in_json(as_: As) -> None:
    call = as_(INVESTIGATOR)
    for method in ("put", "patch", "delete", "options", "trace"):
        for path in ("/me", "/search", "/investigations/cases"):
            answer = getattr(call.client, method)(f"{ROOT}{path}", headers=call.headers)
            assert (answer.status_code, answer.json()["code"]) == (405, "method")
            assert answer.headers["Allow"]
    head = call.client.head(f"{ROOT}/me", headers=call.headers)
    assert (head.status_code, head.content) == (405, b"")


def test_a_host_that_is_not_ours_is_refused_in_json() -> None:
    answer = Client().get(f"{ROOT}/me", headers={"Host": "evil.example"})
    assert (answer.status_code, answer.json()["code"]) == (400, "unreadable")


def test_a_failure_that_nobody_foresaw_tells_nothing(
    as_: As, known: Known, monkeypatch: pytest.MonkeyPatch
) -> None:
    call = as_(AGENT)
    call.client.raise_request_exception = False

    def fails() -> None:
        raise RuntimeError("García was here")

    monkeypatch.setattr("tieline.api.me.doors", fails)
    answer = call.get("/me")
    assert (answer.status_code, answer.json()["code"]) == (500, "failed")
    assert "García" not in answer.content.decode()


def test_a_system_that_does_not_answer_is_said_so(
    as_: As, known: Known, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_given: object, **_more: object) -> None:
        raise OperationalError("could not connect to server at 10.0.0.1")

    call = as_(INVESTIGATOR)
    monkeypatch.setattr(Door, "fetch", away)
    monkeypatch.setattr(Door, "search", away)
    monkeypatch.setattr("tieline.api.notices.inbox", away)
    for answer in (call.get(f"/records/patrol/{known.subject}"), call.get("/notices")):
        assert (answer.status_code, answer.json()["code"]) == (503, "no_answer")
        assert "10.0.0.1" not in answer.content.decode()
    said = call.post("/search", {"words": "garcia"}).json()
    assert {one["state"] for one in said["systems"]} == {"no_answer"}
