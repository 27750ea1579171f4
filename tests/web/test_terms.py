"""What the articles of the agreement say of days and reasons is what the program keeps to."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from tests.people import AT
from tests.signing import signed_by_all
from tests.web.cast import CAST, INQUIRY, sign_in
from tests.web.scene import Scene

from tieline.accounts.people import PersonDraft, PersonRefused, add_person
from tieline.core.agreement.articles import Term
from tieline.core.agreement.clauses import Agreement
from tieline.core.agreement.refusing import RefusalReason
from tieline.core.records import FieldClass, RecordNumber
from tieline.exchange.sharing.answering import AnswerRefused
from tieline.exchange.sharing.asking import appeal, ask
from tieline.exchange.sharing.filing import RequestRefused
from tieline.keeping.agreements import adopt, in_force
from tieline.keeping.databases import ACCOUNTS, KEEPERS
from tieline.keeping.releasing import ReleaseRefused
from tieline.wiring.sharing import grant, refuse
from tieline.wiring.systems import doors

pytestmark = [
    pytest.mark.any_database,
    pytest.mark.django_db(databases="__all__"),
    pytest.mark.usefixtures("scene"),
]

AGENT, BOSS = CAST["agent"], CAST["case supervisor"]
NARRATIVE = FieldClass.CASE_NARRATIVE
REASONS = (RefusalReason.PERSON, RefusalReason.NO_NEED)
DAYS = {
    **{"A07": {Term.TRAINING: 100}, "A09": {Term.ANSWER: 10}, "A11": {Term.APPEAL: 5}},
    "A12": {Term.RELEASE: 20},
}


def put_in_force(text: Agreement) -> None:
    signed = signed_by_all(replace(text, version=text.version + 1, signatures=()), at=AT, by="U-2")
    for database in KEEPERS:
        adopt(signed, database=database, at=datetime.now(UTC))


@pytest.fixture(autouse=True)
def agreed(scene: Scene) -> Agreement:
    """A text with other days and fewer reasons than the model."""
    text = in_force(ACCOUNTS)
    articles = {
        **text.articles,
        **{name: replace(text.articles[name], terms=terms) for name, terms in DAYS.items()},
        "A10": replace(text.articles["A10"], refusals=REASONS),
    }
    put_in_force(replace(text, articles=articles))
    return in_force(ACCOUNTS)


@pytest.fixture
def now() -> datetime:
    return datetime.now(UTC)


def asked(scene: Scene, now: datetime, days: int, case: str = "LA-26-0990") -> str:
    by = {"viewer": AGENT, "purpose": replace(INQUIRY, number=case), "at": now}
    told = doors()["investigations"].fetch(RecordNumber(scene.numbers["case"]), **by).disclosure
    about = {"system": "investigations", "classes": [NARRATIVE], "why": "To stop the guides."}
    return ask(told, **about, due_at=now + timedelta(days=days), **by).number


def test_an_answer_may_take_as_long_as_the_agreement_says(scene: Scene, now: datetime) -> None:
    with pytest.raises(RequestRefused) as refused:
        asked(scene, now, 11)
    assert "within 10 days" in refused.value.what
    assert asked(scene, now, 10)


def test_without_an_article_the_program_has_days_of_its_own(
    scene: Scene, now: datetime, agreed: Agreement
) -> None:
    put_in_force(replace(agreed, articles={}, sections=()))
    with pytest.raises(RequestRefused):
        asked(scene, now, 31)
    number = asked(scene, now, 30)
    assert refuse(number, RefusalReason.LAW, said="", viewer=BOSS, at=now).state == "refused"


def test_a_request_is_refused_for_a_reason_that_the_agreement_lists(
    scene: Scene, now: datetime
) -> None:
    number = asked(scene, now, 3)
    with pytest.raises(AnswerRefused) as refused:
        refuse(number, RefusalReason.LAW, said="", viewer=BOSS, at=now)
    assert "does not have this reason" in refused.value.what
    form = sign_in(BOSS, None).get(reverse("request_refuse", args=(number,))).content.decode()
    assert [one for one in RefusalReason if f'value="{one.value}"' in form] == list(REASONS)
    done = refuse(number, RefusalReason.PERSON, said="", viewer=BOSS, at=now)
    assert done.state == "refused"
    # And an appeal is answered within the days that it gives.
    assert appeal(number, why="so", viewer=AGENT, at=now).due_at == now + timedelta(days=5)


def test_a_release_ends_within_the_days_that_the_agreement_gives(
    scene: Scene, now: datetime
) -> None:
    number = asked(scene, now, 3)
    terms = {"classes": [NARRATIVE], "caveats": "", "viewer": BOSS, "at": now}
    with pytest.raises(ReleaseRefused) as refused:
        grant(number, expires_at=now + timedelta(days=20, seconds=1), **terms)
    assert "for 20 days at most" in refused.value.what
    assert grant(number, expires_at=now + timedelta(days=20), **terms).release


def test_a_training_counts_for_the_days_that_the_agreement_gives(now: datetime) -> None:
    def added(name: str, days: int) -> PersonDraft:
        until = now + timedelta(days=days)
        draft = PersonDraft(username=name, name="Ana Ruiz", agency="patrol", trained_until=until)
        add_person(draft, password=None, at=now)
        return draft

    with pytest.raises(PersonRefused) as refused:
        added("ruiz.a", 101)
    assert "counts for 100 days at most" in refused.value.what
    added("ruiz.b", 100)
