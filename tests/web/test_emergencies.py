"""Break-glass on the pages, under attack: of others, of hidden records, killed half-way, not
confirmed, not reviewed.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse
from tests.ledgers import rows_of
from tests.systems.signing_in import HOSTILE, sans_nonce
from tests.web.cast import CAST, INQUIRY, enlist, sign_in
from tests.web.scene import RESCUER, Scene
from tests.web.walking import called

from tieline.accounts.models import Assignment
from tieline.core.agreement.emergencies import Danger
from tieline.core.agreement.viewer import Role
from tieline.core.ledger.entries import Entry
from tieline.core.ledger.events import Event
from tieline.core.records import FieldClass, RecordNumber
from tieline.exchange.oversight.models import Finding
from tieline.exchange.sharing.emergencies import (
    NoSuchEmergency,
    emergencies_waiting,
    one_emergency,
    take,
)
from tieline.exchange.sharing.models import ToldEmergency, Verdict
from tieline.exchange.sharing.reviewing import ReviewRefused, review
from tieline.keeping.breaking import GlassRefused, Plea
from tieline.keeping.emergencies import EmergencyRow
from tieline.wiring import emergencies as wired
from tieline.wiring.emergencies import (
    close_emergency,
    confirm_emergency,
    end_emergencies,
    find_emergencies,
    open_in_emergency,
    tell_emergencies,
)
from tieline.wiring.parts import see_to_emergencies
from tieline.wiring.systems import doors

pytestmark = [
    pytest.mark.database,
    pytest.mark.django_db(databases="__all__"),
    pytest.mark.usefixtures("scene"),
]

AGENT, BOSS, OWNER = CAST["agent"], CAST["patrol's supervisor"], CAST["case supervisor"]
OFFICER, AUDITOR, OURS = CAST["sharing officer"], CAST["auditor"], CAST["patrol's auditor"]
HOUR = timedelta(hours=1)
FORM = {"danger": "held", "why": "Three are held at the yard.", "case": "", "no_case": "on"}
PAGES = ("emergency", "emergency_close", "emergency_review")


class Killed(BaseException):
    """As by a signal."""


@pytest.fixture
def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def case(scene: Scene) -> str:
    return scene.numbers["case"]


@pytest.fixture
def title(scene: Scene) -> str:
    """A value of the case that the agreement withholds."""
    texts = [one for one in scene.planter.of("case") if one.field_class is NARRATIVE]
    return texts[0].text


NARRATIVE = FieldClass.CASE_NARRATIVE


def page(client: Client, url: str, **sent: Any) -> str:
    answer = client.post(url, sent) if sent else client.get(url)
    # A refusal by role bears the number under which the log has it.
    text = re.sub(r"\b[0-9a-f]{32}\b", "", answer.content.decode())
    return f"{answer.status_code} {sans_nonce(text)}"


def opened(case: str, now: datetime, **about: Any) -> str:
    said = {"record": case, "danger": Danger.HELD, "why": "Three are held.", "case": ""}
    return open_in_emergency(
        "investigations", Plea(**said), **{"viewer": AGENT, "purpose": INQUIRY, "at": now, **about}
    )


def leads(case: str, at: datetime) -> bool:
    by = {"viewer": AGENT, "purpose": INQUIRY, "at": at}
    told = doors()["investigations"].fetch(RecordNumber(case), **by).disclosure
    return any(one.field_class is NARRATIVE for one in told.shown)


def events(database: str, *wanted: Event) -> list[Entry]:
    rows = rows_of(database).filter(event__in=[one.value for one in wanted]).order_by("sequence")
    return [Entry.from_bytes(data.encode()) for data in rows.values_list("data", flat=True)]


def test_from_the_record_s_page_it_is_open_at_once_to_him_alone(
    scene: Scene, case: str, title: str
) -> None:
    client = sign_in(AGENT)
    record = reverse("record", args=("investigations", case))
    form = reverse("emergency_new", args=("investigations", case))
    before = client.get(record).content.decode()
    assert title.casefold() not in before.casefold()
    assert form in before
    said = client.get(form).content.decode()
    assert "Case narrative" in said
    assert "Source" not in said
    answer = client.post(form, FORM)
    assert (answer.status_code, answer.headers["Location"]) == (302, record)
    after = client.get(record).content.decode()
    assert title.casefold() in after.casefold()
    assert form not in after, "what is open is not opened again"
    (number,) = set(re.findall(r"BG-\d{10}", after))
    assert client.get(reverse("emergency", args=(number,))).status_code == 200
    # A colleague of the same unit, and the same person for another record, are as before.
    colleague = sign_in(CAST["patrol's supervisor"])
    assert title.casefold() not in colleague.get(record).content.decode().casefold()


def test_its_owner_is_told_at_once_and_says_that_he_saw_it(case: str, now: datetime) -> None:
    before = {one.number: emergencies_waiting(viewer=one, at=now) for one in (OWNER, OFFICER)}
    number = opened(case, now)
    for who in (OWNER, OFFICER):
        assert emergencies_waiting(viewer=who, at=now) == before[who.number] + 1
        client = sign_in(who, None)
        for name in ("home", "emergencies", "releases"):
            assert number in client.get(reverse(name)).content.decode(), name
    (sent,) = [one for one in events("exchange", Event.NOTICE_SENT) if one.at == now]
    assert (sent.record, sent.agency, sent.owner) == (case, "investigations", None)
    client = sign_in(OWNER, None)
    for _ in range(2):
        assert client.post(reverse("emergency_seen", args=(number,))).status_code == 302
    row = ToldEmergency.objects.get(number=number)
    assert (row.seen_by, row.told_to) == (OWNER.number, "LA/13 duty desk")
    taken = [one for one in events("exchange", Event.NOTICE_TAKEN) if one.viewer == OWNER.number]
    assert [one.record for one in taken] == [case]


def test_the_second_person_finds_it_before_him_and_confirms_it(case: str, now: datetime) -> None:
    number = opened(case, now)
    client = sign_in(BOSS)
    assert number in client.get(reverse("home")).content.decode()
    shown = client.get(reverse("emergency", args=(number,))).content.decode()
    confirm = reverse("emergency_confirm", args=(number,))
    assert confirm in shown
    assert client.post(confirm).status_code == 302
    assert confirm not in client.get(reverse("emergency", args=(number,))).content.decode()
    assert EmergencyRow.objects.using("investigations").get(number=number).confirmed_by == "U-110"
    find_emergencies(at=now + HOUR)
    assert ToldEmergency.objects.get(number=number).unconfirmed == ""


def test_acting_for_a_while_he_confirms_as_well_but_never_himself(case: str, now: datetime) -> None:
    number = opened(case, now)
    acting = replace(AGENT, number="U-103", assignment="AS-103")
    enlist(acting)
    Assignment.objects.filter(number__in=("AS-103", AGENT.assignment)).update(acting=True)
    confirm = reverse("emergency_confirm", args=(number,))
    assert sign_in(AGENT).post(confirm).status_code == 404
    assert sign_in(acting).post(confirm).status_code == 302


def test_of_a_hidden_record_nothing_is_opened_as_of_an_absent_one_to_the_byte(
    scene: Scene, case: str, now: datetime
) -> None:
    """P14: offered or not, to the byte; also while something else stands open to him."""
    opened(case, now)
    client = sign_in(AGENT)
    hidden = [("investigations", scene.numbers[one]) for one in ("informant", "sealed case")]
    hidden.append(("investigations", scene.numbers["quiet person"]))
    absent = [("investigations", "LA-26-9999"), ("nowhere", "LA-26-9999")]
    for send in ({}, FORM):
        said = {
            page(client, reverse("emergency_new", args=one), **send) for one in (*hidden, *absent)
        }
        assert len(said) == 1
        assert next(iter(said)).startswith("404")
    his = EmergencyRow.objects.using("investigations").filter(viewer=AGENT.number)
    assert {one.record for one in his} == {case}


@pytest.mark.parametrize(
    "who", ["contractor", "deputy", "outsider", "auditor", "administrator", "untrained"]
)
def test_who_is_outside_the_circle_opens_nothing(scene: Scene, who: str) -> None:
    """Of the patrol's subject, which some of them know as a pointer, and of the case."""
    for system, label in (("investigations", "case"), ("patrol", "subject")):
        number = scene.numbers[label]
        url = reverse("emergency_new", args=(system, number))
        # To be asked for one's own work is another purpose each time.
        for send in ({}, FORM):
            client = sign_in(CAST[who])
            assert page(client, url, **send).startswith(("404", "403")), (label, send)
        answer = client.get(reverse("record", args=(system, number)))
        assert url not in answer.content.decode()
    for system in ("investigations", "patrol"):
        rows = EmergencyRow.objects.using(system).exclude(viewer=RESCUER.number)
        assert not rows.exists()


