"""docs/ledger.md tells every field, event and fault, and its program verifies an export."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tieline.core.ledger.entries import Entry
from tieline.core.ledger.events import Event
from tieline.core.ledger.export import Side, export_head, export_line
from tieline.core.ledger.judging import Misstatement
from tieline.core.ledger.side import commit
from tieline.core.ledger.tree import Frontier
from tieline.core.ledger.verify import Kind


@pytest.fixture(scope="module")
def page(root: Path) -> str:
    return (root / "docs" / "ledger.md").read_text(encoding="utf-8")


def rows(page: str, title: str) -> dict[str, str]:
    """The first table under a title (or a table's head): first column to second."""
    table = page.split(title, 1)[1].split("|---|", 1)[1].split("\n\n", 1)[0]
    found = re.findall(r"^\| `([^`]+)` \| (.*?) \|", table, flags=re.MULTILINE)
    return dict(found)


def test_the_page_has_every_field(page: str) -> None:
    assert set(rows(page, "## An entry")) == {field.name for field in fields(Entry)} | {"format"}


def test_the_page_has_every_event_in_its_words(page: str) -> None:
    assert rows(page, "## Events") == {event.value: event.says for event in Event}


def test_the_page_has_every_fault_in_its_words(page: str) -> None:
    assert rows(page, "| kind | what is wrong |") == {
        kind.name.lower(): kind.value for kind in (*Kind, *Misstatement)
    }


@pytest.mark.parametrize("size", [0, 1, 2, 7, 8])
def test_the_page_s_program_verifies_an_export(page: str, tmp_path: Path, size: int) -> None:
    program = tmp_path / "check.py"
    program.write_text(page.split("```python\n")[1].split("```")[0], encoding="utf-8")
    tree, lines = Frontier(), []
    for number in range(size):
        side = Side(bytes([number]) * 16, {"terms": "Núñez", "reason": "call-out"})
        entry = Entry(
            system="patrol",
            node="patrol-1",
            event=Event.SEARCH_ANSWERED,
            at=datetime(2026, 3, 1, tzinfo=UTC),
            count=number,
            side=commit(side.salt, side.payload),
        )
        tree.append(entry.leaf_hash())
        lines.append(export_line(number, entry, side=side if number % 2 else None))
    export = tmp_path / "export.jsonl"
    data = export_head(system="patrol", size=size, root=tree.root()) + b"".join(lines)
    export.write_bytes(data)

    def check() -> subprocess.CompletedProcess[str]:
        return subprocess.run([sys.executable, program, export], capture_output=True, text=True)

    assert check().stdout == f"{size} {tree.root().hex()}\n"
    if size:
        export.write_bytes(data.replace(b'"count\\":0', b'"count\\":1'))
        assert b"count" in data
        assert "not the size and root" in check().stderr
    if size > 1:
        export.write_bytes(data.replace("Núñez".encode(), b"Smith", 1))
        assert "the side row of entry 1 was changed" in check().stderr
