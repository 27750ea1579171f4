"""Pairs that may be of the same: proposed with their evidence, never twice, ended when refuted."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.people import AT

from tieline.core.ledger.events import Event
from tieline.core.records import Pointer
from tieline.exchange.index import match as matching
from tieline.exchange.index.ending import links_ended
from tieline.exchange.index.match import match_pending
from tieline.exchange.index.models import (
    IndexedPointer,
    Judgement,
    Link,
    LinkState,
    PointerKey,
)
from tieline.keeping.pointers import read_pointer

from .scene import ENGINE, changed, matched, of_case, pointer, taken, weigh
from .test_take import events

pytestmark = pytest.mark.database

LATER = AT + timedelta(minutes=5)
OTHER = {"names": ("Jose LOPEZ",), "birth_date": "1971-01-01"}


def the_link() -> Link:
    return Link.objects.get()


def rejected() -> Link:
    """As a person's word leaves it."""
    link = the_link()
    Judgement.objects.create(
        link=link, state="rejected", agency="patrol", unit="TCA/NGL", user="U-1", at=AT
    )
    Link.objects.update(state=LinkState.REJECTED, noticed=True)
    return the_link()


def test_two_that_agree_are_proposed_with_their_evidence() -> None:
    result = matched(pointer(), of_case())
    assert (result.pointers, result.proposed, result.more) == (2, 1, False)
    link = the_link()
    assert {link.left.number, link.right.number} == {pointer().number, of_case().number}
    assert [(row["feature"], row["field_class"]) for row in link.evidence] == [
        ("name", "identity"),
        ("birth date", "identity"),
    ]
    assert link.score == sum(row["weight"] for row in link.evidence)
    assert (link.state, link.strong, link.weights) == ("proposed", False, "foretold-1")
    assert events()[Event.LINK_PROPOSED] == 1


def test_whatever_comes_first_the_link_is_the_same() -> None:
    matched(of_case())
    matched(pointer())
    assert the_link().left.number == of_case().number


def test_two_that_share_a_key_and_too_little_else_are_not() -> None:
    result = matched(pointer(), of_case(birth_date="1971-01-01"))
    assert (result.pointers, result.proposed) == (2, 0)
    assert not Link.objects.exists()


def test_a_strong_identifier_makes_it_firm() -> None:
    number = (("a_number", "A012345678"),)
    matched(pointer(identifiers=number), of_case(identifiers=number))
    assert the_link().firm


def test_matching_again_changes_nothing() -> None:
    matched(pointer(), of_case())
    before = the_link()
    IndexedPointer.objects.update(matched_version=0)
    result = match_pending(engine=ENGINE, at=LATER, limit=1_000)
    assert (result.pointers, result.proposed, result.changed) == (2, 0, 0)
    assert the_link().changed_at == before.changed_at
    assert events()[Event.LINK_PROPOSED] == 1
    keys = PointerKey.objects.values_list("pointer_id", "key")
    assert len(keys) == len(set(keys))
    assert match_pending(engine=ENGINE, at=LATER, limit=10).pointers == 0


def test_only_so_many_are_matched_at_a_time_the_longest_waiting_first() -> None:
    taken(*(pointer(f"TCA-2611-{n:06}-01") for n in range(1, 6)))
    first = match_pending(engine=ENGINE, at=AT, limit=2)
    assert (first.pointers, first.more) == (2, True)
    waiting = IndexedPointer.objects.filter(matched_version=0).order_by("id")
    assert waiting[0].number == "TCA-2611-000003-01"


def test_records_of_one_owner_are_linked_too() -> None:
    matched(pointer("TCA-2611-000001-01"), pointer("TCA-2611-000002-01"))
    assert the_link().state == LinkState.PROPOSED


def test_a_change_of_identity_is_weighed_anew() -> None:
    phone = ("+15205550101",)
    one = pointer()
    matched(one, of_case(phones=phone))
    result = matched(changed(one, phones=phone), at=LATER)
    assert (result.changed, result.proposed) == (1, 0)
    link = the_link()
    assert [row["feature"] for row in link.evidence] == ["name", "birth date", "phone"]
    assert (link.noticed, link.changed_at) == (False, LATER)


