"""Letters of the west are written by themselves as they are beside those of other scripts."""

from __future__ import annotations

import pytest

from tieline.core.values.scripts import latin


@pytest.mark.parametrize("letter", [chr(code) for code in range(0x20, 0x100) if code != 0x7F])
def test_a_western_letter_is_the_same_alone_and_beside_another_script(letter: str) -> None:
    # ł is beyond the letters that are looked up one by one, and is written l.
    assert latin(f"A{letter}B") + "l" == latin(f"A{letter}Bł")
