"""Whatever somebody is shown of another agency's records, on any page or by a program, stands on
both sides.
"""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import pytest
from tests.web.cast import CAST
from tests.web.scene import Scene
from tests.web.walking import by_pages, by_programs

from tieline.keeping.receipts import ReceiptRow
from tieline.wiring.both_sides import compared
from tieline.wiring.receipts import HOMES, keep_receipts

pytestmark = pytest.mark.any_database

WALKS: Final = (("agent", by_pages), ("investigator", by_programs))


@pytest.fixture(scope="module")
def journals(node_folder: Path) -> None:
    """None of other tests, whose ledgers are gone."""
    shutil.rmtree(node_folder / "receipts", ignore_errors=True)


@pytest.fixture(scope="module")
def filled(journals: None, scene: Scene) -> Scene:
    """A node whose journals begin with it."""
    return scene


def test_every_page_and_every_call_leaves_entry_and_receipt(filled: Scene) -> None:
    for who, walk in WALKS:
        assert list(walk(filled, CAST[who]))
    now = datetime.now(UTC)
    keep_receipts(now)
    for home in HOMES:
        # In a test nothing is committed, so nothing says that it was.
        ReceiptRow.objects.using(home).filter(batch__isnull=False).update(arrived=True)
    made = compared(at=now + timedelta(hours=1))
    assert (made.found, made.missing, made.waiting) == ((), (), 0)
    assert made.both > 0
