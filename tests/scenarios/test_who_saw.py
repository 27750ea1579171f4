"""S12, and what all of it is for: an investigator finds an overlap, opens the patrol's record, sees
what is withheld and why; the auditor finds exactly that look, and the search before it.
"""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from tests.scenarios.story import Person, record
from tests.web.cast import CAST, INQUIRY
from tests.web.scene import Scene

pytestmark = [pytest.mark.scenario, pytest.mark.database, pytest.mark.usefixtures("scene")]


def test_who_saw_a_look_and_the_search_before_it(scene: Scene) -> None:
    subject, person = scene.numbers["known subject"], scene.numbers["known person"]
    investigator = Person("investigator")
    assert subject in investigator.searches("García Hernández")
    (overlap,) = [one for one in investigator.overlaps() if subject in investigator.reads(one)]
    page = investigator.opens("patrol", subject, work=overlap.split("/")[2])
    # What is closed is named with its clause, and the clause says why in words.
    closed = re.findall(r"withheld[^<]*?(?:·|clause)[^<]*", page)
    assert closed
    assert 'class="why' in page

    for auditor in ("auditor", "patrol's auditor"):
        saw = Person(auditor, None).reads(reverse("who_saw", args=(subject,)))
        assert CAST["investigator"].number in saw, auditor
        assert "deconfliction" in saw
        # The purpose's number is that of his own record: for his own agency's auditor alone (P7).
        assert (person in saw) is (auditor == "auditor"), auditor
        assert "P03" in saw
    # His own agency's auditor reads what he searched for, too, and for which case.
    ledger = Person("auditor", None).reads(
        reverse("ledger"), viewer=CAST["investigator"].number, event="record:search:answered"
    )
    assert "names: García Hernández" in ledger
    assert INQUIRY.number in ledger
    # What an investigator typed is not the patrol's to read.
    theirs = Person("patrol's auditor", None).reads(
        reverse("ledger"), viewer=CAST["investigator"].number
    )
    assert "names: García" not in theirs


def test_who_saw_names_those_who_tried_in_vain(scene: Scene) -> None:
    sealed = scene.numbers["sealed subject"]
    assert Person("investigator").is_told_nothing(record("patrol", sealed))
    assert Person("deputy").is_told_nothing(record("patrol", sealed))
    saw = Person("patrol's auditor", None).reads(reverse("who_saw", args=(sealed,)))
    for who in ("investigator", "deputy"):
        assert CAST[who].number in saw
    assert "not shown" in saw


def test_who_saw_is_itself_written_down(scene: Scene) -> None:
    subject = scene.numbers["known subject"]
    auditor = Person("auditor", None)
    auditor.reads(reverse("who_saw", args=(subject,)))
    own = auditor.reads(reverse("ledger"), event="audit:read:shown")
    assert CAST["auditor"].number in own
    assert f"record: {subject}" in own