def test_a_link_for_which_nothing_speaks_any_more_ends() -> None:
    ended: list[int] = []

    def heard(links: list[int], **about: object) -> None:
        ended.extend(links)

    links_ended.connect(heard)
    try:
        matched(pointer(), of_case())
        result = matched(changed(pointer(), **OTHER), at=LATER)
    finally:
        links_ended.disconnect(heard)
    link = the_link()
    assert (result.ended, link.frozen, link.evidence) == (1, True, [])
    assert ended == [link.pk]
    assert events()[Event.LINK_ENDED] == 1


def test_an_ended_link_comes_back_by_its_own_number() -> None:
    one = pointer()
    matched(one, of_case())
    number = the_link().number
    matched(changed(one, **OTHER))
    result = matched(replace(one, version=3))
    assert result.proposed == 1
    link = the_link()
    assert (link.number, link.frozen, len(link.evidence)) == (number, False, 2)


@pytest.mark.parametrize("state", [LinkState.CONFIRMED, LinkState.DISPUTED])
def test_what_a_person_said_the_machine_does_not_overrule(state: LinkState) -> None:
    matched(pointer(), of_case())
    Link.objects.update(state=state)
    matched(changed(pointer(), **OTHER))
    link = the_link()
    assert (link.state, link.frozen) == (state, False)


def test_redelivery_never_revives_a_rejected_pair() -> None:
    """P12."""
    one = pointer()
    matched(one, of_case())
    before = rejected()
    matched(one)
    matched(changed(one, contact="another desk"))
    IndexedPointer.objects.update(matched_version=0)
    match_pending(engine=ENGINE, at=LATER, limit=10)
    after = the_link()
    assert (after.state, after.changed_at) == (LinkState.REJECTED, before.changed_at)


def test_nor_does_a_tombstone_between() -> None:
    one = pointer()
    matched(one, of_case())
    rejected()
    matched(one.buried(version=2))
    matched(replace(one, version=3))
    link = the_link()
    assert (link.state, link.frozen) == (LinkState.REJECTED, False)


def test_a_rejected_pair_comes_back_when_a_strong_identifier_speaks_for_it_now() -> None:
    """P12."""
    number = (("a_number", "A012345678"),)
    matched(pointer(), of_case(identifiers=number))
    rejected()
    result = matched(changed(pointer(), identifiers=number))
    link = the_link()
    assert (result.proposed, link.state) == (1, LinkState.PROPOSED)
    assert link.judged_before == Judgement.objects.get().pk


def test_a_rejected_pair_stays_so_when_only_weak_values_speak_for_it_more() -> None:
    phone = ("+15205550101",)
    matched(pointer(), of_case(phones=phone))
    rejected()
    matched(changed(pointer(), phones=phone))
    assert the_link().state == LinkState.REJECTED


def test_a_rejected_pair_stays_so_when_identity_changed_and_nothing_more_speaks_for_it() -> None:
    matched(pointer(), of_case())
    rejected()
    matched(changed(pointer(), names=("Jose GARCIA", "Pepe GARCIA")))
    assert the_link().state == LinkState.REJECTED


def test_a_tombstone_takes_keys_and_evidence_along() -> None:
    """P15."""
    matched(pointer(), of_case())
    taken(pointer().buried(version=2))
    link = the_link()
    assert (link.frozen, link.evidence, link.score) == (True, [], 0)
    assert not PointerKey.objects.filter(pointer__number=pointer().number).exists()
    assert events()[Event.LINK_FROZEN] == 1


