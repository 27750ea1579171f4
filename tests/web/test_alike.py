"""Hidden and absent cost the same; no purpose is forged; whoever reads notices has looked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext
from tests.ledgers import rows_of
from tests.web.cast import CAST, INQUIRY, sign_in
from tests.web.forms import forms_of
from tests.web.scene import Scene, overlaps

from tieline.accounts.models import Assignment
from tieline.core.agreement.viewer import Purpose, PurposeCode
from tieline.core.ledger.entries import Entry
from tieline.core.ledger.events import Event
from tieline.core.records import Level
from tieline.exchange.notices.models import NoticeRow
from tieline.keeping.databases import KEEPERS

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("scene")]

ABSENT = "TCA-2611-000001-99"
LOOSE = Purpose(code=PurposeCode.INVESTIGATION, reason="seen near the crossing")


@dataclass
class Cost:
    queries: list[int] = field(default_factory=list)
    entries: int = 0


def written() -> int:
    return sum(rows_of(one).count() for one in KEEPERS)


@contextmanager
def counted() -> Iterator[Cost]:
    cost, before = Cost(), written()
    with ExitStack() as stack:
        seen = [stack.enter_context(CaptureQueriesContext(connections[one])) for one in KEEPERS]
        yield cost
    cost.queries = [len(one) for one in seen]
    cost.entries = written() - before


@pytest.mark.parametrize("purpose", [None, INQUIRY, LOOSE], ids=["none", "numbered", "loose"])
@pytest.mark.parametrize(
    ("who", "hidden"),
    [
        ("agent of another sector", "sealed subject"),
        ("contractor", "victim"),
        ("investigator", "victim"),
        ("investigator", "sealed subject"),
        ("deputy", "child"),
        ("untrained", "subject"),
    ],
)
@pytest.mark.parametrize("page", ["/records/patrol/{}/", "/records/patrol/{}/history/"])
def test_what_is_hidden_costs_what_is_absent_costs(
    scene: Scene, who: str, hidden: str, page: str, purpose: Purpose | None
) -> None:
    client = sign_in(CAST[who], purpose)
    found = []
    for number in (scene.numbers[hidden], ABSENT):
        # The first look at anything pays for what is remembered then.
        client.get(page.format(number))
        with counted() as cost:
            answer = client.get(page.format(number))
        place = answer.headers.get("Location", "").replace(number, "N")
        found.append((answer.status_code, place, cost))
    assert found[0] == found[1]


def test_an_overlap_of_one_s_own_opens_no_other_record(scene: Scene) -> None:
    """P3: what stands in the address is no purpose for whatever else."""
    (overlap,) = overlaps()
    client = sign_in(CAST["investigator"], LOOSE)
    other = f"/records/patrol/{scene.numbers['subject']}/"
    plain, forged = client.get(other), client.get(other, {"work": overlap})
    assert (plain.status_code, forged.status_code) == (200, 200)
    assert f"{LOOSE.code.value} · {LOOSE.reason}" in forged.content.decode()
    side = client.get(f"/records/patrol/{scene.numbers['known subject']}/", {"work": overlap})
    assert scene.numbers["known person"] in side.content.decode()
    nobody = sign_in(CAST["investigator"], None)
    assert nobody.get(other, {"work": overlap}).status_code == 302


@pytest.mark.parametrize("who", ["untrained", "contractor", "deputy"])
def test_of_an_overlap_one_is_told_as_of_none(who: str) -> None:
    (overlap,) = overlaps()
    client = sign_in(CAST[who], None)
    answers = [client.get(f"/overlaps/{one}/") for one in (overlap, "OV-1")]
    places = [one.headers.get("Location", "").replace(overlap, "OV-1") for one in answers]
    assert answers[0].status_code == answers[1].status_code
    assert places[0] == places[1]


def test_who_reads_notices_has_seen_the_records_and_the_ledger_says_so(scene: Scene) -> None:
    before = rows_of("exchange").count()
    page = sign_in(CAST["investigator"], None).get("/notices/").content.decode()
    assert scene.numbers["known subject"] in page
    rows = rows_of("exchange").order_by("sequence")[before:]
    told = [Entry.from_bytes(one.data.encode()) for one in rows]
    (shown,) = [one for one in told if one.event is Event.RECORD_SHOWN]
    assert (shown.record, shown.owner) == (scene.numbers["known subject"], "patrol")
    assert (shown.viewer, shown.level) == (CAST["investigator"].number, Level.POINTER)
    assert shown.shown == ()


def test_a_judgement_without_its_reason_leads_back_to_the_overlap_and_says_so() -> None:
    (overlap,) = overlaps()
    client = sign_in(CAST["investigator"], None)
    answer = client.post(f"/overlaps/{overlap}/judge/", {"action": "same"}, follow=True)
    assert answer.redirect_chain == [(f"/overlaps/{overlap}/", 302)]
    assert "A judgement needs its reason. Say why in a few words." in answer.content.decode()


def unseen(agency: str) -> int:
    rows = NoticeRow.objects.filter(agency=agency, acknowledged_at__isnull=True)
    return rows.count()


def taken() -> int:
    return rows_of("exchange").filter(event=Event.NOTICE_TAKEN).count()


def test_a_notice_is_acknowledged_on_the_page_of_its_overlap() -> None:
    (overlap,) = overlaps()
    client = sign_in(CAST["investigator"], None)
    page = client.get(f"/overlaps/{overlap}/").content.decode()
    (form,) = [one for one in forms_of(page, url="/") if one.action.endswith("/acknowledge/")]
    assert "nobody has said yet" in page
    before = taken(), unseen("patrol")
    assert client.post(form.action, form.said).headers["Location"] == f"/overlaps/{overlap}/"
    assert (taken(), unseen("investigations")) == (before[0] + 1, 0)
    assert unseen("patrol") == before[1], "of the other side nothing is said"
    assert "nobody has said yet" not in client.get(f"/overlaps/{overlap}/").content.decode()


@pytest.mark.parametrize("who", ["sharing officer", "investigator of another office"])
def test_it_is_offered_to_nobody_whose_unit_was_not_told(who: str) -> None:
    (overlap,) = overlaps()
    viewer = replace(CAST[who], unit="TU")
    Assignment.objects.filter(number=viewer.assignment).update(unit="TU")
    page = sign_in(viewer).get(f"/overlaps/{overlap}/").content.decode()
    assert "/acknowledge/" not in page


@pytest.mark.parametrize(
    ("said", "left"),
    [("same", 0), ("unsure", 0), ("undo", 1)],
)
def test_a_judgement_says_that_the_notice_was_seen(said: str, left: int) -> None:
    (overlap,) = overlaps()
    client = sign_in(CAST["investigator"], None)
    before = taken(), unseen("patrol")
    assert unseen("investigations") == 1
    answer = client.post(f"/overlaps/{overlap}/judge/", {"action": said, "reason": "Same tattoo"})
    assert answer.headers["Location"] == f"/overlaps/{overlap}/"
    assert unseen("investigations") == left
    assert (taken() - before[0], unseen("patrol")) == (1 - left, before[1])


def test_a_judgement_that_is_refused_acknowledges_nothing() -> None:
    (overlap,) = overlaps()
    sign_in(CAST["investigator"], None).post(f"/overlaps/{overlap}/judge/", {"action": "same"})
    assert unseen("investigations") == 1
