"""Where the databases of a node lie, and that one with anything in it is no demo's to fill."""

from __future__ import annotations

from pathlib import Path

import pytest

from tieline.demo.node.claim import NotOurs
from tieline.demo.node.places import places_of, refuse_filled, refuse_moved
from tieline.settings import DATABASES, node

pytestmark = pytest.mark.database


def test_each_database_has_a_place_that_tells_no_secret() -> None:
    places = places_of(node())
    assert list(places) == list(DATABASES)
    assert len(set(places.values())) == len(DATABASES)
    for name, place in places.items():
        assert name in place
        assert "@" not in place


def test_databases_with_tables_are_refused() -> None:
    with pytest.raises(NotOurs, match="the database accounts holds something"):
        refuse_filled(node())


def test_a_place_that_was_not_its_own_is_refused() -> None:
    places = places_of(node())
    refuse_moved(places, places, folder=Path("here"))
    with pytest.raises(NotOurs, match="its database partner at another place"):
        refuse_moved(places, {**places, "partner": "elsewhere"}, folder=Path("here"))
