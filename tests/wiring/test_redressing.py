"""No answer tells that a protected record exists; what is not amended may be disputed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import reverse
from tests.people import AT
from tests.web.cast import CAST, INQUIRY, enlist, sign_in
from tests.web.conftest import scene
from tests.web.scene import Scene

from tieline.core.agreement.disclose import Disclosure
from tieline.core.agreement.viewer import Purpose, PurposeCode, Role
from tieline.core.ledger.events import Event
from tieline.core.records import FieldClass, RecordNumber
from tieline.core.redress import ANSWERS, Kind, Outcome
from tieline.exchange.corrections.models import CorrectionNotice
from tieline.exchange.index.models import Judgement, Link, LinkState
from tieline.exchange.index.overlap import OverlapView, links_of, overlap
from tieline.exchange.redress import matters
from tieline.exchange.redress.matters import Letter, MatterRefused, enter_matter
from tieline.exchange.redress.models import Matter
from tieline.keeping.agreements import in_force
from tieline.keeping.databases import EXCHANGE
from tieline.keeping.rows import LedgerRow
from tieline.keeping.statements import StatementRow, beside_pointers
from tieline.systems.investigations import desk as investigations
from tieline.wiring.correcting import send_corrections
from tieline.wiring.disputes import disputed_links, disputed_overlap
from tieline.wiring.redressing import NotToBeNamed, decide, file_statement
from tieline.wiring.systems import doors

__all__ = ["scene"]

pytestmark = [pytest.mark.database, pytest.mark.django_db(databases="__all__")]

OFFICER = replace(CAST["sharing officer"], number="U-570", assignment="AS-570", role=Role.REDRESS)
OF_PATROL = replace(CAST["agent"], number="U-170", assignment="AS-170", role=Role.REDRESS)
LATER = AT + timedelta(days=3)
SAID = "I was born in another year."
HIDDEN = ("informant", "quiet person", "silent lookout", "sealed case")


@pytest.fixture(autouse=True)
def _at_work(scene: Scene) -> None:
    """Filled before anything is asked."""


def entered(kind: Kind = Kind.AMENDMENT, **about: Any) -> Matter:
    given: dict[str, Any] = {
        "decides": "investigations",
        "person": "José García",
        "reply_to": "PO Box 1",
        "said": "Look again.",
        "received_on": AT.date(),
        **about,
    }
    return enter_matter(Letter(kind=kind, **given), viewer=OFFICER, at=AT)


def end(matter: Matter, outcome: Outcome, record: str = "", **about: Any) -> Matter:
    given = {"said": "As it is.", "viewer": OFFICER, "at": LATER, **about}
    return decide(matter.number, outcome, record=record, **given)


def refused(scene: Scene) -> tuple[Matter, str]:
    number = scene.numbers["known person"]
    return end(entered(), Outcome.REFUSED, number), number


@pytest.mark.parametrize("label", HIDDEN)
@pytest.mark.parametrize("outcome", [Outcome.REFUSED, Outcome.AMENDED])
def test_an_answer_that_tells_of_a_hidden_record_is_refused_as_of_none(
    label: str, outcome: Outcome, scene: Scene
) -> None:
    said = []
    for number in (scene.numbers[label], "SR-26-999999"):
        with pytest.raises(NotToBeNamed) as error:
            end(entered(), outcome, number)
        said.append(f"{error.value.what} {error.value.cure}".replace(number, "NUMBER"))
    assert said[0] == said[1]
    assert not Matter.objects.exclude(outcome="").exclude(number__in=scene.matters).exists()
    # What can be said of it is what is said where there is nothing.
    assert end(entered(), Outcome.NOTHING_TOLD).outcome == Outcome.NOTHING_TOLD
    assert ANSWERS[Outcome.NOTHING_TOLD]


def test_another_agency_s_record_is_not_decided_on(scene: Scene) -> None:
    with pytest.raises(NotToBeNamed):
        end(entered(), Outcome.REFUSED, scene.numbers["subject"])
    with pytest.raises(NotToBeNamed):
        end(entered(), Outcome.REFUSED, "")


def test_an_amendment_follows_a_correction(scene: Scene) -> None:
    number, matter = scene.numbers["known person"], entered()
    with pytest.raises(MatterRefused, match="was not corrected"):
        end(matter, Outcome.AMENDED, number)
    keeper = investigations.at_work().keeper
    model = type(keeper.find(number))
    model._default_manager.using(keeper.database).filter(number=number).update(updated_at=LATER)
    assert end(matter, Outcome.AMENDED, number).decided_on == number


def test_a_statement_travels_with_the_record_by_page_and_by_look(scene: Scene) -> None:
    matter, number = refused(scene)
    file_statement(matter.number, "birth_date", SAID, viewer=OFFICER, at=LATER)
    told = doors()["investigations"].fetch(
        RecordNumber(number), viewer=CAST["agent"], purpose=INQUIRY, at=LATER
    )
    shown = {one.name for one in told.disclosure.shown}
    statements = [one.said for one in told.disclosure.statements]
    assert statements == ([SAID] if "birth_date" in shown else [])
    own = doors()["investigations"].fetch(
        RecordNumber(number), viewer=CAST["investigator"], purpose=INQUIRY, at=LATER
    )
    assert [one.said for one in own.disclosure.statements] == [SAID]
    page = sign_in(CAST["investigator"]).get(f"/records/investigations/{number}/")
    assert SAID in page.content.decode()
    assert (
        LedgerRow.objects.using("investigations")
        .filter(event=Event.STATEMENT_FILED.value, record=number)
        .exists()
    )


def test_a_statement_stands_beside_the_pointer_where_its_field_is_shown(scene: Scene) -> None:
    """5 USC 552a(d)(4): in any disclosure of what is disputed, by page and by program."""
    matter, number = refused(scene)
    link = next(
        one for one in Link.objects.order_by("id") if number in (one.left.number, one.right.number)
    )
    client = sign_in(CAST["investigator"])
    pages = [reverse(name, args=(link.number,)) for name in ("overlap", "overlap_review")]
    assert not any("disagrees" in client.get(page).content.decode() for page in pages)
    file_statement(matter.number, "birth_date", SAID, viewer=OFFICER, at=LATER)
    for page in pages:
        told = client.get(page).content.decode()
        assert SAID in told
        assert f"{number}: the person concerned disagrees" in told
    # By the program, on both sides and in lists: the same view, cut as its reader may see it.
    about = {"viewer": CAST["agent"], "purpose": INQUIRY, "agreement": in_force(EXCHANGE)}
    view = overlap(link.number, **about, at=LATER)
    assert view is not None
    for told in sides(disputed_overlap(view)):
        shown = {one.field_class for one in told.shown}
        is_its_own = told.number == number and FieldClass.IDENTITY in shown
        assert [one.said for one in told.statements] == ([SAID] if is_its_own else [])
    near = links_of("patrol", other_of(link, number), **about, at=LATER)
    found = {one.other.number: one.other for one in disputed_links(near)}
    assert [one.said for one in found[number].statements] == [SAID]


def test_of_what_is_not_shown_no_statement_stands_beside_the_pointer(scene: Scene) -> None:
    matter, number = refused(scene)
    file_statement(matter.number, "birth_date", SAID, viewer=OFFICER, at=LATER)
    kinds = doors()["investigations"].keeper.by_kind
    told = doors()["investigations"].fetch(
        RecordNumber(number), viewer=CAST["investigator"], purpose=INQUIRY, at=LATER
    )
    closed = [one for one in told.disclosure.shown if one.field_class is not FieldClass.IDENTITY]
    assert closed
    rest = replace(told.disclosure, shown=tuple(closed), statements=())
    (one,) = beside_pointers([rest], database="investigations", kinds=kinds)
    assert one.statements == ()
    (two,) = beside_pointers([told.disclosure], database="investigations", kinds={})
    assert two == told.disclosure


def test_a_pointer_is_shown_while_its_system_is_away(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def away(*_: object, **__: object) -> None:
        raise OperationalError

    link = Link.objects.order_by("id").first()
    assert link is not None
    about = {"viewer": CAST["agent"], "purpose": INQUIRY, "agreement": in_force(EXCHANGE)}
    view = overlap(link.number, **about, at=LATER)
    assert view is not None
    monkeypatch.setattr("tieline.wiring.disputes.beside_pointers", away)
    assert disputed_overlap(view) == view
    assert "no statements from" in caplog.text


def sides(view: OverlapView) -> tuple[Disclosure, Disclosure]:
    return view.left, view.right


def other_of(link: Link, number: str) -> str:
    left, right = link.left.number, link.right.number
    return right if left == number else left


def test_whoever_was_shown_what_is_disputed_is_told_to_look_again(scene: Scene) -> None:
    """5 USC 552a(d)(4): the statement goes to those to whom the record was disclosed before."""
    matter, number = refused(scene)
    told = {"viewer": CAST["agent"], "purpose": INQUIRY, "at": LATER}
    look = doors()["investigations"].fetch(RecordNumber(number), **told).disclosure
    shown = {one.name for one in look.shown}
    assert shown >= {"birth_date"}
    file_statement(matter.number, "birth_date", SAID, viewer=OFFICER, at=LATER)
    send_corrections(at=LATER)
    notices = CorrectionNotice.objects.filter(record=number)
    assert {(one.agency, one.viewer) for one in notices} >= {("patrol", "U-100")}
    assert notices.exclude(agency="investigations").count() == notices.count()
    before = notices.count()

    # Filed again, or looked at since: nobody is told twice, and who read it needs no notice.
    file_statement(matter.number, "birth_date", SAID, viewer=OFFICER, at=LATER)
    later = {**told, "viewer": CAST["patrol's supervisor"]}
    doors()["investigations"].fetch(RecordNumber(number), **later)
    send_corrections(at=LATER)
    assert CorrectionNotice.objects.filter(record=number).count() == before

    # Another field, of another class or none that was shown: a cause of its own.
    file_statement(matter.number, "given_name", SAID, viewer=OFFICER, at=LATER)
    send_corrections(at=LATER)
    again = CorrectionNotice.objects.filter(record=number)
    assert len({one.cause for one in again}) == (2 if "given_name" in shown else 1)


def test_killed_between_the_two_databases_it_is_completed_and_stands_once(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    matter, number = refused(scene)

    def killed(*given: object, **named: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(matters, "disagree", killed)
        with pytest.raises(KeyboardInterrupt):
            file_statement(matter.number, "birth_date", SAID, viewer=OFFICER, at=LATER)
    for _ in range(2):
        file_statement(matter.number, "birth_date", SAID, viewer=OFFICER, at=LATER)
    assert StatementRow.objects.using("investigations").filter(record=number).count() == 1
    assert matter.steps.filter(act="disagreed").count() == 1


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("birth_date", ""),
        ("birth_date", "x" * 9_000),
        ("birth_date", "a\0b"),
        ("no_such_field", SAID),
        ("section_1367", SAID),
        ("", SAID),
        ("birth_date", "ER/CF"),
    ],
)
def test_what_is_no_statement_is_refused(name: str, said: str, scene: Scene) -> None:
    matter, _ = refused(scene)
    with pytest.raises(MatterRefused):
        file_statement(matter.number, name, said, viewer=OFFICER, at=LATER)
    assert not StatementRow.objects.using("investigations").exists()


def test_none_is_filed_where_nothing_was_refused(scene: Scene) -> None:
    open_one = entered()
    done = end(entered(), Outcome.NOTHING_TOLD)
    for matter in (open_one, done):
        with pytest.raises(MatterRefused):
            file_statement(matter.number, "birth_date", SAID, viewer=OFFICER, at=LATER)


def test_a_mistaken_identity_finds_the_judgement_and_the_reverse(scene: Scene) -> None:
    link = Link.objects.first()
    assert link is not None
    Judgement.objects.create(
        link=link,
        state=LinkState.REJECTED,
        agency="investigations",
        unit="LA/13",
        user="U-200",
        assignment="AS-200",
        at=AT,
        redress="RN-1234567",
    )
    enlist(OFFICER)
    matter = entered(Kind.MISTAKEN, redress="rn-1234567")
    unknown = entered(Kind.MISTAKEN, redress="RN-7654321")
    client = sign_in(OFFICER, Purpose(code=PurposeCode.REDRESS, number=matter.number))
    assert link.number in text(client, "redress_matter", matter.number)
    assert link.number not in text(client, "redress_matter", unknown.number)
    listed = client.get(reverse("redress", query={"redress": "rn-1234567"})).content.decode()
    assert matter.number in listed
    assert unknown.number not in listed
    assert end(matter, Outcome.KEPT_APART).outcome == Outcome.KEPT_APART
    with pytest.raises(MatterRefused, match="redress number"):
        end(unknown, Outcome.KEPT_APART)


def test_another_agency_s_judgement_is_its_own(scene: Scene) -> None:
    link = Link.objects.first()
    Judgement.objects.create(
        link=link,
        state=LinkState.REJECTED,
        agency="patrol",
        unit="TCA",
        user="U-100",
        assignment="AS-100",
        at=AT,
        redress="RN-1234567",
    )
    matter = entered(Kind.MISTAKEN, redress="RN-1234567")
    with pytest.raises(MatterRefused):
        end(matter, Outcome.KEPT_APART)


def text(client: Client, name: str, *parts: str) -> str:
    answer = client.get(reverse(name, args=parts))
    assert answer.status_code == 200
    return answer.content.decode()
