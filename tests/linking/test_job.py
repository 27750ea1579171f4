"""Two files joined: every row ends in one place, and each kind of value does its part."""

from __future__ import annotations

import random

import pytest

from tieline.core.values.national import curp_check_digit
from tieline.demo.exports import LEFT_COLUMNS, RIGHT_COLUMNS, two_exports
from tieline.demo.folder import MAP
from tieline.linking.fieldmap import BadMap
from tieline.linking.reading import ColumnMissing, NoSuchRow
from tieline.linking.understanding import BadZone

from .conftest import Join

NAMES = [
    "GARCIA",
    "LOPEZ",
    "PEREZ",
    "SMITH",
    "NGUYEN",
    "KOWALSKI",
    "IVANOV",
    "OKAFOR",
    "TANAKA",
    "MULLER",
    "ROSSI",
    "SILVA",
]
GIVEN = [
    "JOSE",
    "MARIA",
    "ANNA",
    "LI",
    "OMAR",
    "YURI",
    "AIKO",
    "HANS",
    "LUCA",
    "JOAO",
    "EMEKA",
    "LUISA",
]


def people(count: int, seed: int = 1) -> list[list[str]]:
    rng = random.Random(seed)
    return [
        [
            rng.choice(NAMES) + " " + rng.choice(NAMES),
            rng.choice(GIVEN),
            f"{rng.randint(1960, 2005)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}",
        ]
        for _ in range(count)
    ]


PLAN = """
[[field]]
kind = "surname"
left = "SUR"
right = "SUR"
[[field]]
kind = "given"
left = "GIV"
right = "GIV"
[[field]]
kind = "birth_date"
left = "DOB"
right = "DOB"
"""
HEAD = ["SUR", "GIV", "DOB"]


def test_every_row_stands_in_exactly_one_place(join_rows: Join) -> None:
    made = two_exports(rows=400, right_rows=300, overlap=0.6, seed=5, indistinguishable=3)
    left = [LEFT_COLUMNS, *([row[c] for c in LEFT_COLUMNS] for row in made.left)]
    right = [RIGHT_COLUMNS, *([row[c] for c in RIGHT_COLUMNS] for row in made.right), ["short"]]
    _, result = join_rows(left, right, MAP)
    for side, rows in (("left", made.left), ("right", made.right)):
        column = LEFT_COLUMNS[0] if side == "left" else RIGHT_COLUMNS[0]
        told = [getattr(pair, side) for pair in result.links]
        told += [number for group in result.ambiguous for number in getattr(group, side)]
        told += result.unmatched_left if side == "left" else result.unmatched_right
        assert sorted(told) == sorted(row[column] for row in rows)
    assert [(bad.side, bad.line) for bad in result.rejected] == [("right", len(right))]
    links = {(pair.left, pair.right) for pair in result.links}
    true = set(made.truth)
    assert len(links & true) / len(links) > 0.97
    assert len(links & true) / len(true) > 0.8


def test_twins_in_all_are_reported_and_never_guessed(join_rows: Join) -> None:
    rows = people(60)
    twins = [["ZYWIEC", "IGOR", "1990-03-12"]] * 2
    _, result = join_rows([HEAD, *rows, *twins], [HEAD, *rows, *twins], PLAN)
    assert [(group.left, group.right) for group in result.ambiguous] == [
        (("61", "62"), ("61", "62"))
    ]
    assert "nothing tells them apart" in result.ambiguous[0].why
    assert {(pair.left, pair.right) for pair in result.links} == {
        (str(at), str(at)) for at in range(1, 61)
    }


def test_weights_sum_to_the_score(join_rows: Join) -> None:
    rows = people(80)
    run, result = join_rows([HEAD, *rows], [HEAD, *rows[20:]], PLAN)
    for pair in result.links:
        assert sum(one.weight for one in pair.evidence) == pytest.approx(pair.score, abs=1e-4)
        assert 0.7 <= pair.probability <= 1
    again = run.explain(result.links[0].left, result.links[0].right)
    assert again == result.links[0]


def test_a_pair_that_never_met_is_explained_too(join_rows: Join) -> None:
    rows = people(40)
    run, _ = join_rows([HEAD, *rows], [HEAD, *rows], PLAN)
    pair = run.explain("1", "2")
    assert pair.probability < 0.01
    with pytest.raises(NoSuchRow, match='no row "99"'):
        run.explain("99", "1")


