"""The table of crates, and clean databases for tests that commit."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture(scope="session")
def crates_table(django_db_setup: None, django_db_blocker: Any) -> None:
    from . import depot

    with django_db_blocker.unblock():
        depot.make_table(depot.DATABASE)


@pytest.fixture
def crates(crates_table: None, _django_db_helper: None) -> None:
    """A place for crates, empty."""
