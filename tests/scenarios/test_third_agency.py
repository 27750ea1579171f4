"""S7. A case holds what a third agency gave. Its release waits for that agency; it is given or
refused, shows the case where it is, and ends when its owner, or the third agency, takes it back.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from django.urls import reverse
from tests.people import AT
from tests.scenarios.story import Person, known_to_a_case, looks, new_case, record
from tests.web.cast import CAST, INQUIRY, enlist, sign_in
from tests.web.scene import Scene, match

from tieline.core.agreement.viewer import Role
from tieline.exchange.sharing.models import ReleaseRequest
from tieline.keeping.protecting import Restated, restate
from tieline.keeping.releases import ReleaseRow
from tieline.systems.investigations import desk as investigations

pytestmark = [pytest.mark.scenario, pytest.mark.database, pytest.mark.usefixtures("scene")]

TITLE = "Guides of the wash, as the county told"


def soon(**later: int) -> str:
    # The pages ask for a moment in the zone of the cast.
    local = datetime.now(UTC) - timedelta(hours=7) + timedelta(**later)
    return local.strftime("%Y-%m-%d %H:%M")


def sends(who: str, url: str, **said: object) -> str:
    """The answer to a form, which was taken."""
    answer = Person(who).client.post(url, said)
    assert answer.status_code == 302, (who, url, answer.content.decode()[:3000])
    return answer.headers["Location"]


@pytest.fixture
def case(scene: Scene) -> str:
    number = new_case(TITLE)
    match()
    return number


@pytest.fixture
def asked(case: str) -> str:
    """The number of a request for its narrative."""
    url = reverse("request_new", args=("investigations", case))
    where = sends(
        "agent", url, classes=["case_narrative"], why="To stop the guides.", due_at=soon(days=2)
    )
    (number,) = re.findall(r"RQ-\d{10}", where)
    return number


def released(number: str, **said: object) -> str:
    """The number of the release that the case's supervisor gives."""
    given = {"classes": ["case_narrative"], "expires_at": soon(days=5), "caveats": "", **said}
    sends("case supervisor", reverse("request_grant", args=(number,)), **given)
    return number.replace("RQ", "RL")


def test_asked_released_shown_where_it_is_and_closed_by_the_recall(case: str, asked: str) -> None:
    agent, boss = Person("agent"), Person("case supervisor")
    assert TITLE not in agent.opens("investigations", case)
    assert asked in boss.reads(reverse("requests"))
    assert asked in boss.reads(reverse("home"))
    release = released(asked, caveats="Call before the raid.")
    # The session that was open before is shown more, and told what it rests on.
    page = agent.opens("investigations", case)
    assert TITLE in page
    assert release in page
    assert "Call before the raid." in page
    last = looks(of="agent", ledgers=("investigations",))[-1]
    assert f"release-{release}" in last.clauses
    assert release in boss.reads(reverse("releases"))
    # To others of his agency it is as it was.
    assert TITLE not in Person("agent of another sector").opens("investigations", case)
    recall = reverse("release_recall", args=("investigations", release))
    sends("sharing officer", recall, why="The raid was moved.")
    closed = agent.opens("investigations", case)
    assert TITLE not in closed
    assert release not in closed
    # The answer is before those who had it, without the reason, until they say that they saw it.
    told = agent.reads(reverse("request", args=(asked,)))
    assert "recalled" in told
    assert "The raid was moved" not in told
    assert ">Seen<" in told
    sends("agent", reverse("request_noted", args=(asked,)))
    assert ">Seen<" not in agent.reads(reverse("request", args=(asked,)))


def test_for_other_work_it_is_closed(case: str, asked: str) -> None:
    released(asked)
    other = Person("agent", replace(INQUIRY, number="LA-26-0418"))
    assert TITLE not in other.opens("investigations", case)


