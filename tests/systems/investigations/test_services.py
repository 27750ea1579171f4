"""Cases and subject records: opened, added, corrected, protected."""

from __future__ import annotations

import pytest

from tieline.keeping.heads import RecordVersion
from tieline.keeping.keeper import NumberTaken, StaleRecord
from tieline.systems.investigations.cases.opening import open_case
from tieline.systems.investigations.changing import change_case, correct
from tieline.systems.investigations.desk import Desk
from tieline.systems.investigations.entering import EntryRefused
from tieline.systems.investigations.intake import Arrival, take_in
from tieline.systems.investigations.kinds import DRAFTS
from tieline.systems.investigations.lookouts.lookout import Lookout
from tieline.systems.investigations.lookouts.placing import place_lookout
from tieline.systems.investigations.protecting import Denial, ProtectionRefused, set_protection
from tieline.systems.investigations.series import BadNumber
from tieline.systems.investigations.subjects.adding import add_subject
from tieline.systems.investigations.subjects.person import Person
from tieline.systems.investigations.writing import NoSuchRecord

from .scene import (
    AGENT,
    DESK_OFFICER,
    GROUNDS,
    INVESTIGATOR,
    NOW,
    OPEN,
    SUPERVISOR,
    a_case,
    a_lookout,
    a_person,
)

pytestmark = pytest.mark.database

MINE = {"author": INVESTIGATOR, "at": NOW}


def test_a_case_gets_the_next_number_of_its_office(desk: Desk) -> None:
    one, two = (open_case(desk, a_case(), **MINE) for _ in range(2))
    assert (one.number, two.number) == ("TU-26-0001", "TU-26-0002")
    assert (one.owner_agency, one.agent, one.opened_on) == (
        "investigations",
        "U-200",
        "2026-11-23",
    )


def test_a_number_is_never_given_out_twice(desk: Desk) -> None:
    taken = Arrival(a_case(number="TU-26-0417"), INVESTIGATOR, NOW)
    take_in(desk, [taken])
    assert open_case(desk, a_case(), **MINE).number == "TU-26-0418"
    desk.keeper.purge("TU-26-0418", **MINE)
    assert open_case(desk, a_case(), **MINE).number == "TU-26-0419"
    with pytest.raises(NumberTaken):
        take_in(desk, [taken])
    with pytest.raises(BadNumber):
        take_in(desk, [Arrival(a_case(number="garcia"), INVESTIGATOR, NOW)])


def test_subject_records_of_each_kind_are_added_to_a_case(desk: Desk) -> None:
    case = open_case(desk, a_case(), **MINE).number
    said = {
        "vehicle": {"plate": "son abc123", "vin": "1HGCM82633A004352", "year": 2003},
        "vessel": {"hull_number": "fl-1234-ab", "length_m": 9.5, "flag": "Mexico"},
        "phone": {"phone": "(520) 555-0101"},
        "address": {"address": "12 Calle Sol", "country": "MX"},
        "business": {"name": "Sol y Mar"},
    }
    kept = {
        kind: add_subject(desk, DRAFTS[kind](case=case, protections=OPEN, **fields), **MINE)
        for kind, fields in said.items()
    }
    assert [one.number for one in kept.values()] == [f"SR-26-00000{n}" for n in range(1, 6)]
    assert kept["vehicle"].plate == "SON ABC123"
    assert kept["phone"].phone == "+15205550101"
    assert kept["vessel"].flag == "MX"


def test_what_cannot_be_understood_is_refused_with_every_problem_at_once(desk: Desk) -> None:
    case = open_case(desk, a_case(), **MINE).number
    wrong = {
        "a_number": "000000000",
        "birth_date": "2031-01-01",
        "sex": "female",
        "phone": "nobody",
        "height_cm": 900,
        "cautions": ["flu"],
        "marks": "a\x00b",
        "aliases": "not a list",
    }
    with pytest.raises(EntryRefused) as refused:
        add_subject(desk, a_person(case, **wrong), **MINE)
    assert set(refused.value.problems) == set(wrong)
    assert "nobody" not in str(refused.value)


def test_a_caution_names_its_source(desk: Desk) -> None:
    """P16."""
    case = open_case(desk, a_case(), **MINE).number
    with pytest.raises(EntryRefused) as refused:
        add_subject(desk, a_person(case, cautions=["armed"]), **MINE)
    assert set(refused.value.problems) == {"source_note"}
    add_subject(desk, a_person(case, cautions=["armed"], source_note="Report 3"), **MINE)


def test_a_code_that_betrays_fear_is_refused_in_every_other_field(desk: Desk) -> None:
    with pytest.raises(EntryRefused, match="betrays"):
        open_case(desk, a_case(category="ER/CF"), **MINE)


