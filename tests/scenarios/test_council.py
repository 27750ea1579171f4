"""What was refused on appeal goes to the council: a sharing officer of each agency, none of whom
took part in it. Both decide together; else the department does, and both enter its paper.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, NoReturn

import pytest
from django.http import HttpResponse
from django.urls import reverse
from tests.ledgers import rows_of, sides_of
from tests.scenarios.story import Person
from tests.scenarios.test_third_agency import TITLE, asked, case, seal, soon
from tests.web.cast import CAST, INQUIRY, enlist, sign_in
from tests.web.scene import match

from tieline.accounts.models import Assignment
from tieline.core.agreement.refusing import RefusalReason
from tieline.core.agreement.viewer import Role, Viewer
from tieline.core.ledger.events import Event
from tieline.core.records import FieldClass
from tieline.exchange.sharing.asking import appeal, may_appeal
from tieline.exchange.sharing.council import CouncilRefused, Saying
from tieline.exchange.sharing.forgetting import forget_correspondence
from tieline.exchange.sharing.inbox import NoSuchRequest, seen, waiting_for
from tieline.exchange.sharing.models import Consent, ReleaseRequest, Voice
from tieline.keeping.databases import EXCHANGE
from tieline.keeping.releases import ReleaseRow
from tieline.keeping.releasing import ReleaseRefused
from tieline.wiring import council
from tieline.wiring.council import speak
from tieline.wiring.parts import end_releases, escalate_due
from tieline.wiring.sharing import refuse

__all__ = ["asked", "case"]

pytestmark = [pytest.mark.scenario, pytest.mark.database, pytest.mark.usefixtures("scene")]


def officer(base: Viewer, number: int, **more: Any) -> Viewer:
    return replace(
        base, number=f"U-{number}", assignment=f"AS-{number}", role=Role.SHARING_OFFICER, **more
    )


FIRST = CAST["sharing officer"]
SECOND, OWNERS = (officer(CAST["investigator"], number) for number in (231, 232))
THEIRS = officer(CAST["agent"], 125, unit="TCA")
NARRATIVE = frozenset({FieldClass.CASE_NARRATIVE})
PAPER = "DHS/OPS 26-0417 of November 29"


@pytest.fixture(autouse=True)
def officers() -> None:
    for one in (SECOND, OWNERS, THEIRS):
        enlist(one)


@pytest.fixture
def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def before(asked: str, now: datetime) -> str:
    """A request that was refused, and refused again on appeal."""
    refuse(asked, RefusalReason.NO_NEED, said="For which raid?", viewer=FIRST, at=now)
    appeal(asked, why="Three guides were seen there.", viewer=CAST["agent"], at=now)
    refuse(asked, RefusalReason.OPERATION, said="", viewer=SECOND, at=now)
    return asked


def row_of(number: str) -> ReleaseRequest:
    return ReleaseRequest.objects.get(number=number)


def releases(number: str) -> list[ReleaseRow]:
    return list(ReleaseRow.objects.using("investigations").filter(number=row_of(number).release))


def sends(who: Viewer, number: str, grants: str, **said: Any) -> HttpResponse:
    page = reverse("request_council", args=(number,))
    words = {"why": "It is needed for the raid.", "reference": PAPER}
    return sign_in(who).post(page, {"grants": grants, **words, **said})


def says(who: Viewer, number: str, grants: str, **said: Any) -> None:
    how = {"classes": ["case_narrative"], "expires_at": soon(days=5)} if who is OWNERS else {}
    answer = sends(who, number, grants, **{**how, **said})
    assert answer.status_code == 302, answer.content.decode()


def saying(grants: bool, now: datetime, **more: Any) -> Saying:
    how = {"classes": NARRATIVE, "expires_at": now + timedelta(days=5)} if grants else {}
    return Saying(grants=grants, **{"why": "Weighed.", **how, **more})


@pytest.mark.parametrize("order", [(OWNERS, THEIRS), (THEIRS, OWNERS)], ids=["ours", "theirs"])
def test_what_both_grant_is_released_as_any_release_is(
    before: str, case: str, order: tuple[Viewer, Viewer], now: datetime
) -> None:
    agent, first, second = Person("agent"), *order
    page = agent.reads(reverse("request", args=(before,)))
    assert "before the council" in page
    assert "Decision of the council" in page
    for who in order:
        assert before in sign_in(who).get(reverse("requests")).content.decode()
    says(first, before, "yes")
    assert releases(before) == []
    assert TITLE not in agent.opens("investigations", case)
    says(second, before, "yes")
    (release,) = releases(before)
    assert release.given_by == OWNERS.number
    assert row_of(before).state == "granted"
    shown = agent.opens("investigations", case)
    assert TITLE in shown
    assert release.number in shown
    # Of what was said, those who asked are told what came of it, and by whom; the reasons are not
    # for them.
    told = agent.reads(reverse("request", args=(before,)))
    assert "the council of both agencies" in told
    assert "It is needed for the raid." not in told
    assert (
        "It is needed for the raid."
        in sign_in(THEIRS).get(reverse("request", args=(before,))).content.decode()
    )
    # It ends by its recall like any other, and to others of the agency it never was.
    assert TITLE not in Person("agent of another sector").opens("investigations", case)
    recall = reverse("release_recall", args=("investigations", release.number))
    assert sign_in(FIRST).post(recall, {"why": "The raid was moved."}).status_code == 302
    assert TITLE not in agent.opens("investigations", case)
    assert row_of(before).state == "recalled"


def test_what_it_released_ends_by_its_term(before: str, case: str, now: datetime) -> None:
    ends = now + timedelta(days=5)
    speak(before, saying(True, now), viewer=OWNERS, at=now)
    speak(before, Saying(grants=True, why="Needed."), viewer=THEIRS, at=now)
    assert end_releases(ends)
    ended = rows_of("investigations").filter(event=Event.RELEASE_EXPIRED, record=case)
    assert ended.count() == 1


def test_what_both_refuse_stays_refused(before: str, case: str) -> None:
    says(THEIRS, before, "no")
    says(OWNERS, before, "no", why="The raid comes first.")
    row = row_of(before)
    assert (row.state, releases(before)) == ("upheld", [])
    agent = Person("agent")
    told = agent.reads(reverse("request", args=(before,)))
    assert "refused on appeal" in told
    assert ">Seen<" in told
    assert "The raid comes first." not in told
    assert not may_appeal(row, at=row.due_at + timedelta(days=99))
    assert sends(OWNERS, before, "yes").status_code == 404


@pytest.mark.parametrize("answer", ["yes", "no"])
def test_where_they_differ_the_department_decides_on_one_paper(
    before: str, case: str, answer: str
) -> None:
    says(OWNERS, before, "no")
    says(THEIRS, before, "yes")
    assert row_of(before).state == "department"
    agent = Person("agent")
    assert "before the department" in agent.reads(reverse("request", args=(before,)))
    says(THEIRS, before, answer, reference=PAPER.upper())
    # Of another paper, or of the same one read otherwise, nothing follows; it may be said again.
    says(OWNERS, before, answer, reference="DHS/OPS 26-0418")
    says(OWNERS, before, "no" if answer == "yes" else "yes")
    assert (row_of(before).state, releases(before)) == ("department", [])
    says(OWNERS, before, answer)
    assert row_of(before).state == ("granted" if answer == "yes" else "upheld")
    assert (TITLE in agent.opens("investigations", case)) is (answer == "yes")
    told = agent.reads(reverse("request", args=(before,)))
    assert "the department" in told
    assert PAPER in told


def test_the_clock_sends_on_what_nobody_decides(asked: str, now: datetime) -> None:
    refuse(asked, RefusalReason.NO_NEED, said="", viewer=FIRST, at=now)
    row = appeal(asked, why="Three guides were seen.", viewer=CAST["agent"], at=now)
    second = timedelta(seconds=1)
    for state, after in (("appealed", "council"), ("council", "department")):
        escalate_due(row.due_at - second)
        assert row_of(asked).state == state
        escalate_due(row.due_at)
        row = row_of(asked)
        assert row.state == after
    # For ten days the council, for thirty the department.
    assert row.due_at - row.asked_at == timedelta(days=30)
    assert row.escalated_at is None
    escalate_due(row.due_at)
    escalate_due(row.due_at + second)
    row = row_of(asked)
    assert (row.state, row.escalated_at) == ("department", row.due_at)
    assert row.escalated_to
    sent = rows_of(EXCHANGE).filter(event=Event.RELEASE_SENT_UP, record=row.record)
    assert sent.count() == 2


def test_half_an_answer_stands_where_the_appeal_is_not_answered(asked: str, now: datetime) -> None:
    ReleaseRequest.objects.filter(number=asked).update(
        state="part", granted=["identity"], answered_at=now
    )
    row = appeal(asked, why="The other half.", viewer=CAST["agent"], at=now)
    escalate_due(row.due_at)
    assert row_of(asked).state == "part"


def test_who_took_part_in_it_and_who_is_of_neither_agency_says_nothing(
    before: str, now: datetime
) -> None:
    page = reverse("request_council", args=(before,))
    county = officer(CAST["deputy"], 312)
    asker = officer(CAST["agent"], 126, unit="TCA/NGL")
    for one in (county, asker):
        enlist(one)
    ReleaseRequest.objects.filter(number=before).update(asked_by=asker.number)
    none = reverse("request_council", args=("RQ-0000000000",))
    for who in (FIRST, SECOND, county, asker):
        client = sign_in(who)
        for send in (client.get, client.post):
            assert send(page).status_code == send(none).status_code == 404, who.number
    for name in ("agent", "case supervisor", "patrol's supervisor", "auditor"):
        assert sign_in(CAST[name]).get(page).status_code == 403
    for who in (FIRST, SECOND, asker):
        with pytest.raises(CouncilRefused):
            speak(before, saying(True, now), viewer=who, at=now)
    for who in (county, CAST["agent"], CAST["case supervisor"]):
        with pytest.raises((NoSuchRequest, CouncilRefused)):
            speak(before, saying(True, now), viewer=who, at=now)
    assert not Voice.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"classes": frozenset({FieldClass.SOURCE})}, "not asked"),
        ({"copies": True}, "not asked"),
        ({"expires_at": None}, "has an end"),
        ({"expires_at": datetime(2020, 1, 1, tzinfo=UTC)}, "ended already"),
        ({"expires_at": datetime(2099, 1, 1, tzinfo=UTC)}, "366 days at most"),
        ({"classes": frozenset()}, "nothing is to be released"),
    ],
)
def test_the_owner_s_offers_nothing_beyond_the_rules_of_a_release(
    before: str, now: datetime, wrong: dict[str, Any], why: str
) -> None:
    with pytest.raises(ReleaseRefused, match=why):
        speak(before, saying(True, now, **wrong), viewer=OWNERS, at=now)
    assert not Voice.objects.exists()


def test_what_the_agreement_closes_no_council_and_no_department_opens(
    before: str, case: str, now: datetime
) -> None:
    """As if it had been asked for: who told, and what no clause lets be released."""
    ReleaseRequest.objects.filter(number=before).update(classes=["case_narrative", "source"])
    both = frozenset({FieldClass.CASE_NARRATIVE, FieldClass.SOURCE})
    needed = Saying(grants=True, why=PAPER)
    speak(before, needed, viewer=THEIRS, at=now)
    for state in ("council", "department"):
        ReleaseRequest.objects.filter(number=before).update(state=state)
        speak(before, needed, viewer=THEIRS, at=now)
        with pytest.raises(ReleaseRefused, match="source may not be released"):
            speak(before, saying(True, now, why=PAPER, classes=both), viewer=OWNERS, at=now)
    assert (row_of(before).state, releases(before)) == ("department", [])
    assert TITLE not in Person("agent").opens("investigations", case)


def test_what_is_hidden_since_is_before_nobody_any_more(
    before: str, case: str, now: datetime
) -> None:
    says(OWNERS, before, "yes")
    seal(case)
    match()
    assert sends(THEIRS, before, "yes").status_code == 404
    with pytest.raises(NoSuchRequest):
        seen(before, viewer=THEIRS, at=now)
    assert before not in sign_in(THEIRS).get(reverse("requests")).content.decode()
    assert releases(before) == []


def test_what_is_closed_between_the_two_voices_stays_closed(
    before: str, case: str, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The exchange may not have heard of it yet: the owner's door has."""
    says(OWNERS, before, "yes")
    seal(case)
    with pytest.raises(ReleaseRefused):
        speak(before, Saying(grants=True, why="Needed."), viewer=THEIRS, at=now)
    assert (row_of(before).state, releases(before)) == ("council", [])


