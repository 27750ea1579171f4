"""The owner's stamp: asked before use, answered class by class, void as soon as a value changes."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from django.urls import reverse
from tests.scenarios.story import Person, apprehend, names_of, new_event
from tests.web.cast import CAST, INQUIRY
from tests.web.scene import Scene

from tieline.core.errors import TielineError
from tieline.core.ledger.events import Event
from tieline.core.records import FieldClass
from tieline.exchange.sharing.clock import escalate_requests
from tieline.exchange.sharing.models import ReleaseRequest
from tieline.keeping.protecting import Restated, restate
from tieline.keeping.rows import LedgerRow
from tieline.keeping.stamps import StampAnswer, StampRow
from tieline.systems.patrol import desk as patrol
from tieline.systems.patrol.subjects.adding import correct_subject
from tieline.wiring import stamping
from tieline.wiring.stamping import put_stamp, to_be_stamped

pytestmark = [
    pytest.mark.database,
    pytest.mark.django_db(databases="__all__"),
    pytest.mark.usefixtures("scene"),
]

BOSS = CAST["patrol's supervisor"]
NOT_YET = "Not verified: do not use it in an affidavit."


@pytest.fixture
def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def subject(scene: Scene) -> str:
    return apprehend(new_event(), **names_of(given_name="Olga", paternal_surname="Apócrifa"))


@pytest.fixture
def asked(subject: str, now: datetime) -> str:
    """The number of a request for the stamp on identity and apprehension."""
    local = (now - timedelta(hours=7) + timedelta(days=2)).strftime("%Y-%m-%d %H:%M")
    form = {"classes": ["identity", "description"], "why": "An affidavit.", "due_at": local}
    url = reverse("stamp_new", args=("patrol", subject))
    answer = Person("investigator").client.post(url, form)
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    (number,) = re.findall(r"RQ-\d{10}", answer.headers["Location"])
    return number


def stamped(number: str, identity: str = "stamped") -> int:
    """On its page, as of the version that is there."""
    boss = Person("patrol's supervisor")
    url = reverse("request_stamp", args=(number,))
    (version,) = re.findall(r'name="version" value="(\d+)"', boss.reads(url))
    form = {"version": version, "identity": identity, "description": "not_to_be_used"}
    return boss.client.post(url, form).status_code


def before_use(number: str, case: str = INQUIRY.number) -> dict[str, str]:
    """What the record's page says of each class."""
    page = Person("investigator", replace(INQUIRY, number=case)).opens("patrol", number)
    (panel,) = re.findall(r"<h2>Before it is used</h2>(.*?)</section>", page, re.DOTALL)
    found = re.findall(r"<dt>([^<]+)</dt><dd>(.*?)\s*<span", panel, re.DOTALL)
    return {name: words.strip() for name, words in found}


def test_until_it_is_stamped_the_page_says_not_to_use_it(subject: str) -> None:
    assert set(before_use(subject).values()) == {NOT_YET}
    assert "Before it is used" not in Person("agent").opens("patrol", subject)


def test_stamped_it_says_so_for_this_unit_and_this_case_alone(subject: str, asked: str) -> None:
    assert asked in Person("patrol's supervisor").reads(reverse("requests"))
    assert stamped(asked) == 302
    said = before_use(subject)
    assert re.match(r"Verified by the owner on .* for case LA-26-0417\.", said["Identity"])
    assert "not to be used for case" in said["Description"]
    assert said["Apprehension"] == NOT_YET
    assert set(before_use(subject, case="LA-26-0418").values()) == {NOT_YET}
    told = Person("investigator").reads(reverse("request", args=(asked,)))
    assert "complete, timely, accurate and relevant" in told
    row = StampRow.objects.using("patrol").get()
    assert "Apócrifa" not in str(vars(row))
    events = LedgerRow.objects.using("patrol").filter(record=subject, event=Event.STAMP_GIVEN)
    assert events.count() == 1


