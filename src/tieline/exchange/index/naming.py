"""How entries of the exchange's ledger name pointers and links."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tieline.core.ledger.canonical import Json
from tieline.core.ledger.entries import TEXTS
from tieline.core.ledger.events import Event
from tieline.exchange.index.models import IndexedPointer, Link
from tieline.keeping.ledger import Line, line

__all__ = ["fits", "link_line", "named", "placed"]


def fits(field: str, text: str) -> bool:
    """Whether an entry may hold the code; one that it may not would stop it."""
    shape = TEXTS[field]
    return len(text) <= shape.most and re.fullmatch(shape.pattern, text) is not None


def placed(row: IndexedPointer) -> dict[str, Any]:
    """Where the record lies, and its number. An auditor reads what names his agency as the owner,
    so that is left out of an entry which would tell him of a record that is hidden from him (P7).
    """
    return {"keeper": row.system, "record": row.number}


def named(row: IndexedPointer) -> dict[str, Any]:
    """The same, and whose it is."""
    whose = {"owner": row.owner_agency} if fits("owner", row.owner_agency) else {}
    return {**placed(row), **whose}


def link_line(
    event: Event,
    link: Link,
    *,
    at: datetime,
    said: Mapping[str, Json] | None = None,
    **fields: Any,
) -> Line:
    """An entry on a link: its left side by name, number of link and other side beside it."""
    other = f"{link.right.system} {link.right.number}"
    side: dict[str, Json] = {"link": link.number, "other": other, **(said or {})}
    return line(event, at=at, side=side, **placed(link.left), **fields)