def test_the_same_files_give_the_same_result(join_rows: Join) -> None:
    rows = people(50)
    one = join_rows([HEAD, *rows], [HEAD, *rows[10:]], PLAN)[1]
    two = join_rows([HEAD, *rows], [HEAD, *rows[10:]], PLAN)[1]
    assert list(one.links) == list(two.links)


VALUES = [
    ("phone", "(520) 555-0134", "+1 520 555 0134", "the same"),
    ("phone", "+34 660 452 646", "660452646", "the same"),
    ("text", "isaac.iames@smjth.com", "isaac.james@smith.com", "nearly the same words"),
    ("plate", "AZ ABC-1234", "abc1234", "the same"),
    ("identifier", "A 023-984-517", "23984517", "the same"),
    ("identifier", "X-99/17", "x9917", "the same"),
    ("sex", "F", "Female", "the same"),
    ("place", "SEATTLE, WA.", "Seattle, Washington", "the same"),
    ("address", "12 N. Main Street, Apt 4", "12 North Main St #4", "the same"),
    ("address", "Av. Reforma No. 45", "AVENIDA DE LA REFORMA 45", "the same"),
    ("address", "HOMELESS", "12 N Main St", "not compared"),
    ("text", "Blue  Ford, pickup", "blue ford pickup", "the same"),
    ("age", "27", "27", "the same"),
    ("date", "03/12/1990", "1990-03-12", "the same"),
    ("datetime", "2026-07-01T12:00:00Z", "2026-07-01 12:00", "the same"),
    ("name", "GARCIA LOPEZ, José", "jose garcia lopez", "the same words in another order"),
]


@pytest.mark.parametrize(("kind", "left", "right", "level"), VALUES)
def test_spellings_of_one_value_agree(
    join_rows: Join, kind: str, left: str, right: str, level: str
) -> None:
    given = '[[field]]\nkind = "given"\nleft = "GIV"\nright = "GIV"\n'
    plan = f'[[field]]\nkind = "{kind}"\nleft = "V"\nright = "V"\n' + given
    fields = ["V", *HEAD]
    rows = people(12)
    run, result = join_rows(
        [fields, *([left, *row] for row in rows)], [fields, *([right, *row] for row in rows)], plan
    )
    assert run.explain("1", "1").evidence[0].level == level
    assert [one for one in result.not_understood if one.field == kind] == []


def test_codes_of_a_list_agree_and_unknown_ones_are_listed(join_rows: Join) -> None:
    plan = '[[field]]\nkind = "code"\ntable = "hair"\nleft = "V"\nright = "V"\n' + PLAN
    rows = people(12)
    values = ["BRO", "PURPLISH", "XXX"] * 4
    others = ["brown", "purplish", "UNKNOWN"] * 4
    run, result = join_rows(
        [["V", *HEAD], *([v, *row] for v, row in zip(values, rows, strict=True))],
        [["V", *HEAD], *([v, *row] for v, row in zip(others, rows, strict=True))],
        plan,
    )
    levels = [run.explain(n, n).evidence[0].level for n in ("1", "2", "3")]
    assert levels == ["the same", "the same", "not compared"]
    assert [(one.side, one.value, one.rows) for one in result.not_understood] == [
        ("left", "PURPLISH", 4),
        ("right", "purplish", 4),
    ]


def test_zones_differ_by_side(join_rows: Join) -> None:
    plan = (
        '[[field]]\nkind = "datetime"\nleft = "V"\nright = "V"\n'
        'zone = { left = "America/Los_Angeles", right = "UTC" }\n' + PLAN
    )
    rows = people(12)
    run, _ = join_rows(
        [["V", *HEAD], *(["2026-07-01 05:00", *row] for row in rows)],
        [["V", *HEAD], *(["2026-07-01 12:00", *row] for row in rows)],
        plan,
    )
    assert run.explain("1", "1").evidence[0].level == "the same"


def test_columns_are_joined_and_surnames_too(join_rows: Join) -> None:
    plan = """
[[field]]
kind = "surname"
left = "P"
right = ["A", "B"]
[[field]]
kind = "surname2"
left = "M"
right = "NONE"
[[field]]
kind = "given"
left = "GIV"
right = "GIV"
"""
    rows = people(30)
    left = [["P", "M", "GIV"], *([*row[0].split(), row[1]] for row in rows)]
    right = [["A", "B", "NONE", "GIV"], *([*row[0].split(), "", row[1]] for row in rows)]
    run, _ = join_rows(left, right, plan)
    surname = run.explain("1", "1").evidence[0]
    assert (surname.feature, surname.level) == ("surname + surname2", "the same")
    assert surname.left == surname.right == rows[0][0]


