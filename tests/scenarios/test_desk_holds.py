"""The protection desk (P14): whoever is about to be sent away is asked about in every system; of
a hold nobody is told the reason, and the keeper of the protected record learns of it at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from tests.ledgers import rows_of
from tests.people import AT
from tests.scenarios.story import (
    Person,
    apprehend,
    known_to_a_case,
    names_of,
    new_case,
    new_event,
    record,
)
from tests.web.cast import CAST, enlist, sign_in
from tests.web.scene import match

from tieline.core.agreement.viewer import Purpose, PurposeCode, Role
from tieline.core.ledger.events import Event
from tieline.exchange.index.judging import judge
from tieline.exchange.index.models import Link, LinkState
from tieline.keeping.agreements import in_force
from tieline.keeping.databases import EXCHANGE
from tieline.keeping.removal_holds import RemovalHold
from tieline.systems.investigations import desk as investigations
from tieline.systems.investigations.protecting import set_protection
from tieline.wiring import clearing
from tieline.wiring.parts import escalate_due

pytestmark = [pytest.mark.scenario, pytest.mark.database, pytest.mark.usefixtures("scene")]

THEIR_DESK = replace(
    CAST["investigator"], number="U-250", assignment="AS-250", role=Role.PROTECTION_DESK
)
VICTIM = names_of(
    given_name="Inés", paternal_surname="Protegida", maternal_surname="Invención", citizenship="MX"
)
BORN = {"birth_date": "1988-04-05"}
_numbers = count(88_200_001)


def a_number() -> str:
    return f"A0{next(_numbers)}"


def falsely_named(given_name: str, alien: str) -> dict[str, Any]:
    """A name that was given falsely: the number alone is hers."""
    return names_of(given_name=given_name, citizenship="MX", a_number=alien)


def asks(person: Person, subject: str, disposition: str = "V") -> str:
    """What the page says after it was asked."""
    page = reverse("patrol:subject_clearance", args=(subject,))
    answer = person.client.post(page, {"disposition": disposition})
    assert answer.status_code == 302, answer.content.decode()
    return person.reads(page)


def is_held(page: str) -> bool:
    held, cleared = "Hold: call the protection desk." in page, "Cleared as of" in page
    assert held is not cleared
    return held


def enters(person: Person, subject: str, **fields: str) -> HttpResponse:
    page = reverse("patrol:subject_correct", args=(subject,))
    form = person.client.get(page).context["form"]
    now = {name: form[name].value() for name in form.fields}
    said = {name: value for name, value in now.items() if value not in (None, "")}
    return person.client.post(page, {**said, **fields, "why": "decided"})


def desk_of_investigations(**more: Any) -> Client:
    who = replace(THEIR_DESK, **more)
    enlist(who)
    return sign_in(who, None)


def test_the_investigators_protected_person_holds_a_return_of_the_patrol() -> None:
    alien = a_number()
    kept = known_to_a_case(new_case(), "section_1367", **{**VICTIM, **BORN, "a_number": alien})
    met = apprehend(new_event(), **falsely_named("Rosa", alien))
    agent, desk = Person("agent"), desk_of_investigations()
    refused = enters(agent, met, disposition="V")
    assert refused.status_code == 422
    assert "ask the protection desk first" in refused.content.decode()

    page = asks(agent, met)
    assert is_held(page)
    assert kept not in page
    assert "1367" not in page
    assert "investigations" not in page.partition("<aside")[0]

    # Her desk learns of it at once, with whom to call; it is the desk's alone.
    home = desk.get(reverse("home")).content.decode()
    (hold,) = RemovalHold.objects.using("investigations").filter(record=kept)
    assert hold.number in home
    one = desk.get(reverse("desk_hold", args=(hold.number,))).content.decode()
    for told in (kept, met, "TCA/NGL", "TCA/NGL duty desk", "U-100"):
        assert told in one, told
    ours = Person("patrol's protection desk", None)
    assert hold.number not in ours.reads(reverse("desk"))
    assert ours.is_told_nothing(reverse("desk_hold", args=(hold.number,)))
    for who in ("patrol's auditor", "patrol's supervisor"):
        client = Person(who, None).client
        for url in (reverse("ledger"), reverse("who_saw", args=(kept,)), reverse("desk")):
            if (answer := client.get(url)).status_code == 200:
                assert hold.number not in answer.content.decode(), (who, url)
    assert "No entry that you may be told" in Person("patrol's auditor", None).reads(
        reverse("who_saw", args=(kept,))
    )

    # Asked again it is the same hold; entered all the same it is refused.
    assert is_held(asks(agent, met))
    assert RemovalHold.objects.using("investigations").filter(record=kept).count() == 1
    assert "extends no custody" in enters(agent, met, disposition="V").content.decode()

    noted = desk.post(
        reverse("desk_hold_called", args=(hold.number,)), {"said": "NGL told to wait"}
    )
    assert noted.status_code == 302
    assert is_held(asks(agent, met)), "a call clears nothing"
    clear = reverse("desk_hold_clear", args=(hold.number,))
    assert desk.post(clear, {"why": " "}).status_code == 422
    assert desk.post(clear, {"why": "She asked to return; counsel agrees."}).status_code == 302
    assert not is_held(asks(agent, met))
    assert enters(agent, met, disposition="V").status_code == 302
    # For this disposition alone.
    assert is_held(asks(agent, met, "ADMDPT"))
    # And the record is as protected as before.
    assert Person("agent").is_told_nothing(record("investigations", kept))


KINDS = ("section_1367", "asylum", "informant", "us_person", "sealed", "grand_jury", "intercept")


def test_every_hold_looks_alike_and_names_no_source(monkeypatch: pytest.MonkeyPatch) -> None:
    agent, case, event = Person("agent"), new_case(), new_event()
    pages: dict[str, str] = {}

    def told(kind: str, *own: str, **about: Any) -> None:
        met = apprehend(event, *own, **{**names_of(given_name="Rosa", citizenship="MX"), **about})
        page = re.sub(r'(name="csrfmiddlewaretoken" value=")[^"]+', r"\1", asks(agent, met))
        pages[kind] = re.sub(r"\d", "0", page.replace(met, "N"))

    for kind in KINDS:
        alien = a_number()
        known_to_a_case(case, kind, **{**VICTIM, **BORN, "a_number": alien})
        told(f"{kind} of the investigators", a_number=alien)
    for kind in ("section_1367", "asylum", "us_person"):
        told(f"{kind} of the patrol", kind, a_number=a_number())
    told("two at once", "asylum", a_number=a_number())
    told("not asked", fear_claimed="", a_number=a_number())
    with away("investigations", monkeypatch):
        told("a source away", a_number=a_number())
    # A sealed record of the patrol's own unit is open to its agents: they may enter, and are held.
    assert all(is_held(page) for page in pages.values()), pages.keys()
    assert len(set(pages.values())) == 1
    told("nobody protected", a_number=a_number())
    assert not is_held(pages["nobody protected"])


@contextmanager
def away(system: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    ask = clearing.tell_desks

    def answer(keeper: Any, *given: Any, **more: Any) -> bool:
        if keeper.system == system:
            raise OperationalError("no answer")
        return ask(keeper, *given, **more)

    with monkeypatch.context() as patch:
        patch.setattr(clearing, "tell_desks", answer)
        yield


def linked(given_name: str) -> tuple[str, str, Link]:
    """The same name and day in both systems, and the link that the exchange proposes."""
    who = {**VICTIM, **BORN, "given_name": given_name}
    met = apprehend(new_event(), **who)
    kept = known_to_a_case(new_case(), **who)
    match()
    links = Link.objects.filter(left__number__in=(met, kept), right__number__in=(met, kept))
    return met, kept, links.get()


def judged(link: Link, state: LinkState) -> None:
    judge(
        link.number,
        state,
        viewer=CAST["investigator"],
        purpose=Purpose(code=PurposeCode.INVESTIGATION, number="LA-26-0001"),
        agreement=in_force(EXCHANGE),
        reason="interviewed",
        at=AT,
        held=lambda system, number: False,
    )


def protect(kept: str) -> None:
    desk = investigations.at_work()
    by = {"author": CAST["investigator"], "at": AT}
    set_protection(desk, kept, "section_1367", True, why="Application filed", **by)
    match()


def test_whom_a_person_confirmed_holds_though_the_link_is_frozen_since() -> None:
    met, kept, link = linked("Inés")
    judged(link, LinkState.CONFIRMED)
    assert not is_held(asks(Person("agent"), met)), "nobody is protected yet"
    protect(kept)
    assert is_held(asks(Person("agent"), met))


def test_a_name_alone_holds_nobody_and_not_this_person_counts_everywhere() -> None:
    """P6 and P12."""
    met, kept, _link = linked("Irene")
    protect(kept)
    assert not is_held(asks(Person("agent"), met))

    alien = a_number()
    who = {**VICTIM, **BORN, "a_number": alien}
    other, theirs = apprehend(new_event(), **who), known_to_a_case(new_case(), **who)
    match()
    pair = Link.objects.filter(left__number__in=(other, theirs), right__number__in=(other, theirs))
    judged(pair.get(), LinkState.REJECTED)
    protect(theirs)
    assert not is_held(asks(Person("agent"), other))


def test_the_role_alone_makes_nobody_the_desk() -> None:
    """A contractor, a local officer and a foreign member: outside, whatever their role says."""
    alien = a_number()
    kept = known_to_a_case(new_case(), "section_1367", **{**VICTIM, **BORN, "a_number": alien})
    met = apprehend(new_event(), **falsely_named("Rosa", alien))
    assert is_held(asks(Person("agent"), met))
    (hold,) = RemovalHold.objects.using("investigations").filter(record=kept)
    outside = (
        {"sworn": False, "employee": False},
        {"department": "COUNTY"},
        {"department": "MX"},
    )
    for place, more in enumerate(outside):
        client = desk_of_investigations(number=f"U-26{place}", assignment=f"AS-26{place}", **more)
        assert hold.number not in client.get(reverse("home")).content.decode()
        assert hold.number not in client.get(reverse("desk")).content.decode()
        for name in ("desk_hold", "desk_hold_called", "desk_hold_clear"):
            url = reverse(name, args=(hold.number,))
            assert client.get(url).status_code == 404, (more, name)
            assert client.post(url, {"why": "x", "said": "x"}).status_code in (404, 405)
    assert is_held(asks(Person("agent"), met))
    contractor = Person("contractor")
    page = reverse("patrol:subject_clearance", args=(met,))
    told = contractor.client.post(page, {"disposition": "V"})
    assert told.status_code == 422
    assert "Hold" not in told.content.decode()


def test_what_is_one_unit_s_alone_its_supervisor_answers() -> None:
    """Not even the agency's desk may know of an informant (P19)."""
    alien = a_number()
    kept = known_to_a_case(new_case(), "informant", **{**VICTIM, **BORN, "a_number": alien})
    met = apprehend(new_event(), **falsely_named("Rosa", alien))
    assert is_held(asks(Person("agent"), met))
    (hold,) = RemovalHold.objects.using("investigations").filter(record=kept)
    page = reverse("desk_hold", args=(hold.number,))
    at_another_office = desk_of_investigations(unit="TU")
    assert at_another_office.get(page).status_code == 404
    boss = Person("case supervisor", None)
    assert hold.number in boss.reads(reverse("desk"))
    clear = reverse("desk_hold_clear", args=(hold.number,))
    assert boss.client.post(clear, {"why": "The work with him is over."}).status_code == 302
    assert not is_held(asks(Person("agent"), met))
    # Of a victim's record the supervisor is told nothing: that is the desk's.
    alien = a_number()
    victim = known_to_a_case(new_case(), "section_1367", **{**VICTIM, **BORN, "a_number": alien})
    met = apprehend(new_event(), **falsely_named("Ana", alien))
    assert is_held(asks(Person("agent"), met))
    (held,) = RemovalHold.objects.using("investigations").filter(record=victim)
    assert boss.is_told_nothing(reverse("desk_hold", args=(held.number,)))


