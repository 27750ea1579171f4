"""The review: one link after the other, the place kept, nothing said twice, two for a lookout."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from tests.people import AT
from tests.web.cast import CAST, INQUIRY, INVESTIGATOR, sign_in
from tests.web.scene import Scene, match, overlaps

from tieline.core.agreement.viewer import Role
from tieline.core.ledger.entries import Entry
from tieline.exchange.index.models import Judgement, Link, LinkState
from tieline.keeping.rows import LedgerRow
from tieline.systems.investigations import desk as investigations
from tieline.systems.investigations.subjects.adding import add_subject
from tieline.systems.investigations.subjects.person import PersonDraft
from tieline.web.review.marking import marked

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("scene")]

NAMES: dict[str, Any] = {
    "given_name": "José Luis",
    "paternal_surname": "García",
    "maternal_surname": "Hernández",
    "name_as_given": "",
    "aliases": (),
    "birth_date": "1990-03-12",
    "fin": "",
}


def another(scene: Scene, **about: Any) -> str:
    """Once more the man whom both know, in another record of the case; gives its number."""
    kept = add_subject(
        investigations.at_work(),
        scene.planter.draft(
            PersonDraft,
            f"again {Link.objects.count()}",
            case=scene.numbers["case"],
            **{"documents": (), "a_number": "", **NAMES, **about},
        ),
        author=INVESTIGATOR,
        at=AT,
    )
    match()
    return kept.number


def the_queue(client: Client, query: str = "") -> list[str]:
    page = client.get(f"/review/{query}").content.decode()
    return re.findall(r'id="review-(OV-\d+)"', page)


def stamp_on(page: str) -> str:
    found = re.search(r'name="stamp" value="(\w+)"', page)
    assert found
    return found[1]


def said(client: Client, url: str, action: str, **more: str) -> Any:
    page = client.get(url).content.decode()
    place, _, query = url.partition("?")
    fields = {"action": action, "why": "records", "stamp": stamp_on(page), **more}
    return client.post(f"{place}judge/?{query}", fields)


def test_what_the_agency_said_nothing_of_waits_for_the_analyst_and_his_home_says_so() -> None:
    (number,) = overlaps()
    client = sign_in(CAST["investigator"])
    assert the_queue(client) == [number]
    home = sign_in(CAST["analyst"]).get("/").content.decode()
    assert "To review" in home
    assert number in home


def test_who_reads_the_queue_has_seen_the_pointers_and_the_ledger_says_so(scene: Scene) -> None:
    before = LedgerRow.objects.using("exchange").count()
    page = sign_in(CAST["analyst"]).get("/review/").content.decode()
    assert scene.numbers["known subject"] in page
    rows = LedgerRow.objects.using("exchange").order_by("sequence")[before:]
    told = [Entry.from_bytes(one.data.encode()) for one in rows]
    assert [(one.record, one.shown) for one in told] == [(scene.numbers["known subject"], ())]


def test_after_a_judgement_comes_the_next_and_the_judged_one_no_more(scene: Scene) -> None:
    for given in ("José Luis", "Jose Luis", "Luis José"):
        another(scene, given_name=given)
    client = sign_in(CAST["investigator"])
    queue = the_queue(client)
    assert len(queue) >= 3
    answer = said(client, f"/review/{queue[1]}/?at=1", "unsure")
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/review/{queue[2]}/?at=1&before={queue[1]}"
    page = client.get(answer.headers["Location"]).content.decode()
    assert the_queue(client) == [queue[0], *queue[2:]]
    assert f"{queue[1]}: left unsure." in page
    # z here takes back what was said on the way here, and leads back to it.
    undo = re.search(r'formaction="([^"]+)"', page)
    assert undo
    back = client.post(undo[1].replace("&amp;", "&"), {"action": "undo"})
    assert back.headers["Location"].startswith(f"/review/{queue[1]}/")
    assert the_queue(client) == queue
    assert [one.state for one in Judgement.objects.order_by("id")] == ["unsure", "proposed"]


def test_the_filter_stays_in_every_address(scene: Scene) -> None:
    another(scene)
    client = sign_in(CAST["investigator"])
    names = the_queue(client, "?stake=names&whose=agency")
    strong = the_queue(client, "?stake=strong&whose=agency")
    assert set(names).isdisjoint(strong)
    assert strong
    page = client.get("/review/?stake=strong&whose=agency").content.decode()
    assert f"/review/{strong[0]}/?stake=strong&amp;whose=agency" in page
    page = client.get(f"/review/{strong[0]}/?stake=strong&whose=agency").content.decode()
    assert "/judge/?stake=strong&amp;whose=agency" in page


def test_what_changed_since_is_not_judged_and_said_so() -> None:
    (number,) = overlaps()
    client = sign_in(CAST["investigator"])
    url = f"/review/{number}/"
    old = stamp_on(client.get(url).content.decode())
    said(client, url, "unsure")
    answer = client.post(f"{url}judge/", {"action": "same", "why": "records", "stamp": old})
    page = client.get(answer.headers["Location"]).content.decode()
    assert "This has changed since you opened it." in page
    assert Link.objects.get(number=number).state == LinkState.UNSURE


def test_clear_ones_are_judged_together_after_one_more_look(scene: Scene) -> None:
    another(scene)
    client = sign_in(CAST["investigator"])
    strong, names = the_queue(client, "?stake=strong"), the_queue(client, "?stake=names")
    assert strong
    rows = {"row": [*strong, *names], "action": "choose"}
    page = client.post("/review/together/", rows).content.decode()
    assert f'name="row" value="{strong[0]}"' in page
    assert all(f'name="row" value="{one}"' not in page for one in names)
    assert not Judgement.objects.exists()
    sent = {"row": [*strong, *names], "action": "same", "why": "evidence", "note": "one number"}
    assert client.post("/review/together/", sent).status_code == 302
    judged = Judgement.objects.select_related("link")
    assert {one.link.number for one in judged} <= set(strong)
    assert {one.reason for one in judged} == {"what the evidence says: one number"}


def test_nothing_selected_leads_back_and_says_so() -> None:
    client = sign_in(CAST["investigator"])
    answer = client.post("/review/together/", {"action": "same", "row": ["OV-1"]}, follow=True)
    assert "Nothing was selected" in answer.content.decode()


@pytest.mark.parametrize("who", ["untrained", "deputy", "contractor"])
def test_of_what_one_may_not_know_the_queue_has_nothing(who: str) -> None:
    client = sign_in(CAST[who])
    assert the_queue(client, "?whose=agency") == []


def test_a_hidden_link_is_as_none() -> None:
    (number,) = overlaps()
    client = sign_in(CAST["untrained"], INQUIRY)
    answers = [client.get(f"/review/{one}/") for one in (number, "OV-0000000001")]
    assert {one.status_code for one in answers} == {404}


def test_the_page_of_a_link_has_evidence_drawn_and_in_words(scene: Scene) -> None:
    (number,) = overlaps()
    page = sign_in(CAST["investigator"]).get(f"/review/{number}/").content.decode()
    assert '<svg viewBox="0 0 280' in page
    assert 'role="img" aria-label="' in page
    assert "How the sum comes about" in page
    assert "style=" not in page
    for key in ("s", "d", "u", "z"):
        assert f'data-key="{key}"' in page


def test_a_judgement_on_a_lookout_waits_for_a_second_person(scene: Scene) -> None:
    """Played on a link of which one side is called a lookout."""
    (number,) = overlaps()
    link = Link.objects.select_related("left", "right").get(number=number)
    side = link.left if link.left.owner_agency == "investigations" else link.right
    side.kind = "lookout"
    side.save(update_fields=["kind"])
    first, second = sign_in(CAST["investigator"]), sign_in(CAST["case supervisor"])
    url = f"/review/{number}/"
    answer = said(first, url, "same")
    assert (
        "It counts once a second person" in first.get(answer.headers["Location"]).content.decode()
    )
    assert Link.objects.get(number=number).state == LinkState.PROPOSED
    own = first.get(url).content.decode()
    assert "Waits for a second person" in own
    assert "/second/" not in own
    theirs = second.get(url).content.decode()
    assert the_queue(second) == [number]
    assert the_queue(first) == []
    stamp = stamp_on(theirs)
    assert first.post(f"{url}second/", {"action": "agree", "stamp": stamp}).status_code == 302
    assert Link.objects.get(number=number).state == LinkState.PROPOSED, "nobody is his own second"
    assert second.post(f"{url}second/", {"action": "agree", "stamp": stamp}).status_code == 302
    assert Link.objects.get(number=number).state == LinkState.CONFIRMED


@pytest.mark.parametrize(
    ("left", "right", "ours", "theirs"),
    [
        ("José GARCÍA", "GARCIA, Jose", [], []),
        ("Jose GARCIA LOPEZ", "Jose GARCIA", ["LOPEZ"], []),
        ("1990-03-12", "1990-12-03", ["03", "12"], ["12", "03"]),
        ("Ana <b>", "Eva", ["Ana", "b"], ["Eva"]),
        ("Ana", "", [], []),
    ],
)
def test_what_differs_is_marked_and_said(
    left: str, right: str, ours: list[str], theirs: list[str]
) -> None:
    found = [
        re.findall(r'<mark><span class="unseen">differs: </span>([^<]*)</mark>', one)
        for one in marked(left, right)
    ]
    assert found == [ours, theirs]
    assert "<b>" not in marked(left, right)[0]


def test_an_auditor_reviews_nothing() -> None:
    assert CAST["auditor"].role is Role.AUDITOR
    assert sign_in(CAST["auditor"]).get("/review/").status_code == 403
