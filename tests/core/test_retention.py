"""When records may be purged: by the calendar, never while something stands in the way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tieline.core.retention import (
    Rule,
    Stop,
    accounting_until,
    purge_due,
    years_after,
)

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
RULE = Rule(
    name="crates",
    kinds={"depot": frozenset({"crate"})},
    years=10,
    citation="a schedule",
    certain=False,
    validate_years=5,
    validate_citation="a rule",
)
DUE = {
    "collected": years_after(AT, -11),
    "changed": years_after(AT, -11),
    "over": True,
    "held": False,
    "at": AT,
}


def test_a_record_whose_years_are_over_is_due() -> None:
    due = purge_due(RULE, **DUE)  # type: ignore[arg-type]
    assert due.is_due
    assert due.on == years_after(AT, -1)


@pytest.mark.parametrize(
    ("stop", "why"),
    [
        (Stop.OPEN, {"over": False}),
        (Stop.HELD, {"held": True}),
        (Stop.NOT_YET, {"collected": years_after(AT, -10) + timedelta(microseconds=1)}),
        (Stop.NOT_YET, {"collected": None}),
    ],
    ids=["open", "held", "too early", "nobody knows since when"],
)
def test_each_thing_stops_it_alone(stop: Stop, why: dict[str, object]) -> None:
    assert purge_due(RULE, **{**DUE, **why}).stops == (stop,)  # type: ignore[arg-type]


def test_a_kind_without_a_rule_is_kept() -> None:
    assert purge_due(None, **DUE).stops == (Stop.NO_RULE,)  # type: ignore[arg-type]


def test_the_very_day_counts() -> None:
    due = purge_due(RULE, **{**DUE, "collected": years_after(AT, -10)})  # type: ignore[arg-type]
    assert due.is_due


def test_what_is_open_has_to_be_validated_and_what_is_over_has_not() -> None:
    opened = purge_due(RULE, **{**DUE, "over": False})  # type: ignore[arg-type]
    assert opened.validate_by == years_after(AT, -6)
    assert purge_due(RULE, **DUE).validate_by is None  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("moment", "years", "later"),
    [
        (datetime(2024, 2, 29, tzinfo=UTC), 1, datetime(2025, 3, 1, tzinfo=UTC)),
        (datetime(2024, 2, 29, tzinfo=UTC), 4, datetime(2028, 2, 29, tzinfo=UTC)),
        (datetime(2024, 2, 28, tzinfo=UTC), 75, datetime(2099, 2, 28, tzinfo=UTC)),
        (datetime(9990, 1, 1, tzinfo=UTC), 75, datetime(9999, 12, 31, tzinfo=UTC)),
    ],
)
def test_years_are_those_of_the_calendar(moment: datetime, years: int, later: datetime) -> None:
    assert years_after(moment, years) == later


def test_an_accounting_outlives_the_last_disclosure_by_five_years() -> None:
    assert accounting_until([AT, AT - timedelta(days=9)]) == years_after(AT, 5)
    assert accounting_until([]) is None