def test_a_hold_that_the_desk_leaves_lying_is_put_before_the_record_s_own_unit_alone() -> None:
    alien = a_number()
    kept = known_to_a_case(new_case(), "us_person", **{**VICTIM, **BORN, "a_number": alien})
    met = apprehend(new_event(), **falsely_named("Rosa", alien))
    agent, boss = Person("agent"), Person("case supervisor", None)
    assert is_held(asks(agent, met))
    (hold,) = RemovalHold.objects.using("investigations").filter(record=kept)
    page = reverse("desk_hold", args=(hold.number,))
    escalate_due(hold.due_at - timedelta(seconds=1))
    assert boss.is_told_nothing(page), "the desk still has its hour"

    escalate_due(hold.due_at)
    assert hold.number in boss.reads(reverse("home"))
    assert "put before LA/13 duty desk" in boss.reads(page)
    of_elsewhere = replace(CAST["case supervisor"], number="U-219", assignment="AS-219", unit="TU")
    enlist(of_elsewhere)
    assert sign_in(of_elsewhere, None).get(page).status_code == 404
    for who in ("patrol's supervisor", "patrol's protection desk"):
        assert Person(who, None).is_told_nothing(page), who
    escalate_due(hold.due_at + timedelta(hours=9))
    told = rows_of("investigations").filter(event=Event.NOTICE_ESCALATED.value, record=kept)
    assert told.count() == 1

    # Cleared, it is over; asked again much later, the desk has its hour anew.
    clear = reverse("desk_hold_clear", args=(hold.number,))
    assert boss.client.post(clear, {"why": "He asked to leave; counsel agrees."}).status_code == 302
    assert not is_held(asks(agent, met))