def test_carried_fields_are_shown_and_never_used(join_rows: Join) -> None:
    rows = people(40)
    plan = PLAN + '[[field]]\nkind = "text"\nright = "NOTE"\nrole = "carry"\nlabel = "note"\n'
    right = [[*HEAD, "NOTE"], *([*row, f"n{at}"] for at, row in enumerate(rows))]
    with_note = join_rows([HEAD, *rows], right, plan)[1]
    without = join_rows([HEAD, *rows], right, PLAN)[1]
    assert [p.score for p in with_note.links] == [p.score for p in without.links]
    assert with_note.carried["right", "1"] == {"note": "n0"}
    assert without.carried == {}


def test_truth_on_both_sides(join_rows: Join) -> None:
    rows = people(60)
    plan = PLAN + '[[field]]\nkind = "code"\nleft = "ID"\nright = "ID"\nrole = "truth"\n'
    left = [[*HEAD, "ID"], *([*row, str(at)] for at, row in enumerate(rows))]
    right = [[*HEAD, "ID"], *([*row, str(at) if at else "x"] for at, row in enumerate(rows[:40]))]
    truth = join_rows(left, right, plan)[1].truth
    assert truth is not None
    assert (truth.true_rows, truth.linked_true, truth.linked_false) == (39, 39, 1)
    assert truth.precision == pytest.approx(39 / 40)
    assert truth.recall == 1.0


def test_of_people_what_is_found_is_told_by_rows(join_rows: Join) -> None:
    """Who stands twice in each file has four links; two rows of his are found."""
    rows = people(80)
    plan = 'rows = "people"\n' + PLAN
    plan += '[[field]]\nkind = "code"\nleft = "ID"\nright = "ID"\nrole = "truth"\n'
    numbered = [[*row, str(at)] for at, row in enumerate(rows)]
    left = [[*HEAD, "ID"], *numbered, *numbered[:20]]
    right = [[*HEAD, "ID"], *numbered[:60], *numbered[:20]]
    result = join_rows(left, right, plan)[1]
    truth = result.truth
    assert truth is not None
    assert truth.true_rows == 80
    assert truth.linked_true + truth.ambiguous_true <= 80
    assert truth.recall is not None
    assert truth.recall_with_ambiguous is not None
    assert truth.recall <= truth.recall_with_ambiguous <= 1.0
    assert len(result.links) + sum(len(group.pairs) for group in result.ambiguous) > 80


def test_truth_on_one_side_says_yes_or_no(join_rows: Join) -> None:
    rows = people(60)
    plan = PLAN + '[[field]]\nkind = "code"\nright = "OK"\nrole = "truth"\n'
    right = [[*HEAD, "OK"], *([*row, "Y"] for row in rows[:30])]
    right += [[*row, "n"] for row in people(20, seed=9)]
    truth = join_rows([HEAD, *rows], right, plan)[1].truth
    assert truth is not None
    assert (truth.true_rows, truth.linked_true, truth.linked_false) == (30, 30, 0)
    right[1][3] = "perhaps"
    with pytest.raises(BadMap, match="neither yes nor no in row 1"):
        join_rows([HEAD, *rows], right, plan)


def test_rows_without_a_number_of_their_own_are_told(join_rows: Join) -> None:
    rows = people(20)
    plan = '[left]\nnumber = "N"\n' + PLAN
    left = [
        ["N", *HEAD],
        *([("7", "7", "")[at] if at < 3 else f"x{at}", *row] for at, row in enumerate(rows)),
    ]
    run, result = join_rows(left, [HEAD, *rows], plan)
    assert list(run.left.numbers[:4]) == ["7 (row 1)", "7 (row 2)", "? (row 3)", "x3"]
    assert any("3 rows have no number of their own" in said for said in result.warnings)


