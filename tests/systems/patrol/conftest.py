"""A desk of the patrol in a database of its own."""

from __future__ import annotations

import pytest

from tieline.systems.patrol.desk import Desk

from .scene import desk_with


@pytest.fixture
def desk() -> Desk:
    return desk_with({"TCA/NGL": "NGL watch desk, +1 520 555 0110"})
