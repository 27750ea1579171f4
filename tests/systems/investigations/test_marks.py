"""Marks: set by who writes, opened again by a second person, borne by all parts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from tieline.core.agreement.viewer import Role, Viewer
from tieline.core.ledger.events import Event
from tieline.core.mark_terms import MarkTerms
from tieline.core.marks import (
    Fact,
    GangGrounds,
    Grounds,
    IntelligenceGrounds,
    MarkRefused,
    WordGrounds,
)
from tieline.core.sources import UNSUPPORTED
from tieline.keeping import marking, marks_lapsing
from tieline.keeping.listed_sources import ListedSource
from tieline.keeping.marking import (
    NoSuchMark,
    approve_mark,
    end_mark,
    marks_on,
    review_mark,
    set_mark,
)
from tieline.keeping.marks import MarkRow
from tieline.keeping.marks_lapsing import lapse_marks
from tieline.keeping.records import KeptRecord
from tieline.keeping.rows import LedgerRow, LedgerSide
from tieline.keeping.writing import NoSuchRecord
from tieline.settings import Node
from tieline.systems.investigations.cases.opening import open_case
from tieline.systems.investigations.desk import Desk
from tieline.systems.investigations.lookouts.placing import place_lookout
from tieline.systems.investigations.protecting import set_protection
from tieline.systems.investigations.subjects.adding import add_subject

from .scene import (
    AGENT,
    GROUNDS,
    INVESTIGATOR,
    NOW,
    SUPERVISOR,
    a_case,
    a_lookout,
    a_person,
)

pytestmark = pytest.mark.database

BY: dict[str, Any] = {"author": INVESTIGATOR, "at": NOW}
BOSS: dict[str, Any] = {"author": SUPERVISOR, "at": NOW}
DAY = timedelta(days=1)
DRILL = WordGrounds(why="The drill of the 23rd.")
LABEL = GangGrounds(
    facts=(
        Fact(kind="admission", said="Said so, on tape.", source="Interview of the 2nd"),
        Fact(kind="conviction", said="For guarding the house.", source="Judgment 26-114"),
    ),
    association_alone=False,
)
TIP = IntelligenceGrounds(
    suspicion="Rented three boats in cash before each landing.",
    source="Harbour office",
    reliability="reliable",
    validity="probable",
    sensitivity="confidential",
    review_on=NOW.date() + timedelta(days=400),
    views=False,
    unlawful=False,
)
PENDING = {"gang_label": LABEL, "intelligence": TIP}


@pytest.fixture
def case(desk: Desk) -> str:
    return open_case(desk, a_case(), **BY).number


@pytest.fixture
def person(desk: Desk, case: str) -> str:
    return add_subject(desk, a_person(case), **BY).number


def found(desk: Desk, number: str) -> KeptRecord:
    record = desk.keeper.find(number)
    assert record is not None
    return record


def caveats(desk: Desk, number: str) -> set[str]:
    return set(found(desk, number).caveats)


def proposed(desk: Desk, person: str, mark: str = "gang_label", **more: Any) -> str:
    grounds: Grounds = replace(PENDING[mark], **more)
    return set_mark(desk, person, mark, grounds, **BY).number


def approved(desk: Desk, person: str, mark: str = "gang_label") -> str:
    return approve_mark(desk, person, proposed(desk, person, mark), **BOSS).number


def events(desk: Desk, number: str) -> list[str]:
    rows = LedgerRow.objects.using(desk.keeper.database).filter(record=number)
    return [one.event for one in rows.order_by("sequence") if one.event.startswith("mark:")]


def nobody(agency: str) -> Viewer:
    return replace(INVESTIGATOR, agency=agency, number="SYS-2", role=Role.AGENT)


def lapse(desk: Desk, at: Any) -> int:
    return lapse_marks(desk, author_of=nobody, at=at)


@pytest.mark.parametrize("mark", sorted(PENDING))
def test_what_is_proposed_closes_at_once_and_is_approved_by_another(
    desk: Desk, person: str, mark: str
) -> None:
    version = found(desk, person).version
    number = proposed(desk, person, mark)
    assert caveats(desk, person) == {mark, "unapproved"}
    assert found(desk, person).version == version + 1
    with pytest.raises(MarkRefused, match="supervisor"):
        approve_mark(desk, person, number, **BY)
    row = approve_mark(desk, person, number, **BOSS)
    assert caveats(desk, person) == {mark}
    assert row.approved_by == SUPERVISOR.number
    assert row.review_on is not None
    with pytest.raises(MarkRefused, match="waits for nobody"):
        approve_mark(desk, person, number, **BOSS)
    assert events(desk, person) == [Event.MARK_PROPOSED, Event.MARK_SET]


@pytest.mark.parametrize(
    "who",
    [
        replace(SUPERVISOR, unit="TU/4"),
        replace(SUPERVISOR, unit="LA/13"),
        replace(SUPERVISOR, role=Role.INVESTIGATOR),
        # Who proposed it, in another hat.
        replace(SUPERVISOR, number=INVESTIGATOR.number),
    ],
)
def test_nobody_else_decides(desk: Desk, person: str, who: Viewer) -> None:
    number = proposed(desk, person)
    stands = approved(desk, person, "intelligence")
    about: dict[str, Any] = {"why": "It holds.", "review_on": NOW.date() + DAY}
    for act in (
        lambda: approve_mark(desk, person, number, author=who, at=NOW),
        lambda: end_mark(desk, person, number, why="No.", author=who, at=NOW),
        lambda: end_mark(desk, person, stands, why="No.", author=who, at=NOW),
        lambda: review_mark(desk, person, stands, **about, author=who, at=NOW),
    ):
        with pytest.raises(MarkRefused, match="supervisor"):
            act()
    assert {row.ended_at for row in marks_on(desk, person)} == {None}


def test_a_supervisor_of_the_unit_above_and_an_acting_one_decide(desk: Desk, case: str) -> None:
    writer = replace(INVESTIGATOR, unit="TU/4")
    number = add_subject(desk, a_person(case), author=writer, at=NOW).number
    approve_mark(desk, number, proposed(desk, number), **BOSS)
    acting = replace(INVESTIGATOR, number="U-203", unit="TU/4", roles=frozenset({Role.SUPERVISOR}))
    mark = proposed(desk, number, "intelligence")
    approve_mark(desk, number, mark, author=acting, at=NOW)
    assert caveats(desk, number) == {"gang_label", "intelligence"}


def test_another_agency_s_people_meet_nothing(desk: Desk, person: str) -> None:
    number = proposed(desk, person)
    stranger = replace(AGENT, role=Role.SUPERVISOR, unit="TU")
    for act in (
        lambda: set_mark(desk, person, "exercise", DRILL, author=stranger, at=NOW),
        lambda: approve_mark(desk, person, number, author=stranger, at=NOW),
        lambda: end_mark(desk, person, number, why="No.", author=stranger, at=NOW),
    ):
        with pytest.raises(NoSuchRecord, match="no number of your agency"):
            act()


def test_a_mark_is_of_its_record(desk: Desk, case: str, person: str) -> None:
    number = proposed(desk, person)
    for of, one in ((case, number), (person, "MK-0"), (person, "\0"), (person, "")):
        with pytest.raises(NoSuchMark):
            end_mark(desk, of, one, why="No.", **BOSS)


def test_a_mark_is_borne_once(desk: Desk, person: str) -> None:
    proposed(desk, person)
    with pytest.raises(MarkRefused, match="already"):
        proposed(desk, person)
    (row,) = marks_on(desk, person)
    row.pk, row.number = None, "MK-2"
    database = desk.keeper.database
    with pytest.raises(IntegrityError), transaction.atomic(using=database):
        row.save(using=database)


def test_what_is_refused_or_ended_may_be_set_again_and_stays_on_its_page(
    desk: Desk, person: str
) -> None:
    end_mark(desk, person, proposed(desk, person), why="Not enough.", **BOSS)
    assert caveats(desk, person) == set()
    number = approved(desk, person)
    end_mark(desk, person, number, why="Another man.", **BOSS)
    again = end_mark(desk, person, number, why="Once more.", **BOSS)
    assert again.ended_why == "Another man."
    assert caveats(desk, person) == set()
    proposed(desk, person)
    assert [row.is_live for row in marks_on(desk, person)] == [True, False, False]
    assert events(desk, person) == [
        *(Event.MARK_PROPOSED, Event.MARK_REFUSED),
        *(Event.MARK_PROPOSED, Event.MARK_SET, Event.MARK_ENDED, Event.MARK_PROPOSED),
    ]


@pytest.mark.parametrize("why", ["", " … ", "a\0b", "x" * 2_001])
def test_nothing_ends_without_words(desk: Desk, person: str, why: str) -> None:
    number = approved(desk, person)
    with pytest.raises(MarkRefused, match="with its reason"):
        end_mark(desk, person, number, why=why, **BOSS)
    with pytest.raises(MarkRefused, match="with its reason"):
        review_mark(desk, person, number, why=why, review_on=NOW.date() + DAY, **BOSS)
    assert caveats(desk, person) == {"gang_label"}


def test_a_label_is_of_a_person(desk: Desk, case: str) -> None:
    with pytest.raises(MarkRefused, match="of a person"):
        set_mark(desk, case, "gang_label", LABEL, **BY)


@pytest.mark.parametrize(
    ("mark", "grounds"),
    [("gang_label", DRILL), ("gang_label", TIP), ("intelligence", DRILL), ("exercise", LABEL)],
)
def test_no_mark_is_set_on_the_grounds_of_another(
    desk: Desk, person: str, mark: str, grounds: Grounds
) -> None:
    with pytest.raises(MarkRefused, match="another mark"):
        set_mark(desk, person, mark, grounds, **BY)


@pytest.mark.parametrize(
    "mark", ["from:", "from:investigations", "from:nowhere", "silent", "x", ""]
)
def test_only_what_is_a_mark_is_set(desk: Desk, person: str, mark: str) -> None:
    agencies = ("county", "investigations", "patrol")
    with pytest.raises(MarkRefused):
        set_mark(desk, person, mark, DRILL, agencies=agencies, **BY)
    assert caveats(desk, person) == set()
    set_mark(desk, person, "from:county", DRILL, agencies=agencies, **BY)
    assert caveats(desk, person) == {"from:county"}


@pytest.mark.parametrize("juvenile", [True, None])
@pytest.mark.parametrize("mark", sorted(PENDING))
def test_on_a_child_counsel_approves_first(
    desk: Desk, case: str, mark: str, juvenile: bool | None
) -> None:
    open_to = {**a_person(case).protections, "juvenile": juvenile}
    child = add_subject(desk, a_person(case, protections=open_to), **BY).number
    with pytest.raises(MarkRefused, match="counsel"):
        proposed(desk, child, mark)
    number = proposed(desk, child, mark, counsel="OPLA 26-117")
    assert approve_mark(desk, child, number, **BOSS).counsel == "OPLA 26-117"


@pytest.mark.parametrize("mark", sorted(PENDING))
def test_who_is_a_child_by_now_is_labelled_by_nobody_without_counsel(
    desk: Desk, person: str, mark: str
) -> None:
    number = proposed(desk, person, mark)
    set_protection(desk, person, "juvenile", None, why="The age is in doubt.", **BY)
    with pytest.raises(MarkRefused, match="counsel"):
        approve_mark(desk, person, number, **BOSS)
    approve_mark(desk, person, number, counsel="OPLA 26-117", **BOSS)


def test_an_approval_without_counsel_counts_no_more_on_a_child(desk: Desk, person: str) -> None:
    number = approved(desk, person)
    assert lapse(desk, NOW) == 0
    set_protection(desk, person, "juvenile", True, why="The birth certificate came.", **BY)
    assert lapse(desk, NOW + DAY) == 1
    assert caveats(desk, person) == {"gang_label", "unapproved"}
    assert lapse(desk, NOW + DAY) == 0
    approve_mark(desk, person, number, counsel="OPLA 26-117", **BOSS)
    assert lapse(desk, NOW + 2 * DAY) == 0
    assert caveats(desk, person) == {"gang_label"}
    assert events(desk, person)[2:] == [Event.MARK_REOPENED, Event.MARK_SET]


def test_a_proposal_that_nobody_decides_on_falls(desk: Desk, person: str) -> None:
    proposed(desk, person)
    assert lapse(desk, NOW + 6 * DAY) == 0
    assert caveats(desk, person) == {"gang_label", "unapproved"}
    assert lapse(desk, NOW + 7 * DAY) == 1
    assert caveats(desk, person) == set()
    assert lapse(desk, NOW + 8 * DAY) == 0
    assert events(desk, person) == [Event.MARK_PROPOSED, Event.MARK_LAPSED]
    (row,) = marks_on(desk, person)
    with pytest.raises(MarkRefused, match="waits for nobody"):
        approve_mark(desk, person, row.number, **BOSS)


def test_a_label_lapses_after_a_year_unless_somebody_reviews_it(desk: Desk, person: str) -> None:
    number = approved(desk, person)
    (row,) = marks_on(desk, person)
    assert row.review_on == NOW.date() + 365 * DAY
    late = NOW + 300 * DAY
    for day in (late.date(), late.date() + 366 * DAY):
        with pytest.raises(MarkRefused, match="reviewed within"):
            review_mark(
                desk, person, number, why="It holds.", review_on=day, author=SUPERVISOR, at=late
            )
    until = late.date() + 365 * DAY
    review_mark(desk, person, number, why="It holds.", review_on=until, author=SUPERVISOR, at=late)
    assert lapse(desk, NOW + 366 * DAY) == 0
    assert lapse(desk, late + 365 * DAY) == 1
    assert caveats(desk, person) == set()
    assert events(desk, person)[2:] == [Event.MARK_REVIEWED, Event.MARK_EXPIRED]


def test_a_node_s_shorter_terms_are_kept_from_then_on(
    desk: Desk, person: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of what stands already the day stays that somebody gave it."""
    before = approved(desk, person, "gang_label")
    waits = proposed(desk, person, "intelligence")
    node = Node(folder=Path(), marks=MarkTerms(decide=2, gang_label=90, intelligence=30))
    for room in (marking, marks_lapsing):
        monkeypatch.setattr(room, "node", lambda: node)
    # What was proposed before stands no longer than the term that holds when it is approved.
    row = approve_mark(desk, person, waits, **BOSS)
    assert row.review_on == NOW.date() + 30 * DAY
    with pytest.raises(MarkRefused, match="within 90 days"):
        review_mark(desk, person, before, why="Holds.", review_on=NOW.date() + 91 * DAY, **BOSS)
    review_mark(desk, person, before, why="Holds.", review_on=NOW.date() + 90 * DAY, **BOSS)
    end_mark(desk, person, row.number, why="It was another.", **BOSS)
    proposed(desk, person, "intelligence", review_on=NOW.date() + 30 * DAY)
    assert lapse(desk, NOW + 2 * DAY - timedelta(seconds=1)) == 0
    assert lapse(desk, NOW + 2 * DAY) > 0
    assert events(desk, person)[-2:] == [Event.MARK_LAPSED, Event.MARK_SET]
    with pytest.raises(MarkRefused, match="within 30 days"):
        proposed(desk, person, "intelligence", review_on=NOW.date() + 31 * DAY)


