"""Numbers and moments at the edge of what can be: understood or refused, never a failure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from tests.people import AT
from tests.systems.patrol.scene import an_event

from tieline.keeping.entering import EntryRefused
from tieline.keeping.values import Unclear, between
from tieline.systems.patrol.entering import enter
from tieline.systems.patrol.events.event import Event


@pytest.mark.parametrize(
    "value", [10**400, -(10**400), float("inf"), float("-inf"), float("nan"), 273, 29]
)
def test_a_number_out_of_bounds_is_refused_however_large(value: float) -> None:
    with pytest.raises(Unclear, match="30 to 272"):
        between(value, 30, 272, "It is 30 to 272.")


@pytest.mark.parametrize("value", [30, 272, 30.5])
def test_a_number_within_bounds_is_kept(value: float) -> None:
    assert between(value, 30, 272, "It is 30 to 272.") == value


@pytest.mark.parametrize(
    "moment",
    [
        datetime.min.replace(tzinfo=timezone(timedelta(hours=23))),
        datetime.max.replace(tzinfo=timezone(timedelta(hours=-23))),
    ],
)
def test_a_moment_outside_of_time_is_refused_by_its_field(moment: datetime) -> None:
    with pytest.raises(EntryRefused) as refused:
        enter(Event(), entered(apprehended_at=moment), at=AT)
    assert list(refused.value.problems) == ["apprehended_at"]


def test_a_moment_of_any_zone_is_kept_in_utc() -> None:
    event = Event()
    enter(event, entered(apprehended_at=AT.astimezone(timezone(timedelta(hours=-7)))), at=AT)
    assert event.apprehended_at == AT
    assert event.apprehended_at.tzinfo is UTC


def entered(**more: Any) -> Mapping[str, Any]:
    draft = an_event(sector="TCA", **more)
    return {"sector": draft.sector, "apprehended_at": draft.apprehended_at}
