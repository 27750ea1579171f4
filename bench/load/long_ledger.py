"""A ledger of any length, as a year of work leaves it: an export, or rows in a node's database.

Run by bench/ledger.py in a process of its own:
    python bench/load/long_ledger.py export FILE COUNT
    python bench/load/long_ledger.py asked FOLDER COUNT
Of eight entries seven are disclosures with all their fields, and one a search with its side row.
`asked` fills the patrol's ledger in a built demo, proves entries and asks who saw a record.
Prints one JSON object.
"""

from __future__ import annotations

import json
import random
import sqlite3
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from tieline.core.ledger.entries import Entry
from tieline.core.ledger.events import Event
from tieline.core.ledger.export import export_head
from tieline.core.ledger.side import commit
from tieline.core.ledger.tree import Frontier, leaf_hash, verify_inclusion

AT = datetime(2025, 1, 1, tzinfo=UTC)
RECORDS, PEOPLE = 500_000, 700
SALT = b"s" * 16
ASKED, PROVED = 200, 500
SEED = 6962


def main() -> None:
    what, place, count = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    print(json.dumps(export(place, count) if what == "export" else asked(place, count)))


def entries(count: int) -> Iterator[tuple[dict[str, Any], bytes, bytes | None]]:
    """What is found of an entry by, its bytes, and its side row's payload."""
    shown, searched = _forms()
    for number in range(count):
        at = f"{AT + timedelta(seconds=3 * number):%Y-%m-%dT%H:%M:%S.%fZ}"
        person = 1 + number * 7919 % PEOPLE
        record = f"TCA{number * 104_729 % RECORDS:07}"
        told = {"at": at, "viewer": f"P-{person:05}", "record": record, "event": "", "owner": ""}
        request = sha256(b"%d" % number).hexdigest()[:32]
        if number % 8:
            told |= {"event": Event.RECORD_SHOWN.value, "owner": "patrol"}
            text = shown % (person, at, number % 90_000, record, request, person)
            yield told, text.encode(), None
        else:
            told |= {"event": Event.SEARCH_ANSWERED.value, "record": ""}
            payload = f'{{"query":{{"names":["Maria Lopez {number}"]}}}}'
            side = commit(SALT, json.loads(payload))
            text = searched % (person, at, number % 90_000, request, side, person)
            yield told, text.encode(), payload.encode()


def _forms() -> tuple[str, str]:
    """Both kinds of entry, with places for what differs from one to the next."""
    work = {
        "system": "patrol", "node": "one", "at": AT, "viewer": "P-00001", "unit": "tu",
        "agency": "investigations", "assignment": "AS-00001", "role": "agent",
        "purpose": "investigation", "case": "C26-00001", "agreement": "ab" * 32,
        "request": "cd" * 16,
    }  # fmt: skip
    shown = Entry(
        **work, event=Event.RECORD_SHOWN, keeper="patrol", record="TCA0000001", record_version=1,
        owner="patrol", level="summary", shown=("apprehension", "identity", "place"),
        withheld=("narrative",), clauses=("identity-for-work", "summary-for-work"),
    )  # fmt: skip
    searched = Entry(**work, event=Event.SEARCH_ANSWERED, count=3, side="ef" * 32)
    said = []
    for one in (shown, searched):
        text = one.to_bytes().decode().replace("AS-00001", "AS-%05d").replace("P-00001", "P-%05d")
        text = text.replace("2025-01-01T00:00:00.000000Z", "%s").replace("C26-00001", "C26-%05d")
        text = text.replace("TCA0000001", "%s").replace("cd" * 16, "%s").replace("ef" * 32, "%s")
        said.append(text)
    return said[0], said[1]


def export(file: Path, count: int) -> dict[str, object]:
    """Write an export; its head is written last, when the root is known."""
    tree = Frontier()
    blank = export_head(system="patrol", size=count, root=b"0" * 32)
    with file.open("wb") as out:
        out.write(blank)
        for number, (_, data, payload) in enumerate(entries(count)):
            leaf = leaf_hash(data)
            tree.append(leaf)
            text = data.replace(b'"', b'\\"')
            side = b"" if payload is None else _SIDE % (payload, SALT.hex().encode())
            out.write(_LINE % (text, leaf.hex().encode(), number, side))
        out.seek(0)
        out.write(export_head(system="patrol", size=count, root=tree.root()))
    return {"bytes": file.stat().st_size, "root": tree.root().hex()}


