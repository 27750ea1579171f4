"""Requests by programs: the checks of the pages, for the person and the case of the token."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from tests.people import AT, CASE, CASE_SUPERVISOR, LOOSE, SUPERVISOR

from tieline.core.agreement.viewer import Role
from tieline.exchange.sharing.models import ReleaseRequest

from .scene import AGENT, INVESTIGATOR, As, Call, Known

pytestmark = pytest.mark.database

SOON = (AT + timedelta(days=2)).isoformat()
OFFICER = replace(CASE_SUPERVISOR, number="U-230", assignment="AS-230", role=Role.SHARING_OFFICER)
ASKED = {"classes": ["case_narrative"], "why": "To stop the guides.", "due_at": SOON}


def asked(call: Call, known: Known, **more: Any) -> dict[str, Any]:
    answer = call.post(f"/records/investigations/{known.case}/requests", {**ASKED, **more})
    assert answer.status_code == 201, answer.content
    made = answer.json()["request"]
    assert answer.headers["Location"].endswith(f"/requests/{made['number']}")
    return made


def leads(call: Call, known: Known) -> bool:
    shown = call.get(f"/records/investigations/{known.case}").json()["record"]["shown"]
    return any(one["field_class"] == "case_narrative" for one in shown)


def test_asked_granted_seen_and_recalled(as_: As, known: Known) -> None:
    agent, boss = as_(AGENT), as_(CASE_SUPERVISOR)
    draft = agent.get(f"/records/investigations/{known.case}/askable").json()
    assert "case_narrative" in draft["classes"]
    made = asked(agent, known)
    assert (made["state"], made["case"], made["asked_by"]) == ("asked", CASE.number, AGENT.number)
    (waits,) = boss.get("/requests").json()["to_answer"]
    assert waits["number"] == made["number"]
    until = (AT + timedelta(days=5)).isoformat()
    grant = {"classes": ["case_narrative"], "expires_at": until, "caveats": "Call first."}
    said = boss.post(f"/requests/{made['number']}/grant", grant).json()["request"]
    assert (said["state"], said["release"]) == ("granted", made["number"].replace("RQ", "RL"))
    assert leads(agent, known)
    assert agent.post(f"/requests/{made['number']}/noted").status_code == 200
    recalled = boss.post(f"/requests/{made['number']}/recall", {"why": "The raid was moved."})
    assert recalled.json()["request"]["state"] == "recalled"
    assert not leads(agent, known)
    told = agent.get(f"/requests/{made['number']}").content.decode()
    assert "raid" not in told


def test_refused_appealed_once_and_refused_again(as_: As, known: Known) -> None:
    agent, boss = as_(AGENT), as_(CASE_SUPERVISOR)
    number = asked(agent, known)["number"]
    refused = boss.post(f"/requests/{number}/refuse", {"reason": "no_need"}).json()["request"]
    assert (refused["state"], refused["may_appeal"]) == ("refused", False)
    assert agent.get(f"/requests/{number}").json()["request"]["may_appeal"]
    appeal = agent.post(f"/requests/{number}/appeal", {"why": "Three guides were seen."})
    assert appeal.json()["request"]["state"] == "appealed"
    assert boss.post(f"/requests/{number}/refuse", {"reason": "no_need"}).status_code == 422
    officer = as_(OFFICER)
    upheld = officer.post(f"/requests/{number}/refuse", {"reason": "operation", "said": "Wait."})
    assert upheld.json()["request"]["state"] == "council"
    assert agent.post(f"/requests/{number}/appeal", {"why": "Once more."}).status_code == 422


def test_before_the_council_both_agencies_speak(as_: As, known: Known) -> None:
    agent, boss, officer = as_(AGENT), as_(CASE_SUPERVISOR), as_(OFFICER)
    number = asked(agent, known)["number"]
    boss.post(f"/requests/{number}/refuse", {"reason": "no_need"})
    agent.post(f"/requests/{number}/appeal", {"why": "Three guides were seen."})
    officer.post(f"/requests/{number}/refuse", {"reason": "operation"})
    ours = as_(replace(OFFICER, number="U-232", assignment="AS-232"))
    theirs = as_(
        replace(SUPERVISOR, number="U-125", assignment="AS-125", role=Role.SHARING_OFFICER)
    )
    where = f"/requests/{number}/council"
    for who in (ours, theirs):
        (waits,) = who.get("/requests").json()["council"]
        assert (waits["number"], waits["may_speak"]) == (number, True)
    until = (AT + timedelta(days=5)).isoformat()
    offer = {"grants": True, "why": "The raid is over.", "expires_at": until}
    assert agent.post(where, offer).status_code == 403
    assert officer.post(where, offer).status_code == 422
    assert ours.post(where, offer).status_code == 422, "nothing would be released"
    said = ours.post(where, {**offer, "classes": ["case_narrative"]}).json()["request"]
    assert (said["state"], len(said["voices"])) == ("council", 1)
    assert not leads(agent, known)
    done = theirs.post(where, {"grants": True, "why": "It is needed."}).json()["request"]
    assert (done["state"], done["release"]) == ("granted", number.replace("RQ", "RL"))
    assert leads(agent, known)
    told = agent.get(f"/requests/{number}").json()["request"]
    assert (told["voices"], told["may_speak"]) == ([], False)


def test_a_stamp_is_asked_and_answered_class_by_class(as_: As, known: Known) -> None:
    agent, boss = as_(INVESTIGATOR), as_(SUPERVISOR)
    path = f"/records/patrol/{known.subject}"
    version = agent.get(path).json()["record"]["version"]
    body = {**ASKED, "kind": "stamp", "classes": ["identity"]}
    number = agent.post(f"{path}/requests", body).json()["request"]["number"]
    wrong = {"version": version, "answers": {}}
    assert boss.post(f"/requests/{number}/stamp", wrong).status_code == 422
    stale = {"version": version + 1, "answers": {"identity": "stamped"}}
    assert boss.post(f"/requests/{number}/stamp", stale).status_code == 422
    # It is no release.
    grant = {"classes": ["identity"], "expires_at": SOON}
    assert boss.post(f"/requests/{number}/grant", grant).status_code == 422
    good = {"version": version, "answers": {"identity": "stamped"}}
    said = boss.post(f"/requests/{number}/stamp", good).json()["request"]
    assert (said["state"], said["answers"]) == ("stamped", {"identity": "stamped"})


def test_without_the_number_of_a_case_nothing_is_asked(as_: As, known: Known) -> None:
    call = as_(AGENT, LOOSE)
    answer = call.post(f"/records/investigations/{known.case}/requests", ASKED)
    assert answer.status_code == 422
    assert answer.json()["code"] == "request_refused"
    assert not ReleaseRequest.objects.exists()


@pytest.mark.parametrize(
    "path", ["/requests/{}", "/requests/{}/noted", "/requests/{}/appeal", "/requests/{}/grant"]
)
def test_another_s_request_is_like_none(as_: As, known: Known, path: str) -> None:
    number = asked(as_(AGENT), known)["number"]
    stranger = as_(replace(SUPERVISOR, unit="YUM/WEL", number="U-119", assignment="AS-119"))
    body = {"appeal": {"why": "x"}, "grant": {"expires_at": SOON}}.get(path.rpartition("/")[2])
    said = set()
    for one in (number, "RQ-0000000000"):
        where = path.format(one)
        answer = stranger.get(where) if where.endswith(one) else stranger.post(where, body)
        said.add((answer.status_code, answer.content))
    assert len(said) == 1
    assert next(iter(said))[0] == 404


@pytest.mark.parametrize("verb", ["askable", "requests"])
def test_of_a_hidden_record_nothing_is_asked_as_of_an_absent_one(
    as_: As, known: Known, verb: str
) -> None:
    call = as_(INVESTIGATOR)
    said = set()
    for number in (known.hidden, known.absent):
        where = f"/records/patrol/{number}/{verb}"
        answer = call.get(where) if verb == "askable" else call.post(where, ASKED)
        said.add((answer.status_code, answer.content))
    assert len(said) == 1
    assert next(iter(said))[0] == 404


@pytest.mark.parametrize(
    "due", ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "2026-11-24T00:00:00", "soon"]
)
def test_a_moment_that_is_none_is_refused(as_: As, known: Known, due: str) -> None:
    call = as_(AGENT)
    answer = call.post(f"/records/investigations/{known.case}/requests", {**ASKED, "due_at": due})
    assert answer.status_code == 422
    assert "due_at" in answer.json()["problems"]
