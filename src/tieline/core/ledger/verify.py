"""Whether an export of a ledger is whole, unchanged and witnessed: this one file of Python.

`python verify.py EXPORT [KEYS]` shares no code with what wrote the export, and asks the library
`cryptography` for signatures. A file that agrees with its own head was not damaged by accident;
that its owner did not rewrite it, only a partner's cosignature or root can show.
"""

from __future__ import annotations

import json
import re
import sys
from base64 import b64decode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from functools import reduce
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

MOST_LINE, MOST_FAULTS = 131_072, 1_000
"""Bytes of the longest line (the largest entry and side row fit), and faults that are kept."""
_HEAD = re.compile(
    rb'\{"format":"tieline-ledger-export/[12]","root":"([0-9a-f]{64})",'
    rb'"size":(0|[1-9][0-9]{0,15}),"system":"([a-z][a-z0-9-]{0,31})"\}'
)
_REST = re.compile(
    rb'",(?:"erased":(true),)?"leaf":"([0-9a-f]{64})","seq":(0|[1-9][0-9]{0,15})'
    rb'(?:,"side":(\{.*\}))?\}'
)
_SIDE = re.compile(rb'\{"payload":(\{.*\}),"salt":"((?:[0-9a-f]{2}){16,64})"\}')
_NOTE = re.compile(
    "(([^\\x00-\\x1f]+)\n(0|[1-9][0-9]{0,15})\n([A-Za-z0-9+/]{43}=)\n(?:[^\\x00-\\x1f]+\n)*)"
    "\n((?:\u2014 [^\\s+]+ [A-Za-z0-9+/]+={0,2}\n){1,64})"
)


class Kind(StrEnum):
    """What can have been done to an export, in the words of reports; its tag is the name."""

    HEAD = "the first line is no head of an export"
    LINE = "a line has not the form of an export's line"
    LEAF = "an entry is not the one whose hash its line states"
    GAP = "sequence numbers are left out"
    BACK = "a sequence number comes again, or after a higher one"
    SIDE = "a side row is not the one that the entry is committed to"
    SIZE = "there are not as many entries as there should be"
    ROOT = "the entries do not have the root that they should have"
    NOTE = "a checkpoint has not the form of one"
    PLACE = "a checkpoint does not stand behind the last entry that it covers"
    ORIGIN = "a checkpoint is of another log"
    KEY = "no key that is known for the log signed a checkpoint"
    SIGNATURE = "a signature is not of the key that it names"
    TERM = "a key signed before its time, or after it"
    REVOKED = "a key signed after it was revoked"
    WITNESS = "a cosignature that must be there is missing"
    CLOCK = "the time of cosignatures goes back"


class Fault(NamedTuple):
    """One thing that is wrong: in which line of the file (from 1), and at which entry (from 0)."""

    kind: StrEnum
    line: int
    sequence: int | None
    detail: str = ""


@dataclass(slots=True)
class Report:
    """What verification found. Of many faults the first 1,000 are kept, and all are counted."""

    system: str | None = None
    size: int = 0
    root: bytes = b""
    agreed: int | None = None  # the largest size at which a root from elsewhere agreed
    sides: dict[str, int] = field(default_factory=lambda: {"opened": 0, "erased": 0, "left_out": 0})
    fault_count: int = 0
    faults: list[Fault] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        return self.fault_count == 0


Keys = Mapping[tuple[str, bytes], Mapping[str, Any]]
"""Rows of `tieline keys list --json`, by name and key id (C2SP signed-note)."""


class Untrusted(ValueError):
    """A checkpoint that is none, or that the keys do not vouch for: its kind, and whose name."""


def read_keys(text: str) -> Keys:
    """What `tieline keys list --json` wrote; a ValueError, KeyError or TypeError for the rest."""
    found = {}
    for row in json.loads(text)["keys"]:
        name, _, material = row["key"].split("+", 2)
        raw = b64decode(material, validate=True)
        key_id = sha256(name.encode() + b"\n" + raw).digest()[:4]
        # Texts of moments compare as moments do, and a 9 comes after each of them.
        found[name, key_id] = {"until": "9", **row, "is_log": raw[0] == 1, "public": raw[1:]}
    return found


