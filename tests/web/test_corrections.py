"""Corrections reach whoever was shown the old value, once, in one sentence, until acknowledged."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse
from tests.ledgers import rows_of
from tests.people import AT
from tests.scenarios.story import Person, apprehend, names_of, new_event
from tests.systems.signing_in import HOSTILE
from tests.web.cast import CAST, enlist
from tests.web.scene import Scene, match

from tieline.accounts.models import Assignment
from tieline.core.agreement.viewer import Role
from tieline.core.ledger.entries import Entry
from tieline.core.ledger.events import Event
from tieline.exchange.corrections import telling
from tieline.exchange.corrections.inbox import NoSuchCorrection, acknowledge_correction
from tieline.exchange.corrections.models import CorrectionNotice
from tieline.exchange.corrections.telling import WITHIN
from tieline.keeping.corrections import Correction
from tieline.keeping.graves import Basis
from tieline.keeping.protecting import Restated, restate
from tieline.systems.patrol import desk as patrol
from tieline.systems.patrol.subjects.adding import correct_subject
from tieline.wiring.accounting import accounting
from tieline.wiring.correcting import reached_by
from tieline.wiring.parts import escalate_due, tell_corrected

pytestmark = [
    pytest.mark.database,
    pytest.mark.django_db(databases="__all__"),
    pytest.mark.usefixtures("scene"),
]

BOSS = CAST["patrol's supervisor"]
LATER = AT + timedelta(hours=1)


@pytest.fixture
def subject(scene: Scene) -> str:
    """Somebody of the patrol's, whom nobody of another agency has looked at yet."""
    return apprehend(new_event(), **names_of(given_name="Ester", paternal_surname="Inventada"))


def corrects(number: str, **values: Any) -> None:
    changes = values or {"paternal_surname": "Inventado"}
    by = {"why": "misread", "author": CAST["agent"], "at": LATER}
    correct_subject(patrol.at_work(), number, changes, **by)


def protects(number: str, flag: str = "section_1367") -> None:
    desk = patrol.at_work()
    with transaction.atomic(using=desk.keeper.database):
        desk.keeper.ledger.hold()
        kept = desk.keeper.find(number)
        assert kept is not None
        restate(desk, [Restated(kept, {flag: True})], why="learned", author=BOSS, at=LATER)


def expunges(number: str) -> None:
    patrol.at_work().keeper.expunge(number, author=BOSS, at=LATER, basis=Basis(order="ORD-26-0001"))


def tells() -> None:
    match()
    assert tell_corrected(LATER)


def notices_of(number: str) -> list[CorrectionNotice]:
    return list(CorrectionNotice.objects.filter(record=number).order_by("id"))


def sentence(page: str, number: str) -> str:
    """What the notice says, without its own number and moment."""
    articles = re.findall(r"<article.*?</article>", page, re.DOTALL)
    (said,) = [one for one in articles if number in one]
    return re.sub(r"CR-\d{10}|csrfmiddlewaretoken[^>]*|\b\d\d:\d\d\b", "", said).replace(
        number, "N"
    )


@pytest.mark.parametrize("change", [corrects, protects, expunges])
def test_whatever_the_reason_the_notice_is_the_same(
    scene: Scene, subject: str, change: Any
) -> None:
    other = apprehend(new_event(), **names_of(given_name="Elsa", paternal_surname="Inventada"))
    reader = Person("investigator")
    for number in (subject, other):
        reader.opens("patrol", number)
    corrects(other)
    change(subject)
    tells()
    page = reader.reads(reverse("corrections"))
    assert sentence(page, subject) == sentence(page, other)
    assert "Inventad" not in page
    assert "withdrawn or corrected" in page
    (waits,) = notices_of(subject)
    assert (
        reader.client.post(reverse("correction_acknowledge", args=(waits.number,))).status_code
        == 302
    )
    assert not re.findall(
        rf"<article[^>]*notice-{waits.number}", reader.reads(reverse("corrections"))
    )


def test_who_was_shown_nothing_of_it_is_not_told(subject: str) -> None:
    Person("agent of another sector").opens("patrol", subject)
    corrects(subject)
    tells()
    assert notices_of(subject) == []
    assert not Correction.objects.using("patrol").filter(record=subject).exists()


def test_what_the_exchange_showed_of_it_counts_too(scene: Scene) -> None:
    number = scene.numbers["known subject"]
    reader = Person("analyst")
    for url in reader.overlaps():
        reader.reads(url)
    corrects(number, given_name="José Luís")
    tells()
    assert "U-220" in {one.viewer for one in notices_of(number)}


