"""A correction remembers, in its own transaction, who was shown what is another value now."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tests.people import AGENT, AT, CASE, INVESTIGATOR, LOOSE

from tieline.core.agreement.viewer import Viewer
from tieline.core.records import SILENT, RecordNumber
from tieline.keeping.corrections import Correction
from tieline.keeping.graves import Basis

from .depot import DATABASE, DOOR, KEEPER, crate, found, kept

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("crates", "adopted")]

ANOTHER = replace(INVESTIGATOR, number="U-202", assignment="AS-202")
ORDER = Basis(order="ORD-26-0001")


@pytest.fixture(autouse=True)
def stock(crates: None, adopted: object) -> None:
    kept(crate("S-1", weight=80.0, lead="The guide sleeps."))


def looks(viewer: Viewer = INVESTIGATOR, number: str = "S-1", **asked: Any) -> None:
    DOOR.fetch(RecordNumber(number), **{"viewer": viewer, "purpose": CASE, "at": AT, **asked})


def change(number: str = "S-1", **values: Any) -> None:
    record = found(number)
    for name, value in values.items():
        setattr(record, name, value)
    kept(record)


def to_be_told() -> dict[int, list[str]]:
    """Of each correction that waits, by its version, the people whom this ledger names."""
    rows = Correction.objects.using(DATABASE).order_by("id")
    return {one.version: sorted(viewer for _, _, viewer, _ in one.recipients) for one in rows}


def test_whoever_was_shown_the_value_is_to_be_told_and_nobody_else() -> None:
    looks()
    looks()
    looks(ANOTHER, purpose=LOOSE)  # the pointer alone
    looks(AGENT)  # of the owner
    change(name="MARIA LOPES")
    assert to_be_told() == {2: ["U-200"]}


def test_of_a_value_that_nobody_was_shown_nobody_is_told() -> None:
    looks()
    change(lead="The guide sleeps at the mill.")  # closed to all others
    assert to_be_told() == {2: []}


def test_where_nothing_was_said_before_nothing_is_corrected() -> None:
    looks()
    change(birth_date="1990-03-12")
    assert to_be_told() == {}
    looks(ANOTHER)
    change(birth_date="1990-12-03")
    # The first one was shown a blank; that he looked before is no matter.
    assert to_be_told()[3] == ["U-202"]


def test_what_changes_in_no_value_is_no_correction() -> None:
    looks()
    kept(found("S-1"))
    assert to_be_told() == {}


def test_each_of_two_corrections_reaches_those_who_were_shown_what_it_changes() -> None:
    looks()
    change(name="MARIA LOPES")
    looks(ANOTHER)
    change(name="MARIA LOPEZ")
    assert to_be_told() == {2: ["U-200"], 3: ["U-200", "U-202"]}


@pytest.mark.parametrize("flag", ["section_1367", "sealed", "juvenile"])
@pytest.mark.parametrize("state", [True, None])
def test_a_protection_that_is_set_late_takes_all_of_it_back(flag: str, state: object) -> None:
    looks()
    looks(ANOTHER, purpose=LOOSE)
    change(**{flag: state})
    assert to_be_told() == {2: ["U-200"]}
    (row,) = Correction.objects.using(DATABASE)
    assert row.classes == []


def test_so_does_a_caveat_and_a_protection_that_ends_does_not() -> None:
    kept(crate("S-2", "juvenile"))
    looks(number="S-2")
    change("S-2", juvenile=False)
    looks()
    change(caveats=[SILENT])
    assert to_be_told()[2] == ["U-200"]
    assert {one.record for one in Correction.objects.using(DATABASE) if one.recipients} == {"S-1"}


@pytest.mark.parametrize("destroy", [KEEPER.purge, KEEPER.expunge])
def test_so_does_a_purge(destroy: Any) -> None:
    looks()
    looks(AGENT)
    destroy("S-1", author=AGENT, at=AT, basis=ORDER)
    (row,) = Correction.objects.using(DATABASE)
    assert to_be_told() == {2: ["U-200"]}
    assert (row.record, row.contact) == ("S-1", "duty desk")
    assert "LOPEZ" not in str(vars(row))


def test_a_change_that_is_not_kept_tells_nobody() -> None:
    looks()
    stale = found("S-1")
    change(name="MARIA LOPES")
    stale.name = "MARTA LOPEZ"
    with pytest.raises(Exception, match="in between"):
        kept(stale)
    assert list(to_be_told()) == [2]


def test_of_many_records_at_once_each_has_its_own() -> None:
    kept(*(crate(f"M-{n}") for n in range(600)))
    looks(number="M-7")
    looks(ANOTHER, number="M-599")
    records = [found(f"M-{n}") for n in range(600)]
    for one in records:
        one.name = "MARIA LOPES"
    kept(*records)
    rows = Correction.objects.using(DATABASE)
    assert {one.record: one.recipients[0][2] for one in rows if one.recipients} == {
        "M-7": "U-200",
        "M-599": "U-202",
    }
