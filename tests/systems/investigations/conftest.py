"""A desk of investigations in a database of its own."""

from __future__ import annotations

import pytest

from tieline.systems.investigations.desk import Desk

from .scene import desk_with


@pytest.fixture
def desk() -> Desk:
    return desk_with({"TU": "TU duty desk, +1 520 555 0100"})