def test_it_is_void_in_a_class_as_soon_as_a_value_of_it_changes(subject: str, asked: str) -> None:
    stamped(asked)
    corrects(subject, hair="BLK")
    assert before_use(subject)["Identity"].startswith("Verified")
    corrects(subject, paternal_surname="Apócrifo")
    assert before_use(subject)["Identity"].startswith("It has changed since its owner answered")


def test_it_is_void_in_all_as_soon_as_a_protection_comes(subject: str, asked: str) -> None:
    stamped(asked)
    desk = patrol.at_work()
    with transaction.atomic(using=desk.keeper.database):
        desk.keeper.ledger.hold()
        kept = desk.keeper.find(subject)
        assert kept is not None
        restate(
            desk,
            [Restated(kept, {"sealed": True})],
            why="order",
            author=BOSS,
            at=kept.updated_at,
        )
    assert set(StampRow.objects.using("patrol").get().void) == {"description", "identity"}


def corrects(number: str, **values: str) -> None:
    at = datetime.now(UTC)
    correct_subject(patrol.at_work(), number, values, why="misread", author=CAST["agent"], at=at)


def test_what_was_changed_meanwhile_is_looked_at_again(
    subject: str, asked: str, now: datetime
) -> None:
    _, version, classes = to_be_stamped(asked, viewer=BOSS, at=now)
    corrects(subject, hair="BLK")
    answers = dict.fromkeys(classes, StampAnswer.STAMPED)
    with pytest.raises(TielineError, match="in between"):
        put_stamp(asked, answers, version=version, viewer=BOSS, at=now)
    assert stamped(asked, "corrected") == 302
    assert before_use(subject)["Identity"].startswith("Verified")


def test_killed_between_the_two_databases_the_answer_is_completed(
    asked: str, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def dies(*_given: object, **_about: object) -> None:
        raise Killed

    _, version, classes = to_be_stamped(asked, viewer=BOSS, at=now)
    good = dict.fromkeys(classes, StampAnswer.STAMPED)
    with monkeypatch.context() as patch:
        patch.setattr(stamping, "note_stamped", dies)
        with pytest.raises(Killed):
            put_stamp(asked, good, version=version, viewer=BOSS, at=now)
    assert ReleaseRequest.objects.get(number=asked).state == "asked"
    other = dict.fromkeys(classes, StampAnswer.NOT_TO_BE_USED)
    row = put_stamp(asked, other, version=version, viewer=BOSS, at=now)
    # What was put first stands, in both.
    assert set(row.answers.values()) == {"stamped"}
    assert StampRow.objects.using("patrol").count() == 1


@pytest.mark.parametrize("who", ["agent", "case supervisor", "sharing officer", "deputy"])
def test_another_s_request_for_a_stamp_is_like_none(asked: str, who: str) -> None:
    client = Person(who).client
    there, none = (
        client.get(reverse("request_stamp", args=(one,))) for one in (asked, "RQ-0000000000")
    )
    assert there.status_code == none.status_code
    assert there.status_code in (403, 404)


def test_it_has_the_clock_of_a_request_and_is_no_release(asked: str, now: datetime) -> None:
    late = now + timedelta(days=3)
    assert escalate_requests(at=late) >= 1
    row = ReleaseRequest.objects.get(number=asked)
    assert row.escalated_to == "TCA duty desk"
    boss, url = Person("patrol's supervisor"), "request_grant"
    for name in (url, "request_refuse", "request_consent"):
        assert boss.is_told_nothing(reverse(name, args=(asked,)))
    assert Person("investigator").is_told_nothing(reverse("request_appeal", args=(asked,)))


def test_what_is_not_shown_is_not_verified(scene: Scene, now: datetime) -> None:
    case = scene.numbers["case"]
    page = Person("agent").opens("investigations", case)
    assert "Have it verified" not in page
    assert Person("agent").is_told_nothing(reverse("stamp_new", args=("investigations", case)))
    assert FieldClass.CASE_NARRATIVE.value not in page