def read_checkpoint(note: str, keys: Keys | None) -> tuple[str, int, bytes, str]:
    """Origin, size, root and time of cosigning of a signed note (C2SP tlog-checkpoint).

    A key of the log and of each witness must have signed, else it is `Untrusted`; the witnesses
    say when (C2SP tlog-cosignature). Without keys the form alone is looked at.
    """
    match = _NOTE.fullmatch(note)
    if match is None:
        raise Untrusted(Kind.NOTE, "")
    body, origin, size, root, lines = match.groups()
    signers: dict[str, tuple[Mapping[str, Any], str]] = {}
    for name, blob in (line[2:].split(" ") for line in lines.splitlines()):
        raw = b64decode(blob + "==")
        key = keys.get((name, raw[:4])) if keys else None
        if key is not None:
            signers[name] = key, _signed_at(name, key, body.encode(), raw[4:])
    at = max((time for _, time in signers.values()), default="")
    for (name, _), key in (keys or {}).items():
        if key["is_log"] and name != origin:
            raise Untrusted(Kind.ORIGIN, origin)
        if name not in signers:
            raise Untrusted(Kind.KEY if key["is_log"] else Kind.WITNESS, name)
    for name, (key, time) in signers.items():
        # Where no witness says when, only a key without an end is trusted.
        if not key["since"] <= (time or at or "8") < key["until"]:
            raise Untrusted(Kind.REVOKED if "revoked" in key else Kind.TERM, name)
    return origin, int(size), b64decode(root), at


def _signed_at(name: str, key: Mapping[str, Any], body: bytes, signature: bytes) -> str:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    at = ""  # the signature of a log does not say it
    if not key["is_log"]:
        time, signature = min(int.from_bytes(signature[:8], "big"), 1 << 37), signature[8:]
        body = b"cosignature/v1\ntime %d\n" % time + body
        at = f"{datetime.fromtimestamp(time, UTC):%Y-%m-%dT%H:%M:%SZ}"
    try:
        Ed25519PublicKey.from_public_bytes(key["public"]).verify(signature, body)
    except (InvalidSignature, ValueError):
        raise Untrusted(Kind.SIGNATURE, name) from None
    return at


def parse(line: bytes) -> tuple[Any, ...] | None:
    """The entry of a line, without its end; then erased, leaf, seq and side, or None for each."""
    end = line.find(b'","', 10)
    match = _REST.fullmatch(line, end) if end > 0 and len(line) <= MOST_LINE else None
    entry = line[10:end].replace(b'\\"', b'"')
    # Every quotation mark with its escape: then there is one way to write the text.
    whole = line[:10] == b'{"entry":"' and entry.count(b'"') == end - 10 - len(entry)
    return (entry, *match.groups()) if match and whole else None


def verify(lines: Iterable[bytes], known: Mapping[int, bytes], keys: Keys | None = None) -> Report:
    """Check every line, recompute the tree, and name each fault; no input makes it raise.

    `known` has older roots by size. With `keys` there must be checkpoints, each of them trusted.
    """
    run = _Run(dict(known), keys)
    run.compare(run.roots.pop(0, None))
    for run.line, line in enumerate(lines, start=1):
        run.read(line.removesuffix(b"\n"))
    return run.end()


