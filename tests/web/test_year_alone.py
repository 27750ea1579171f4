"""For oversight the year of birth alone: on the record's page, in a search, of an overlap."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from django.urls import reverse
from tests.web.cast import CAST, INQUIRY, sign_in
from tests.web.scene import Scene

from tieline.core.agreement.viewer import Purpose, PurposeCode
from tieline.core.records import FieldClass
from tieline.exchange.index.models import Link
from tieline.exchange.index.overlap import overlap
from tieline.exchange.review.queue import Asked, queue
from tieline.keeping.agreements import in_force
from tieline.keeping.databases import EXCHANGE

pytestmark = [
    pytest.mark.database,
    pytest.mark.django_db(databases="__all__"),
    pytest.mark.usefixtures("scene"),
]

OVERSIGHT = Purpose(code=PurposeCode.OVERSIGHT, number="OV-26-0007")
BORN, WHO = "1990-03-12", CAST["investigator"]


def main_of(page: str) -> str:
    return page[page.index("<main") :]


def record_page(scene: Scene, purpose: Purpose) -> str:
    address = reverse("record", args=("patrol", scene.numbers["known subject"]))
    return main_of(sign_in(WHO, purpose).get(address).content.decode())


def test_the_record_s_page_shows_the_year_and_says_by_which_clause(scene: Scene) -> None:
    assert BORN in record_page(scene, INQUIRY)
    cut = record_page(scene, OVERSIGHT)
    assert "the year alone: P12" in cut
    assert "1990" in cut
    assert "03-12" not in cut


def test_the_seers_of_a_record_are_told_so(scene: Scene) -> None:
    number = scene.numbers["known subject"]
    found = sign_in(CAST["patrol's supervisor"], INQUIRY).get(
        f"/records/patrol/{number}/seers/?purpose=oversight"
    )
    assert "of dates the year alone" in found.content.decode()


def test_a_search_by_the_day_finds_by_the_year(scene: Scene) -> None:
    """With another day of that year he is found as well, and the day stands in no row."""

    number = scene.numbers["known subject"]

    def rows(words: str, purpose: Purpose) -> str:
        page = sign_in(WHO, purpose).get(reverse("search"), {"q": words}).content.decode()
        found = re.findall(r"<tr.*?</tr>", page, re.DOTALL)
        # The links lead on with the search that was typed.
        return re.sub(r'href="[^"]*"', "", "".join(one for one in found if number in one))

    by_day, by_another = (f"garcia hernandez {day}" for day in (BORN, "1990-11-30"))
    assert BORN in rows(by_day, INQUIRY)
    seen = [rows(one, OVERSIGHT) for one in (by_day, by_another)]
    assert "1990" in seen[0]
    assert "03-12" not in seen[0]
    assert seen[0] == seen[1]


def test_evidence_on_the_day_is_left_out_of_an_overlap_and_of_its_sum() -> None:
    about = {"viewer": WHO, "agreement": in_force(EXCHANGE), "at": datetime.now(UTC)}
    link = max(Link.objects.all(), key=lambda one: len(one.evidence))
    of_identity = FieldClass.IDENTITY.value
    assert any(one["field_class"] == of_identity for one in link.evidence)
    whole = overlap(link.number, purpose=INQUIRY, **about)
    cut = overlap(link.number, purpose=OVERSIGHT, **about)
    assert whole is not None
    assert cut is not None
    assert {one.field_class.value for one in whole.rows} >= {of_identity}
    assert of_identity not in {one.field_class.value for one in cut.rows}
    assert cut.score != whole.score
    assert any("year alone" in one.reason for one in cut.withheld)
    assert "03-12" not in repr(cut.rows)


def test_the_order_of_the_queue_is_made_of_what_is_shown() -> None:
    about = {"viewer": WHO, "agreement": in_force(EXCHANGE), "at": datetime.now(UTC)}
    asked = Asked(whole_agency=True)
    whole, cut = (queue(asked, purpose=one, **about).items for one in (INQUIRY, OVERSIGHT))
    assert whole
    assert {one.link for one in whole} == {one.link for one in cut}
    strongest = {one.link: one.score for one in whole}
    assert any(one.score != strongest[one.link] for one in cut)
    assert not any(one.clear for one in cut if one.score != strongest[one.link])