def test_intelligence_never_lapses_into_openness(desk: Desk, person: str) -> None:
    approved(desk, person, "intelligence")
    assert lapse(desk, NOW + 399 * DAY) == 0
    assert lapse(desk, NOW + 400 * DAY) == 2
    assert caveats(desk, person) == {"unapproved"}
    (left,) = [row for row in marks_on(desk, person) if row.is_live]
    assert lapse(desk, NOW + 900 * DAY) == 0
    end_mark(desk, person, left.number, why="It is an ordinary record.", **BOSS)
    assert caveats(desk, person) == set()


def test_a_report_is_approved_by_another_than_its_author(desk: Desk, case: str) -> None:
    writer = replace(SUPERVISOR, number="U-211")
    report = add_subject(desk, a_person(case), author=writer, at=NOW).number
    number = set_mark(desk, report, "unapproved", DRILL, **BY).number
    with pytest.raises(MarkRefused, match="wrote the report"):
        end_mark(desk, report, number, why="Read.", author=writer, at=NOW)
    with pytest.raises(MarkRefused):
        approve_mark(desk, report, number, **BOSS)
    end_mark(desk, report, number, why="Read.", **BOSS)
    assert caveats(desk, report) == set()


def test_parts_bear_what_their_whole_bears_however_late_they_come(
    desk: Desk, case: str, person: str
) -> None:
    old = place_lookout(desk, a_lookout(person), grounds=GROUNDS, **BY).number
    versions = {one: found(desk, one).version for one in (case, person, old)}
    drill = set_mark(desk, case, "exercise", DRILL, **BY).number
    late = add_subject(desk, a_person(case), **BY).number
    young = place_lookout(desk, a_lookout(late), grounds=GROUNDS, **BY).number
    everything = (case, person, old, late, young)
    assert all(caveats(desk, one) == {"exercise"} for one in everything)
    assert all(found(desk, one).version == version + 1 for one, version in versions.items())
    set_mark(desk, person, "from:county", DRILL, agencies=("county",), **BY)
    assert caveats(desk, old) == {"exercise", "from:county"}
    assert caveats(desk, case) == {"exercise"}
    end_mark(desk, case, drill, why="It was real.", **BOSS)
    assert {one: caveats(desk, one) for one in everything} == {
        case: set(),
        person: {"from:county"},
        old: {"from:county"},
        late: set(),
        young: set(),
    }