@dataclass
class _Run:
    roots: dict[int, bytes]
    keys: Keys | None = None
    report: Report = field(default_factory=Report)
    peaks: list[bytes] = field(default_factory=list)
    head: re.Match[bytes] | None = None
    line = leaves = expected = 0
    # After a fault in the numbers the next line tells whether a line is missing or was marred.
    otherwise: int | None = None
    cosigned = ""

    def fault(self, kind: StrEnum, sequence: int | None = None, detail: str = "") -> None:
        self.report.fault_count += 1
        if len(self.report.faults) < MOST_FAULTS:
            self.report.faults.append(Fault(kind, self.line, sequence, detail))

    def read(self, line: bytes) -> None:
        if self.line == 1:
            self.head = _HEAD.fullmatch(line)
            self.report.system = self.head and self.head[3].decode()
            return None if self.head else self.fault(Kind.HEAD)
        if line.startswith(b'{"checkpoint":'):
            return self.read_note(line)
        if (parsed := parse(line)) is None:
            self.otherwise = (self.expected if self.otherwise is None else self.otherwise) + 1
            return self.fault(Kind.LINE, self.otherwise - 1)
        entry, erased, leaf, seq, side = parsed
        sequence, stated = int(seq), bytes.fromhex(leaf.decode())
        if self.take_place(sequence):
            # The stated hash goes into the tree: the root then proves all other entries.
            self.grow(stated)
        if sha256(b"\0" + entry).digest() != stated:
            self.fault(Kind.LEAF, sequence)
        if side or erased or b',"side":"' in entry:
            self.check_side(sequence, entry, side, erased is not None)

    def read_note(self, line: bytes) -> None:
        try:
            note = json.loads(line)["checkpoint"]
            origin, size, root, at = read_checkpoint(note, self.keys)
        except Untrusted as error:
            return self.fault(error.args[0], self.expected - 1, error.args[1])
        except (ValueError, KeyError, TypeError, RecursionError):
            return self.fault(Kind.NOTE, self.expected - 1)
        if self.head and origin.rpartition("/")[2] != self.report.system:
            self.fault(Kind.ORIGIN, size - 1, origin)
        elif size != self.expected:
            self.fault(Kind.PLACE, size - 1)
        elif at < self.cosigned:
            self.fault(Kind.CLOCK, size - 1)
        elif self.keys is not None or root != self.root():  # without keys it vouches for nothing
            self.cosigned = at
            self.compare(root)

    def take_place(self, sequence: int) -> bool:
        if sequence == self.otherwise:
            self.expected = sequence
        elif sequence > self.expected:
            self.fault(Kind.GAP, sequence, f"missing: {self.expected} to {sequence - 1}")
        elif sequence < self.expected:
            self.fault(Kind.BACK, sequence)
            self.otherwise = self.expected + 1
            return False
        self.otherwise = None if sequence == self.expected else sequence + 1
        self.expected += 1
        return True

    def grow(self, digest: bytes) -> None:
        self.leaves += 1
        for _ in range((self.leaves & -self.leaves).bit_length() - 1):  # a subtree is complete
            digest = sha256(b"\1" + self.peaks.pop() + digest).digest()
        self.peaks.append(digest)
        if self.expected in self.roots:
            self.compare(self.roots.pop(self.expected))

    def root(self) -> bytes:
        folded = (self.peaks or [sha256().digest()])[::-1]
        return reduce(lambda right, left: sha256(b"\1" + left + right).digest(), folded)

    def compare(self, root: bytes | None) -> None:
        if root == self.root():
            self.report.agreed = self.expected
        elif root is not None:
            self.fault(Kind.ROOT, max(self.expected - 1, 0), f"agreed last: {self.report.agreed}")

    def check_side(self, sequence: int, entry: bytes, side: bytes | None, erased: bool) -> None:
        at = entry.find(b',"side":"')
        committed = entry[at + 9 : at + 73].decode("latin-1") if at > 0 else None
        if committed:
            self.report.sides["erased" if erased else "opened" if side else "left_out"] += 1
        match = _SIDE.fullmatch(side or b"")
        made = sha256(b"tieline/ledger/side/1\0")
        for part in (bytes.fromhex(match[2].decode()), match[1]) if match else ():
            made.update(len(part).to_bytes(8, "big") + part)
        opens = made.hexdigest() == committed
        if (side and (erased or not opens)) or (erased and not committed):
            self.fault(Kind.SIDE, sequence)

    def end(self) -> Report:
        report, head = self.report, self.head
        report.size, report.root = self.expected, self.root()
        if head is None and self.line == 0:
            self.fault(Kind.HEAD, None, "the file is empty")
        if head and int(head[2]) != self.expected:
            self.fault(Kind.SIZE, None, f"{self.expected} instead of {int(head[2])}")
        if head and head[1].decode() != report.root.hex():
            self.fault(Kind.ROOT, None, "not the root that the head states")
        for size in sorted(self.roots):
            self.fault(Kind.ROOT, None, f"could not be compared at size {size}")
        if self.keys is not None and not self.cosigned:
            self.fault(Kind.WITNESS, None, "there is no checkpoint")
        return report


def _main(export: str, keys: str = "") -> int:
    trusted = read_keys(Path(keys).read_text("utf-8")) if keys else None
    with Path(export).open("rb") as file:
        report = verify(iter(lambda: file.readline(MOST_LINE + 2), b""), {}, keys=trusted)
    print(report.system, report.size, report.root.hex(), *report.faults, sep="\n")  # noqa: T201
    return 0 if report.sound else 3


if __name__ == "__main__":
    sys.exit(_main(*sys.argv[1:]))