def test_nobody_is_told_twice_however_often_and_wherever_it_dies(
    subject: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def dies(*_given: object, **_about: object) -> None:
        raise Killed

    Person("investigator").opens("patrol", subject)
    corrects(subject)
    match()
    with monkeypatch.context() as patch:
        patch.setattr(telling, "_sent", dies)
        with pytest.raises(Killed), transaction.atomic(using="exchange"):
            tell_corrected(LATER)
    assert notices_of(subject) == []
    # Told, and killed before the system forgets that it is.
    rows = list(Correction.objects.using("patrol").filter(record=subject))
    telling.tell_corrections("patrol", rows, at=LATER)
    for _ in range(2):
        assert tell_corrected(LATER)
    assert len(notices_of(subject)) == 1
    assert not Correction.objects.using("patrol").filter(record=subject).exists()


def test_while_the_exchange_may_show_the_old_value_it_goes_on_telling(subject: str) -> None:
    corrects(subject)
    assert tell_corrected(LATER)  # before the exchange took the new version
    assert Correction.objects.using("patrol").filter(record=subject).exists()
    match()
    assert tell_corrected(LATER)
    assert not Correction.objects.using("patrol").filter(record=subject).exists()


def test_one_acknowledgement_is_of_all_that_came_before_of_the_record(subject: str) -> None:
    Person("investigator").opens("patrol", subject)
    for surname in ("Inventado", "Inventados"):
        corrects(subject, paternal_surname=surname)
        tells()
    first, second = notices_of(subject)
    acknowledge_correction(second.number, viewer=CAST["investigator"], at=LATER)
    assert {one.acknowledged_by for one in notices_of(subject)} == {"U-200"}
    for _ in range(2):  # the first to say so stands
        acknowledge_correction(first.number, viewer=CAST["investigator"], at=LATER + WITHIN)
    assert {one.acknowledged_at for one in notices_of(subject)} == {LATER}
    taken = [
        one.event
        for one in entries("exchange", subject)
        if one.event.thing == "record" and one.event.act == "correction"
    ]
    assert taken == [Event.CORRECTION_SENT, Event.CORRECTION_SENT, *[Event.CORRECTION_TAKEN] * 2]


def entries(database: str, number: str) -> list[Entry]:
    rows = rows_of(database).filter(record=number).order_by("sequence")
    return [Entry.from_bytes(data.encode()) for data in rows.values_list("data", flat=True)]


@pytest.mark.parametrize(
    "who", ["agent", "analyst", "investigator of another office", "case supervisor", "deputy"]
)
def test_another_s_notice_is_like_none(subject: str, who: str) -> None:
    Person("investigator").opens("patrol", subject)
    corrects(subject)
    tells()
    (waits,) = notices_of(subject)
    client = Person(who).client
    there, none = (
        client.post(reverse("correction_acknowledge", args=(one,)))
        for one in (waits.number, "CR-0000000000")
    )
    assert there.status_code == none.status_code == 404
    assert subject not in Person(who).reads(reverse("corrections"))


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_numbers_are_no_notices(text: str) -> None:
    with pytest.raises(NoSuchCorrection):
        acknowledge_correction(text, viewer=CAST["investigator"], at=LATER)


def test_overdue_it_goes_to_the_unit_s_supervisor_once(subject: str) -> None:
    Person("investigator").opens("patrol", subject)
    corrects(subject)
    tells()
    assert escalate_due(LATER)
    assert notices_of(subject)[0].escalated_at is None
    for _ in range(2):
        assert escalate_due(LATER + WITHIN)
    (row,) = notices_of(subject)
    assert (row.escalated_at, row.escalated_to) == (LATER + WITHIN, "LA/13 duty desk")
    told = [one.event for one in entries("exchange", subject)]
    assert told.count(Event.NOTICE_ESCALATED) == 1
    page = Person("case supervisor").reads(reverse("corrections"))
    assert subject in page
    assert "it was shown to U-200" in page
    assert subject not in Person("investigator of another office").reads(reverse("corrections"))


def test_of_somebody_who_has_left_it_goes_to_the_supervisor_at_once(subject: str) -> None:
    gone = replace(CAST["investigator"], number="U-290", assignment="AS-290", unit="LA/13")
    enlist(gone)
    from tests.web.cast import sign_in

    assert sign_in(gone).get(reverse("record", args=("patrol", subject))).status_code == 200
    Assignment.objects.filter(number=gone.assignment).update(ends=LATER)
    corrects(subject)
    tells()
    assert escalate_due(LATER)
    (row,) = notices_of(subject)
    assert row.escalated_at == LATER
    boss = CAST["case supervisor"]
    assert acknowledge_correction(row.number, viewer=boss, at=LATER).acknowledged_by == "U-210"


def test_the_owner_sees_units_and_moments_and_of_nobody_more_than_it_accounts_for(
    subject: str,
) -> None:
    Person("investigator").opens("patrol", subject)
    corrects(subject)
    tells()
    url = reverse("corrections_told")
    page = Person("patrol's supervisor").reads(url)
    assert subject in page
    assert "investigations LA/13" in page
    assert "overdue" in page
    assert "U-200" not in page
    acknowledge_correction(notices_of(subject)[0].number, viewer=CAST["investigator"], at=LATER)
    page = Person("patrol's supervisor").reads(url)
    assert "overdue" not in page
    assert Person("case supervisor").reads(url).count(subject) == 0
    # Each notice is a disclosure that is accounted for.
    auditor = replace(BOSS, number="U-140", role=Role.AUDITOR)
    made = accounting(subject, viewer=auditor, at=LATER)
    assert made is not None
    assert Event.CORRECTION_SENT in {one.event for one in made.rows}


def test_a_look_that_is_not_accounted_for_is_in_no_list_of_the_owner(subject: str) -> None:
    Person("investigator").opens("patrol", subject)
    corrects(subject)
    tells()
    CorrectionNotice.objects.filter(record=subject).update(accounted=False)
    assert [one for one in reached_by(BOSS, at=LATER) if one.record == subject] == []


def test_of_what_is_sealed_since_another_unit_s_supervisor_sees_nothing(subject: str) -> None:
    Person("investigator").opens("patrol", subject)
    protects(subject, "sealed")
    tells()
    elsewhere = replace(BOSS, number="U-119", unit="YUM/WEL")
    assert [one.record for one in reached_by(elsewhere, at=LATER)] == []
    assert subject in [one.record for one in reached_by(BOSS, at=LATER)]