@pytest.mark.parametrize(
    ("head", "what", "cure"),
    [
        (["SURNAME", "GIV", "DOB"], 'no column "SUR"', 'mean "SURNAME"?'),
        (["sur", "GIV", "DOB"], 'no column "SUR"', 'mean "sur"?'),
        (["SUR", "SUR", "GIV", "DOB"], "more than once", "rename"),
    ],
)
def test_columns_that_are_missing_or_twice(
    join_rows: Join, head: list[str], what: str, cure: str
) -> None:
    row = ["A", "B", "2000-01-02", "x"][: len(head)]
    with pytest.raises(ColumnMissing) as said:
        join_rows([head, row], [HEAD, row[:3]], PLAN)
    assert what in said.value.what
    assert "left.csv" in said.value.what
    assert cure in said.value.cure


def test_an_unknown_zone_is_refused(join_rows: Join) -> None:
    plan = '[[field]]\nkind = "datetime"\nleft = "DOB"\nright = "DOB"\nzone = "Mars/Base"\n'
    with pytest.raises(BadZone, match="Mars/Base"):
        join_rows([HEAD, *people(3)], [HEAD, *people(3)], plan)


@pytest.mark.parametrize("rows", [1, 2])
def test_the_smallest_files(join_rows: Join, rows: int) -> None:
    _, result = join_rows([HEAD, *people(rows)], [HEAD, *people(rows)], PLAN)
    told = len(result.links) + len(result.unmatched_left)
    assert told + sum(len(group.left) for group in result.ambiguous) == rows


def test_a_whole_file_of_one_name_is_reported_and_quick(join_rows: Join) -> None:
    same = [["GARCIA", "JOSE", "1990-01-02"]] * 3000
    _, result = join_rows([HEAD, *same], [HEAD, *same], PLAN)
    assert len(result.links) == 0
    assert result.ambiguous_rows + len(result.unmatched_left) + len(result.unmatched_right) == 6000


def test_hostile_values_are_data(join_rows: Join) -> None:
    rows = [
        ["<script>alert(1)</script>", "'; DROP TABLE x;--", "0000-00-00"],
        ["\u202eEVIL", "=cmd|' /C calc'!A0", "9999-99-99"],
        ["X" * 20_000, "😀" * 300, "1990-13-45"],
        ["..." * 200, "\t", "01/02/03/04"],
        *people(30),
    ]
    _, result = join_rows([HEAD, *rows], [HEAD, *rows], PLAN)
    assert len(result.links) + len(result.unmatched_left) + sum(
        len(group.left) for group in result.ambiguous
    ) == len(rows)


@pytest.mark.parametrize(("more", "kind"), [("AGE", "age"), ("FULL", "name")])
def test_the_same_fact_does_not_count_twice(join_rows: Join, more: str, kind: str) -> None:
    rows = people(400, seed=11)
    right = [*rows[:80], *people(320, seed=12)]

    def widened(rows: list[list[str]]) -> list[list[str]]:
        ages = [str(2026 - int(row[2][:4])) for row in rows]
        full = [f"{row[1]} {row[0]}" for row in rows]
        return [[*row, a, f] for row, a, f in zip(rows, ages, full, strict=True)]

    head = [*HEAD, "AGE", "FULL"]
    field = f'[[field]]\nkind = "{kind}"\nleft = "{more}"\nright = "{more}"\n'
    plain = join_rows([head, *widened(rows)], [head, *widened(right)], PLAN)[1]
    doubled = join_rows([head, *widened(rows)], [head, *widened(right)], PLAN + field)[1]
    assert {(p.left, p.right) for p in doubled.links} == {(p.left, p.right) for p in plain.links}
    assert any("must not count twice" in said for said in doubled.warnings)


def test_an_age_speaks_where_the_birth_date_is_silent(join_rows: Join) -> None:
    rows = [[*row, str(2026 - int(row[2][:4]))] for row in people(60)]
    left = [[row[0], row[1], "", row[3]] for row in rows]
    plan = PLAN + '[[field]]\nkind = "age"\nleft = "AGE"\nright = "AGE"\n'
    run, _ = join_rows([[*HEAD, "AGE"], *left], [[*HEAD, "AGE"], *rows], plan)
    levels = {one.feature: one.level for one in run.explain("1", "1").evidence}
    assert (levels["birth_date"], levels["age"]) == ("missing", "the same")


