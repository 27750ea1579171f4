"""An auditor saves a search, looks through each period, and signs it; an inspector does unseen."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from tests.people import AGENT, AT, AUDITOR, INVESTIGATIONS, LOOSE, PATROL
from tests.systems.signing_in import HOSTILE, NO_NUMBERS
from tests.web.cast import enlist, sign_in

from tieline.core.agreement.viewer import Role, Viewer
from tieline.core.ledger.events import Event
from tieline.exchange.directory.register import register_party
from tieline.exchange.oversight.models import SavedReview, SignOff
from tieline.keeping.ledger import line
from tieline.wiring.ledgers import LEDGERS
from tieline.wiring.systems import set_to_work

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("adopted", "staff")]

OURS: Final = replace(
    AGENT, number="U-140", role=Role.AUDITOR, assignment="AS-140", sworn=False, unit="TCA"
)
FELLOW: Final = replace(OURS, number="U-141", assignment="AS-141")
INSPECTOR: Final = replace(
    OURS, number="U-800", assignment="AS-800", agency="oig", unit="HQ", role=Role.INSPECTOR
)
DEPARTMENT: Final = replace(
    INSPECTOR, number="U-850", assignment="AS-850", agency="dhs-audit", role=Role.DEPARTMENT_AUDITOR
)
DAY: Final = timedelta(days=1)
OF_AGENT: Final = {"viewer": AGENT.number}


@pytest.fixture
def staff(node_folder: Path) -> None:
    (node_folder / "static").mkdir(exist_ok=True)
    set_to_work()
    for viewer in (AGENT, OURS, FELLOW, AUDITOR, INSPECTOR, DEPARTMENT):
        enlist(viewer)
    for party in (PATROL, INVESTIGATIONS):
        register_party(agency=party.agency, department=party.department, at=AT)


def browser(viewer: Viewer = OURS) -> Client:
    return sign_in(viewer, None)


def text(answer: HttpResponse, status: int = 200) -> str:
    assert answer.status_code == status, answer.content.decode()[-3_000:]
    return answer.content.decode()


def looked(at: datetime, viewer: Viewer = AGENT) -> None:
    with transaction.atomic(using="patrol"):
        LEDGERS["patrol"].append(
            [line(Event.RECORD_READ, at=at, viewer=viewer, purpose=LOOSE, keeper="patrol",
                  record="TCA-2611-000123")]
        )  # fmt: skip


def saved(client: Client, **asked: str) -> SavedReview:
    url = reverse("audit_review_new", query=asked or OF_AGENT)
    text(client.post(url, {"title": "All of one agent", "days": "7"}, follow=True))
    review = SavedReview.objects.latest("id")
    # It was saved ten days ago.
    SavedReview.objects.filter(pk=review.pk).update(begins=datetime.now(UTC) - 10 * DAY)
    review.refresh_from_db()
    return review


def sign_page(review: SavedReview) -> str:
    query = {"period": review.begins.isoformat()}
    return reverse("audit_review_sign", args=(review.number,), query=query)


def form_of(client: Client, review: SavedReview) -> dict[str, Any]:
    answer = client.get(sign_page(review))
    form = answer.context["form"]
    return {**form.initial, "said": "Nothing to see to."}


def test_from_a_search_to_a_signed_period() -> None:
    looked(datetime.now(UTC) - 9 * DAY)
    looked(datetime.now(UTC) - DAY)
    client = browser()
    page = text(client.get(reverse("ledger", query=OF_AGENT)))
    assert reverse("audit_review_new", query=OF_AGENT) in page
    review = saved(client)
    home = text(client.get(reverse("home")))
    assert "Reviews to be signed off" in home
    assert review.number in home
    assert "to be signed" in text(client.get(reverse("audit_reviews")))
    fellow = browser(FELLOW)
    page = text(fellow.get(sign_page(review)))
    assert page.count("TCA-2611-000123") == 2, "one look, as a link and in words; not the later one"
    said = form_of(fellow, review)
    page = text(fellow.post(sign_page(review), said, follow=True))
    assert "The period is signed off." in page
    assert "Nothing to see to." in page
    assert review.number not in text(client.get(reverse("home")))
    assert SignOff.objects.get().count == 1


def test_a_week_after_its_end_it_is_overdue_on_the_home() -> None:
    review = saved(browser())
    assert "overdue" not in text(browser().get(reverse("home")))
    SavedReview.objects.filter(pk=review.pk).update(begins=datetime.now(UTC) - 15 * DAY)
    assert "overdue" in text(browser().get(reverse("home")))


def test_who_is_in_it_does_not_sign_it() -> None:
    looked(datetime.now(UTC) - 9 * DAY, FELLOW)
    review = saved(browser(), record="TCA-2611-000123")
    fellow = browser(FELLOW)
    page = text(fellow.post(sign_page(review), form_of(fellow, review)), 422)
    assert "You are yourself in what was found" in page
    assert "Nothing to see to." in page
    assert not SignOff.objects.exists()


def test_nobody_signs_what_he_did_not_see() -> None:
    review = saved(browser())
    client = browser()
    said = form_of(client, review)
    looked(datetime.now(UTC) - 9 * DAY)
    answer = client.post(sign_page(review), said)
    page = text(answer, 422)
    assert "not what you had before you" in page
    assert not SignOff.objects.exists()
    # Sent again, it is of what stands there now.
    shown = answer.context["form"]["digest"].value()
    assert f'value="{shown}"' in page
    assert client.post(sign_page(review), {**said, "digest": shown}).status_code == 302


def test_other_agencies_meet_nothing_as_of_no_number() -> None:
    review = saved(browser())
    for viewer in (AUDITOR, INSPECTOR, DEPARTMENT):
        client = browser(viewer)
        for name in ("audit_review", "audit_review_sign"):
            assert client.get(reverse(name, args=(review.number,))).status_code == 404
        assert client.post(sign_page(review), {"said": "x"}).status_code == 404
        assert client.post(reverse("audit_review_end", args=(review.number,))).status_code == 404
        assert review.number not in text(client.get(reverse("audit_reviews")))
    assert not SignOff.objects.exists()


def test_it_is_ended() -> None:
    review = saved(browser())
    page = text(browser().post(reverse("audit_review_end", args=(review.number,)), follow=True))
    assert "no period begins any more" in page


@pytest.mark.parametrize("word", HOSTILE.values(), ids=list(HOSTILE))
def test_hostile_words_break_nothing(word: str) -> None:
    client = browser()
    for query in ({"viewer": word}, {"words": word}, {"unit": word}, {"purpose": word}):
        assert client.get(reverse("ledger", query=query)).status_code == 200
        assert client.get(reverse("ledger_export", query=query)).status_code == 200
        new = reverse("audit_review_new", query=query)
        assert client.post(new, {"title": word, "days": word}).status_code == 422
    for one in NO_NUMBERS:
        assert client.get(f"/ledger/reviews/{one}/").status_code == 404
        assert client.get(f"/ledger/reviews/{one}/sign/?period={one}").status_code == 404


@pytest.mark.parametrize("form", ["csv", "json"])
def test_all_rows_of_a_search_are_a_file(form: str) -> None:
    for _ in range(60):
        looked(datetime.now(UTC) - DAY)
    client = browser()
    answer = client.get(reverse("ledger_export", query={**OF_AGENT, "format": form}))
    assert answer["Content-Disposition"].endswith(f'.{form}"')
    assert answer.content.decode().count("record:own:read") == 60
    assert answer["Cache-Control"].count("no-store") == 1


@pytest.mark.parametrize("him", [INSPECTOR, DEPARTMENT], ids=lambda one: one.role)
def test_who_examines_others_reads_all_and_leaves_no_trace_where_he_looks(him: Viewer) -> None:
    looked(datetime.now(UTC) - DAY)
    inspector = browser(him)
    page = text(inspector.get(reverse("ledger", query={"agency": "patrol"})))
    assert "TCA-2611-000123" in page
    assert "New finding about this" not in page
    text(inspector.get(reverse("who_saw", args=("TCA-2611-000123",))))
    text(inspector.get(reverse("receipts")))
    text(inspector.get(reverse("home")))
    saved(inspector, agency="patrol")
    inspector.get(reverse("ledger_export", query={"agency": "patrol"}))
    for viewer in (OURS, AUDITOR):
        page = text(browser(viewer).get(reverse("ledger")))
        assert viewer.number in page
        assert him.number not in page
        assert him.agency not in page


def test_what_only_one_side_has_is_on_the_auditor_s_page() -> None:
    with transaction.atomic(using="investigations"):
        LEDGERS["investigations"].append(
            [line(Event.RECORD_SHOWN, at=datetime.now(UTC) - DAY, viewer=AGENT, purpose=LOOSE,
                  keeper="investigations", record="SR-26-000001", owner="investigations",
                  level="pointer")]
        )  # fmt: skip
    for viewer in (OURS, AUDITOR, INSPECTOR, DEPARTMENT):
        page = text(browser(viewer).get(reverse("receipts")))
        assert "SR-26-000001" in page
        assert "in the ledger, and not received" in page
    elsewhere = replace(
        DEPARTMENT, number="U-860", assignment="AS-860", agency="county-audit", department="COUNTY"
    )
    enlist(elsewhere)
    assert "SR-26-000001" not in text(browser(elsewhere).get(reverse("receipts")))