def test_no_program_opens_anything_and_a_token_shows_what_its_person_opened_alone(
    scene: Scene, case: str, now: datetime
) -> None:
    paths = called()
    assert not [one for one in paths if "emergenc" in one]
    unit = replace(AGENT, number="", assignment="")
    with pytest.raises(GlassRefused):
        opened(case, now, viewer=unit)


@pytest.mark.parametrize("name", [*PAGES, "emergency_confirm", "emergency_seen"])
@pytest.mark.parametrize(
    "who",
    ["agent of another sector", "investigator", "patrol's watch desk", "deputy", "analyst"],
)
def test_another_s_is_like_none(scene: Scene, name: str, who: str) -> None:
    client = sign_in(CAST[who])
    for number in scene.emergencies:
        there, none = (
            page(client, reverse(name, args=(one,)), **({} if name in PAGES else {"sent": "1"}))
            for one in (number, "BG-0000000000")
        )
        assert there.replace(number, "BG") == none.replace("BG-0000000000", "BG")
        assert there.startswith(("404", "403"))


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_numbers_are_no_emergencies(text: str, now: datetime) -> None:
    for act in (
        lambda: one_emergency(text, viewer=AGENT, at=now),
        lambda: confirm_emergency(text, viewer=BOSS, at=now),
        lambda: close_emergency(text, why="so", viewer=OWNER, at=now),
        lambda: review(text, Verdict.ACCEPTED, said="so", viewer=AUDITOR, at=now),
    ):
        with pytest.raises(NoSuchEmergency):
            act()
    with pytest.raises(GlassRefused):
        opened(text, now)


