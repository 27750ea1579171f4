"""Whether an export of a ledger is whole and unchanged: offline, with this library alone.

A file that agrees with its own head was not damaged by accident. Only a size and root that come
from elsewhere (a partner, a printed copy) show that its owner did not rewrite it as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple, cast

from tieline.core.ledger import canonical
from tieline.core.ledger.canonical import NotCanonical
from tieline.core.ledger.entries import TEXTS, FieldRefused, OtherVersion, glance
from tieline.core.ledger.export import EXPORT_FORMAT, MOST_LINE
from tieline.core.ledger.side import opens
from tieline.core.ledger.tree import Frontier, leaf_hash

TOLERANCE = timedelta(seconds=5)
"""How far a node's time may go back: entries are ordered when they are written, not when made."""
MOST_FAULTS = 1_000
MOST_NODES = 256

_NUMBER = "(?:0|[1-9][0-9]{0,15})"
_TEXT = r'[^"\\\x00-\x1f]*(?:\\"[^"\\\x00-\x1f]*)*'
_HEAD = re.compile(
    rf'\{{"format":"{re.escape(EXPORT_FORMAT)}","root":"([0-9a-f]{{64}})","size":({_NUMBER}),'
    rf'"system":"({TEXTS["system"].pattern})"\}}'.encode()
)
_LINE = re.compile(
    rf'\{{"entry":"({_TEXT})",(?:"erased":(true),)?"leaf":"([0-9a-f]{{64}})","seq":({_NUMBER})'
    r'(?:,"side":(\{.*\}))?\}'.encode()
)


class Kind(StrEnum):
    """What can be wrong with an export; `says` is its line for reports."""

    says: str

    def __new__(cls, tag: str, says: str) -> Kind:
        made = str.__new__(cls, tag)
        made._value_ = tag
        made.says = made.__doc__ = says
        return made

    HEAD = "head", "the first line is no head of an export"
    LINE = "line", "a line has not the form of an export's line"
    CANONICAL = "canonical", "an entry is not in canonical form"
    VERSION = "version", "an entry is of a format that this program does not know"
    FIELD = "field", "an entry has a field that no entry may have"
    SYSTEM = "system", "an entry is of another system's ledger"
    LEAF = "leaf", "an entry is not the one whose hash its line states"
    GAP = "gap", "sequence numbers are left out"
    REPEAT = "repeat", "a sequence number comes twice in a row"
    BACK = "back", "a sequence number comes after a higher one"
    TIME = "time", "a node's time goes back further than is tolerated"
    NODES = "nodes", "there are more nodes than one system has; times are no longer compared"
    SIDE = "side", "a side row is not the one that the entry is committed to"
    SIZE = "size", "there are not as many entries as there should be"
    ROOT = "root", "the entries do not have the root that they should have"


class Fault(NamedTuple):
    """One thing that is wrong: in which line of the file (from 1), and at which entry (from 0)."""

    kind: Kind
    line: int
    sequence: int | None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """What verification found. Of many faults the first 1,000 are kept, and all are counted."""

    system: str | None
    size: int
    root: bytes
    agreed: int | None
    """The largest size at which a root from elsewhere agreed: up to there nothing was rewritten."""
    sides_opened: int
    sides_erased: int
    sides_left_out: int
    fault_count: int
    faults: tuple[Fault, ...]

    @property
    def sound(self) -> bool:
        """Whether nothing at all is wrong."""
        return self.fault_count == 0


def verify(
    lines: Iterable[bytes],
    *,
    size: int | None = None,
    root: bytes | None = None,
    known: Mapping[int, bytes] | None = None,
    tolerance: timedelta = TOLERANCE,
) -> Report:
    """Check every line, recompute the tree, and name each fault; no input makes it raise.

    `size` and `root` come from elsewhere. The file may have grown beyond `size`; its first `size`
    entries must have the `root`. With `root` alone the whole file must have it, with `size` alone
    it must be reached. `known` has older roots by size; they narrow down where a change begins.
    """
    roots = dict(known or {})
    if size is not None and root is not None:
        roots[size] = root
    run = _Run(roots, tolerance)
    run.compare_known()
    for number, line in enumerate(lines, start=1):
        run.read(number, line)
    return run.report(size, root)


