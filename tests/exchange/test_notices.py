"""Who is told of a link, each side by rule; who may not know is left as if nothing had matched."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from tests.people import AGENT, AT, AUDITOR, CASE, INVESTIGATIONS, INVESTIGATOR, PATROL

from tieline.core.agreement.clauses import Agreement
from tieline.core.agreement.viewer import Role, Viewer
from tieline.core.ledger.events import Event
from tieline.core.ledger.judging import examine as verify
from tieline.core.records import SILENT, Level, Pointer
from tieline.exchange.directory.ledger import LEDGER
from tieline.exchange.directory.register import register_agency
from tieline.exchange.index.judging import judge
from tieline.exchange.index.models import Link, LinkState
from tieline.exchange.index.overlap import links_of
from tieline.exchange.index.seconding import second
from tieline.exchange.notices.inbox import Waiting, inbox, newest_change, waiting
from tieline.exchange.notices.models import NoticeRow
from tieline.exchange.notices.telling import notify_pending
from tieline.keeping.agreements import in_force
from tieline.keeping.databases import EXCHANGE
from tieline.reference.agreement import model_agreement
from tieline.wiring.looks import Asked, looks

from .scene import (
    COUNTY,
    DEPUTY,
    changed,
    directory,
    of_case,
    pointer,
    put_in_force,
    standing,
    taken,
    told,
    units_told,
)
from .test_take import events

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("listed")]

LATER = AT + timedelta(minutes=5)
NUMBER = (("a_number", "A012345678"),)
OTHER = {"names": ("Jose LOPEZ",), "birth_date": "1971-01-01"}
LOOKOUT = of_case("LO-26-000007", kind="lookout")
SILENT_LOOKOUT = replace(LOOKOUT, caveats=frozenset({SILENT}))
BOTH = ["investigations LA/13", "patrol TCA/NGL"]
PATROLS_AUDITOR = replace(AGENT, number="U-140", assignment="AS-140", role=Role.AUDITOR)


@pytest.fixture
def listed(adopted: Agreement) -> None:
    directory()


def said_by(state: LinkState, viewer: Viewer) -> None:
    """A person judges the one link, and it is decided anew whom to tell."""
    judge(
        Link.objects.get().number,
        state,
        viewer=viewer,
        purpose=CASE,
        agreement=in_force(EXCHANGE),
        reason="prints compared",
        at=LATER,
        held=lambda system, number: False,
    )
    notify_pending(at=LATER)


def seconded_by(viewer: Viewer) -> None:
    """Of a lookout one person alone does not decide."""
    second(
        Link.objects.get().number,
        agrees=True,
        viewer=viewer,
        purpose=CASE,
        agreement=in_force(EXCHANGE),
        reason="",
        at=LATER,
    )
    notify_pending(at=LATER)


def audited(auditor: Viewer) -> list[tuple[str, dict[str, Any]]]:
    """What the exchange's ledger tells an auditor, but for the places of the entries."""
    found = looks(Asked(system="exchange"), auditor, zone=ZoneInfo("UTC"), limit=99, after=None)
    return [(one.text("event"), {**one.said, "side": ""} | dict(one.query)) for one in found]


def all_that_is_told(viewer: Viewer, number: str) -> tuple[Any, ...]:
    """Everything by which somebody could learn that his record was matched."""
    agreement = in_force(EXCHANGE)
    asked: dict[str, Any] = {"viewer": viewer, "agreement": agreement, "at": LATER}
    auditor = replace(viewer, number="U-990", assignment="AS-990", role=Role.AUDITOR)
    return (
        inbox(**asked, purpose=None),
        waiting(**asked, purpose=None),
        newest_change(agency=viewer.agency, unit=viewer.unit),
        links_of(viewer.agency, number, **asked, purpose=CASE),
        audited(auditor),
    )


# Both are told.


def test_each_side_is_told_of_the_other() -> None:
    result = told(pointer(), of_case())
    assert (result.links, result.sent, result.withheld, result.more) == (1, 2, 0, False)
    assert units_told() == BOTH
    of_patrol = standing("patrol")
    assert (of_patrol.own.number, of_patrol.other.number) == (pointer().number, of_case().number)
    assert (of_patrol.kind, of_patrol.urgent, of_patrol.sent_at) == ("overlap", False, AT)
    assert Link.objects.get().noticed