def test_a_key_that_too_many_share_is_not_followed_and_said_so(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(matching, "MOST_SHARING", 3)
    result = matched(*(pointer(f"TCA-2611-{n:06}-01") for n in range(1, 6)))
    assert (result.pointers, result.proposed) == (5, 0)
    assert result.capped == {"name": 1}
    assert "GARCIA" not in caplog.text
    assert "name" in caplog.text


def test_one_that_cannot_be_weighed_stops_nobody_behind_it() -> None:
    def falling(left: Pointer, right: Pointer) -> object:
        if "TCA-2611-000001-01" in (left.number, right.number):
            raise ValueError("odd")
        return weigh(left, right)

    engine = replace(ENGINE, weigh=falling)
    result = matched(
        pointer("TCA-2611-000001-01"), pointer("TCA-2611-000002-01"), of_case(), engine=engine
    )
    assert (result.pointers, result.failed, result.proposed) == (3, 2, 1)
    assert match_pending(engine=engine, at=AT, limit=10).pointers == 0


def test_what_changes_while_it_is_weighed_comes_again() -> None:
    taken(pointer(), of_case())

    def meanwhile(left: Pointer, right: Pointer) -> object:
        taken(changed(pointer(), **OTHER))
        return weigh(left, right)

    match_pending(engine=replace(ENGINE, weigh=meanwhile), at=AT, limit=10)
    assert not Link.objects.exists()
    result = match_pending(engine=ENGINE, at=AT, limit=10)
    assert (result.pointers, result.proposed) == (1, 0)


def test_what_is_taken_back_while_it_is_weighed_is_not_linked() -> None:
    taken(pointer(), of_case())

    def meanwhile(left: Pointer, right: Pointer) -> object:
        taken(pointer().buried(version=2))
        return weigh(left, right)

    match_pending(engine=replace(ENGINE, weigh=meanwhile), at=AT, limit=10)
    assert not Link.objects.exists()


def test_what_would_never_be_proposed_is_not_weighed_unless_it_is_linked_already() -> None:
    weighed: list[tuple[str, str]] = []

    def watched(left: Pointer, right: Pointer) -> object:
        weighed.append((left.number, right.number))
        return weigh(left, right)

    def born_alike(left: Pointer, right: Pointer) -> bool:
        return left.birth_date == right.birth_date

    engine = replace(ENGINE, weigh=watched, may_be_proposed=born_alike)
    far = {"birth_date": "1971-01-01"}
    matched(pointer(), of_case(), of_case("SR-26-000124", **far), engine=engine)
    assert weighed == [(pointer().number, of_case().number)]
    matched(changed(of_case(), **far), engine=engine)
    # The one of its own link, and the other of its own birth date.
    assert len(weighed) == 3
    ended = Link.objects.get(left__number=pointer().number)
    assert ended.frozen


def test_one_that_cannot_be_read_stops_nobody_behind_it(
    caplog: pytest.LogCaptureFixture,
) -> None:
    taken(pointer("TCA-2611-000001-01"), pointer("TCA-2611-000002-01"), of_case())
    IndexedPointer.objects.filter(number="TCA-2611-000001-01").update(pointer='{"names": ["X Y"]}')
    result = match_pending(engine=ENGINE, at=AT, limit=10)
    assert (result.pointers, result.failed, result.proposed) == (3, 1, 1)
    assert match_pending(engine=ENGINE, at=AT, limit=10).pointers == 0
    assert "X Y" not in caplog.text
    taken(of_case("SR-26-000124"))
    assert match_pending(engine=ENGINE, at=AT, limit=10).failed == 0


def test_an_unreadable_one_that_is_met_later_is_named_and_passed_over(
    caplog: pytest.LogCaptureFixture,
) -> None:
    matched(pointer())
    IndexedPointer.objects.update(pointer="{}")
    result = matched(of_case())
    assert (result.pointers, result.failed, result.proposed) == (1, 1, 0)
    assert f"patrol {pointer().number} cannot be read" in caplog.text


def test_one_that_is_met_and_changes_meanwhile_is_linked_as_it_is_then() -> None:
    matched(pointer())
    phone = ("+15205550101",)
    taken(of_case(phones=phone))

    def meanwhile(text: str) -> Pointer:
        read = read_pointer(text)
        if read.system == "patrol" and not read.phones:
            taken(changed(pointer(), phones=phone))
        return read

    match_pending(engine=replace(ENGINE, read=meanwhile), at=AT, limit=10)
    assert not Link.objects.exists()
    match_pending(engine=ENGINE, at=AT, limit=10)
    assert [row["feature"] for row in the_link().evidence] == ["name", "birth date", "phone"]
