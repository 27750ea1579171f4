"""What entries say that no entry may say: their form, their times, the agreement they cite.

An export is proved unchanged without this (`verify`); this judges what was written in the first
place. `examine` does both, and is what the program calls.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import chain, islice
from typing import Final

from tieline.core.ledger.canonical import NotCanonical
from tieline.core.ledger.entries import FieldRefused, Glance, OtherVersion, glance
from tieline.core.ledger.events import Event
from tieline.core.ledger.verify import Fault, Keys, Kind, Report, verify

__all__ = ["MOST_NODES", "TOLERANCE", "Misstatement", "examine"]

TOLERANCE: Final = timedelta(seconds=5)
"""How far a node's time may go back: entries are ordered when they are written, not when made."""
MOST_NODES: Final = 256
_SYSTEM: Final = re.compile(rb'"system":"([a-z0-9-]+)"\}\n?')
_ADOPTED: Final = Event.AGREEMENT_ADOPTED.value.encode()


class Misstatement(StrEnum):
    """What can be wrong with what an entry says, in the words of reports; its tag is the name."""

    CANONICAL = "an entry is not in canonical form"
    VERSION = "an entry is of a format that this program does not know"
    FIELD = "an entry has a field that no entry may have"
    SYSTEM = "an entry is of another system's ledger"
    TIME = "a node's time goes back further than is tolerated"
    NODES = "there are more nodes than one system has; times are no longer compared"
    POLICY = "an entry was decided under an agreement that another had replaced"


Finding = tuple[StrEnum, str]


def examine(
    lines: Iterable[bytes],
    *,
    size: int | None = None,
    root: bytes | None = None,
    known: Mapping[int, bytes] | None = None,
    keys: Keys | None = None,
    tolerance: timedelta = TOLERANCE,
) -> Report:
    """Verify an export and judge each entry; no input makes it raise.

    `size` and `root` come from elsewhere. The file may have grown beyond `size`; its first `size`
    entries must have the `root`. With `root` alone the whole file must have it, with `size` alone
    it must be reached. `known` has older roots by size; they narrow down where a change begins.
    With `keys` there must be a checkpoint, and each must be signed and cosigned by them.
    """
    roots = dict(known or {})
    if size is not None and root is not None:
        roots[size] = root
    rest = iter(lines)
    head = list(islice(rest, 1))
    judging = _Judging(head[0] if head else b"", tolerance)
    report = verify(chain(head, rest), roots, keys=keys, judge=judging.judged)
    if size is not None and report.size < size:
        _add(report, Kind.SIZE, f"{report.size}, and there were {size}")
    if size is None and root is not None and root != report.root:
        _add(report, Kind.ROOT, "not the root known from elsewhere")
    return report


def _add(report: Report, kind: Kind, detail: str) -> None:
    report.fault_count += 1
    report.faults.append(Fault(kind, report.size + 1, None, detail))


class _Judging:
    """What must be remembered from entry to entry."""

    def __init__(self, head: bytes, tolerance: timedelta) -> None:
        match = _SYSTEM.search(head)
        self.system = match[1] if match else None
        self.tolerance = tolerance
        self.latest: dict[bytes, bytes] = {}
        self.agreement: bytes | None = None
        self.replaced: dict[bytes, bytes] = {}

    def judged(self, data: bytes) -> list[tuple[StrEnum, str]]:
        try:
            entry = glance(data)
        except NotCanonical as error:
            return [(Misstatement.CANONICAL, error.what)]
        except OtherVersion as error:
            return [(Misstatement.VERSION, error.what)]
        except FieldRefused as error:
            return [(Misstatement.FIELD, error.what)]
        found: list[tuple[StrEnum, str]] = []
        if self.system is not None and entry.system != self.system:
            found.append((Misstatement.SYSTEM, ""))
        # The form has a fixed width, so texts compare as moments do.
        latest = self.latest.get(entry.node)
        if latest is None and len(self.latest) == MOST_NODES:
            found.append((Misstatement.NODES, ""))
        elif latest is None or entry.at >= latest:
            self.latest[entry.node] = entry.at
        elif self._is_past(entry.at, latest):
            found.append((Misstatement.TIME, ""))
        if entry.event == _ADOPTED:
            self._adopt(entry)
        elif entry.agreement in self.replaced:
            ended = self.replaced[entry.agreement]
            if self._is_past(ended, entry.at):
                found.append((Misstatement.POLICY, f"replaced at {ended.decode()}"))
        return found

    def _is_past(self, one: bytes, other: bytes) -> bool:
        """Whether one moment is before another by more than is tolerated."""
        before, after = (datetime.fromisoformat(each.decode()) for each in (one, other))
        return after - before > self.tolerance

    def _adopt(self, entry: Glance) -> None:
        if self.agreement is not None:
            self.replaced[self.agreement] = entry.at
        self.agreement = entry.agreement
        if entry.agreement is not None:
            self.replaced.pop(entry.agreement, None)
