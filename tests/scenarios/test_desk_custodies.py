"""The protection desk learns of a custody at once (P14): whoever keeps a protected record of the
person is told, before anybody asks to send them away; who books in is told nothing of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connections
from django.urls import reverse
from tests.ledgers import rows_of
from tests.people import AT
from tests.scenarios.story import Person, apprehend, known_to_a_case, new_case, new_event, record
from tests.scenarios.test_desk_holds import (
    BORN,
    VICTIM,
    a_number,
    asks,
    desk_of_investigations,
    falsely_named,
    is_held,
    judged,
    linked,
    protect,
)
from tests.web.cast import CAST, INQUIRY, enlist, sign_in

from tieline.core.ledger.entries import Entry
from tieline.core.ledger.events import Event
from tieline.exchange.index.models import LinkState
from tieline.keeping.custody_news import CustodyNews
from tieline.keeping.databases import EXCHANGE, KEEPERS
from tieline.keeping.told_custodies import ToldCustody
from tieline.systems.investigations import desk as investigations
from tieline.systems.patrol import desk as patrol
from tieline.systems.patrol.subjects.adding import correct_subject
from tieline.systems.patrol.subjects.subject import Subject
from tieline.wiring.custodies import Round
from tieline.wiring.parts import see_to_custodies

pytestmark = [pytest.mark.scenario, pytest.mark.database, pytest.mark.usefixtures("scene")]

BOOKED = {"booked_in_at": AT - timedelta(hours=1)}
AGENT = {"author": CAST["agent"]}


def protected(*flags: str, alien: str, **more: Any) -> str:
    """Somebody whom a case of the investigators protects."""
    about = {**VICTIM, **BORN, "a_number": alien, **more}
    return known_to_a_case(new_case(), *(flags or ("section_1367",)), **about)


def booked_in(alien: str, *flags: str, **more: Any) -> str:
    return apprehend(new_event(), *flags, **{**falsely_named("Rosa", alien), **BOOKED, **more})


def corrected(subject: str, **changes: Any) -> None:
    correct_subject(patrol.at_work(), subject, changes, why="learned", at=AT, **AGENT)


def clock(later: timedelta = timedelta(), round_: Round | None = None) -> bool:
    """One turn of it, in which no round through all custodies is due unless one is given."""
    return see_to_custodies(round_ or Round(begun=AT + later), AT + later)


def told(system: str, of: str) -> list[ToldCustody]:
    return list(ToldCustody.objects.using(system).filter(record=of).order_by("id"))


def entries(system: str, of: str) -> list[Entry]:
    rows = rows_of(system).filter(event=Event.CUSTODY_BEGUN, record=of).order_by("sequence")
    return [Entry.from_bytes(row.data.encode()) for row in rows]


@contextmanager
def away(database: str) -> Iterator[None]:
    def refuse(*_given: Any) -> Any:
        raise OperationalError("nobody is there")

    with connections[database].execute_wrapper(refuse):
        yield


def test_the_investigators_desk_learns_whom_the_patrol_has_booked_in() -> None:
    alien = a_number()
    kept = protected(alien=alien)
    met = booked_in(alien)
    assert told("investigations", kept) == [], "not in the breath of the booking"
    assert clock()
    (row,) = told("investigations", kept)
    (entry,) = entries("investigations", kept)
    assert (entry.owner, entry.viewer) == ("investigations", None)
    assert met not in str(entry)

    desk = desk_of_investigations()
    page = reverse("desk_custody", args=(row.number,))
    for url in (reverse("home"), reverse("desk")):
        assert row.number in desk.get(url).content.decode(), url
    one = desk.get(page).content.decode()
    for said in (kept, met, "TCA/NGL", "TCA/NGL duty desk"):
        assert said in one, said

    # It notes what it did, and the custody is no more among what waits.
    call = reverse("desk_custody_called", args=(row.number,))
    assert desk.post(call, {"said": " "}).status_code == 422
    assert desk.post(call, {"said": "NGL: who has her is told by phone."}).status_code == 302
    assert row.number not in desk.get(reverse("home")).content.decode()
    assert "NGL: who has her" in desk.get(page).content.decode()
    assert rows_of("investigations").filter(event=Event.DESK_CALLED, record=kept).count() == 1

    # Nobody waits for the desk: it holds nothing until somebody asks, and then it does.
    assert is_held(asks(Person("agent"), met))


def test_the_patrol_s_own_desk_learns_of_whom_it_protected_before() -> None:
    """And of whom it protects as they are booked in; the investigators' desk of neither."""
    alien = a_number()
    before = apprehend(new_event(), "section_1367", **{**VICTIM, **BORN, "a_number": alien})
    met = booked_in(alien, "asylum", fear_claimed="yes")
    clock()
    ours, theirs = Person("patrol's protection desk", None), desk_of_investigations()
    for number in (before, met):
        (row,) = told("patrol", number)
        page = reverse("desk_custody", args=(row.number,))
        assert row.number in ours.reads(reverse("desk"))
        assert met in ours.reads(page)
        assert theirs.get(page).status_code == 404
        assert theirs.post(reverse("desk_custody_called", args=(row.number,))).status_code == 404
        assert row.number not in theirs.get(reverse("desk")).content.decode()