_LINE = b'{"entry":"%b","leaf":"%b","seq":%d%b}\n'
_SIDE = b',"side":{"payload":%b,"salt":"%b"}'


def asked(folder: Path, count: int) -> dict[str, object]:
    root = _fill(folder / "patrol.sqlite3", count)
    from tieline.wiring.opening import open_node

    open_node(folder / "tieline.toml")
    from zoneinfo import ZoneInfo

    from tieline.demo.world.cast import CAST
    from tieline.keeping.proofs import inclusion
    from tieline.wiring.ledgers import LEDGERS
    from tieline.wiring.looks import Asked, looks

    rng = random.Random(SEED)
    auditor = next(one for one in CAST if one.username == "auditor2").viewer()
    zone = ZoneInfo("America/Phoenix")
    saw, found = [], 0
    for _ in range(ASKED):
        record = f"TCA{rng.randrange(RECORDS):07}"
        began = time.perf_counter()
        rows = looks(Asked(system="patrol", record=record), auditor, zone=zone, after=None)
        saw.append(time.perf_counter() - began)
        found += len(rows)
    if not found:
        raise SystemExit("nobody saw any record: nothing was measured")
    ledger, proved, longest = LEDGERS["patrol"], [], 0
    leaves = _leaves(folder / "patrol.sqlite3", rng.sample(range(count), PROVED))
    for sequence, leaf in leaves.items():
        began = time.perf_counter()
        proof = inclusion(ledger, sequence, size=count)
        proved.append(time.perf_counter() - began)
        longest = max(longest, len(b"".join(proof)))
        if not verify_inclusion(index=sequence, size=count, leaf=leaf, proof=proof, root=root):
            raise SystemExit(f"the proof of entry {sequence} does not verify")
    return {"saw": saw, "found": found, "proved": proved, "bytes": longest}


def _fill(database: Path, count: int) -> bytes:
    """Another ledger in place of the demo's: rows as the node writes them, in larger pieces."""
    tree = Frontier()
    with sqlite3.connect(database, isolation_level=None) as kept:
        kept.execute("PRAGMA synchronous=OFF")
        kept.execute("PRAGMA cache_size=-2000000")
        # The triggers forbid what is done here, and would look for each row before it is written.
        triggers = kept.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (name,) in triggers:
            kept.execute(f'DROP TRIGGER "{name}"')
        kept.execute("BEGIN")
        for table in ("ledger_row", "ledger_node", "ledger_side"):
            kept.execute(f"DELETE FROM {table}")
        nodes: list[tuple[int, int, bytes]] = []
        kept.executemany(_ROW, _rows(count, tree, nodes))
        kept.executemany(_NODE, nodes)
        kept.execute("UPDATE ledger_head SET frontier = ?", [tree.to_bytes()])
        kept.execute("COMMIT")
    return tree.root()


def _rows(
    count: int, tree: Frontier, nodes: list[tuple[int, int, bytes]]
) -> Iterator[tuple[object, ...]]:
    for number, (told, data, _) in enumerate(entries(count)):
        nodes += [(one.level, one.position, one.digest)
                  for one in tree.append(leaf_hash(data)) if one.level]  # fmt: skip
        at = told["at"].replace("T", " ").rstrip("Z")
        yield (number, data.decode(), at, told["event"], told["viewer"], "investigations",
               told["record"], told["owner"])  # fmt: skip


def _leaves(database: Path, sequences: list[int]) -> dict[int, bytes]:
    with sqlite3.connect(database) as kept:
        read = "SELECT data FROM ledger_row WHERE sequence = ?"
        return {one: leaf_hash(kept.execute(read, [one]).fetchone()[0].encode())
                for one in sequences}  # fmt: skip


_ROW = (
    "INSERT INTO ledger_row (sequence, data, at, event, viewer, agency, record, owner) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)
_NODE = "INSERT INTO ledger_node (level, position, digest) VALUES (?, ?, ?)"


if __name__ == "__main__":
    main()