def test_whoever_asks_does_not_answer_and_what_nobody_has_asked_is_asked_first() -> None:
    """A supervisor of the very unit would else clear his own wish."""
    sealed = apprehend(new_event(), "sealed", **falsely_named("Rosa", a_number()))
    boss = Person("patrol's supervisor")
    assert is_held(asks(boss, sealed))
    (hold,) = RemovalHold.objects.using("patrol").filter(record=sealed)
    clear = reverse("desk_hold_clear", args=(hold.number,))
    refused = boss.client.post(clear, {"why": "The court has lifted it."})
    assert refused.status_code == 422
    assert "does not clear the hold" in refused.content.decode()
    assert is_held(asks(Person("agent"), sealed))
    assert boss.client.post(clear, {"why": "The court has lifted it."}).status_code == 302
    assert not is_held(asks(Person("agent"), sealed))

    # Where no question was asked no supervisor answers: they are to be asked.
    draft = {**falsely_named("Ana", a_number()), "protections": {}}
    unasked = apprehend(new_event(), **draft)
    assert is_held(asks(Person("agent"), unasked))
    (hold,) = RemovalHold.objects.using("patrol").filter(record=unasked)
    assert boss.is_told_nothing(reverse("desk_hold", args=(hold.number,)))


def test_what_is_protected_after_it_was_cleared_holds_anew() -> None:
    alien = a_number()
    kept = known_to_a_case(new_case(), "us_person", **{**VICTIM, **BORN, "a_number": alien})
    met = apprehend(new_event(), **falsely_named("Rosa", alien))
    agent, desk = Person("agent"), desk_of_investigations()
    assert is_held(asks(agent, met))
    (hold,) = RemovalHold.objects.using("investigations").filter(record=kept)
    clear = reverse("desk_hold_clear", args=(hold.number,))
    assert desk.post(clear, {"why": "A resident whose order is final."}).status_code == 302
    assert not is_held(asks(agent, met))
    protect(kept)
    assert is_held(asks(agent, met))
