"""The table of retention: each class cites its rule, and no kind stands in two."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from tieline.reference.retention import NoSuchClass, retention_rules
from tieline.wiring.systems import doors


def test_each_class_says_where_its_years_come_from() -> None:
    for rule in retention_rules({}):
        assert rule.years > 0, rule.name
        assert rule.citation, rule.name
        assert (rule.validate_years is None) == (rule.validate_citation == ""), rule.name


def test_each_kind_stands_in_one_class_and_there_is_such_a_kind() -> None:
    stands = Counter(
        (system, kind)
        for rule in retention_rules({})
        for system, kinds in rule.kinds.items()
        for kind in kinds
    )
    assert set(stands.values()) == {1}
    kept = {(name, kind) for name, door in doors().items() for kind in door.keeper.by_kind}
    # Letters to redress officers are the exchange's, and no records.
    del stands["exchange", "matter"]
    assert set(stands) <= kept
    # Whose schedule the partner's records follow, he has not told: they stay.
    assert kept - set(stands) == {("partner", "booking")}


def test_a_node_sets_years_that_are_not_certain() -> None:
    shipped = {one.name: one for one in retention_rules({})}
    (set_here,) = [one for one in retention_rules({"lookout": 2}) if one.name == "lookout"]
    assert set_here == replace(shipped["lookout"], years=2)


def test_a_slip_in_a_name_is_refused() -> None:
    with pytest.raises(NoSuchClass, match="look-out"):
        retention_rules({"look-out": 2})
