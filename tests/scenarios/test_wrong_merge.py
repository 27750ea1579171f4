"""S9. Two men were taken for one. When the merge is undone, everybody of the two agencies who was
shown it meanwhile is told that what he was shown does not stand, and acknowledges it.
"""

from __future__ import annotations

import pytest
from django.urls import reverse
from tests.scenarios.story import (
    Person,
    apprehend,
    known_to_a_case,
    names_of,
    new_case,
    new_event,
)
from tests.web.scene import Scene

from tieline.exchange.corrections.models import CorrectionNotice
from tieline.exchange.index.models import Link

pytestmark = [pytest.mark.scenario, pytest.mark.database, pytest.mark.usefixtures("scene")]

NAMED = names_of(
    given_name="Tomás",
    paternal_surname="Fabulado",
    maternal_surname="Supuesto",
    birth_date="1982-04-09",
)


@pytest.fixture
def merged(scene: Scene) -> tuple[str, str, str]:
    """Of the patrol's man, of the investigators', and of the link, the numbers."""
    person = known_to_a_case(new_case("Two of one name"), **NAMED)
    subject = apprehend(new_event(), **NAMED)
    link = Link.objects.get(left__number__in=(person, subject), right__number__in=(person, subject))
    judges("investigator", link.number, "same")
    return subject, person, link.number


def judges(who: str, link: str, action: str) -> None:
    said = {"action": action, "reason": "As the papers say."}
    assert Person(who).client.post(reverse("overlap_judge", args=(link,)), said).status_code == 302


def told() -> set[tuple[str, str]]:
    """Who, of which record, by a link that parted."""
    rows = CorrectionNotice.objects.filter(cause__startswith="OV-")
    return set(rows.values_list("viewer", "record"))


def test_both_past_recipients_get_the_correction(merged: tuple[str, str, str]) -> None:
    subject, person, link = merged
    for who in ("agent", "analyst"):
        Person(who).reads(reverse("overlap", args=(link,)))
    assert told() == set()
    judges("investigator", link, "different")
    assert told() == {("U-100", person), ("U-220", subject)}
    for who, number in (("agent", person), ("analyst", subject)):
        page = Person(who).reads(reverse("corrections"))
        assert f"What you were shown of {number} is withdrawn or corrected." in page
        (waits,) = CorrectionNotice.objects.filter(record=number)
        taken = reverse("correction_acknowledge", args=(waits.number,))
        assert Person(who).client.post(taken).status_code == 302
    waiting = CorrectionNotice.objects.filter(acknowledged_at=None, record__in=(subject, person))
    assert not waiting.exists()


def test_who_saw_it_before_it_was_merged_is_not_told(merged: tuple[str, str, str]) -> None:
    _, _, link = merged
    judges("investigator", link, "undo")
    assert told() == set()
    Person("agent").reads(reverse("overlap", args=(link,)))
    # Nobody had confirmed it then.
    judges("investigator", link, "different")
    assert told() == set()


def test_disputed_it_stands_no_more_either(merged: tuple[str, str, str]) -> None:
    subject, person, link = merged
    Person("analyst").reads(reverse("overlap", args=(link,)))
    Person("agent").reads(reverse("overlap", args=(link,)))
    judges("agent", link, "different")
    assert told() == {("U-220", subject)}
    assert person not in Person("agent").reads(reverse("corrections"))
