"""A jail with an empty book."""

from __future__ import annotations

from pathlib import Path

import pytest

from .scene import Jail


@pytest.fixture
def jail(tmp_path: Path) -> Jail:
    return Jail(tmp_path / "bookings.csv")
