"""The page on which somebody declares his household: his own, read by nobody else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from tests.people import ADMINISTRATOR, AGENT, SUPERVISOR
from tests.systems.signing_in import HOSTILE
from tests.web.cast import enlist, sign_in

from tieline.accounts.models import HouseholdMember
from tieline.wiring.systems import set_to_work

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("adopted", "staff")]

NAME: Final = "Elena Ibarra Soto"


@pytest.fixture
def staff(node_folder: Path) -> None:
    (node_folder / "static").mkdir(exist_ok=True)
    set_to_work()
    for viewer in (AGENT, SUPERVISOR, ADMINISTRATOR):
        enlist(viewer)


def text(answer: HttpResponse, status: int = 200) -> str:
    assert answer.status_code == status, answer.content.decode()[-3_000:]
    return answer.content.decode()


def said(**about: str) -> dict[str, str]:
    day = datetime.now(UTC).date() - timedelta(days=30)
    return {"name": NAME, "since": day.isoformat(), **about}


def declared(client: Client) -> HouseholdMember:
    text(client.post(reverse("household_new"), said(), follow=True))
    return HouseholdMember.objects.get()


def test_from_the_account_to_a_name_that_ended() -> None:
    client = sign_in(AGENT)
    assert reverse("household") in text(client.get(reverse("home")))
    assert reverse("household_new") in text(client.get(reverse("household")))
    text(client.get(reverse("household_new")))
    one = declared(client)
    page = text(client.get(reverse("household")))
    assert NAME in page
    assert "ended" not in page
    page = text(client.post(reverse("household_end"), {"row": [one.pk]}, follow=True))
    assert "1 name ended." in page
    assert NAME in page


def test_nobody_reads_or_ends_that_of_another() -> None:
    one = declared(sign_in(AGENT))
    for viewer in (SUPERVISOR, ADMINISTRATOR):
        client = sign_in(viewer)
        assert NAME not in text(client.get(reverse("household")))
        page = text(client.post(reverse("household_end"), {"row": [one.pk]}, follow=True))
        assert "0 names ended." in page
    person = reverse("person", args=(AGENT.number,))
    assert NAME not in text(sign_in(ADMINISTRATOR).get(person))
    one.refresh_from_db()
    assert one.ended_at is None


@pytest.mark.parametrize("field", ["name", "since"])
@pytest.mark.parametrize("value", ["", *HOSTILE.values()])
def test_what_is_none_is_refused_and_kept_in_the_form(field: str, value: str) -> None:
    answer = sign_in(AGENT).post(reverse("household_new"), said(**{field: value}), follow=True)
    page = answer.content.decode()
    assert answer.status_code in (200, 422)
    assert value or answer.status_code == 422
    assert "<script>alert" not in page


@pytest.mark.parametrize("row", ["", "x", "-1", "9" * 400, "1;2"])
def test_a_row_that_is_none_ends_nothing(row: str) -> None:
    page = text(sign_in(AGENT).post(reverse("household_end"), {"row": row}, follow=True))
    assert "0 names ended." in page
