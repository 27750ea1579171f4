"""Loading: new, changed and vanished rows, each told once; bad rows named, the rest kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from tests.people import AGENT

from tieline.files.table import UnreadableTable
from tieline.keeping.checks import unclassified
from tieline.keeping.graves import Basis
from tieline.keeping.heads import RecordVersion
from tieline.systems.partner.load import TooManyVanished, load
from tieline.systems.partner.record import PartnerRecord
from tieline.systems.partner.sourcemap import BadSourceMap, Declared, read_source_map

from .scene import EXAMPLES, NOW, Jail

pytestmark = pytest.mark.database


def kept(number: str) -> PartnerRecord:
    return PartnerRecord.objects.using("partner").get(number=number)


def test_each_column_of_a_partner_s_record_has_a_class() -> None:
    assert unclassified(PartnerRecord) == []


def test_the_example_loads_and_hides_what_its_columns_say(jail: Jail) -> None:
    text = (EXAMPLES / "bookings.toml").read_text("utf-8")
    source = read_source_map(text, name="bookings.toml")
    done = load(jail.door.keeper, EXAMPLES / "bookings.csv", source, at=NOW)
    assert (done.new, done.malformed) == (10, [])
    assert len(jail.told()) == 8  # one is sealed, one is a medical hold
    garcia = kept("CJ-26-004501").identity()
    assert garcia.names == ("GARCIA HERNANDEZ, JOSE LUIS",)
    assert (garcia.birth_date, garcia.sex) == ("1990-03-12", "M")
    assert garcia.phones == ("+15205550134",)


def test_the_same_file_again_changes_nothing(jail: Jail) -> None:
    jail.book("26-004501")
    jail.book("26-004502")
    first = jail.deliver()
    digest = jail.door.digest()
    again = jail.load()
    assert (first.new, again.new, again.changed, again.unchanged) == (2, 0, 0, 2)
    assert jail.door.digest() == digest
    assert kept("CJ-26-004501").version == 1


def test_a_purged_record_does_not_come_back_with_the_next_file(jail: Jail) -> None:
    jail.book("26-004501")
    jail.book("26-004502")
    jail.deliver()
    keeper = jail.door.keeper
    author = replace(AGENT, agency=jail.source.owner_agency)
    keeper.expunge("CJ-26-004502", author=author, at=NOW, basis=Basis(order="ORD-26-1"))
    jail.book("26-004503")
    done = jail.deliver()
    assert (done.new, done.unchanged, done.purged, done.withdrawn) == (1, 1, 1, 0)
    assert keeper.find("CJ-26-004502") is None
    assert not RecordVersion.objects.using("partner").filter(number="CJ-26-004502").exists()


def test_a_changed_row_is_a_new_version(jail: Jail) -> None:
    jail.book("26-004501")
    jail.deliver()
    jail.book("26-004501", dob="1988-07-31")
    done = jail.deliver()
    assert (done.changed, done.unchanged) == (1, 0)
    assert kept("CJ-26-004501").version == 2
    assert kept("CJ-26-004501").identity().birth_date == "1988-07-31"


def test_a_vanished_row_is_blanked_and_taken_back_and_may_come_again(jail: Jail) -> None:
    jail.book("26-004501")
    jail.book("26-004502")
    jail.deliver()
    row = jail.rows.pop("26-004502")
    assert jail.deliver().withdrawn == 1
    gone = kept("CJ-26-004502")
    assert gone.protections.hides_existence
    assert not any(one.value for one in gone.mapped())
    assert [one.number for one in jail.told()] == ["CJ-26-004501"]
    assert jail.load().withdrawn == 0
    jail.rows["26-004502"] = row
    assert jail.deliver().changed == 1
    assert {one.number for one in jail.told()} == {"CJ-26-004501", "CJ-26-004502"}


def test_a_file_that_lost_most_of_its_rows_takes_nothing_back(jail: Jail) -> None:
    for number in range(60):
        jail.book(f"26-{number:06}")
    jail.deliver()
    jail.rows = dict(list(jail.rows.items())[:5])
    with pytest.raises(TooManyVanished):
        jail.deliver()
    assert len(jail.told()) == 60
    jail.source = replace(jail.source, most_vanishing=1.0)
    assert jail.deliver().withdrawn == 55


@pytest.mark.parametrize(
    ("number", "row", "named"),
    [
        ("", {}, "booking_number"),
        ("garcia, jose", {}, "booking_number"),
        ("26-004502", {"charge": "a\x01b"}, "charge"),
        ("26-004502", {"charge": "x" * 10_000}, "charge"),
        ("26-004502", {"charge": "ER/CF"}, "fear"),
    ],
)
def test_a_malformed_row_is_told_with_its_line_and_the_rest_is_kept(
    jail: Jail, number: str, row: dict[str, str], named: str
) -> None:
    jail.book("26-004501")
    jail.book(number, **row)
    done = jail.deliver()
    (bad,) = done.malformed
    assert (done.new, bad.line) == (1, 3)
    assert named in bad.reason
    assert not any(value in bad.reason for value in row.values())


def test_a_number_that_comes_twice_is_taken_once(jail: Jail) -> None:
    jail.book("26-004501")
    jail.book(" 26-004501 ")
    done = jail.deliver()
    assert (done.new, [bad.line for bad in done.malformed]) == (1, [3])


def test_a_row_that_cannot_be_read_takes_no_record_back(jail: Jail) -> None:
    jail.book("26-004501")
    jail.book("26-004502")
    jail.deliver()
    del jail.rows["26-004502"]
    jail.book("")
    done = jail.deliver()
    assert (done.withdrawn, done.vanished_kept) == (0, True)
    assert len(jail.told()) == 2


@pytest.mark.parametrize("said", ["", "maybe", "unknown", "-"])
def test_a_protection_that_is_no_clear_no_is_unknown(jail: Jail, said: str) -> None:
    """P17."""
    jail.book("26-004501", vawa=said)
    jail.deliver()
    assert kept("CJ-26-004501").section_1367 is None
    assert jail.told() == []


@pytest.mark.parametrize("said", ["yes", "unknown"])
def test_the_phone_of_a_child_is_no_key(jail: Jail, said: str) -> None:
    """P11."""
    jail.book("26-004501", juvenile=said)
    jail.deliver()
    (pointer,) = jail.told()
    assert pointer.phones == ()


def test_a_column_that_the_map_does_not_name_stops_the_load(jail: Jail) -> None:
    jail.book("26-004501")
    jail.source = replace(jail.source, leave_out=frozenset())
    with pytest.raises(UnreadableTable, match="race"):
        jail.deliver()
    jail.source = replace(jail.source, leave_out=frozenset({"race"}), number="no_such")
    with pytest.raises(UnreadableTable, match="no_such"):
        jail.load()


def test_a_declaration_of_a_day_to_come_stops_the_load(jail: Jail) -> None:
    jail.book("26-004501")
    early = {**jail.source.protections, "tax": Declared(False, date(2027, 1, 1), "somebody")}
    jail.source = replace(jail.source, protections=early)
    with pytest.raises(BadSourceMap, match="tax"):
        jail.deliver()
    assert jail.told() == []


@pytest.mark.parametrize(
    "fault", [{"name": "RUIZ\x1b MORA"}, {"charge": "x" * 5_000}, {"name": "ER/CF"}]
)
def test_a_row_that_cannot_be_read_hides_what_was_told_of_it(
    jail: Jail, fault: dict[str, str]
) -> None:
    """It may say that its person is protected now (P15, P17)."""
    jail.book("26-004501")
    jail.book("26-004502")
    jail.deliver()
    assert len(jail.told()) == 2
    jail.book("26-004501", vawa="yes", **fault)
    done = jail.deliver()
    assert (len(done.malformed), done.hidden, done.withdrawn) == (1, 1, 0)
    assert [one.number for one in jail.told()] == ["CJ-26-004502"]
    assert kept("CJ-26-004501").protections.hides_existence
    assert jail.deliver().hidden == 0
    jail.rows["26-004501"] = {**jail.rows["26-004502"]}
    jail.deliver()
    assert len(jail.told()) == 2


def test_a_number_that_stands_twice_is_told_to_nobody(jail: Jail) -> None:
    jail.book("26-004501")
    jail.deliver()
    with jail.path.open("a", encoding="utf-8") as file:
        file.write(jail.path.read_text("utf-8").splitlines()[1] + "\n")
    done = jail.load()
    assert (len(done.malformed), done.hidden) == (1, 1)
    assert jail.told() == []


def test_another_file_of_the_same_owner_is_none_of_this_one_s_business(jail: Jail) -> None:
    jail.book("26-004501")
    jail.deliver()
    other = replace(jail, source=replace(jail.source, prefix="PR-"), rows={})
    other.book("26-009999")
    done = other.deliver()
    assert (done.new, done.withdrawn) == (1, 0)
    assert len(jail.told()) == 2