def test_a_lookout_tells_of_intelligence_no_more_than_its_subject(desk: Desk, person: str) -> None:
    lookout = place_lookout(desk, a_lookout(person), grounds=GROUNDS, **BY).number
    number = proposed(desk, person, "intelligence")
    assert caveats(desk, lookout) == {"intelligence", "unapproved"}
    approve_mark(desk, person, number, **BOSS)
    assert caveats(desk, lookout) == {"intelligence"}


def test_a_label_is_the_person_s_own_and_no_lookout_tells_it(desk: Desk, person: str) -> None:
    approved(desk, person)
    lookout = place_lookout(desk, a_lookout(person), grounds=GROUNDS, **BY).number
    assert caveats(desk, lookout) == set()
    silent = a_lookout(person, handling="silent", status="draft")
    hidden = place_lookout(desk, silent, grounds=GROUNDS, **BY).number
    set_mark(desk, hidden, "exercise", DRILL, **BY)
    assert caveats(desk, hidden) == {"silent", "exercise"}


@pytest.mark.parametrize("mark", sorted(PENDING))
def test_nothing_rests_on_what_a_listed_abuser_alone_has_said(
    desk: Desk, person: str, mark: str
) -> None:
    """8 USC 1367(a)(1), P16: with two facts, both are his."""
    ListedSource.objects.using(desk.keeper.database).create(
        number="PS-1",
        record=person,
        owner=INVESTIGATOR.agency,
        names=["Raúl Pérez Inventado"],
        why="Her petition",
        listed_by="U-202",
        listed_at=NOW,
    )
    his: dict[str, Any] = {"source": "Raul Perez Inventado"}
    if mark == "gang_label":
        said = [
            replace(one, source=f"Raul Perez Inventado {at}") for at, one in enumerate(LABEL.facts)
        ]
        his = {"facts": tuple(said)}
    with pytest.raises(MarkRefused) as why:
        proposed(desk, person, mark, **his)
    assert why.value.what == UNSUPPORTED.rstrip(".")
    assert marks_on(desk, person) == []
    proposed(desk, person, mark)


def test_the_words_stand_beside_the_record_and_go_with_it(desk: Desk, person: str) -> None:
    number = proposed(desk, person)
    end_mark(desk, person, number, why="Interview of the 2nd was another man's.", **BOSS)
    database = desk.keeper.database
    rows = LedgerRow.objects.using(database).filter(record=person)
    said = "".join(one.data for one in rows)
    assert "gang_label" not in said
    assert "Interview" not in said
    sides = LedgerSide.objects.using(database).filter(sequence__in=rows.values("sequence"))
    assert any(one.payload.get("mark") == "gang_label" for one in sides)
    from tieline.keeping.heads import RecordVersion

    versions = RecordVersion.objects.using(database).filter(number=person)
    assert not any("Interview" in str(one.content) for one in versions)
    desk.keeper.purge(person, **BY)
    assert not MarkRow.objects.using(database).filter(record=person).exists()


def test_a_mark_is_a_date_of_the_calendar() -> None:
    assert isinstance(TIP.kept()["review_on"], str)
    assert date.fromisoformat(str(TIP.kept()["review_on"])) == TIP.review_on