@pytest.mark.parametrize(
    ("other", "kind", "wait"),
    [
        (of_case(), "overlap", timedelta(hours=24)),
        (of_case(identifiers=NUMBER), "overlap", timedelta(hours=1)),
        (LOOKOUT, "hit", timedelta(hours=1)),
        (replace(LOOKOUT, identifiers=NUMBER), "hit", timedelta(minutes=10)),
    ],
)
def test_how_long_a_unit_has_hangs_on_what_it_is_told(
    other: Pointer, kind: str, wait: timedelta
) -> None:
    told(pointer(identifiers=NUMBER), other)
    for agency in ("patrol", "investigations"):
        notice = standing(agency)
        assert (notice.kind, notice.acknowledge_by) == (kind, AT + wait)


def test_each_telling_is_written_down_with_what_decided(adopted: Agreement) -> None:
    told(pointer(), of_case())
    entries = [said for event, said in audited(AUDITOR) if event == Event.NOTICE_SENT]
    assert {(one["agency"], one["unit"], one["record"]) for one in entries} == {
        ("patrol", "TCA/NGL", of_case().number),
        ("investigations", "LA/13", pointer().number),
    }
    assert all("P02" in one["clauses"] for one in entries)
    assert {one["agreement"] for one in entries} == {adopted.digest}
    export = b"".join(LEDGER.exported())
    assert b"GARCIA" not in export
    assert b"1990-03-12" not in export
    assert verify(LEDGER.exported()).sound


def test_two_records_of_one_owner_are_nobody_s_news() -> None:
    told(pointer(), pointer("TCA-2611-000999-01"))
    assert units_told() == []


def test_doing_it_again_tells_nothing_twice() -> None:
    told(pointer(), of_case())
    size = LEDGER.size()
    again = notify_pending(at=LATER)
    assert (again.links, again.sent) == (0, 0)
    Link.objects.update(noticed=False)
    again = notify_pending(at=LATER)
    assert (again.links, again.sent, again.withdrawn) == (1, 0, 0)
    assert LEDGER.size() == size
    assert units_told() == BOTH


def test_only_so_many_are_decided_at_a_time() -> None:
    phone = ("+15205550101",)
    told(pointer(), of_case(phones=phone))
    told(pointer("TCA-2611-000200-01", **OTHER, phones=phone), of_case("SR-26-000200", **OTHER))
    Link.objects.update(noticed=False)
    rounds = [notify_pending(at=LATER, limit=1) for _ in range(Link.objects.count() + 1)]
    assert [one.links for one in rounds] == [1] * Link.objects.count() + [0]
    assert [one.more for one in rounds] == [True] * (Link.objects.count() - 1) + [False, False]


def test_more_that_speaks_for_it_is_told_again_as_if_nobody_had_seen_it() -> None:
    told(pointer(), of_case())
    NoticeRow.objects.update(acknowledged_at=AT, acknowledged_by="U-100", escalated_at=AT)
    numbers = set(NoticeRow.objects.values_list("number", flat=True))
    told(changed(pointer(), identifiers=NUMBER), changed(of_case(), identifiers=NUMBER), at=LATER)
    assert set(NoticeRow.objects.values_list("number", flat=True)) == numbers
    notice = standing("patrol")
    assert (notice.urgent, notice.sent_at) == (True, LATER)
    assert (notice.acknowledged_at, notice.acknowledged_by, notice.escalated_at) == (None, "", None)


def read_by(viewer: Viewer) -> list[dict[str, Any]]:
    """What stands in the ledger, for his agency's auditor, of records that he saw by his inbox."""
    inbox(viewer=viewer, agreement=in_force(EXCHANGE), purpose=None, at=LATER)
    auditor = replace(viewer, number="U-991", assignment="AS-991", role=Role.AUDITOR)
    return [said for event, said in audited(auditor) if event == Event.RECORD_SHOWN]


def test_who_reads_a_notice_saw_the_pointer_of_the_other_record() -> None:
    told(pointer(), of_case())
    (entry,) = read_by(AGENT)
    assert (entry["viewer"], entry["keeper"]) == (AGENT.number, "investigations")
    assert (entry["record"], entry["owner"]) == (of_case().number, "investigations")
    assert (entry["level"], "shown" in entry) == ("pointer", False)
    assert (entry["purpose"], entry["case"]) == ("deconfliction", pointer().number)
    owners = [said for event, said in audited(AUDITOR) if event == Event.RECORD_SHOWN]
    assert [(one["viewer"], one["record"]) for one in owners] == [(AGENT.number, of_case().number)]


def test_a_list_of_notices_gives_no_field_of_any_record() -> None:
    told(pointer(), of_case())
    (item,) = inbox(viewer=AGENT, agreement=in_force(EXCHANGE), purpose=CASE, at=LATER)
    for one in (item.own, item.other):
        assert (one.level, one.shown, one.withheld, one.caveats) == (Level.POINTER, (), (), ())
    assert (item.other.number, item.other.contact) == (of_case().number, "duty desk")