@pytest.mark.parametrize(
    "wrong",
    [
        {"danger": ""},
        {"danger": "a hunch"},
        {"why": ""},
        {"why": "x" * 1_001},
        {"no_case": ""},
        {"case": "TCA-2611-000123"},
        {"case": "María García", "no_case": ""},
    ],
)
def test_what_is_not_said_is_asked_again_and_opens_nothing(
    case: str, wrong: dict[str, str]
) -> None:
    form = reverse("emergency_new", args=("investigations", case))
    said = {name: value for name, value in {**FORM, **wrong}.items() if value}
    answer = sign_in(AGENT).post(form, said)
    assert answer.status_code == 422
    assert not EmergencyRow.objects.using("investigations").filter(viewer=AGENT.number).exists()


def test_closed_by_its_owner_the_next_look_is_closed(case: str, now: datetime) -> None:
    number = opened(case, now)
    assert leads(case, now)
    close = reverse("emergency_close", args=(number,))
    client = sign_in(OWNER, None)
    assert close in client.get(reverse("emergency", args=(number,))).content.decode()
    assert client.post(close, {"why": "They are out."}).status_code == 302
    assert not leads(case, now)
    assert (
        "They are out"
        not in sign_in(AGENT).get(reverse("emergency", args=(number,))).content.decode()
    )
    assert client.get(reverse("emergency", args=(number,))).status_code == 200


