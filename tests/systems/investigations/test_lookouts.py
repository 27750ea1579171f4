"""Lookouts: what each needs before it is active, and how it ends."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tieline.core.agreement.viewer import Role
from tieline.systems.investigations.cases.opening import open_case
from tieline.systems.investigations.changing import change_case, correct
from tieline.systems.investigations.desk import Desk, NoDutyContact
from tieline.systems.investigations.entering import EntryRefused
from tieline.systems.investigations.lookouts.ending import cancel_lookout, expire_lookouts
from tieline.systems.investigations.lookouts.grounds import LookoutRefused
from tieline.systems.investigations.lookouts.lookout import Lookout, LookoutDraft
from tieline.systems.investigations.lookouts.placing import (
    activate_lookout,
    place_lookout,
    renew_lookout,
)
from tieline.systems.investigations.protecting import set_protection
from tieline.systems.investigations.subjects.adding import add_subject

from .scene import (
    DESK_OFFICER,
    GROUNDS,
    INVESTIGATOR,
    NOW,
    SUPERVISOR,
    a_case,
    a_lookout,
    a_person,
    desk_with,
)

pytestmark = pytest.mark.database

MINE = {"author": INVESTIGATOR, "at": NOW}


@pytest.fixture
def subject(desk: Desk) -> str:
    case = open_case(desk, a_case(), **MINE)
    return add_subject(desk, a_person(case.number), **MINE).number


def place(desk: Desk, draft: LookoutDraft, **grounds: Any) -> Lookout:
    return place_lookout(desk, draft, grounds=replace(GROUNDS, **grounds), **MINE)


def kept(number: str) -> Lookout:
    return Lookout.objects.using("investigations").get(number=number)


def test_a_lookout_takes_its_subject_s_identity_and_its_unit_s_contact(
    desk: Desk, subject: str
) -> None:
    lookout = place(desk, a_lookout(subject))
    assert lookout.number == "LK-26-000001"
    assert (lookout.status, lookout.birth_date) == ("active", "1990-03-12")
    assert lookout.contact.startswith("TU duty desk")
    assert lookout.identity().names == ("José Luis García Hernández",)
    assert lookout.holds(NOW.date())


@pytest.mark.parametrize(
    ("lacking", "named"),
    [
        ({"reason": "associates"}, "reason"),
        ({"handling": "shoot"}, "handling"),
        ({"handling": "detain"}, "handling"),
        ({"reason": "sanctions", "handling": "refer"}, "handling"),
        ({"facts": ""}, "facts"),
        ({"source_note": ""}, "source_note"),
        ({"expires_on": ""}, "expires_on"),
        ({"expires_on": "2026-11-23"}, "expires_on"),
        ({"effective_on": "2026-01-01", "expires_on": "2026-11-01"}, "expires_on"),
        ({"expires_on": "2029-01-01"}, "expires_on"),
        ({"expires_on": "soon"}, "expires_on"),
    ],
)
def test_it_is_not_active_while_one_thing_is_lacking(
    desk: Desk, subject: str, lacking: dict[str, str], named: str
) -> None:
    with pytest.raises(EntryRefused) as refused:
        place(desk, a_lookout(subject, **lacking))
    assert named in refused.value.problems
    assert not Lookout.objects.using("investigations").exists()


def test_a_name_without_a_date_of_birth_or_number_is_too_little(desk: Desk) -> None:
    case = open_case(desk, a_case(), **MINE).number
    vague = add_subject(desk, a_person(case, birth_date=""), **MINE).number
    with pytest.raises(EntryRefused, match="date of birth"):
        place(desk, a_lookout(vague))
    assert place(desk, a_lookout(vague, a_number="A012345679")).status == "active"


def test_a_unit_without_a_duty_contact_places_none(desk: Desk, subject: str) -> None:
    """P2."""
    with pytest.raises(NoDutyContact):
        place(desk_with({}), a_lookout(subject))


@pytest.mark.parametrize(
    ("grounds", "rule"),
    [
        ({"first_amendment": True}, "552a"),
        ({"association_alone": True}, "association"),
        ({"prohibited_source": True}, "1367"),
        ({"counsel_needed": True}, "counsel"),
        ({"counsel_needed": True, "counsel": "  "}, "counsel"),
    ],
)
def test_what_may_not_be_a_ground_is_refused_by_rule(
    desk: Desk, subject: str, grounds: dict[str, Any], rule: str
) -> None:
    """P16, P21."""
    with pytest.raises(LookoutRefused, match=rule):
        place(desk, a_lookout(subject), **grounds)


def test_counsel_s_approval_is_kept_with_the_source(desk: Desk, subject: str) -> None:
    said = {"counsel_needed": True, "counsel": "Office of counsel, November 20"}
    assert "Office of counsel" in place(desk, a_lookout(subject), **said).source_note


def test_a_silent_lookout_is_made_active_by_a_supervisor_who_did_not_write_it(
    desk: Desk, subject: str
) -> None:
    with pytest.raises(LookoutRefused, match="supervisor"):
        place(desk, a_lookout(subject, handling="silent", supervisor="U-999"))
    number = place(desk, a_lookout(subject, handling="silent", status="draft")).number
    with pytest.raises(LookoutRefused, match="supervisor"):
        activate_lookout(desk, number, **MINE)
    active = activate_lookout(desk, number, author=SUPERVISOR, at=NOW)
    assert (active.supervisor, active.caveats) == ("U-210", ["silent"])


def test_a_later_hand_in_a_silent_draft_does_not_let_its_author_make_it_active(
    desk: Desk, subject: str
) -> None:
    chief = replace(INVESTIGATOR, roles=frozenset({Role.SUPERVISOR}))
    draft = a_lookout(subject, handling="silent", status="draft")
    number = place_lookout(desk, draft, grounds=GROUNDS, author=chief, at=NOW).number
    set_protection(desk, subject, "tax", True, why="A return", author=DESK_OFFICER, at=NOW)
    correct(desk, subject, {"birth_date": "1990-12-03"}, author=SUPERVISOR, at=NOW)
    with pytest.raises(LookoutRefused, match="supervisor"):
        activate_lookout(desk, number, author=chief, at=NOW)
    assert activate_lookout(desk, number, author=SUPERVISOR, at=NOW).supervisor == "U-210"


def test_a_correction_of_its_subject_is_carried_to_it_and_to_the_exchange(
    desk: Desk, subject: str
) -> None:
    number = place(desk, a_lookout(subject)).number
    ended = place(desk, a_lookout(subject)).number
    cancel_lookout(desk, ended, why="Placed twice", **MINE)
    changes = {"birth_date": "1990-12-03", "a_number": "A012345679", "eye": "brown"}
    correct(desk, subject, changes, why="Papers seen", **MINE)
    assert (kept(number).birth_date, kept(number).a_number) == ("1990-12-03", "012345679")
    assert (kept(ended).birth_date, kept(ended).version) == ("1990-03-12", 2)
    told = {one.number: one for one in desk.door.pointers_since("", limit=100).pointers}
    assert (told[number].birth_date, told[number].version) == ("1990-12-03", 2)


def test_what_its_author_had_otherwise_stays_when_its_subject_is_corrected(
    desk: Desk, subject: str
) -> None:
    alias = place(desk, a_lookout(subject, given_name="Pepe", aliases=["El Güero"])).number
    correct(desk, subject, {"given_name": "José", "birth_date": "1991-03-12"}, **MINE)
    assert kept(alias).given_name == "Pepe"
    assert kept(alias).aliases == ["El Güero"]
    assert kept(alias).birth_date == "1991-03-12"


def test_a_correction_of_what_is_no_identity_leaves_it_as_it_is(desk: Desk, subject: str) -> None:
    number = place(desk, a_lookout(subject)).number
    correct(desk, subject, {"eye": "brown", "remarks": "Seen twice."}, **MINE)
    assert kept(number).version == 1


def test_a_correction_leaves_no_active_lookout_without_anybody_to_look_for(
    desk: Desk, subject: str
) -> None:
    number = place(desk, a_lookout(subject)).number
    with pytest.raises(LookoutRefused, match="nobody to look for"):
        correct(desk, subject, {"birth_date": ""}, **MINE)
    assert kept(number).birth_date == "1990-03-12"
    correct(desk, subject, {"birth_date": "", "fin": "4821973"}, **MINE)
    assert (kept(number).birth_date, kept(number).fin) == ("", "4821973")
    cancel_lookout(desk, number, why="Warrant served", **MINE)
    assert correct(desk, subject, {"fin": ""}, **MINE).fin == ""


def test_it_lapses_within_a_day_of_its_case_unless_it_is_renewed(desk: Desk) -> None:
    """P21."""
    case = open_case(desk, a_case(), **MINE).number
    lapsed, renewed = (
        place(desk, a_lookout(add_subject(desk, a_person(case), **MINE).number)).number
        for _ in range(2)
    )
    change_case(desk, case, {"status": "closed"}, **MINE)
    tomorrow = NOW + timedelta(hours=24)
    assert {kept(one).expires_on for one in (lapsed, renewed)} == {"2026-11-24"}
    renew_lookout(desk, renewed, expires_on="2027-01-15", facts="Seen again in June.", **MINE)
    assert expire_lookouts(desk, author=INVESTIGATOR, at=tomorrow) == [lapsed]
    assert not kept(lapsed).holds(tomorrow.date())
    assert kept(renewed).holds(tomorrow.date())
    assert expire_lookouts(desk, author=INVESTIGATOR, at=tomorrow) == []


def test_none_is_placed_in_a_closed_case(desk: Desk, subject: str) -> None:
    change_case(desk, "TU-26-0001", {"status": "closed"}, **MINE)
    with pytest.raises(LookoutRefused, match="closed"):
        place(desk, a_lookout(subject))


def test_a_cancelled_one_is_taken_back_and_stays_so(desk: Desk, subject: str) -> None:
    number = place(desk, a_lookout(subject)).number
    with pytest.raises(EntryRefused):
        cancel_lookout(desk, number, why=" ", **MINE)
    cancel_lookout(desk, number, why="Warrant served", **MINE)
    last = desk.door.pointers_since("", limit=100).pointers[-1]
    assert (last.number, last.tombstone) == (number, True)
    with pytest.raises(LookoutRefused):
        cancel_lookout(desk, number, why="Again", **MINE)
    with pytest.raises(LookoutRefused):
        activate_lookout(desk, number, **MINE)


def test_it_is_as_protected_as_its_subject(desk: Desk) -> None:
    case = open_case(desk, a_case(), **MINE).number
    hidden = add_subject(
        desk, a_person(case, protections={**a_person(case).protections, "asylum": True}), **MINE
    )
    assert place(desk, a_lookout(hidden.number)).asylum is True