def test_that_the_owner_of_a_silent_lookout_read_his_notice_shows_to_him_alone() -> None:
    """P7: his entry names no owner, or the finder's auditor would know of the hit by it."""
    told(pointer(), SILENT_LOOKOUT)
    (entry,) = read_by(INVESTIGATOR)
    assert (entry["record"], "owner" in entry) == (pointer().number, False)
    assert [said for event, said in audited(PATROLS_AUDITOR) if event == Event.RECORD_SHOWN] == []


# Who may not know.


def test_of_a_silent_lookout_its_owner_alone_is_told() -> None:
    result = told(pointer(), SILENT_LOOKOUT)
    assert (result.sent, result.withheld) == (1, 1)
    notice = standing("investigations")
    assert (notice.kind, notice.other.number) == ("hit", pointer().number)


def test_who_may_not_know_finds_everything_as_if_nothing_had_matched() -> None:
    """P7, P26."""
    told(pointer(), replace(SILENT_LOOKOUT, **OTHER))
    nothing = all_that_is_told(AGENT, pointer().number)
    assert nothing[:4] == ((), Waiting(0, 0), -1, ())
    told(replace(SILENT_LOOKOUT, version=2))
    assert Link.objects.count() == 1
    assert all_that_is_told(AGENT, pointer().number) == nothing


def test_an_outsider_finds_everything_as_if_nothing_had_matched() -> None:
    """P14: a party of another department, and a child."""
    put_in_force(PATROL, INVESTIGATIONS, COUNTY)
    theirs = pointer("CJ-77001", owner="county")
    child = pointer(pointer().number, "juvenile")
    told(replace(child, **OTHER), theirs)
    nothing = all_that_is_told(DEPUTY, theirs.number)
    assert nothing[:4] == ((), Waiting(0, 0), -1, ())
    told(replace(child, version=2))
    assert Link.objects.count() == 1
    assert all_that_is_told(DEPUTY, theirs.number) == nothing


def test_nor_does_what_becomes_of_the_owner_s_notice_show() -> None:
    """P7: acknowledged, escalated, withdrawn; the finder's own auditor finds nothing of it."""
    told(pointer(), replace(SILENT_LOOKOUT, **OTHER))
    nothing = all_that_is_told(AGENT, pointer().number)
    told(replace(SILENT_LOOKOUT, version=2))
    said_by(LinkState.CONFIRMED, INVESTIGATOR)
    seconded_by(replace(INVESTIGATOR, number="U-210", assignment="AS-210", role=Role.SUPERVISOR))
    assert standing("investigations").urgent
    assert all_that_is_told(AGENT, pointer().number) == nothing
    taken(SILENT_LOOKOUT.buried(version=3))
    assert units_told() == []
    assert all_that_is_told(AGENT, pointer().number) == nothing


def test_the_owner_of_a_silent_lookout_does_find_it() -> None:
    told(pointer(), SILENT_LOOKOUT)
    (entry,) = [said for event, said in audited(AUDITOR) if event == Event.NOTICE_SENT]
    assert (entry["agency"], entry["record"]) == ("investigations", pointer().number)


def test_nobody_learns_what_was_withheld_from_him() -> None:
    put_in_force(PATROL, INVESTIGATIONS, COUNTY)
    result = told(pointer(), pointer("CJ-77001", owner="county"))
    assert (result.sent, result.withheld) == (0, 2)
    assert events()[Event.NOTICE_WITHHELD] == 2
    for auditor in (PATROLS_AUDITOR, replace(DEPUTY, role=Role.AUDITOR)):
        assert [
            event for event, _ in audited(auditor) if event.startswith(("notice", "link"))
        ] == []


def test_a_child_is_told_of_inside_the_department_alone() -> None:
    """P11."""
    put_in_force(PATROL, INVESTIGATIONS, COUNTY)
    told(pointer(pointer().number, "juvenile"), of_case(), pointer("CJ-77001", owner="county"))
    assert units_told() == BOTH
    deputies = inbox(viewer=DEPUTY, agreement=in_force(EXCHANGE), purpose=None, at=LATER)
    assert deputies == ()


def test_an_agency_that_is_no_party_is_told_nothing_and_nobody_of_its_records() -> None:
    told(pointer(), pointer("CJ-77001", owner="county"))
    assert units_told() == []


# What no longer holds is taken back.


