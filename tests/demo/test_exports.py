"""What the two invented exports are like, and what of them must never change by chance."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, datetime

import pytest

from tieline.demo.exports import LEFT_COLUMNS, RIGHT_COLUMNS, TODAY, Exports, Row, two_exports

ROWS = 2000


@pytest.fixture(scope="module")
def exports() -> Exports:
    return two_exports(rows=ROWS, overlap=0.6, seed=11)


@pytest.fixture(scope="module")
def pairs(exports: Exports) -> list[tuple[Row, Row]]:
    left = {row["EVENT_NO"]: row for row in exports.left}
    right = {row["RECORD_ID"]: row for row in exports.right}
    return [(left[a], right[b]) for a, b in exports.truth]


def test_the_sizes_are_as_asked(exports: Exports) -> None:
    assert (len(exports.left), len(exports.right), len(exports.truth)) == (ROWS, ROWS, 1200)
    fewer = two_exports(rows=200, right_rows=50, overlap=0.5, seed=1)
    assert (len(fewer.left), len(fewer.right), len(fewer.truth)) == (200, 50, 25)


def test_no_overlap_and_a_whole_one() -> None:
    assert two_exports(rows=20, overlap=0.0, seed=1).truth == []
    assert len(two_exports(rows=20, overlap=1.0, seed=1).truth) == 20


def test_the_same_seed_gives_the_same_people_and_another_seed_others(exports: Exports) -> None:
    again = two_exports(rows=ROWS, overlap=0.6, seed=11)
    assert again == exports
    assert two_exports(rows=100, overlap=0.6, seed=12).left != again.left[:100]


def test_each_side_has_its_own_columns_and_its_own_date(exports: Exports) -> None:
    assert {tuple(row) for row in exports.left} == {LEFT_COLUMNS}
    assert {tuple(row) for row in exports.right} == {RIGHT_COLUMNS}
    assert not set(LEFT_COLUMNS) & set(RIGHT_COLUMNS)
    for row in exports.left:
        assert row["DOB"] == "" or datetime.strptime(row["DOB"], "%m/%d/%Y").date() <= TODAY  # noqa: DTZ007
    for row in exports.right:
        assert row["BIRTH_DATE"] == "" or date.fromisoformat(row["BIRTH_DATE"]) <= TODAY


def test_numbers_are_unique_and_the_truth_is_one_to_one(exports: Exports) -> None:
    for side, column in ((exports.left, "EVENT_NO"), (exports.right, "RECORD_ID")):
        assert len({row[column] for row in side}) == ROWS
    for side in (0, 1):
        assert max(Counter(pair[side] for pair in exports.truth).values()) == 1


def test_the_order_of_rows_does_not_tell_who_is_who(exports: Exports) -> None:
    left = {row["EVENT_NO"]: at for at, row in enumerate(exports.left)}
    right = {row["RECORD_ID"]: at for at, row in enumerate(exports.right)}
    near = sum(abs(left[a] - right[b]) < 30 for a, b in exports.truth)
    assert near < len(exports.truth) * 0.05


def test_every_phone_is_one_that_nobody_has(exports: Exports) -> None:
    phones = {row["PHONE_NO"] for row in exports.right if row["PHONE_NO"]}
    assert len(phones) > 100
    assert [p for p in phones if not re.fullmatch(r"\+1\d{3}55501\d\d|\+52\d{3}00001\d\d", p)] == []


@pytest.mark.parametrize(
    ("what", "least"),
    [
        ("given names differ", 200),
        ("surnames differ", 200),
        ("day and month swapped", 3),
        ("given and surname swapped", 6),
        ("one of two surnames left out", 100),
        ("surnames joined by a hyphen", 60),
        ("date missing on one side", 25),
    ],
)
def test_the_mistakes_of_real_systems_are_there(
    pairs: list[tuple[Row, Row]], what: str, least: int
) -> None:
    assert sum(MISTAKES[what](left, right) for left, right in pairs) >= least


def test_most_pairs_are_still_recognizable(pairs: list[tuple[Row, Row]]) -> None:
    alike = sum(
        day(left) == right["BIRTH_DATE"] or bool(words(left["SUBJ_LAST"]) & words(family(right)))
        for left, right in pairs
    )
    assert alike > 0.95 * len(pairs)


def test_indistinguishable_people_are_alike_in_all_that_both_systems_write() -> None:
    exports = two_exports(rows=60, overlap=0.5, seed=4, indistinguishable=3)
    number = {"EVENT_NO", "RECORD_ID"}
    for side in (exports.left, exports.right):
        alike = Counter(
            tuple(value for column, value in row.items() if column not in number) for row in side
        )
        assert sum(count == 2 for count in alike.values()) >= 3


def test_nobody_is_indistinguishable_unless_asked(exports: Exports) -> None:
    rows = Counter((r["NAME_FAMILY"], r["NAME_GIVEN"], r["BIRTH_DATE"]) for r in exports.right)
    assert [row for row, count in rows.items() if count > 1 and row[2]] == []


def day(left: Row) -> str:
    month, number, year = left["DOB"].split("/") if left["DOB"] else ("", "", "")
    return f"{year}-{month}-{number}" if year else ""


def family(right: Row) -> str:
    return right["NAME_FAMILY"]


def words(text: str) -> set[str]:
    import anyascii

    return set(re.findall(r"[A-Z]+", anyascii.anyascii(text).upper()))


MISTAKES = {
    "given names differ": lambda a, b: words(a["SUBJ_FIRST"]) != words(b["NAME_GIVEN"]),
    "surnames differ": lambda a, b: words(a["SUBJ_LAST"]) != words(family(b)),
    "day and month swapped": lambda a, b: (
        bool(day(a) and b["BIRTH_DATE"])
        and day(a) != b["BIRTH_DATE"]
        and (day(a)[:4] + day(a)[7:] + day(a)[4:7]) == b["BIRTH_DATE"]
    ),
    "given and surname swapped": lambda a, b: (
        words(a["SUBJ_LAST"]) == words(b["NAME_GIVEN"]) != words(family(b))
    ),
    "one of two surnames left out": lambda a, b: words(a["SUBJ_LAST"]) < words(family(b)),
    "surnames joined by a hyphen": lambda a, b: ("-" in a["SUBJ_LAST"]) != ("-" in family(b)),
    "date missing on one side": lambda a, b: bool(a["DOB"]) != bool(b["BIRTH_DATE"]),
}
