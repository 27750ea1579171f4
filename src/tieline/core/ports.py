"""The few questions that any record system answers, and what it promises in answering.

The exchange knows no system, only this. `tests/core/ports_contract.py` tries every promise.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NewType, Protocol

from tieline.core.agreement.disclose import Disclosure
from tieline.core.agreement.viewer import Purpose, Viewer
from tieline.core.records import Pointer, RecordNumber

__all__ = [
    "Cursor",
    "Fetched",
    "Found",
    "Pointers",
    "Query",
    "RecordSystem",
    "SystemDescription",
    "SystemState",
    "digest_of",
]

Cursor = NewType("Cursor", str)
"""A place in a system's row of pointers; only the system itself can read it. Empty: the start."""


class SystemState(StrEnum):
    """How a system answered. Depends on viewer and purpose alone, never on what exists (P26)."""

    ANSWERED = "answered"
    REFUSED = "refused"
    """By rule, for this viewer and purpose; rows of the viewer's own agency may still be there."""
    NO_ANSWER = "no_answer"
    STALE = "stale"
    """From a copy that is older than it should be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemDescription:
    """Whose application it is, who runs it, on whose machines. None of these opens a record (P1).

    A record's own owner stands in the record, and may be none of the three.
    """

    name: str
    owner: str
    operator: str
    host: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What is looked for. Fields within one are alternatives; a blank one is not asked."""

    names: tuple[str, ...] = field(default=(), repr=False)
    birth_date: str = field(default="", repr=False)
    identifiers: tuple[str, ...] = field(default=(), repr=False)
    phones: tuple[str, ...] = field(default=(), repr=False)
    plates: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """One record, cut; or NOTHING, with a state that tells nothing of whether there is one."""

    state: SystemState
    disclosure: Disclosure


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Rows that the viewer may know of. How many others matched is nowhere (P26)."""

    state: SystemState
    rows: tuple[Disclosure, ...]
    more: bool
    """Whether further rows that the viewer may know of lie beyond the limit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pointers:
    """Pointers in the order in which they changed, and where to go on."""

    pointers: tuple[Pointer, ...]
    cursor: Cursor
    more: bool


class RecordSystem(Protocol):
    """One door to one system, whatever stands behind it.

    Each answer was cut by the owner's door: by `disclose`, under the agreement that is signed and
    in force there. What the exchange says of the viewer does not widen it. Every `fetch` and
    `search` is in the system's ledger before the answer is out. No method raises for what it is
    given: a number that cannot be is like one that is not.
    """

    def describe(self) -> SystemDescription:
        """Owner, operator and host of the application; the same each time."""
        ...

    def fetch(
        self, number: RecordNumber, *, viewer: Viewer, purpose: Purpose, at: datetime
    ) -> Fetched:
        """One record, cut. Absent, protected and refused give the same answer, to the byte."""
        ...

    def search(
        self, query: Query, *, viewer: Viewer, purpose: Purpose, at: datetime, limit: int
    ) -> Found:
        """At most `limit` rows, each cut, none of a record that the viewer may not know of.

        A row is found by the identity that its pointer carries, as far as the agreement lets this
        viewer search; by any other field only where the viewer may see it: finding it would tell.
        A query that asks nothing finds nothing.
        """
        ...

    def pointers_since(self, cursor: Cursor, *, limit: int) -> Pointers:
        """What changed after the cursor, at least once each, newest version last.

        No pointer of a record whose existence is protected is among them; where one was sent
        before, and where a record is purged, a tombstone of a higher version follows.
        """
        ...

    def digest(self) -> str:
        """`digest_of` all live pointers."""
        ...


def digest_of(pointers: Iterable[tuple[str, int]]) -> str:
    """A fingerprint of live pointers: equal where number and version of each are equal."""
    lines = sorted(f"{number} {version}" for number, version in pointers)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