def test_only_the_owner_s_people_write(desk: Desk) -> None:
    case = open_case(desk, a_case(), **MINE).number
    subject = add_subject(desk, a_person(case), **MINE).number
    theirs = {"author": AGENT, "at": NOW}
    with pytest.raises(NoSuchRecord):
        add_subject(desk, a_person(case), **theirs)
    with pytest.raises(NoSuchRecord):
        correct(desk, subject, {"sex": "F"}, **theirs)
    with pytest.raises(NoSuchRecord):
        change_case(desk, case, {"title": "Ours"}, **theirs)


def test_a_correction_keeps_the_version_before_it(desk: Desk) -> None:
    case = open_case(desk, a_case(), **MINE).number
    subject = add_subject(desk, a_person(case), **MINE).number
    correct(desk, subject, {"birth_date": "1990-12-03"}, version=1, **MINE)
    versions = RecordVersion.objects.using("investigations").filter(number=subject)
    born = [one.content["birth_date"] for one in versions.order_by("version")]
    assert born == ["1990-03-12", "1990-12-03"]
    with pytest.raises(StaleRecord):
        correct(desk, subject, {"birth_date": "1991"}, version=1, **MINE)


def test_a_case_moves_on_as_cases_do(desk: Desk) -> None:
    case = open_case(desk, a_case(), **MINE).number
    with pytest.raises(EntryRefused, match="may become"):
        change_case(desk, case, {"status": "proposed"}, **MINE)
    change_case(desk, case, {"status": "closed"}, **MINE)
    with pytest.raises(EntryRefused, match="closed"):
        add_subject(desk, a_person(case), **MINE)
    assert change_case(desk, case, {"status": "open"}, **MINE).status == "open"


def test_what_is_not_stated_is_unknown_and_tells_the_exchange_nothing(desk: Desk) -> None:
    case = open_case(desk, a_case(), **MINE).number
    hidden = add_subject(desk, a_person(case, protections={}), **MINE)
    assert hidden.section_1367 is None
    assert hidden.number not in {one.number for one in told(desk)}


def test_a_protection_takes_the_pointer_back_from_lookouts_as_well(desk: Desk) -> None:
    """P15."""
    case = open_case(desk, a_case(), **MINE).number
    subject = add_subject(desk, a_person(case), **MINE).number
    lookout = place_lookout(desk, a_lookout(subject), grounds=GROUNDS, **MINE).number
    set_protection(desk, subject, "section_1367", True, why="Application filed", **MINE)
    graves = {one.number for one in told(desk) if one.tombstone}
    assert graves == {subject, lookout}
    kept = Lookout.objects.using("investigations").get(number=lookout)
    assert kept.section_1367 is True


def test_a_protection_ends_by_the_desk_s_hand_alone(desk: Desk) -> None:
    case = open_case(desk, a_case(), **MINE).number
    subject = add_subject(desk, a_person(case), **MINE).number
    set_protection(desk, subject, "section_1367", True, why="Application filed", **MINE)
    ending = {"why": "Denied, appeals exhausted", "at": NOW}
    with pytest.raises(ProtectionRefused):
        set_protection(desk, subject, "section_1367", False, author=SUPERVISOR, **ending)
    with pytest.raises(ProtectionRefused, match="denial"):
        set_protection(desk, subject, "section_1367", False, author=DESK_OFFICER, **ending)
    denial = Denial(by="USCIS, Vermont", on=NOW.date(), appeals_exhausted=True)
    by_desk = {"author": DESK_OFFICER, "denial": denial}
    set_protection(desk, subject, "section_1367", False, **by_desk, **ending)
    assert Person.objects.using("investigations").get(number=subject).section_1367 is False


def test_thousands_come_in_at_once_in_any_order(desk: Desk) -> None:
    drafts = [
        *(
            a_lookout(f"SR-26-{n:06}", number=f"LK-26-{n:06}", status="active")
            for n in range(1, 301)
        ),
        *(a_person("TU-26-0001", number=f"SR-26-{n:06}") for n in range(1, 1001)),
        a_case(number="TU-26-0001"),
    ]
    kept = take_in(desk, [Arrival(draft, INVESTIGATOR, NOW) for draft in drafts])
    assert len(kept) == len(told(desk)) == 1301
    assert add_subject(desk, a_person("TU-26-0001"), **MINE).number == "SR-26-001001"


def test_nothing_comes_in_when_one_record_hangs_in_the_air(desk: Desk) -> None:
    drafts = [a_case(number="TU-26-0001"), a_person("TU-26-0002", number="SR-26-000001")]
    with pytest.raises(NoSuchRecord):
        take_in(desk, [Arrival(draft, INVESTIGATOR, NOW) for draft in drafts])
    assert told(desk) == ()


def told(desk: Desk) -> tuple:
    return desk.door.pointers_since("", limit=10_000).pointers