def test_told_once_of_a_custody_and_again_of_one_in_other_hands() -> None:
    alien = a_number()
    kept, met = protected(alien=alien), booked_in(alien)
    for _ in range(2):
        clock()
        corrected(met, eye="brown")
    clock()
    assert len(entries("investigations", kept)) == 1
    (row,) = told("investigations", kept)
    desk = desk_of_investigations()
    called = desk.post(reverse("desk_custody_called", args=(row.number,)), {"said": "Called."})
    assert called.status_code == 302

    # Moved to another unit it is news: the desk would call those who have her no more.
    Subject.objects.filter(number=met).update(owning_unit="YUM/WEL", contact="WEL desk")
    clock(timedelta(minutes=9), Round())
    (row,) = told("investigations", kept)
    assert (row.unit, row.contact, row.called_at) == ("YUM/WEL", "WEL desk", None)
    assert len(entries("investigations", kept)) == 2


def test_a_custody_that_is_over_leaves_the_list_and_a_new_one_is_told() -> None:
    alien = a_number()
    kept, met = protected(alien=alien), booked_in(alien)
    clock()
    (row,) = told("investigations", kept)
    corrected(met, booked_out_at=AT, disposition="NTA/REL")
    clock()
    desk = desk_of_investigations()
    assert row.number not in desk.get(reverse("desk")).content.decode()
    assert "over" in desk.get(reverse("desk_custody", args=(row.number,))).content.decode()
    assert len(entries("investigations", kept)) == 1
    corrected(met, booked_out_at=None)
    clock()
    assert row.number in desk.get(reverse("desk")).content.decode()
    assert len(entries("investigations", kept)) == 2


def test_of_whom_a_new_number_is_learned_in_custody_the_desk_is_told_then() -> None:
    alien = a_number()
    kept = protected(alien=alien)
    met = booked_in(a_number())
    clock()
    assert told("investigations", kept) == []
    corrected(met, a_number=alien)
    clock()
    assert len(told("investigations", kept)) == 1
    # It was misread: she is somebody else, and leaves the list.
    corrected(met, a_number=a_number())
    clock()
    assert told("investigations", kept)[0].ended_at == AT


def test_who_is_protected_or_confirmed_while_in_custody_is_found_by_the_next_round() -> None:
    met, kept, link = linked("Iris")
    corrected(met, **BOOKED)
    late = a_number()
    other, known = booked_in(late), known_to_a_case(new_case(), **{**VICTIM, "a_number": late})
    round_ = Round()
    see_to_custodies(round_, AT)
    judged(link, LinkState.CONFIRMED)
    for number in (kept, known):
        protect(number)
    see_to_custodies(round_, AT + timedelta(minutes=4))
    assert told("investigations", kept) == told("investigations", known) == []
    see_to_custodies(round_, AT + timedelta(minutes=5))
    assert [row.about for row in told("investigations", kept)] == [met]
    assert [row.about for row in told("investigations", known)] == [other]


def test_nobody_is_told_of_whom_no_protection_is_set_or_who_shares_a_name_alone() -> None:
    """What nobody has asked yet holds a removal; the desk has a list of it on its home."""
    alien = a_number()
    unasked = known_to_a_case(new_case(), **{**VICTIM, **BORN, "a_number": a_number()})
    namesake = protected(alien=a_number())
    met = apprehend(
        new_event(), **{**VICTIM, **BORN, **BOOKED, "a_number": alien, "protections": {}}
    )
    clock()
    for system, number in (("investigations", unasked), ("investigations", namesake)):
        assert told(system, number) == []
    assert told("patrol", met) == []


def test_of_what_is_one_unit_s_alone_its_supervisor_learns() -> None:
    alien = a_number()
    kept = protected("informant", alien=alien)
    booked_in(alien)
    clock()
    (row,) = told("investigations", kept)
    page = reverse("desk_custody", args=(row.number,))
    boss = Person("case supervisor", None)
    assert row.number in boss.reads(reverse("home"))
    assert kept in boss.reads(page)
    elsewhere = replace(CAST["case supervisor"], number="U-229", assignment="AS-229", unit="TU")
    enlist(elsewhere)
    assert sign_in(elsewhere, None).get(page).status_code == 404
    at_another_office = desk_of_investigations(unit="TU")
    assert at_another_office.get(page).status_code == 404


def test_a_contractor_or_a_local_officer_in_the_desk_s_role_is_told_nothing() -> None:
    alien = a_number()
    kept = protected(alien=alien)
    booked_in(alien)
    clock()
    (row,) = told("investigations", kept)
    outside = ({"sworn": False, "employee": False}, {"department": "COUNTY"})
    for place, more in enumerate(outside):
        client = desk_of_investigations(number=f"U-27{place}", assignment=f"AS-27{place}", **more)
        assert client.get(reverse("desk_custody", args=(row.number,))).status_code == 404
        assert row.number not in client.get(reverse("desk")).content.decode()


