"""Persons stored: by strong identifiers and people's words alone, and always what those say."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from itertools import combinations
from typing import Any

import pytest
from tests.people import AGENT, AT, CASE, INVESTIGATOR

from tieline.core.agreement.clauses import Agreement
from tieline.core.agreement.viewer import Viewer
from tieline.core.records import Pointer
from tieline.exchange.index.judging import judge
from tieline.exchange.index.models import (
    Link,
    LinkState,
    Membership,
    Person,
    PersonEvent,
)
from tieline.exchange.index.persons import rederived, restore, stored, unlike
from tieline.keeping.agreements import in_force
from tieline.keeping.databases import EXCHANGE

from .scene import ENGINE, changed, directory, matched, of_case, pointer, taken, weigh

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("listed")]

LATER = AT + timedelta(minutes=5)
NUMBER = (("a_number", "A012345678"),)


@pytest.fixture
def listed(adopted: Agreement) -> None:
    directory()


def persons() -> set[frozenset[str]]:
    """By the numbers of the records; those that are alone are left out."""
    found: dict[int, set[str]] = {}
    for one in Membership.objects.select_related("pointer"):
        found.setdefault(one.person_id, set()).add(one.pointer.number)
    assert unlike() == ()
    assert stored() == rederived()
    return {frozenset(one) for one in found.values()}


def subject(n: int, **about: Any) -> Pointer:
    return pointer(f"TCA-2611-{n:06}-01", **about)


def say(state: LinkState, one: Pointer, other: Pointer, viewer: Viewer = AGENT) -> None:
    link = next(
        link
        for link in Link.objects.select_related("left", "right")
        if {link.left.number, link.right.number} == {one.number, other.number}
    )
    judge(
        link.number,
        state,
        viewer=viewer,
        purpose=CASE,
        agreement=in_force(EXCHANGE),
        reason="prints compared",
        at=LATER,
        held=lambda system, number: False,
    )


def test_names_alone_make_no_person() -> None:
    matched(pointer(), of_case())
    assert persons() == set()


def test_a_strong_identifier_does() -> None:
    matched(pointer(identifiers=NUMBER), of_case(identifiers=NUMBER))
    assert persons() == {frozenset({pointer().number, of_case().number})}
    assert Person.objects.get().number.startswith("PN-")


def test_but_not_where_something_strong_contradicts_it() -> None:
    engine = replace(ENGINE, weigh=lambda *two: replace(weigh(*two), contradicted=True))
    matched(pointer(identifiers=NUMBER), of_case(identifiers=NUMBER), engine=engine)
    assert persons() == set()


def test_a_word_makes_one_and_taking_it_back_restores_what_was() -> None:
    matched(pointer(), of_case())
    say(LinkState.CONFIRMED, pointer(), of_case())
    assert persons() == {frozenset({pointer().number, of_case().number})}
    say(LinkState.PROPOSED, pointer(), of_case())
    assert persons() == set()


def test_what_agencies_dispute_counts_as_proposed() -> None:
    """P13."""
    matched(pointer(identifiers=NUMBER), of_case(identifiers=NUMBER))
    say(LinkState.CONFIRMED, pointer(), of_case())
    say(LinkState.REJECTED, pointer(), of_case(), INVESTIGATOR)
    assert Link.objects.get().state == LinkState.DISPUTED
    assert persons() == set()


def test_what_has_to_do_with_each_other_is_never_one() -> None:
    engine = replace(ENGINE, weigh=lambda *two: replace(weigh(*two), relation="association"))
    matched(pointer(identifiers=NUMBER), of_case(identifiers=NUMBER), engine=engine)
    say(LinkState.CONFIRMED, pointer(), of_case())
    assert persons() == set()


def test_what_is_taken_back_leaves_its_person() -> None:
    """P15."""
    three = [subject(n, identifiers=NUMBER) for n in (1, 2, 3)]
    matched(*three)
    taken(three[0].buried(version=2))
    assert persons() == {frozenset({three[1].number, three[2].number})}


def test_a_link_that_ends_by_itself_ends_its_person() -> None:
    matched(pointer(identifiers=NUMBER), of_case(identifiers=NUMBER))
    matched(changed(pointer(), names=("Jose LOPEZ",), birth_date="1971-01-01"))
    assert persons() == set()


def test_the_name_stays_with_the_oldest_and_what_became_of_it_is_kept() -> None:
    one, two = (subject(n, identifiers=NUMBER) for n in (1, 2))
    others = (("a_number", "A087654321"),)
    three, four = (subject(n, identifiers=others) for n in (3, 4))
    matched(one, two, three, four)
    oldest = {one.oldest.number: one.number for one in Person.objects.select_related("oldest")}
    assert set(oldest) == {one.number, three.number}
    say(LinkState.CONFIRMED, two, three)
    assert persons() == {frozenset(each.number for each in (one, two, three, four))}
    merged = PersonEvent.objects.get()
    assert (merged.person.number, merged.came) == (oldest[three.number], "merged into")
    assert (merged.other.number, merged.judgement.user) == (oldest[one.number], AGENT.number)
    say(LinkState.REJECTED, two, three)
    assert persons() == {
        frozenset({one.number, two.number}),
        frozenset({three.number, four.number}),
    }
    last = PersonEvent.objects.filter(person__number=oldest[three.number]).order_by("-id")[0]
    assert (last.came, last.other.number) == ("split from", oldest[one.number])
    assert Membership.objects.get(pointer__number=four.number).person.number == oldest[three.number]


def test_any_order_of_arrival_gives_the_same_persons() -> None:
    rng = random.Random(3)
    numbers = [(("a_number", f"A01234567{n}"),) for n in range(3)]
    people = [subject(n, identifiers=rng.choice(numbers)) for n in range(12)]
    found = []
    for _ in range(3):
        rng.shuffle(people)
        for start in range(0, 12, 5):
            matched(*people[start : start + 5])
        found.append(persons())
        matched(*(one.buried(version=one.version + 1) for one in people))
        assert persons() == set()
        people = [replace(one, version=one.version + 2) for one in people]
    assert found[0] == found[1] == found[2]
    assert len(found[0]) == 3


def test_whatever_is_said_in_whatever_order_stored_is_derived() -> None:
    rng = random.Random(7)
    numbers = [(("a_number", f"A01234567{n}"),) for n in range(2)]
    people = [subject(n, identifiers=rng.choice([*numbers, ()])) for n in range(8)]
    matched(*people)
    before = persons()
    pairs = list(combinations(people, 2))
    spoken = []
    for _ in range(25):
        pair = rng.choice(pairs)
        say(rng.choice([LinkState.CONFIRMED, LinkState.REJECTED, LinkState.UNSURE]), *pair)
        spoken.append(pair)
        persons()
    for pair in spoken:
        say(LinkState.PROPOSED, *pair)
    assert persons() == before


def test_what_was_lost_is_derived_again() -> None:
    people = [subject(n, identifiers=NUMBER) for n in (1, 2, 3)]
    matched(*people, pointer("TCA-2611-000900-01", names=("Ana RUIZ",)))
    before = persons()
    Membership.objects.all().delete()
    assert unlike() != ()
    restore(at=LATER)
    assert persons() == before