class _Run:
    """One verification under way."""

    def __init__(self, roots: dict[int, bytes], tolerance: timedelta) -> None:
        self.roots = roots
        self.tolerance = tolerance
        self.tree = Frontier()
        self.head: tuple[bytes, int, str] | None = None
        self.line = 0
        self.expected = 0
        self.previous: int | None = None
        # After a fault in the numbers the next line tells whether a line is missing or was marred.
        self.otherwise: int | None = None
        self.latest: dict[str, str] = {}
        self.agreed: int | None = None
        self.opened = self.erased = self.left_out = 0
        self.count = 0
        self.faults: list[Fault] = []

    def fault(self, kind: Kind, sequence: int | None = None, detail: str = "") -> None:
        self.count += 1
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(Fault(kind, self.line, sequence, detail))

    def read(self, number: int, line: bytes) -> None:
        self.line = number
        line = line.removesuffix(b"\n")
        if number == 1:
            self.read_head(line)
            # When only the head was taken away, the first entry stands in its place.
            if self.head is not None or not line.startswith(b'{"entry"'):
                return
        match = _LINE.fullmatch(line) if len(line) <= MOST_LINE else None
        if match is None:
            return self.unreadable(line)
        text, erased, leaf, seq, side = match.groups()
        data = text.replace(b'\\"', b'"')
        sequence = int(seq)
        stated = bytes.fromhex(leaf.decode())
        in_place = self.take_place(sequence)
        self.previous = sequence
        if in_place:
            # The stated hash goes into the tree: if the root then agrees, this entry alone was
            # changed, and all others are proved. The fault is named all the same.
            self.tree.append(stated)
            self.compare_known()
        if leaf_hash(data) != stated:
            self.fault(Kind.LEAF, sequence)
        self.check_entry(data, sequence, side, erased)

    def read_head(self, line: bytes) -> None:
        match = _HEAD.fullmatch(line)
        if match is None:
            return self.fault(Kind.HEAD)
        root, size, system = match.groups()
        self.head = bytes.fromhex(root.decode()), int(size), system.decode()

    def unreadable(self, line: bytes) -> None:
        # A line may have been put in, or one of the ledger's own may have been marred.
        self.otherwise = (self.expected if self.otherwise is None else self.otherwise) + 1
        if len(line) > MOST_LINE:
            return self.fault(Kind.LINE, None, f"it has more than {MOST_LINE:,} bytes")
        try:
            found = canonical.decode(line)
        except NotCanonical as error:
            return self.fault(Kind.LINE, None, error.what)
        sequence = found.get("seq") if isinstance(found, dict) else None
        sequence = sequence if type(sequence) is int else None
        self.fault(Kind.LINE, sequence, "it has not the fields of such a line")

    def take_place(self, sequence: int) -> bool:
        """Whether the entry goes into the tree here, as the next one."""
        if sequence == self.otherwise:
            self.expected = sequence
        elif sequence > self.expected:
            missing = f"{self.expected} to {sequence - 1}"
            self.fault(Kind.GAP, sequence, f"missing: {missing}")
        elif sequence < self.expected:
            self.fault(Kind.REPEAT if sequence == self.previous else Kind.BACK, sequence)
            self.otherwise = self.expected + 1
            return False
        self.otherwise = None if sequence == self.expected else sequence + 1
        self.expected += 1
        return True

    def compare_known(self) -> None:
        expected = self.roots.pop(self.expected, None)
        if expected is None:
            return
        if expected == self.tree.root():
            self.agreed = self.expected
        else:
            since = "" if self.agreed is None else f"; they still had at {self.agreed}"
            self.fault(
                Kind.ROOT,
                max(self.expected - 1, 0),
                f"the first {self.expected} have not the root known from elsewhere{since}",
            )

    def check_entry(
        self, data: bytes, sequence: int, side: bytes | None, erased: bytes | None
    ) -> None:
        try:
            entry = glance(data)
        except NotCanonical as error:
            return self.fault(Kind.CANONICAL, sequence, error.what)
        except OtherVersion as error:
            return self.fault(Kind.VERSION, sequence, error.what)
        except FieldRefused as error:
            return self.fault(Kind.FIELD, sequence, error.what)
        if self.head is not None and entry.system != self.head[2]:
            self.fault(Kind.SYSTEM, sequence)
        self.check_time(entry.node, entry.at, sequence)
        self.check_side(entry.side, sequence, side, erased)

    def check_time(self, node: str, at: str, sequence: int) -> None:
        # The form has a fixed width, so texts compare as moments do.
        latest = self.latest.get(node)
        if latest is None and len(self.latest) == MOST_NODES:
            self.fault(Kind.NODES, sequence)
        elif latest is None or at >= latest:
            self.latest[node] = at
        elif datetime.fromisoformat(latest) - datetime.fromisoformat(at) > self.tolerance:
            self.fault(Kind.TIME, sequence)

    def check_side(
        self, commitment: str | None, sequence: int, side: bytes | None, erased: bytes | None
    ) -> None:
        if commitment is None or (side and erased):
            if side or erased:
                self.fault(Kind.SIDE, sequence, "there is none, or it is there and erased at once")
        elif erased:
            self.erased += 1
        elif side is None:
            self.left_out += 1
        elif _side_opens(commitment, side):
            self.opened += 1
        else:
            self.fault(Kind.SIDE, sequence)

    def report(self, size: int | None, root: bytes | None) -> Report:
        made = self.tree.root()
        if self.line == 0:
            self.fault(Kind.HEAD, None, "the file is empty")
        if self.head is not None and self.head[1] != self.expected:
            self.fault(Kind.SIZE, None, f"{self.expected} instead of {self.head[1]}")
        if self.head is not None and self.head[0] != made:
            self.fault(Kind.ROOT, None, "not the root that the head states")
        if size is not None and self.expected < size:
            self.fault(Kind.SIZE, None, f"{self.expected}, and there were {size}")
        if size is None and root is not None and root != made:
            self.fault(Kind.ROOT, None, "not the root known from elsewhere")
        for unreached in sorted(self.roots):
            self.fault(Kind.ROOT, None, f"could not be compared at size {unreached}")
        return Report(
            system=None if self.head is None else self.head[2],
            size=self.expected,
            root=made,
            agreed=self.agreed,
            sides_opened=self.opened,
            sides_erased=self.erased,
            sides_left_out=self.left_out,
            fault_count=self.count,
            faults=tuple(self.faults),
        )


def _side_opens(commitment: str, side: bytes) -> bool:
    try:
        row = cast("dict[str, canonical.Json]", canonical.decode(side))
    except NotCanonical:
        return False
    salt, payload = row.get("salt"), row.get("payload")
    if len(row) != 2 or not isinstance(payload, dict) or not isinstance(salt, str):
        return False
    # Only lower-case hex, so that a row too has one form.
    if re.fullmatch("(?:[0-9a-f]{2}){1,64}", salt) is None:
        return False
    return opens(commitment, bytes.fromhex(salt), payload)