def patrol_sees(subject: str) -> dict[str, str]:
    """All that the people of the patrol can read of a booking, or of what came of it."""
    pages: dict[str, str] = {}
    for who, purpose in (
        ("agent", INQUIRY),
        ("patrol's supervisor", INQUIRY),
        ("patrol's watch desk", INQUIRY),
        ("patrol's auditor", None),
    ):
        person = Person(who, purpose)
        for url in (
            record("patrol", subject),
            reverse("patrol:subject_clearance", args=(subject,)),
            reverse("record_history", args=("patrol", subject)),
            reverse("home"),
            reverse("desk"),
            reverse("notices"),
            reverse("shown"),
            reverse("ledger"),
            reverse("who_saw", args=(subject,)),
        ):
            answer = person.client.get(url)
            text = answer.content.decode() if answer.status_code == 200 else ""
            # Drawn at random for each page, or a digest of an entry with its number.
            text = re.sub(r"[0-9A-Za-z]{64}|looks-\w+-\w+", "", text)
            shown = f"{answer.status_code} {text}".replace(subject, "THIS")
            pages[f"{who} {url}".replace(subject, "THIS")] = shown
    return pages


def of_one(pages: dict[str, str]) -> dict[str, str]:
    """Those on this booking alone, without figures: on a list it stands beside the one before."""
    return {page: re.sub(r"\d", "0", text) for page, text in pages.items() if "THIS" in page}


def told_of(subject: str) -> list[tuple[str, str]]:
    """What the patrol's own ledger says of a booking."""
    rows = rows_of("patrol").filter(record=subject).order_by("sequence")
    return [(row.event, row.agency) for row in rows]


def test_from_the_patrol_s_side_it_cannot_be_learned_whether_a_desk_was_told() -> None:
    """Neither by what the pages say, nor by the ledger, nor by how often a database is asked."""
    alien, event = a_number(), new_event()
    kept = protected(alien=alien)
    seen: list[tuple[dict[str, str], list[tuple[str, str]], list[str]]] = []
    # The first is for what is read once and remembered.
    for number in (a_number(), alien, a_number()):
        about = {**falsely_named("Rosa", number), **BOOKED}
        asked: list[str] = []

        def note(ask: Any, sql: str, *rest: Any, asked: list[str] = asked) -> Any:
            asked.append(re.sub(r"(\(?%s\)?(, )?)+|\d+", "0", sql))
            return ask(sql, *rest)

        with connections["patrol"].execute_wrapper(note):
            met = apprehend(event, **about)
            clock()
        seen.append((patrol_sees(met), told_of(met), asked))
        assert not CustodyNews.objects.using("patrol").exists()
    assert len(told("investigations", kept)) == 1
    _, (pages, ledger, statements), (others, other_ledger, other_statements) = seen
    assert ledger == other_ledger
    assert statements == other_statements
    assert of_one(pages) == of_one(others)
    assert len(of_one(pages)) > 12
    custody = told("investigations", kept)[0].number
    assert not [page for page, text in pages.items() if kept in text or custody in text]


def test_where_a_system_is_away_the_others_are_told_and_it_later() -> None:
    alien = a_number()
    kept = protected(alien=alien)
    before = apprehend(new_event(), "asylum", **{**VICTIM, "a_number": alien, "fear_claimed": "no"})
    met = booked_in(alien)
    with away("investigations"):
        assert clock()
    waits = CustodyNews.objects.using("patrol").filter(number=met)
    assert waits.count() == 1
    assert len(told("patrol", before)) == 1
    clock()
    assert waits.count() == 0
    assert len(told("investigations", kept)) == 1
    assert len(entries("patrol", before)) == 1


def test_while_the_exchange_is_away_who_is_known_by_a_number_is_told_of() -> None:
    met, kept, link = linked("Isabel")
    judged(link, LinkState.CONFIRMED)
    protect(kept)
    alien = a_number()
    by_number = protected(alien=alien)
    corrected(met, a_number=alien, **BOOKED)
    with away(EXCHANGE):
        clock()
    assert len(told("investigations", by_number)) == 1
    assert told("investigations", kept) == []
    clock()
    assert len(told("investigations", kept)) == 1


def test_it_goes_with_the_protected_record_and_is_over_with_the_custody_s() -> None:
    alien = a_number()
    kept, met = protected(alien=alien), booked_in(alien)
    clock()
    patrol.at_work().keeper.purge(met, at=AT, **AGENT)
    clock()
    assert [row.ended_at for row in told("investigations", kept)] == [AT]
    investigations.at_work().keeper.purge(kept, author=CAST["investigator"], at=AT)
    assert told("investigations", kept) == []
    assert not [name for name in KEEPERS if ToldCustody.objects.using(name).filter(about=met)]
