"""What entries say that no entry may say: their form, their times, the agreement they cite.

An export is proved unchanged without this (`verify`); this judges what was written in the first
place. `examine` does both.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from tieline.core.ledger.canonical import NotCanonical
from tieline.core.ledger.entries import FieldRefused, Glance, OtherVersion, glance
from tieline.core.ledger.events import Event
from tieline.core.ledger.verify import MOST_FAULTS, Fault, Keys, Kind, Report, parse, verify

__all__ = [
    "MOST_NODES",
    "TOLERANCE",
    "Judging",
    "Misstatement",
    "examine",
    "proved",
    "with_judged",
]

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
    judging = Judging(tolerance)
    report = proved(judging.passed(lines), size=size, root=root, known=known, keys=keys)
    return with_judged(report, judging.faults, judging.count)


def proved(
    lines: Iterable[bytes],
    *,
    size: int | None = None,
    root: bytes | None = None,
    known: Mapping[int, bytes] | None = None,
    keys: Keys | None = None,
) -> Report:
    """What `examine` does, without judging what entries say."""
    roots = dict(known or {})
    if size is not None and root is not None:
        roots[size] = root
    report = verify(lines, roots, keys)
    if size is not None and report.size < size:
        _add(report, Kind.SIZE, f"{report.size}, and there were {size}")
    if size is None and root is not None and root != report.root:
        _add(report, Kind.ROOT, "not the root known from elsewhere")
    return report


def with_judged(report: Report, faults: Iterable[Fault], count: int) -> Report:
    """The report with what was found by judging: in the order of lines, of one line last."""
    report.fault_count += count
    report.faults = sorted((*report.faults, *faults), key=lambda one: one.line)[:MOST_FAULTS]
    return report


def _add(report: Report, kind: Kind, detail: str) -> None:
    report.fault_count += 1
    report.faults.append(Fault(kind, report.size + 1, None, detail))


class Judging:
    """What must be remembered from entry to entry, and what was found: the first 1,000 of it."""

    def __init__(self, tolerance: timedelta = TOLERANCE) -> None:
        self.system: bytes | None = None
        self.tolerance = tolerance
        self.faults: list[Fault] = []
        self.count = 0
        self.latest: dict[bytes, bytes] = {}
        self.agreement: bytes | None = None
        self.replaced: dict[bytes, bytes] = {}

    def passed(self, lines: Iterable[bytes]) -> Iterator[bytes]:
        """The lines of an export as they are; the entry of each is judged on its way."""
        for number, line in enumerate(lines, start=1):
            if number == 1:
                match = _SYSTEM.search(line)
                self.system = match[1] if match else None
            elif (parsed := parse(line.removesuffix(b"\n"))) is not None:
                for kind, detail in self._judged(parsed[0]):
                    self.count += 1
                    if self.count <= MOST_FAULTS:
                        self.faults.append(Fault(kind, number, int(parsed[3]), detail))
            yield line

    def _judged(self, data: bytes) -> list[Finding]:
        try:
            entry = glance(data)
        except NotCanonical as error:
            return [(Misstatement.CANONICAL, error.what)]
        except OtherVersion as error:
            return [(Misstatement.VERSION, error.what)]
        except FieldRefused as error:
            return [(Misstatement.FIELD, error.what)]
        found: list[Finding] = []
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
