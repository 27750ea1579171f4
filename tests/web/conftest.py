"""One filled node for all tests of a file: each test leaves it as it was."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from tests.databases import Emptying
from tests.web.scene import Scene
from tests.web.snapshot import filled


@pytest.fixture(scope="module")
def scene(django_db_setup: None, django_db_blocker: Any, node_folder: Path) -> Iterator[Scene]:
    """Filled once for a file of tests, which may ask for `django_db` and so undo what they do."""
    (node_folder / "static").mkdir(exist_ok=True)
    emptying = Emptying()
    with django_db_blocker.unblock():
        emptying.remember()
        try:
            yield filled(node_folder)
        finally:
            for alias in connections:
                emptying.empty(alias)
