"""Who is in custody by a record, as its own system says now."""

from __future__ import annotations

import pytest
from django.db import OperationalError
from tests.people import AT
from tests.web.cast import CAST, sign_in
from tests.web.scene import Scene, overlaps
from tests.web.test_review import said

from tieline.exchange.index.models import Link, LinkState
from tieline.keeping.keeper import Keeper
from tieline.systems.patrol.subjects.subject import Subject
from tieline.wiring.held import is_held

pytestmark = [pytest.mark.database]


def book(number: str, **moments: object) -> str:
    Subject._default_manager.using("patrol").filter(number=number).update(**moments)
    return number


def test_somebody_is_held_from_his_booking_in_to_his_booking_out(scene: Scene) -> None:
    assert not is_held(
        "patrol", book(scene.numbers["subject"], booked_in_at=None, booked_out_at=None)
    )
    assert is_held("patrol", book(scene.numbers["subject"], booked_in_at=AT, booked_out_at=None))
    assert not is_held("patrol", book(scene.numbers["subject"], booked_in_at=AT, booked_out_at=AT))


def test_nobody_is_held_by_a_record_that_there_is_not(scene: Scene) -> None:
    assert not is_held("patrol", "NOBODY-1")


def test_where_a_system_does_not_answer_somebody_is_held(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(self: Keeper, number: str) -> None:
        raise OperationalError("away")

    monkeypatch.setattr(Keeper, "find", away)
    assert is_held("patrol", scene.numbers["subject"])
    assert is_held("a system of another machine", "X-1")


def test_who_has_him_in_custody_judges_by_two(scene: Scene) -> None:
    (number,) = overlaps()
    ours = Link.objects.select_related("left", "right").get(number=number).left
    assert ours.system == "patrol"
    book(ours.number, booked_in_at=AT, booked_out_at=None)
    client, url = sign_in(CAST["agent"]), f"/review/{number}/"
    answer = said(client, url, "same")
    page = client.get(answer.headers["Location"]).content.decode()
    assert "It counts once a second person" in page
    assert Link.objects.get(number=number).state == LinkState.PROPOSED
    # The other agency judges by one, and so learns of no custody.
    other = sign_in(CAST["investigator"])
    answer = said(other, url, "same")
    page = other.get(answer.headers["Location"]).content.decode()
    assert "It counts once a second person" not in page
