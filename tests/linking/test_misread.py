"""What is wrong with values is counted by rows, over all parts of a file."""

from __future__ import annotations

import json

from tieline.core.matching.coded import Factor
from tieline.linking.misread import Misread, misread, summed


def test_rows_are_counted_and_the_most_common_value_is_shown() -> None:
    given = Factor.of(["a", "b", "", "b", "c", "c", "c"])
    assert misread("it", given, {"a": "why", "b": "so"}) == Misread("it", 3, 6, 2, "b", "so")


def test_of_parts_the_rows_are_summed_and_columns_without_any_left_out() -> None:
    parts = [
        [Misread("one", 1, 10, 1, "x", "odd"), Misread("two", 0, 9, 0, "", "")],
        [Misread("one", 3, 10, 2, "y", "even"), Misread("two", 0, 9, 0, "", "")],
        [Misread("one", 0, 10, 0, "", "")],
    ]
    assert summed(parts) == [Misread("one", 4, 30, 2, "y", "even")]
    assert summed([]) == []


def test_it_is_kept_as_it_was() -> None:
    one = Misread("señas", 1, 10, 1, "Ω", "odd")
    assert Misread(*json.loads(json.dumps(one.kept()))) == one


def test_where_many_are_wrong_the_map_is_named() -> None:
    few, many = Misread("dob", 1, 100, 1, "31/02", "no day"), Misread("dob", 90, 100, 9, "x", "y")
    assert few.said("a.csv") == (
        'a.csv: something is wrong with 1 of 100 values of "dob", "31/02" for one: no day'
    )
    assert many.said("a.csv").endswith("check in the map its columns, its kind and its format")


def test_a_long_value_is_cut() -> None:
    assert len(misread("it", Factor.of(["x" * 500]), {"x" * 500: "long"}).example) == 80
