"""S8. A system is down: the search says so, tells what the others know, and never that there is
nothing.
"""

from __future__ import annotations

from typing import Never

import pytest
from django.db import OperationalError
from tests.scenarios.story import Person
from tests.web.scene import Scene

from tieline.keeping.door import Door

pytestmark = [pytest.mark.scenario, pytest.mark.database, pytest.mark.usefixtures("scene")]


def test_source_down_is_said_and_the_others_answer(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = Door.search

    def search(door: Door, *asked: object, **about: object) -> object:
        if door.about.name == "patrol":
            _away()
        return whole(door, *asked, **about)  # type: ignore[arg-type]

    investigator = Person("investigator")
    before = investigator.searches("García Hernández 1990")
    assert scene.numbers["known subject"] in before
    monkeypatch.setattr(Door, "search", search)
    page = investigator.searches("García Hernández 1990")
    assert "no answer" in page
    assert "try again" in page
    assert scene.numbers["known person"] in page
    assert scene.numbers["known subject"] not in page
    for words in ("no record", "no conflict", "clear<", "not found"):
        assert words not in page.casefold()
    nothing = investigator.searches("Zoe Quispe Mamani")
    assert "Nothing that you may be told; this is not a clearance." in nothing
    assert "no answer" in nothing


def _away() -> Never:
    raise OperationalError("the line is down")
