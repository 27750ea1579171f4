"""The pages on which marks are set, approved, reviewed and ended, each by whom it is for."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from tests.scenarios.story import (
    Person,
    apprehend,
    known_to_a_case,
    looked_for,
    names_of,
    new_case,
    new_event,
    record,
)
from tests.systems.signing_in import HOSTILE, NO_NUMBERS, sans_nonce
from tests.web.cast import CAST, INQUIRY, enlist, sign_in
from tests.web.scene import match

from tieline.core.agreement.viewer import Role, Viewer
from tieline.keeping.marks import MarkRow
from tieline.systems.investigations import desk as investigations

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("scene")]

LABEL: Final = {
    "kind_1": "admission",
    "said_1": "Said so in Spanish, on tape.",
    "source_1": "Interview of the 2nd",
    "kind_2": "conviction",
    "said_2": "For guarding the house.",
    "source_2": "Judgment 26-114",
    "kind_3": "",
    "said_3": "",
    "source_3": "",
    "association_alone": "no",
    "counsel": "",
}
REVIEW: Final = (datetime.now(UTC) + timedelta(days=300)).date().isoformat()
TIP: Final = {
    "suspicion": "Rented three boats in cash before each landing.",
    "source": "Harbour office",
    "reliability": "reliable",
    "validity": "probable",
    "sensitivity": "confidential",
    "review_on": REVIEW,
    "views": "no",
    "unlawful": "no",
    "counsel": "",
}
DRILL: Final = {"why": "The drill of the 23rd."}
SAID: Final = {"gang_label": LABEL, "intelligence": TIP, "exercise": DRILL, "unapproved": DRILL}
NAME: Final = "Efraín"


@pytest.fixture
def person() -> str:
    """Of the investigators."""
    about = names_of(given_name=NAME, paternal_surname="Marcado", a_number="A088700001")
    number = known_to_a_case(new_case(), **about)
    match()
    return number


def browser(who: str = "investigator") -> Client:
    return sign_in(CAST[who], INQUIRY)


def text(answer: HttpResponse, status: int = 200) -> str:
    assert answer.status_code == status, answer.content.decode()[-3_000:]
    return answer.content.decode()


def listed(number: str, system: str = "investigations") -> str:
    return reverse("marks", args=(system, number))


def new(number: str, what: str, system: str = "investigations") -> str:
    return reverse("mark_new", args=(system, number, what))


def acts(number: str) -> dict[str, str]:
    """The addresses at which the newest mark of a record is decided on."""
    row = MarkRow.objects.using("investigations").filter(record=number).latest("id")
    args = ("investigations", number, row.number)
    return {one: reverse(f"mark_{one}", args=args) for one in ("approve", "review", "end")}


def sets(number: str, what: str, who: str = "investigator", **more: str) -> None:
    """Over the form, which takes it; the exchange hears of it."""
    answer = browser(who).post(new(number, what), {**SAID.get(what, DRILL), **more})
    assert answer.status_code == 302, text(answer, answer.status_code)
    match()


def does(url: str, who: str = "case supervisor", **said: str) -> None:
    assert browser(who).post(url, said).status_code == 302
    match()


def test_a_label_from_the_record_s_page_to_its_end(person: str) -> None:
    mine = browser()
    assert listed(person) in text(mine.get(record("investigations", person)))
    page = text(mine.get(listed(person)))
    assert "No mark was set" in page
    assert new(person, "gang_label") in page
    page = text(mine.post(new(person, "gang_label"), LABEL, follow=True))
    assert "closes; to be approved" in page
    assert "Said so in Spanish, on tape." in page
    assert "Interview of the 2nd" in page
    ways = acts(person)
    # Who proposed it is offered none of what is for another.
    assert not any(url in page for url in ways.values())
    assert person not in text(mine.get(reverse("home")))
    boss = browser("case supervisor")
    assert person in text(boss.get(reverse("home")))
    page = text(boss.get(listed(person)))
    assert ways["approve"] in page
    assert ways["review"] not in page
    unread = boss.post(ways["approve"], {"counsel": ""})
    assert unread.status_code == 422
    page = text(boss.post(ways["approve"], {"read": "on", "counsel": ""}, follow=True))
    assert "stands" in page
    assert "U-210" in page
    assert ways["review"] in page
    assert person not in text(boss.get(reverse("home")))
    review = {"why": "The judgment is final.", "review_on": REVIEW, "counsel": ""}
    assert REVIEW in text(boss.post(ways["review"], review, follow=True))
    assert boss.post(ways["end"], {"why": ""}).status_code == 422
    page = text(boss.post(ways["end"], {"why": "Another man."}, follow=True))
    assert "counts no more" in page
    assert "Another man." in page
    assert new(person, "gang_label") in page


def test_what_others_are_told_step_by_step(person: str) -> None:
    """F15, F19, and decision 0029: a label that nobody approved is told to nobody."""
    agent = Person("agent")
    clerk = replace(CAST["agent"], number="U-151", assignment="AS-151", sworn=False)
    enlist(clerk)
    plain = sign_in(clerk, INQUIRY)
    here = record("investigations", person)
    assert NAME in agent.opens("investigations", person)
    assert NAME in text(plain.get(here))
    sets(person, "gang_label")
    page = agent.opens("investigations", person)
    assert NAME not in page
    assert "gang_label" not in page
    assert "unapproved" in page
    assert plain.get(here).status_code == 404
    assert "gang_label" not in agent.searches("A088700001")
    does(acts(person)["approve"], read="on")
    page = agent.opens("investigations", person)
    assert NAME in page
    assert "gang_label" in page
    assert plain.get(here).status_code == 404
    does(acts(person)["end"], why="Another man.")
    assert "gang_label" not in agent.opens("investigations", person)
    assert NAME in text(plain.get(here))


def test_whoever_was_shown_it_is_told_as_of_any_correction(person: str) -> None:
    agent = Person("agent")
    agent.opens("investigations", person)
    sets(person, "unapproved")
    from tieline.keeping.corrections import Correction

    rows = Correction.objects.using("investigations").filter(record=person)
    (waits,) = [one for one in rows if one.recipients]
    assert [viewer for _, _, viewer, _ in waits.recipients] == [CAST["agent"].number]
    assert waits.classes == []


def test_nobody_outside_meets_an_exercise_or_its_parts() -> None:
    case = new_case("Drill of the wash")
    about = names_of(given_name=NAME, paternal_surname="Marcado", a_number="A088700002")
    subject = known_to_a_case(case, **about)
    lookout = looked_for(subject)
    match()
    agent = Person("agent")
    for one in (case, subject, lookout):
        assert not agent.is_told_nothing(record("investigations", one))
    sets(case, "exercise")
    for one in (case, subject, lookout):
        assert agent.is_told_nothing(record("investigations", one))
        assert one not in agent.searches("A088700002")
    assert "exercise" in Person("investigator").opens("investigations", lookout)
    page = text(browser().get(listed(lookout)))
    assert "Exercise" in page
    does(acts(case)["end"], why="It was real.")
    for one in (case, subject, lookout):
        assert not agent.is_told_nothing(record("investigations", one))


def test_a_report_is_approved_on_its_page(person: str) -> None:
    sets(person, "unapproved")
    assert NAME not in Person("agent").opens("investigations", person)
    ways = acts(person)
    assert browser().get(ways["end"]).status_code == 404
    assert person in text(browser("case supervisor").get(reverse("home")))
    assert "Approve the record" in text(browser("case supervisor").get(ways["end"]))
    does(ways["end"], why="Read and right.")
    assert NAME in Person("agent").opens("investigations", person)


def test_the_patrol_s_own_are_marked_by_the_patrol() -> None:
    number = apprehend(new_event(), **names_of(given_name=NAME, a_number="A088700003"))
    mine = browser("agent")
    page = text(mine.get(listed(number, "patrol")))
    assert new(number, "gang_label", "patrol") in page
    # Of doubtful age, who is a child until decided.
    answer = text(mine.post(new(number, "gang_label", "patrol"), LABEL), 422)
    assert "counsel" in answer
    said = {**LABEL, "counsel": "OPLA Tucson 26-117"}
    page = text(mine.post(new(number, "gang_label", "patrol"), said, follow=True))
    assert "OPLA Tucson 26-117" in page
    row = MarkRow.objects.using("patrol").get(record=number)
    approve = reverse("mark_approve", args=("patrol", number, row.number))
    assert browser("patrol's supervisor").post(approve, {"read": "on"}).status_code == 302
    match()
    # F16: of a child nobody else is told.
    assert Person("investigator").is_told_nothing(record("patrol", number))


def test_an_event_gets_no_label_and_offers_none() -> None:
    number = new_event()
    mine = browser("agent")
    assert new(number, "gang_label", "patrol") not in text(mine.get(listed(number, "patrol")))
    assert mine.get(new(number, "gang_label", "patrol")).status_code == 404
    assert mine.post(new(number, "gang_label", "patrol"), LABEL).status_code == 404


def test_which_agency_gave_it_is_one_of_the_directory(person: str) -> None:
    mine = browser()
    offered = re.findall(r'<option value="([^"]*)"', text(mine.get(new(person, "from"))))
    assert offered == ["", "county", "patrol"]
    for agency in ("", "investigations", "nowhere"):
        answer = mine.post(new(person, "from"), {**DRILL, "agency": agency})
        assert answer.status_code == 422, agency
    sets(person, "from", agency="county")
    assert "From county" in text(mine.get(listed(person)))
    assert "from:county" in Person("agent").opens("investigations", person)
    sets(person, "from", agency="patrol")
    assert mine.post(new(person, "from"), {**DRILL, "agency": "county"}).status_code == 422


@pytest.mark.parametrize(
    ("what", "wrong", "why"),
    [
        ("gang_label", {"kind_2": "admission"}, "independent"),
        ("gang_label", {"source_2": "Interview of the 2nd"}, "independent"),
        ("gang_label", {"kind_1": "tattoo", "kind_2": "place"}, "neither alone nor together"),
        ("gang_label", {"association_alone": "yes"}, "ssociation alone is no reason"),
        ("gang_label", {"kind_3": "place"}, "stated in words"),
        ("gang_label", {"association_alone": ""}, "required"),
        ("intelligence", {"views": "yes"}, "23.20(b)"),
        ("intelligence", {"unlawful": "yes"}, "23.20(d)"),
        ("intelligence", {"views": ""}, "required"),
        ("intelligence", {"review_on": "2099-01-01"}, "reviewed within"),
        ("intelligence", {"review_on": "2020-01-01"}, "reviewed within"),
        ("intelligence", {"reliability": "unknown", "validity": "doubtful"}, "23.20(c)"),
    ],
)
def test_what_lacks_is_said_and_nothing_typed_is_lost(
    person: str, what: str, wrong: dict[str, str], why: str
) -> None:
    said = {**SAID[what], **wrong}
    page = text(browser().post(new(person, what), said), 422)
    assert why in page
    for word in ("Said so in Spanish, on tape.", "Rented three boats in cash"):
        assert (word in page) == any(word in one for one in said.values())
    assert not MarkRow.objects.using("investigations").filter(record=person).exists()


def test_out_of_order_and_twice(person: str) -> None:
    boss, mine = browser("case supervisor"), browser()
    sets(person, "gang_label")
    ways = acts(person)
    assert "already" in text(mine.post(new(person, "gang_label"), LABEL), 422)
    assert boss.get(ways["review"]).status_code == 404
    for name in ways:
        assert mine.get(ways[name]).status_code == 404, name
        assert mine.post(ways[name], {"read": "on", "why": "x"}).status_code == 404, name
    does(ways["approve"], read="on")
    assert boss.post(ways["approve"], {"read": "on"}).status_code == 404
    does(ways["end"], why="Another man.")
    for name in ways:
        assert boss.post(ways[name], {"read": "on", "why": "x"}).status_code == 404, name
    # A mark is decided on beside its own record alone.
    sets(person, "intelligence")
    elsewhere = known_to_a_case(new_case(), **names_of(given_name="Otro"))
    assert boss.get(acts(person)["end"].replace(person, elsewhere)).status_code == 404


def test_another_agency_is_told_nothing(person: str) -> None:
    sets(person, "gang_label")
    hidden = known_to_a_case(new_case(), "section_1367", **names_of(given_name="Inés"))
    absent = "SR-26-009999"
    ways = acts(person)
    theirs = replace(CAST["patrol's supervisor"], number="U-111", assignment="AS-111")
    enlist(theirs)
    other = sign_in(theirs)
    for url in (listed(person), new(person, "exercise"), *ways.values()):
        for answer in (other.get(url), other.post(url, {"why": "x", "read": "on"})):
            assert answer.status_code in (403, 404, 405)
            assert "Interview of the 2nd" not in answer.content.decode()
            assert "ang label" not in answer.content.decode()
    pages = [sans_nonce(other.get(listed(one)).content.decode()) for one in (hidden, absent)]
    assert pages[0].replace(hidden, "N") == pages[1].replace(absent, "N")
    assert other.get(listed(hidden)).status_code == 404


def test_nobody_else_of_the_agency_writes_marks(person: str) -> None:
    for who in (
        "sharing officer",
        "analyst",
        "auditor",
        "administrator",
        "inspector",
        "department's auditor",
    ):
        assert browser(who).get(listed(person)).status_code == 403, who
    # An agent of the patrol writes no record of this system, whoever owns it.
    mine = replace(CAST["investigator"], number="U-260", assignment="AS-260", role=Role.AGENT)
    enlist(mine)
    assert sign_in(mine).get(listed(person)).status_code == 404
    assert listed(person) not in text(sign_in(mine).get(record("investigations", person)))


@pytest.mark.parametrize("word", HOSTILE.values(), ids=list(HOSTILE))
def test_hostile_words_break_nothing(person: str, word: str) -> None:
    mine, boss = browser(), browser("case supervisor")
    for what, said in SAID.items():
        for name in said:
            answer = mine.post(new(person, what), {**said, name: word})
            assert answer.status_code in (302, 422), (what, name)
    assert mine.post(new(person, "from"), {"agency": word, "why": word}).status_code == 422
    page = text(mine.get(listed(person)))
    assert "<script>alert" not in page
    for row in MarkRow.objects.using("investigations").filter(record=person):
        args = ("investigations", person, row.number)
        about: dict[str, Any] = {"why": word, "counsel": word, "review_on": word, "read": word}
        for name in ("review", "approve", "end"):
            answer = boss.post(reverse(f"mark_{name}", args=args), about)
            assert answer.status_code in (302, 404, 422), name
    assert "<script>alert" not in text(boss.get(listed(person)))
    assert text(boss.get(reverse("home")))


def test_no_number_breaks_an_address(person: str) -> None:
    mine = browser("case supervisor")
    for number in NO_NUMBERS:
        for url in (
            f"/records/investigations/{number}/marks/",
            f"/records/investigations/{person}/marks/new/{number}/",
            f"/records/investigations/{person}/marks/{number}/end/",
            f"/records/investigations/{number}/marks/MK-1/approve/",
        ):
            assert mine.get(url).status_code == 404, url
    for system in ("partner", "nowhere"):
        assert mine.get(f"/records/{system}/{person}/marks/").status_code == 404


def test_the_supervisor_above_decides_and_one_beside_does_not(person: str) -> None:
    sets(person, "gang_label")

    def chief(unit: str, number: int) -> Viewer:
        made = replace(
            CAST["case supervisor"], number=f"U-{number}", assignment=f"AS-{number}", unit=unit
        )
        enlist(made)
        return made

    beside, above = chief("LA/14", 270), chief("LA", 271)
    url = acts(person)["approve"]
    assert sign_in(beside).get(url).status_code == 404
    assert person not in text(sign_in(beside).get(reverse("home")))
    assert person in text(sign_in(above).get(reverse("home")))
    assert sign_in(above).post(url, {"read": "on"}).status_code == 302


def test_the_exchange_hears_of_it_as_of_any_change(person: str) -> None:
    desk = investigations.at_work()
    before = desk.keeper.find(person)
    assert before is not None
    sets(person, "intelligence")
    told = desk.door.pointers_since("", limit=10_000).pointers
    (pointer,) = [one for one in told if one.number == person and one.version > before.version]
    assert pointer.caveats == {"intelligence", "unapproved"}