@pytest.mark.parametrize(
    ("kind", "values", "stray"),
    [
        ("identifier", [f"A0{23984517 + at * 7919}" for at in range(60)], "pending7"),
        ("place", [f"Town {'ABCDEFGHIJ'[at % 10] * 3}, AZ" for at in range(60)], "31.3, -110.9"),
    ],
)
def test_a_stray_value_does_not_change_how_its_column_is_read(
    join_rows: Join, kind: str, values: list[str], stray: str
) -> None:
    plan = f'[[field]]\nkind = "{kind}"\nleft = "V"\nright = "V"\n' + PLAN
    rows = people(60)
    left = [[v.removeprefix("A0"), *row] for v, row in zip(values, rows, strict=True)]
    right = [[v, *row] for v, row in zip(values, rows, strict=True)]
    right[-1][0] = stray
    run, _ = join_rows([["V", *HEAD], *left], [["V", *HEAD], *right], plan)
    assert run.explain("1", "1").evidence[0].level == "the same"


def test_numbers_are_unique_whatever_the_file_says(join_rows: Join) -> None:
    rows = people(4)
    left = [["N", *HEAD], ["ragged"], ["7", *rows[0]], ["7", *rows[1]], ["7 (row 2)", *rows[2]]]
    run, _ = join_rows(left, [HEAD, *rows], '[left]\nnumber = "N"\n' + PLAN)
    assert list(run.left.numbers) == ["7 (row 2)'", "7 (row 3)", "7 (row 2)"]


def test_a_small_file_against_a_large_one(join_rows: Join) -> None:
    rng = random.Random(3)
    letters = "ABCDEFGHIKLMNOPRSTUVZ"

    def name() -> str:
        return "".join(rng.choice(letters) + rng.choice("AEIOU") for _ in range(4))

    large = [[name(), name(), ""] for _ in range(20_000)]
    small = [*large[:60], *([name(), name(), ""] for _ in range(40))]
    plan = PLAN.partition('[[field]]\nkind = "birth_date"')[0]
    _, result = join_rows([HEAD, *large], [HEAD, *small], plan)
    links = {(pair.left, pair.right) for pair in result.links}
    assert len(links & {(str(at), str(at)) for at in range(1, 61)}) >= 58
    assert len(links) <= 61


def test_a_format_that_fits_few_values_is_warned_of(join_rows: Join) -> None:
    rows = people(30)
    plan = PLAN.replace('right = "DOB"', 'right = "DOB"\nformat = "%d.%m.%Y"')
    right = [[*row[:2], "12/31/1990"] for row in rows]
    _, result = join_rows([HEAD, *rows], [HEAD, *right], plan)
    assert any("30 of 30 values were not understood" in said for said in result.warnings)


def test_nothing_linked_is_said_in_words(join_rows: Join) -> None:
    same = [["GARCIA", "JOSE", "1990-01-02"]] * 20
    _, result = join_rows([HEAD, *same], [HEAD, *same], PLAN)
    if not result.links and not result.ambiguous:
        assert any("Nothing was linked" in said for said in result.warnings)
    _, result = join_rows([HEAD, ["A", "B", ""]], [HEAD, ["C", "D", ""]], PLAN)
    assert any("Nothing was linked" in said for said in result.warnings)


def test_a_column_of_curps_names_those_whose_check_digit_does_not_agree(join_rows: Join) -> None:
    born = [f"HEGG{year}0427MVZRRL0" for year in range(50, 70)]
    curps = [[one + curp_check_digit(one)] for one in born]
    curps[0] = [born[0] + str((int(curps[0][0][-1]) + 1) % 10)]
    curps[1] = ["XEXX010101HNEXXXA4"]
    plan = '[[field]]\nkind = "identifier"\ncolumn = "CURP"\n'
    _, result = join_rows([["CURP"], *curps], [["CURP"], *curps], plan)
    wrong = {(one.side, one.reason) for one in result.not_understood}
    assert ("left", "its check digit does not agree") in wrong
    assert ("left", "it is written of any foreigner") in wrong
    assert "2" in result.unmatched_left


def test_a_social_security_number_that_nobody_was_given_joins_nobody(join_rows: Join) -> None:
    numbers = [[f"123-45-{serial}"] for serial in range(6001, 6020)]
    plan = '[[field]]\nkind = "identifier"\ncolumn = "SSN"\n'
    rows = [["SSN"], *numbers, ["000-12-3456"]]
    _, result = join_rows(rows, rows, plan)
    assert len(result.links) == len(numbers)
    assert "20" in result.unmatched_left
