"""The agreement as a document, and how often each clause decided, as far as one may know."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import OperationalError
from django.urls import reverse
from tests.web.cast import CAST, INQUIRY, sign_in
from tests.web.scene import Scene

from tieline.core.agreement.clauses import Agreement
from tieline.core.agreement.decide import checked
from tieline.core.agreement.viewer import Viewer
from tieline.keeping.agreements import in_force
from tieline.keeping.databases import ACCOUNTS
from tieline.keeping.keeper import Change
from tieline.wiring import uses as using
from tieline.wiring.systems import doors
from tieline.wiring.uses import hiding, live_use

pytestmark = [pytest.mark.any_database, pytest.mark.django_db(databases="__all__")]

OFFICER, BOSS = "sharing officer", "patrol's supervisor"
GUARDS = ("patrol's auditor", "patrol's protection desk")


@pytest.fixture(autouse=True)
def _filled(scene: Scene) -> None:
    """Whoever signs in is there."""


@pytest.fixture
def text() -> Agreement:
    return in_force(ACCOUNTS)


def page(who: str) -> str:
    answer = sign_in(CAST[who], None).get(reverse("agreement"))
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def passage(who: str, name: str) -> str:
    """What stands at one clause or article, in words."""
    found = page(who)
    start = found.index(f'id="{name}"')
    return re.sub(
        r"\s+", " ", re.sub(r"<[^>]+>", " ", found[start : found.index("</article>", start)])
    )


def look(who: str, scene: Scene, label: str) -> None:
    address = reverse("record", args=(scene.systems[label], scene.numbers[label]))
    sign_in(CAST[who], INQUIRY).get(address)


def shown(who: str, clause: str) -> dict[str, int]:
    said = passage(who, clause)
    found = re.findall(
        r"(of ours shown to others|of others' shown to us|of ours refused to others): ([\d,]+)",
        said,
    )
    return {what: int(count.replace(",", "")) for what, count in found}


SHOWED, TO_US, REFUSED = (
    "of ours shown to others",
    "of others' shown to us",
    "of ours refused to others",
)


def test_everything_stands_on_it_once_in_its_order(text: Agreement) -> None:
    found = page("agent")
    names = re.findall(r'<article class="clause" id="(\w+)">', found)
    assert names == [one for section in text.reading for one in section.holds]
    for section in text.reading:
        assert found.count(f">{section.heading}</h2>") == 1
    linked = set(re.findall(r'href="#([\w-]+)"', found))
    assert linked >= {*text.articles, *text.clauses}
    assert {one for one in linked if f'id="{one}"' not in found} == set()


def test_an_article_says_what_keeps_it_and_its_terms() -> None:
    refusals = passage("agent", "A10")
    assert "for one of the reasons that it lists" in refusals
    assert "Reasons: A statute, a rule or an order of court forbids it" in refusals
    assert "Time for an answer: 30 days." in passage("agent", "A09")
    assert "no part of the program does" in passage("agent", "A21")


def test_a_clause_shows_what_it_demands_and_the_policy_that_decides(text: Agreement) -> None:
    said = passage("agent", "P12")
    assert "Of dates the year alone." in said
    assert '@obligation("year_only")' in said
    assert text.clauses["P12"].source in said


@pytest.mark.parametrize("who", ["agent", "investigator", "analyst", "deputy", "administrator"])
def test_how_often_a_clause_decided_is_for_those_who_answer_for_it(who: str) -> None:
    assert 'class="detail use"' not in page(who)


def test_each_party_is_told_its_own_side(scene: Scene) -> None:
    before = shown(OFFICER, "P04"), shown(BOSS, "P04")
    look("investigator", scene, "subject")
    after = shown(OFFICER, "P04"), shown(BOSS, "P04")
    grown = [
        {name: now[name] - was[name] for name in was}
        for was, now in zip(before, after, strict=True)
    ]
    assert grown == [{SHOWED: 0, TO_US: 1, REFUSED: 0}, {SHOWED: 1, TO_US: 0, REFUSED: 0}]


def test_a_look_at_one_s_own_record_is_not_counted(scene: Scene) -> None:
    look("agent", scene, "subject")
    assert shown(BOSS, "P01") == {SHOWED: 0, TO_US: 0, REFUSED: 0}


def test_that_a_hidden_record_was_come_upon_is_told_to_its_guards_alone(scene: Scene) -> None:
    """P26: a number beside F03 would tell that something is sealed, and that it was sought."""
    told = {who: shown(who, "F03") for who in (BOSS, OFFICER, *GUARDS)}
    look("investigator", scene, "sealed subject")
    assert REFUSED not in shown(BOSS, "F03")
    assert shown(BOSS, "F03") == told[BOSS]
    # Nor does whoever was refused learn by which clause.
    assert shown(OFFICER, "F03") == told[OFFICER]
    for who in GUARDS:
        assert shown(who, "F03")[REFUSED] == told[who][REFUSED] + 1


def test_the_page_of_who_may_not_know_is_the_same_to_the_byte(scene: Scene) -> None:
    def seen(who: str) -> str:
        # Above and below it stand a token of the form and the moment.
        found = page(who)
        return found[found.index("<main") : found.index("</main>")]

    before = [seen(who) for who in (BOSS, OFFICER)]
    for label in ("sealed subject", "victim"):
        look("investigator", scene, label)
        look("contractor", scene, label)
    assert [seen(who) for who in (BOSS, OFFICER)] == before


def test_a_record_that_is_sealed_later_is_counted_no_more(scene: Scene, text: Agreement) -> None:
    """As it stands in no list any more: the difference of the two would tell that it was sealed."""
    look("investigator", scene, "known subject")
    now = datetime.now(UTC)
    of_another_unit = replace(CAST[BOSS], unit="YUM/WEL")

    def showed(viewer: Viewer) -> int:
        return live_use(viewer, text, at=now).of("P04").showed

    before, guards = showed(of_another_unit), showed(CAST[GUARDS[0]])
    assert before
    keeper = doors()["patrol"].keeper
    sealed = keeper.find(scene.numbers["known subject"])
    assert sealed is not None
    sealed.sealed = True
    keeper.keep([Change(sealed, CAST["agent"], now)])
    assert showed(of_another_unit) < before
    assert showed(CAST[GUARDS[0]]) == guards


def test_a_prohibition_hides_whatever_its_condition_tells_of(text: Agreement) -> None:
    assert hiding(text) == {
        *("F01", "F02", "F03", "F04", "F05", "F06", "F12"),
        *("F15", "F16", "F17", "F19"),
    }
    assert hiding(text) <= set(checked(text).ids.values())


@pytest.mark.parametrize("who", ["auditor", "patrol's auditor"])
def test_an_auditor_of_each_party_finds_when_the_text_came_into_force(
    who: str, text: Agreement
) -> None:
    asked = {"event": "agreement:version:adopted"}
    found = sign_in(CAST[who], None).get(reverse("ledger"), asked).content.decode()
    assert found.count("a text came into force") >= 5
    assert found.count(text.digest[:16]) == 5


def test_auditors_alone_are_led_to_the_looks(text: Agreement) -> None:
    found = page("patrol's auditor")
    for clause in text.clauses:
        assert f'href="{reverse("ledger")}?clause={clause}"' in found
    assert reverse("ledger") + "?clause=" not in page(BOSS)


def test_what_does_not_answer_is_said_and_the_rest_is_counted(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    look("investigator", scene, "subject")
    count = using.count_uses

    def fails(ledger: Any) -> bool:
        if ledger.database == "investigations":
            raise OperationalError
        return count(ledger)

    monkeypatch.setattr(using, "count_uses", fails)
    assert "Not counted, since it does not answer: investigations." in re.sub(
        r"\s+", " ", page(BOSS)
    )
    assert shown(BOSS, "P04")[SHOWED]


def test_where_entries_are_left_to_be_counted_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(using, "count_uses", lambda ledger: True)
    assert "Not all entries are counted yet" in page(BOSS)
