"""What a look is for, found from the work in hand: never forged, and telling nothing (P3, P26)."""

from __future__ import annotations

import json

import pytest
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.ledgers import rows_of
from tests.web.cast import CAST, INQUIRY, sign_in
from tests.web.scene import Scene

from tieline.core.agreement.viewer import Purpose
from tieline.exchange.index.models import Link
from tieline.wiring.ledgers import LEDGERS

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("scene")]

NO_OVERLAP = "OV-999999"
OTHER_OFFICE = "investigator of another office"
OTHER_SECTOR = "agent of another sector"


def known_overlap(scene: Scene) -> str:
    """That of the man whom both agencies know."""
    sides = {scene.numbers["known subject"], scene.numbers["known person"]}
    (found,) = [
        link.number
        for link in Link.objects.select_related("left", "right")
        if {link.left.number, link.right.number} == sides
    ]
    return found


def purposes_of(number: str, system: str) -> list[tuple[str, str]]:
    """For what it was looked at, by the system's ledger."""
    rows = rows_of(LEDGERS[system].database).filter(record=number)
    said = [json.loads(data) for data in rows.order_by("sequence").values_list("data", flat=True)]
    return [(one.get("purpose", ""), one.get("case", "")) for one in said]


def asks(client: Client, page: str) -> bool:
    answer = client.get(page)
    return answer.status_code == 302 and answer.headers["Location"].startswith("/hat/purpose/")


def test_a_side_of_an_overlap_is_opened_for_it(scene: Scene) -> None:
    subject, person = scene.numbers["known subject"], scene.numbers["known person"]
    page = f"/records/patrol/{subject}/?work={known_overlap(scene)}"
    answer = sign_in(CAST["investigator"], None).get(page)
    assert answer.status_code == 200
    assert "Back to the overlap" in answer.text
    assert purposes_of(subject, "patrol")[-1] == ("deconfliction", person)


@pytest.mark.parametrize("page", ["", "history/"])
def test_an_overlap_in_the_address_of_another_record_is_no_purpose(scene: Scene, page: str) -> None:
    """P3."""
    number, overlap = scene.numbers["subject"], known_overlap(scene)
    address = f"/records/patrol/{number}/{page}?work={overlap}"
    assert asks(sign_in(CAST["investigator"], None), address)


def test_nor_does_it_take_the_place_of_what_was_stated(scene: Scene) -> None:
    number, overlap = scene.numbers["subject"], known_overlap(scene)
    address = f"/records/patrol/{number}/?work={overlap}"
    answer = sign_in(CAST["investigator"]).get(address)
    assert "Back to the overlap" not in answer.text
    assert purposes_of(number, "patrol")[-1] == (INQUIRY.code.value, INQUIRY.number)


@pytest.mark.parametrize("purpose", [None, INQUIRY])
def test_to_whom_the_gates_are_shut_overlaps_and_none_are_alike(
    scene: Scene, purpose: Purpose | None
) -> None:
    client = sign_in(CAST["untrained"], purpose)
    number, absent = scene.numbers["known subject"], "TCA-2611-000999-01"
    for pages in (
        [f"/overlaps/{one}/" for one in (known_overlap(scene), NO_OVERLAP)],
        [
            f"/records/patrol/{record}/?work={one}"
            for record in (number, absent)
            for one in (known_overlap(scene), NO_OVERLAP)
        ],
    ):
        said = {(asks(client, page), client.get(page).status_code) for page in pages}
        assert len(said) == 1, said


HIDDEN = [
    ("contractor", "patrol", "victim", "TCA-2611-000999-01"),
    (OTHER_SECTOR, "patrol", "sealed subject", "TCA-2611-000999-01"),
    (OTHER_OFFICE, "investigations", "informant", "SR-26-000999"),
    ("investigator", "investigations", "sealed case", "LA-26-0999"),
]
PAGES = {
    "patrol": [
        "/records/patrol/{}/",
        "/records/patrol/{}/history/",
        "/patrol/events/{}",
        "/patrol/events/{}/correct",
        "/patrol/subjects/{}/correct",
        "/patrol/records/{}/protections",
    ],
    "investigations": [
        "/records/investigations/{}/",
        "/records/investigations/{}/history/",
        "/investigations/cases/{}",
        "/investigations/cases/{}/change",
        "/investigations/subjects/{}/correct",
        "/investigations/records/{}/protections",
    ],
}


@pytest.mark.parametrize("purpose", [None, INQUIRY])
@pytest.mark.parametrize(
    ("who", "label", "absent", "page"),
    [(who, label, absent, page) for who, system, label, absent in HIDDEN for page in PAGES[system]],
)
def test_a_hidden_own_record_costs_and_leaves_as_much_as_none(
    scene: Scene, who: str, label: str, absent: str, page: str, purpose: Purpose | None
) -> None:
    """P26; decision 0008."""
    client = sign_in(CAST[who], purpose)
    client.get("/preferences/")  # whatever is done once alone is done
    hidden, none = (cost(client, page.format(number)) for number in (scene.numbers[label], absent))
    assert hidden == none
    if purpose is None and hidden[0] != 403:
        assert (hidden[0], hidden[-1]) == (302, 0), "asked at once, and no entry"


def cost(client: Client, page: str) -> tuple[int, dict[str, int], int]:
    """The status, the queries of each database, and the entries of all ledgers."""
    before = size()
    watched = {alias: CaptureQueriesContext(connections[alias]) for alias in connections}
    for one in watched.values():
        one.__enter__()
    answer = client.get(page)
    for one in watched.values():
        one.__exit__(None, None, None)
    queries = {
        # How many nodes an entry completes in the tree hangs on its place alone. Where they are
        # written in one message with the entry, that message counts whether it has any or none.
        alias: sum(
            "ledger_node" not in asked["sql"] or "ledger_head" in asked["sql"]
            for asked in one.captured_queries
        )
        for alias, one in watched.items()
    }
    return answer.status_code, queries, size() - before


def size() -> int:
    return sum(ledger.size() for ledger in LEDGERS.values())
