"""The node's list of lines that are many people's (P20)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tieline.keeping import shared_phones as room
from tieline.keeping.shared_phones import FILE, shared_phones
from tieline.settings import node


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    here = replace(node(), folder=tmp_path)
    monkeypatch.setattr(room, "node", lambda: here)
    shared_phones.cache_clear()
    yield tmp_path
    shared_phones.cache_clear()


def test_without_a_list_no_line_is_known() -> None:
    assert shared_phones() == frozenset()


def test_each_line_is_understood_and_remarks_are_none_of_it(folder: Path) -> None:
    said = ["(520) 555-0134  # the shelter", "", "# of the consulate:", "+52 631 555 0134", "soon"]
    (folder / FILE).write_text("\n".join(said), "utf-8")
    assert shared_phones() == {"+15205550134", "+526315550134"}