@pytest.mark.parametrize("dies", ["take", "note_told"])
def test_killed_before_its_owner_is_told_he_is_told_by_the_clock_and_once(
    case: str, now: datetime, dies: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_given: object, **_about: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(wired, dies, killed)
        with pytest.raises(Killed):
            opened(case, now)
    # What it opens did not wait for that, and its entry is there.
    assert leads(case, now)
    assert [one.record for one in events("investigations", Event.GLASS_BROKEN)][-1] == case
    row = EmergencyRow.objects.using("investigations").get(viewer=AGENT.number)
    assert row.told == 0
    for _ in range(2):
        assert see_to_emergencies(now)
    assert ToldEmergency.objects.filter(number=row.number).count() == 1
    assert len([one for one in events("exchange", Event.NOTICE_SENT) if one.at == now]) == 1
    row.refresh_from_db(using="investigations")
    assert row.told == 1


def test_it_needs_no_exchange_and_neither_does_its_end(
    case: str, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_given: object, **_about: object) -> None:
        raise DatabaseError("the exchange is away")

    with monkeypatch.context() as patch:
        patch.setattr(wired, "take", away)
        number = opened(case, now)
        assert leads(case, now)
        assert "investigations" not in tell_emergencies(at=now)
        # Of a system whose latest word it has not, the exchange finds nothing to be unconfirmed.
        find_emergencies(at=now + HOUR)
        assert not ToldEmergency.objects.exclude(unconfirmed="").exists()
        end_emergencies(at=now + HOUR)
    assert not leads(case, now + HOUR)
    ended = [one for one in events("investigations", Event.GLASS_CLOSED) if one.at == now + HOUR]
    assert f"emergency-{number}" in {clause for one in ended for clause in one.clauses}
    assert "investigations" in tell_emergencies(at=now + HOUR)
    assert ToldEmergency.objects.filter(number=number).exists()


def test_an_older_word_never_overwrites_a_newer_one(case: str, now: datetime) -> None:
    number = opened(case, now)
    first = EmergencyRow.objects.using("investigations").get(number=number).read()
    confirm_emergency(number, viewer=BOSS, at=now)
    row = take(first, system="investigations", review_days=3, at=now)
    assert (row.version, row.confirmed_by) == (2, BOSS.number)
    assert ToldEmergency.objects.get(number=number).confirmed_by == BOSS.number


@pytest.fixture
def unconfirmed(scene: Scene, now: datetime) -> str:
    """One that nobody confirmed in time, seen to by the clock twice."""
    number = opened(scene.numbers["case"], now)
    for _ in range(2):
        find_emergencies(at=now + HOUR)
    return number


def test_unconfirmed_it_is_a_finding_once_and_he_is_not_told(
    unconfirmed: str, case: str, now: datetime
) -> None:
    row = ToldEmergency.objects.get(number=unconfirmed)
    finding = Finding.objects.get(number=row.unconfirmed)
    assert (finding.agency, finding.unit, finding.about) == ("patrol", AGENT.unit, AGENT.number)
    assert Finding.objects.filter(title__contains=unconfirmed).count() == 1
    assert case not in "".join(finding.steps.values_list("said", flat=True))
    url = reverse("finding", args=(finding.number,))
    assert finding.number not in page(sign_in(AGENT), reverse("emergency", args=(unconfirmed,)))
    assert page(sign_in(AGENT), url).startswith("403")
    assert page(sign_in(BOSS), url).startswith("200")
    ours = page(sign_in(OURS, None), reverse("emergency", args=(unconfirmed,)))
    assert url in ours
    # Which record it was, an auditor of the other agency is not told by this page.
    assert case not in ours
    theirs = page(sign_in(AUDITOR, None), reverse("emergency", args=(unconfirmed,)))
    assert case in theirs
    assert url not in theirs


def test_reviewed_as_misuse_it_is_a_finding_before_his_unit_and_he_is_not_told(
    case: str, now: datetime
) -> None:
    number = opened(case, now - 2 * HOUR)
    form = reverse("emergency_review", args=(number,))
    client = sign_in(AUDITOR, None)
    assert form in client.get(reverse("emergency", args=(number,))).content.decode()
    assert client.post(form, {"verdict": "misuse", "said": ""}).status_code == 422
    said = {"verdict": "misuse", "said": "He looked for a neighbor."}
    assert client.post(form, said).status_code == 302
    row = ToldEmergency.objects.get(number=number)
    finding = Finding.objects.get(number=row.misused)
    assert (finding.agency, finding.about, row.verdict) == ("patrol", AGENT.number, "misuse")
    assert [one.viewer for one in events("exchange", Event.GLASS_REVIEWED)] == [AUDITOR.number]
    his = page(sign_in(AGENT), reverse("emergency", args=(number,)))
    assert his.startswith("200")
    assert "neighbor" not in his
    assert "isuse" not in his
    assert "neighbor" in page(sign_in(OWNER, None), reverse("emergency", args=(number,)))
    # Once, and by nobody any more.
    assert client.get(form).status_code == 404
    with pytest.raises(ReviewRefused):
        review(number, Verdict.ACCEPTED, said="No.", viewer=OFFICER, at=now)


def test_it_is_reviewed_by_who_took_no_part_and_when_it_is_over(case: str, now: datetime) -> None:
    number = opened(case, now)
    with pytest.raises(ReviewRefused):
        review(number, Verdict.ACCEPTED, said="Fine.", viewer=AUDITOR, at=now)
    confirm_emergency(number, viewer=BOSS, at=now)
    later = now + HOUR
    for viewer in (OWNER, replace(OFFICER, number=AGENT.number), replace(OFFICER, number="U-110")):
        with pytest.raises(ReviewRefused):
            review(number, Verdict.ACCEPTED, said="Fine.", viewer=viewer, at=later)
    for words in ("", " . ", "x" * 1_001, "a\x00"):
        with pytest.raises(ReviewRefused):
            review(number, Verdict.ACCEPTED, said=words, viewer=OFFICER, at=later)
    before = Finding.objects.count()
    done = review(number, Verdict.ACCEPTED, said="Fine.", viewer=OFFICER, at=later)
    assert (done.verdict, done.misused, Finding.objects.count()) == ("accepted", "", before)


def test_it_cannot_be_left_unreviewed(case: str, now: datetime) -> None:
    number = opened(case, now)
    confirm_emergency(number, viewer=BOSS, at=now)
    due = ToldEmergency.objects.get(number=number).review_by
    assert due == now + timedelta(days=3)
    find_emergencies(at=due - timedelta(seconds=1))
    assert ToldEmergency.objects.get(number=number).escalated_at is None
    for _ in range(2):
        find_emergencies(at=due)
    row = ToldEmergency.objects.get(number=number)
    assert (row.escalated_at, bool(row.escalated_to)) == (due, True)
    (finding,) = Finding.objects.filter(about=number)
    assert (finding.agency, finding.unit) == ("investigations", "LA/13")
    told = page(sign_in(AUDITOR, None), reverse("finding", args=(finding.number,)))
    assert f"clause=emergency-{number}" in told
    # It waits on: who should have done it still has it before him.
    assert emergencies_waiting(viewer=AUDITOR, at=due) >= 1
    review(number, Verdict.ACCEPTED, said="Late, and fine.", viewer=AUDITOR, at=due)


def test_outliers_count_it_and_the_ledger_finds_each_look_by_its_number(
    case: str, now: datetime
) -> None:
    number = opened(case, now)
    assert leads(case, now)
    page_of = page(sign_in(OURS, None), reverse("outliers"))
    assert "opened a record because a life was in danger" in page_of
    asked = f"{reverse('ledger')}?clause=emergency-{number}"
    found = page(sign_in(AUDITOR, None), asked).partition("<tbody")[2]
    for said in ("shown to another agency", "opened, a life being in danger", case):
        assert said in found
    assert "release-RL" not in found


def test_a_record_that_is_hidden_since_takes_its_emergency_along_but_for_its_auditors(
    scene: Scene, case: str, now: datetime
) -> None:
    from tests.scenarios.test_third_agency import seal
    from tests.web.scene import match

    number = opened(case, now)
    seal(case)
    match()
    for viewer in (AGENT, BOSS):
        client = sign_in(viewer)
        assert page(client, reverse("emergency", args=(number,))).startswith("404")
        assert number not in client.get(reverse("emergencies")).content.decode()
        assert client.post(reverse("emergency_confirm", args=(number,))).status_code == 404
    assert page(sign_in(AUDITOR, None), reverse("emergency", args=(number,))).startswith("200")
    assert case not in page(sign_in(OURS, None), reverse("emergency", args=(number,)))


def test_roles_that_have_nothing_to_do_with_it_are_told_of_none(now: datetime) -> None:
    for who in ("administrator", "patrol's protection desk", "patrol's watch desk", "analyst"):
        assert emergencies_waiting(viewer=CAST[who], at=now) == 0
    assert CAST["administrator"].role is Role.ADMINISTRATOR
