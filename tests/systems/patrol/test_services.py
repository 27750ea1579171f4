"""Events and subjects: opened, added, corrected, taken in by the thousand."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from tieline.keeping.heads import RecordVersion
from tieline.keeping.keeper import NumberTaken, StaleRecord
from tieline.keeping.rows import LedgerRow, LedgerSide
from tieline.systems.patrol.desk import Desk
from tieline.systems.patrol.entering import EntryRefused
from tieline.systems.patrol.events.event import Event
from tieline.systems.patrol.events.opening import correct_event, open_event
from tieline.systems.patrol.intake import Arrival, take_in
from tieline.systems.patrol.series import BadNumber
from tieline.systems.patrol.subjects.adding import add_subject, correct_subject
from tieline.systems.patrol.subjects.subject import Subject
from tieline.systems.patrol.writing import NoSuchRecord

from .scene import AGENT, EARLIER, INVESTIGATOR, MINE, NOW, a_subject, an_event

pytestmark = pytest.mark.database


@pytest.fixture
def event(desk: Desk) -> str:
    """`TCA-2611-000001`."""
    return open_event(desk, an_event(), **MINE).number


def test_an_event_gets_the_next_number_of_its_sector_and_month(desk: Desk) -> None:
    one, two, yuma = (
        open_event(desk, an_event(sector=sector), **MINE) for sector in ("", "TCA", "Yuma Sector")
    )
    assert (one.number, two.number) == ("TCA-2611-000001", "TCA-2611-000002")
    assert (one.sector, one.station, one.border) == ("TCA", "NGL", "southern")
    assert (yuma.number, yuma.sector, yuma.station) == ("YUM-2611-000001", "YUM", "")
    december = open_event(desk, an_event(), author=AGENT, at=NOW + timedelta(days=30))
    assert december.number == "TCA-2612-000001"


def test_a_subject_is_numbered_in_its_event_and_no_number_comes_twice(
    desk: Desk, event: str
) -> None:
    one, two = (add_subject(desk, a_subject(event), **MINE).number for _ in range(2))
    assert (one, two) == (f"{event}-01", f"{event}-02")
    desk.keeper.purge(two, **MINE)
    assert add_subject(desk, a_subject(event), **MINE).number == f"{event}-03"
    taken = a_subject(event, number=f"{event}-123")
    take_in(desk, [Arrival(taken, AGENT, NOW)])
    assert add_subject(desk, a_subject(event), **MINE).number == f"{event}-124"
    with pytest.raises(NumberTaken):
        take_in(desk, [Arrival(taken, AGENT, NOW)])


def test_what_is_written_is_kept_in_one_form(desk: Desk, event: str) -> None:
    kept = add_subject(
        desk,
        a_subject(
            event,
            name_as_given="GARCIA HDEZ, JOSE L",
            a_number="A22333444",
            citizenship="Mexico",
            documents=["MX passport G12345678"],
            phone="(520) 555-0101",
            time_in_us="At Entry",
            entry_status="Entry Without Inspection",
            disposition="Released",
        ),
        **MINE,
    )
    assert (kept.a_number, kept.citizenship, kept.phone) == ("022333444", "MX", "+15205550101")
    assert (kept.time_in_us, kept.entry_status, kept.disposition) == ("AE", "EWI", "REL")
    pointer = kept.pointer("patrol")
    assert pointer is not None
    assert pointer.names == ("GARCIA HDEZ, JOSE L", "José Luis García Hernández")
    assert pointer.identifiers == (("a_number", "022333444"), ("passport", "G12345678"))
    assert (pointer.phones, pointer.birth_date) == (("+15205550101",), "1990-03-12")


def test_what_cannot_be_understood_is_refused_with_every_problem_at_once(
    desk: Desk, event: str
) -> None:
    wrong = {
        "a_number": "000000000",
        "birth_date": "2031-01-01",
        "claimed_age": 140,
        "sex": "female",
        "phone": "nobody",
        "height_cm": 900,
        "weight_kg": 0,
        "cautions": ["flu"],
        "marks": "a\x00b",
        "aliases": "not a list",
        "fear_claimed": "maybe",
        "entered_at": datetime(2026, 11, 1),  # noqa: DTZ001 - a moment without a zone
        "prior_removals": -1,
        "disposition": "SENT AWAY",
    }
    with pytest.raises(EntryRefused) as refused:
        add_subject(desk, a_subject(event, **wrong), **MINE)
    assert set(refused.value.problems) == set(wrong)
    assert "nobody" not in str(refused.value)


NAMELESS = dict.fromkeys(("given_name", "paternal_surname", "maternal_surname"), "")
LATER = NOW + timedelta(hours=1)
BEFORE = EARLIER - timedelta(hours=1)


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ({"apprehended_at": LATER}, "apprehended_at"),
        ({"latitude": 31.4}, "longitude"),
        ({"longitude": -110.9}, "latitude"),
        ({"latitude": 0.0, "longitude": 0.0}, "latitude"),
        ({"latitude": 91.0, "longitude": 0.0}, "latitude"),
        ({"latitude": float("nan"), "longitude": 0.0}, "latitude"),
        ({"sector": "Atlantis"}, "sector"),
        ({"border": "eastern"}, "border"),
        ({"vehicle_plate": "?"}, "vehicle_plate"),
        ({"arrest_method": "ER/CF"}, "arrest_method"),
        ({"landmark": "ER/CF"}, ""),
    ],
)
def test_an_event_that_does_not_fit_is_refused(
    desk: Desk, said: dict[str, Any], named: str
) -> None:
    with pytest.raises(EntryRefused) as refused:
        open_event(desk, an_event(**said), **MINE)
    assert named in refused.value.problems
    assert not Event.objects.using("patrol").exists()


@pytest.mark.parametrize(
    ("said", "named"),
    [
        (NAMELESS, "name_as_given"),
        ({"booked_in_at": LATER}, "booked_in_at"),
        ({"booked_in_at": BEFORE}, "booked_in_at"),
        ({"booked_out_at": NOW}, "booked_in_at"),
        ({"booked_in_at": NOW, "booked_out_at": EARLIER}, "booked_out_at"),
        ({"entered_at": NOW}, "entered_at"),
        ({"family_unit": "F-12"}, "family_role"),
        ({"family_role": "father"}, "family_unit"),
        ({"a_number_state": "allotted"}, "a_number"),
        ({"a_number_state": "pending", "a_number": "A22333444"}, "a_number_state"),
        ({"disposition": "ER", "fear_claimed": ""}, "disposition"),
        ({"disposition": "ER", "fear_claimed": "yes"}, "disposition"),
        ({"disposition": "ER", "fear_claimed": "unclear"}, "disposition"),
        ({"disposition": "REINST", "fear_claimed": "yes"}, "disposition"),
        ({"disposition": "V", "citizenship": "US"}, "disposition"),
        ({"disposition": "T"}, "disposition"),
    ],
)
def test_a_subject_that_does_not_fit_is_refused(
    desk: Desk, event: str, said: dict[str, Any], named: str
) -> None:
    """P9; domain rules 4, 6, 9."""
    with pytest.raises(EntryRefused) as refused:
        add_subject(desk, a_subject(event, **said), **MINE)
    assert named in refused.value.problems


@pytest.mark.parametrize(
    "said",
    [
        {"disposition": "ER/CF", "fear_claimed": "yes"},
        {"disposition": "NTA", "fear_claimed": "no"},
        {"disposition": "REL", "citizenship": "US"},
        {"family_unit": "F-12", "family_role": "father"},
        {"booked_in_at": EARLIER, "booked_out_at": NOW, "entered_at": BEFORE},
    ],
)
def test_what_fits_is_kept(desk: Desk, event: str, said: dict[str, Any]) -> None:
    kept = add_subject(desk, a_subject(event, **said), **MINE)
    fresh = Subject.objects.using("patrol").get(number=kept.number)
    assert {name: getattr(fresh, name) for name in said} == said


def test_only_the_owner_s_people_write(desk: Desk, event: str) -> None:
    subject = add_subject(desk, a_subject(event), **MINE).number
    theirs: dict[str, Any] = {"author": INVESTIGATOR, "at": NOW}
    with pytest.raises(NoSuchRecord):
        add_subject(desk, a_subject(event), **theirs)
    with pytest.raises(NoSuchRecord):
        correct_subject(desk, subject, {"sex": "F"}, why="seen", **theirs)
    with pytest.raises(NoSuchRecord):
        correct_event(desk, event, {"landmark": "Ours"}, why="seen", **theirs)


def test_users_of_the_other_agency_may_keep_records_here_which_are_theirs(desk: Desk) -> None:
    """P1: the border is the owning agency, not the system."""
    theirs = open_event(desk, an_event(sector="TCA"), author=INVESTIGATOR, at=NOW)
    assert theirs.owner_agency == "investigations"
    with pytest.raises(NoSuchRecord):
        add_subject(desk, a_subject(theirs.number), **MINE)
    with pytest.raises(EntryRefused) as refused:
        open_event(desk, an_event(), author=INVESTIGATOR, at=NOW)
    assert set(refused.value.problems) == {"sector"}


def test_a_correction_keeps_the_version_before_it_and_its_reason_in_the_side_row(
    desk: Desk, event: str
) -> None:
    subject = add_subject(desk, a_subject(event), **MINE).number
    change = {"birth_date": "1990-12-03"}
    correct_subject(desk, subject, change, why="day and month swapped", version=1, **MINE)
    versions = RecordVersion.objects.using("patrol").filter(number=subject).order_by("version")
    assert [one.content["birth_date"] for one in versions] == ["1990-03-12", "1990-12-03"]
    entry = LedgerRow.objects.using("patrol").filter(record=subject).latest("sequence")
    side = LedgerSide.objects.using("patrol").get(sequence=entry.sequence)
    assert side.payload == {"why": "day and month swapped"}
    assert "swapped" not in entry.data
    with pytest.raises(StaleRecord):
        correct_subject(desk, subject, change, why="again", version=1, **MINE)
    with pytest.raises(EntryRefused, match="why"):
        correct_subject(desk, subject, change, why="  ", **MINE)


def test_a_correction_leaves_what_numbers_say(desk: Desk, event: str) -> None:
    subject = add_subject(desk, a_subject(event), **MINE).number
    with pytest.raises(EntryRefused):
        correct_event(desk, event, {"sector": "YUM"}, why="wrong", **MINE)
    with pytest.raises(EntryRefused):
        correct_subject(desk, subject, {"event": "TCA-2611-000002"}, why="wrong", **MINE)
    assert correct_event(desk, event, {"sector": "Tucson"}, why="same", **MINE).sector == "TCA"


def test_thousands_come_in_at_once_in_any_order(desk: Desk) -> None:
    drafts = [
        *(a_subject(f"TCA-2610-{n:06}", number=f"TCA-2610-{n:06}-01") for n in range(1, 601)),
        *(a_subject(f"TCA-2610-{n:06}") for n in range(1, 301)),
        *(an_event(number=f"TCA-2610-{n:06}") for n in range(1, 601)),
    ]
    kept = take_in(desk, [Arrival(draft, AGENT, NOW) for draft in drafts])
    told = desk.door.pointers_since("", limit=10_000).pointers
    assert len(kept) == len(told) == 1_500
    assert kept[600].number == "TCA-2610-000001-02"
    versions = RecordVersion.objects.using("patrol").count()
    assert versions == LedgerRow.objects.using("patrol").count() == 1_500
    october = datetime(2026, 10, 31, tzinfo=NOW.tzinfo)
    next_one = open_event(desk, an_event(apprehended_at=october), author=AGENT, at=october)
    assert next_one.number == "TCA-2610-000601"


@pytest.mark.parametrize(
    ("drafts", "error"),
    [
        ([an_event(number="TCA-2611-000001"), a_subject("TCA-2611-000002")], NoSuchRecord),
        ([an_event(number="garcia")], BadNumber),
        ([an_event(number="TCA-2613-000001")], BadNumber),
        ([a_subject("TCA-2611-000001", number="TCA-2611-000002-01")], BadNumber),
        ([a_subject("TCA-2611-000001", number="SR-26-000001")], BadNumber),
        ([an_event(), an_event(border="eastern")], EntryRefused),
    ],
)
def test_nothing_comes_in_when_one_record_is_wrong(
    desk: Desk, drafts: list[Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        take_in(desk, [Arrival(draft, AGENT, NOW) for draft in drafts])
    assert desk.door.pointers_since("", limit=10).pointers == ()
    assert open_event(desk, an_event(), **MINE).number == "TCA-2611-000001"
