"""Lines that are many people's: detention sites, shelters, courts, consulates, lawyers (P20)."""

from __future__ import annotations

from functools import cache
from typing import Final

from tieline.core.values.phones import Phone
from tieline.settings import node

__all__ = ["FILE", "shared_phones"]

FILE: Final = "shared_phones.txt"
"""In the node's folder: one number a line; what follows a `#` is a remark."""


@cache
def shared_phones() -> frozenset[str]:
    """The numbers in E.164, read once; none where the node has no such list."""
    file = node().folder / FILE
    if not file.is_file():
        return frozenset()
    lines = file.read_text(encoding="utf-8").splitlines()
    said = (Phone.parse(line.partition("#")[0].strip()) for line in lines)
    return frozenset(phone.e164 for phone in said if phone.e164)
