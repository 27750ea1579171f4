"""A map says everything that must be said of a source, or the load stops."""

from __future__ import annotations

import pytest

from tieline.core.records import FieldClass
from tieline.keeping.records import PROTECTIONS
from tieline.systems.partner.sourcemap import BadSourceMap, read_source_map

from .scene import EXAMPLES, MAP


def test_the_example_is_a_whole_map() -> None:
    source = read_source_map((EXAMPLES / "bookings.toml").read_text("utf-8"), name="example")
    assert set(source.protections) == set(PROTECTIONS)
    assert {one.name: one.field_class for one in source.fields}["charge"] is (
        FieldClass.CRIMINAL_HISTORY
    )
    assert source.leave_out == {"race"}


@pytest.mark.parametrize("name", PROTECTIONS)
def test_a_protection_that_nobody_speaks_of_is_named(name: str) -> None:
    """P17."""
    less = "\n".join(line for line in MAP.splitlines() if not line.startswith(f"{name} ="))
    with pytest.raises(BadSourceMap, match=name):
        read_source_map(less, name="jail.toml")


@pytest.mark.parametrize(
    ("said", "instead", "complaint"),
    [
        ('screened_on = 2026-11-01, by = "Records supervisor"', 'by = "me"', "screened"),
        (', by = "Records supervisor"', "", "by is missing"),
        ('declared = "no"', 'declared = "maybe"', "declared"),
        ('class = "custody"', 'class = "custardy"', "class"),
        ('class = "custody"', "", "class"),
        ('meaning = "phone"', 'meaning = "complexion"', "meaning"),
        ('owner_agency = "county"', "", "owner_agency"),
        ('owner_agency = "county"', 'owner_agency = "County Sheriff"', "owner_agency"),
        ('contact = "Booking desk"', "", "contact"),
        ('prefix = "CJ-"', 'prefixx = "CJ-"', "prefixx"),
        ('prefix = "CJ-"', 'kind = "subject"', "kind"),
        ('prefix = "CJ-"', "most_vanishing = 3", "share"),
        ('leave_out = ["race"]', 'leave_out = "race"', "leave_out"),
        ('column = "dob"\nname = "birth_date"', 'column = "dob"\nname = "name"', "two fields"),
        ("[source]", "[source", "TOML"),
        ("[[field]]", "[field]", "TOML"),
    ],
)
def test_a_wrong_map_is_refused_with_the_place(said: str, instead: str, complaint: str) -> None:
    assert said in MAP
    with pytest.raises(BadSourceMap, match=complaint):
        read_source_map(MAP.replace(said, instead), name="jail.toml")