def test_a_third_agency_is_asked_first_and_may_take_its_yes_back(case: str, asked: str) -> None:
    officer = replace(
        CAST["deputy"], number="U-310", assignment="AS-310", role=Role.SHARING_OFFICER
    )
    enlist(officer)
    county = sign_in(officer)
    sends(
        "case supervisor",
        reverse("request_consent", args=(asked,)),
        agency="county",
        reference="Your message of the 14th",
    )
    grant = reverse("request_grant", args=(asked,))
    form = {"classes": ["case_narrative"], "expires_at": soon(days=5)}
    boss = Person("case supervisor")
    assert "County did not agree" in boss.client.post(grant, form).content.decode()
    assert TITLE not in Person("agent").opens("investigations", case)
    # It is told what it gave and who wants it, and of the record nothing.
    page = county.get(reverse("consent", args=(asked,))).content.decode()
    assert "Your message of the 14th" in page
    assert "patrol" in page
    assert case not in page
    assert county.get(reverse("request", args=(asked,))).status_code == 404
    answer = reverse("consent_answer", args=(asked,))
    assert county.post(answer, {"action": "yes"}).status_code == 302
    released(asked)
    agent = Person("agent")
    assert TITLE in agent.opens("investigations", case)
    assert county.post(answer, {"action": "no"}).status_code == 302
    assert TITLE not in agent.opens("investigations", case)


def test_a_refusal_has_its_reason_and_is_appealed_once_to_another(case: str, asked: str) -> None:
    refuse = reverse("request_refuse", args=(asked,))
    made_up = Person("sharing officer").client.post(refuse, {"reason": "no time", "said": ""})
    assert made_up.status_code == 422
    sends("sharing officer", refuse, reason="no_need", said="For which raid?")
    agent = Person("agent")
    assert "does not show what it is needed for" in agent.reads(reverse("request", args=(asked,)))
    appeal = reverse("request_appeal", args=(asked,))
    sends("agent", appeal, why="Three guides were seen there.")
    # Not to who refused it, and not to a supervisor.
    for who in ("sharing officer", "case supervisor"):
        assert Person(who).is_told_nothing(reverse("request_grant", args=(asked,)))
    other = replace(CAST["sharing officer"], number="U-231", assignment="AS-231", unit="TU")
    enlist(other)
    another = sign_in(other)
    assert another.post(refuse, {"reason": "operation", "said": ""}).status_code == 302
    assert ReleaseRequest.objects.get(number=asked).state == "council"
    assert agent.is_told_nothing(appeal)
    assert another.get(reverse("request_grant", args=(asked,))).status_code == 404


def test_a_record_that_is_hidden_since_takes_its_request_along(case: str, asked: str) -> None:
    agent = Person("agent")
    assert asked in agent.reads(reverse("requests"))
    seal(case)
    match()
    assert agent.is_told_nothing(record("investigations", case))
    assert agent.is_told_nothing(reverse("request", args=(asked,)))
    assert asked not in agent.reads(reverse("requests"))


def test_what_was_released_is_recalled_with_a_protection_that_is_set_late(
    case: str, asked: str
) -> None:
    """P15: it does not open again, and whoever protects it sees whom it was told."""
    release = released(asked)
    assert TITLE in Person("agent").opens("investigations", case)
    victim = known_to_a_case(
        case, given_name="Inés", paternal_surname="Protegida", a_number="A088500001"
    )
    match()
    assert victim in Person("agent").searches("A088500001")
    seal(case)
    seal(victim)
    match()
    assert ReleaseRequest.objects.get(number=asked).state == "recalled"
    assert ReleaseRow.objects.using("investigations").get(number=release).recalled_at is not None
    desk = replace(
        CAST["investigator"], number="U-250", assignment="AS-250", role=Role.PROTECTION_DESK
    )
    enlist(desk)
    page = reverse("desk_shown", args=("investigations", victim))
    told = sign_in(desk, None).get(page).content.decode()
    assert CAST["agent"].number in told
    assert Person("patrol's protection desk", None).is_told_nothing(page)


def seal(case: str) -> None:
    """By order of the court, set on its page in its own system."""
    desk = investigations.at_work()
    kept = desk.keeper.find(case)
    assert kept is not None
    with transaction.atomic(using=desk.keeper.database):
        desk.keeper.ledger.hold()
        sealed = [Restated(kept, {"sealed": True})]
        restate(desk, sealed, why="order of the court", author=CAST["case supervisor"], at=AT)
