"""A list of notices names records; what is in them is told by their own pages alone."""

from __future__ import annotations

import pytest

from .scene import AGENT, As, Known

pytestmark = pytest.mark.database


def test_a_notice_gives_the_pointer_and_no_value(as_: As, known: Known) -> None:
    answer = as_(AGENT).get("/notices")
    (told,) = answer.json()["notices"]
    assert told["other"] == {
        "system": "investigations",
        "number": known.person,
        "kind": "person",
        "owner_agency": "investigations",
        "owning_unit": "LA/13",
        "contact": "LA/13 duty desk",
    }
    assert told["own"].keys() == told["other"].keys()
    for value in ("García", "Garc\\u00eda", "1990-03-12", "A089123456", "G12345678"):
        assert value not in answer.content.decode()