@pytest.mark.parametrize("whose", [pointer(), of_case()])
def test_what_is_purged_or_protected_later_takes_both_notices_along(whose: Pointer) -> None:
    """P15: both come as a tombstone, which tells no reason."""
    told(pointer(), of_case())
    taken(whose.buried(version=2), at=LATER)
    assert units_told() == []
    assert set(NoticeRow.objects.values_list("withdrawn_at", flat=True)) == {LATER}
    assert events()[Event.NOTICE_WITHDRAWN] == 2
    assert notify_pending(at=LATER).sent == 0
    told(whose, at=LATER)
    assert units_told() == [], "an old word revives nothing"


def test_what_may_be_known_again_is_told_anew() -> None:
    told(pointer(), of_case())
    taken(pointer().buried(version=2), at=LATER)
    told(pointer(version=3), at=LATER)
    assert units_told() == BOTH
    assert NoticeRow.objects.count() == 4


def test_what_nothing_speaks_for_any_more_is_taken_back() -> None:
    told(pointer(), of_case())
    told(changed(pointer(), **OTHER), at=LATER)
    assert units_told() == []


def test_a_lookout_that_turns_silent_is_taken_from_the_other_side() -> None:
    told(pointer(), LOOKOUT)
    assert units_told() == BOTH
    told(changed(SILENT_LOOKOUT), at=LATER)
    assert units_told() == ["investigations LA/13"]


def test_a_record_that_goes_to_another_unit_takes_its_notice_along() -> None:
    told(pointer(), of_case())
    told(changed(of_case(), owning_unit="TU"), at=LATER)
    assert units_told() == ["investigations TU", "patrol TCA/NGL"]


def test_who_says_that_they_are_different_is_told_no_more_and_the_other_still_is() -> None:
    told(pointer(), of_case())
    said_by(LinkState.REJECTED, AGENT)
    assert units_told() == ["investigations LA/13"]
    said_by(LinkState.PROPOSED, AGENT)
    assert units_told() == BOTH


def test_what_is_disputed_is_before_both_with_a_clock() -> None:
    """P13."""
    told(pointer(), of_case())
    said_by(LinkState.REJECTED, AGENT)
    said_by(LinkState.CONFIRMED, INVESTIGATOR)
    assert Link.objects.get().state == LinkState.DISPUTED
    assert units_told() == BOTH
    notice = standing("patrol")
    assert (notice.acknowledged_at, notice.acknowledge_by) == (None, LATER + timedelta(hours=24))


# The agreement and the directory decide anew.


def test_what_comes_while_no_agreement_holds_waits_for_the_next() -> None:
    put_in_force(in_force_until=AT)
    assert told(pointer(), of_case()).links == 0
    assert units_told() == []
    put_in_force(version=2)
    assert notify_pending(at=LATER).sent == 2
    assert units_told() == BOTH


def test_an_agreement_that_lapses_and_is_renewed_tells_nothing_twice() -> None:
    lapses = datetime(2026, 11, 24, tzinfo=UTC)
    put_in_force(in_force_until=lapses)
    told(pointer(), of_case())
    NoticeRow.objects.update(acknowledged_at=AT)
    assert notify_pending(at=lapses).links == 0
    put_in_force(version=2, at=lapses)
    assert notify_pending(at=lapses).sent == 0
    assert {one.acknowledged_at for one in NoticeRow.objects.all()} == {AT}


def test_what_a_new_agreement_closes_is_taken_back() -> None:
    told(pointer(), of_case())
    policies = model_agreement().policies
    narrower = policies.replace(', Tieline::Action::"notify"]', "]")
    assert narrower != policies
    put_in_force(version=2, policies=narrower, at=LATER)
    assert notify_pending(at=LATER).withdrawn == 2
    assert units_told() == []


def test_what_a_new_agreement_opens_is_told() -> None:
    put_in_force(PATROL)
    told(pointer(), of_case())
    assert units_told() == []
    put_in_force(PATROL, INVESTIGATIONS, version=2)
    notify_pending(at=LATER)
    assert units_told() == BOTH


def test_an_agency_that_comes_into_the_directory_late_is_told_then() -> None:
    put_in_force(PATROL, INVESTIGATIONS, replace(COUNTY, agency="marine", department="DHS"))
    told(pointer(), pointer("M-1", owner="marine"))
    assert units_told() == ["patrol TCA/NGL"]
    register_agency(code="marine", name="Marine", department="DHS", at=LATER)
    notify_pending(at=LATER)
    assert units_told() == ["marine one", "patrol TCA/NGL"]


def test_an_agency_that_goes_to_another_department_is_told_no_more() -> None:
    told(pointer(), of_case())
    register_agency(code="investigations", name="Investigations", department="DOJ", at=LATER)
    notify_pending(at=LATER)
    assert units_told() == ["patrol TCA/NGL"]
