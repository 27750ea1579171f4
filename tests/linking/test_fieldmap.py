"""The map: what it may say, and what is said where it is wrong."""

from __future__ import annotations

import pytest

from tieline.linking.fieldmap import BadMap, Kind, Role, parse_map

GOOD = """
[left]
number = "A"
[[field]]
kind = "datetime"
left = "WHEN"
right = "AT"
format = { left = "%Y", right = "%d/%m/%y" }
zone = "UTC"
tolerance = "2h"
[[field]]
kind = "surname"
left = ["L1", "L2"]
right = "R"
[[field]]
kind = "code"
right = "T"
role = "truth"
"""


def test_a_map_is_read() -> None:
    plan = parse_map(GOOD, name="map.toml")
    when, surname, truth = plan.fields
    assert (plan.left.number, plan.right.number) == ("A", "")
    assert (when.kind, when.format.right, when.tolerance) == (Kind.DATETIME, "%d/%m/%y", 120.0)
    assert (surname.left, surname.label) == (("L1", "L2"), "surname")
    assert (truth.role, truth.left) == (Role.TRUTH, ())


def test_fields_are_told_apart_by_kind_or_by_column() -> None:
    text = "".join(
        f'[[field]]\nkind = "{kind}"\nleft = "L{at}"\nright = "R"\n'
        for at, kind in enumerate(("code", "date", "date", "age"))
    )
    labels = [f.label for f in parse_map(text, name="m").fields]
    assert labels == ["L0", "date L1", "date L2", "age"]


DATE = '[[field]]\nkind = "date"\nleft = "A"\nright = "B"\nformat = "SHAPE"\n'
OTHER = '[[field]]\nkind = "age"\nleft = "C"\nright = "D"\n'
FIELD = '[[field]]\nkind = "age"\nleft = "A"\nright = "B"\n'


@pytest.mark.parametrize(
    ("text", "what", "cure"),
    [
        ("", "no [[field]]", "--suggest"),
        ("= 1", "not TOML", "docs/map.md"),
        ("\ud800", "not TOML", "docs/map.md"),
        ("[[field]]\nleft = 'A'\nright = 'B'", "field 1 kind is missing", "given"),
        (FIELD.replace("age", "agee"), 'kind "agee" is not known', '"age"'),
        (FIELD + 'roll = "x"', '"roll" is not known', '"role"'),
        (FIELD + 'role = "matches"', 'role "matches" is not known', '"match"'),
        (FIELD + 'tolerance = "2 cows"', '"2 cows" is not understood', '"2y"'),
        (FIELD + "tolerance = -1", '"-1" is not understood', '"2y"'),
        (FIELD + 'tolerance = "nan"', "is not understood", '"2y"'),
        (FIELD.replace("age", "sex") + "tolerance = 1", "a sex has none", "leave it out"),
        (FIELD + 'format = ["%Y"]', "format must be text", "{ left ="),
        (FIELD + 'format = { lift = "%Y" }', '"lift" is not known', '"left"'),
        ('[[field]]\nkind = "age"\nleft = "A"', "one side only", "carry"),
        ('[[field]]\nkind = "age"\nleft = 3\nright = "B"', "must be a column", "["),
        ("field = 3", "no [[field]]", "--suggest"),
        ("left = 3\n" + FIELD, "[left] must be a table", "[left]"),
        ("[left]\nnumber = 3\n" + FIELD, "number must be text", "quotation"),
        ("[lefty]\n" + FIELD, '"lefty" is not known', '"left"'),
        ('[[field]]\nkind = "code"\nright = "B"\nrole = "truth"', "no field to match by", "match"),
        (FIELD + 'label = "x"\n' + OTHER + 'label = "x"', 'two fields are called "x"', "label"),
        (FIELD + FIELD, "fields 1 and 2 compare the same columns", "twice"),
        (DATE.replace("SHAPE", "dd/mm/yyyy"), "no format of a date", "%d/%m/%Y"),
        (DATE.replace("SHAPE", "%d-%m"), "no format of a date", "%d/%m/%Y"),
        (DATE.replace("SHAPE", "%Q-%Y"), "no format of a date", "%d/%m/%Y"),
        (FIELD + 'format = "%Y"', "an age has none", "leave it out"),
        (FIELD + 'tolerance = "1e400y"', "is not understood", '"2y"'),
    ],
)
def test_what_is_wrong_is_said_with_its_cure(text: str, what: str, cure: str) -> None:
    with pytest.raises(BadMap) as said:
        parse_map(text, name="map.toml")
    assert what in said.value.what
    assert cure in said.value.cure
    assert "map.toml" in said.value.what or "two fields" in said.value.what