def test_it_waits_for_a_third_agency_as_any_release_does(before: str, now: datetime) -> None:
    Consent.objects.create(
        request=row_of(before),
        agency="county",
        reference="Your message of the 14th",
        asked_by=FIRST.number,
        asked_at=now,
        due_at=now + timedelta(days=3),
    )
    answer = sends(OWNERS, before, "yes", classes=["case_narrative"], expires_at=soon(days=5))
    assert answer.status_code == 422
    assert "County did not agree" in answer.content.decode()


def test_who_granted_it_for_the_owner_has_to_be_there_still(before: str, now: datetime) -> None:
    says(OWNERS, before, "yes")
    Assignment.objects.filter(number=OWNERS.assignment).update(ends=now - timedelta(days=1))
    with pytest.raises(CouncilRefused, match="is there no more"):
        speak(before, Saying(grants=True, why="Needed."), viewer=THEIRS, at=now)
    assert releases(before) == []
    other = officer(CAST["investigator"], 233)
    enlist(other)
    speak(before, saying(True, now), viewer=other, at=now)
    speak(before, Saying(grants=True, why="Needed."), viewer=THEIRS, at=now)
    assert releases(before)[0].given_by == other.number


def test_killed_between_the_two_databases_the_decision_is_completed(
    before: str, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def dies(*_given: object, **_about: object) -> NoReturn:
        raise Killed

    speak(before, saying(True, now), viewer=OWNERS, at=now)
    with monkeypatch.context() as patch:
        patch.setattr(council, "note_voice", dies)
        with pytest.raises(Killed):
            speak(before, Saying(grants=True, why="Needed."), viewer=THEIRS, at=now)
    assert len(releases(before)) == 1
    assert row_of(before).state == "council"
    # It is open, so it may not be said to be refused; and it is given once.
    with pytest.raises(ReleaseRefused, match="was given"):
        speak(before, Saying(grants=False, why="No."), viewer=THEIRS, at=now)
    speak(before, Saying(grants=True, why="Needed."), viewer=THEIRS, at=now)
    row = row_of(before)
    assert (row.state, [one.expires_at for one in releases(before)]) == (
        "granted",
        [row.expires_at],
    )


def test_each_step_is_in_the_ledger_and_on_the_inboxes(before: str, case: str) -> None:
    at = datetime.now(UTC)
    waits = {who.number: waiting_for(viewer=who, at=at) for who in (OWNERS, THEIRS)}
    says(OWNERS, before, "yes", why="The raid is over.")
    now = {who.number: waiting_for(viewer=who, at=at) for who in (OWNERS, THEIRS)}
    assert now == {OWNERS.number: waits[OWNERS.number] - 1, THEIRS.number: waits[THEIRS.number]}
    says(THEIRS, before, "yes")
    rows = rows_of(EXCHANGE).filter(record=case, event__startswith="release:").order_by("sequence")
    assert [(one.event, one.agency) for one in rows][-4:] == [
        (Event.RELEASE_SENT_UP, ""),
        (Event.RELEASE_SPOKEN, "investigations"),
        (Event.RELEASE_SPOKEN, "patrol"),
        (Event.RELEASE_GIVEN, "patrol"),
    ]
    # Words stand where they can be erased, and in no entry.
    assert not [one for one in rows if "raid" in one.data]
    said = sides_of(EXCHANGE).filter(sequence__in=[one.sequence for one in rows])
    assert [one for one in said if "The raid is over." in str(one.payload)]
    given = rows_of("investigations").filter(event=Event.RELEASE_GIVEN, record=case)
    assert given.count() == 1


def test_of_a_purged_record_the_reasons_are_forgotten_with_the_request(
    before: str, case: str, now: datetime
) -> None:
    says(OWNERS, before, "yes", caveats="Call first.")
    assert forget_correspondence("investigations", case, at=now) is not None
    assert Voice.objects.get().why
    assert forget_correspondence("investigations", case, at=now, ordered=True) is None
    kept = Voice.objects.get()
    assert (kept.why, kept.caveats, kept.grants) == ("", "", True)


def test_while_it_is_above_the_same_is_not_asked_again(before: str, case: str) -> None:
    url = reverse("request_new", args=("investigations", case))
    form = {"classes": ["case_narrative"], "why": "To stop them.", "due_at": soon(days=2)}
    answer = Person("agent", INQUIRY).client.post(url, form)
    assert answer.status_code == 422
    assert re.search(r"has asked already: RQ-\d{10}", answer.content.decode())
