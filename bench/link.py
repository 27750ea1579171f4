"""`tieline link` on two exports of names and birth dates, beside recordlinkage on the same rows."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from bench.measuring.process import run

from tieline.cli.bench import Measure
from tieline.demo.exports import Row, two_exports
from tieline.demo.folder import NAMES_AND_DATES

ROWS = 100_000
OVERLAP = 0.6
SEED = 20_250_601
PEER = "recordlinkage"

# Nothing else than these is written: no sex, no phone, no city helps either program.
LEFT_COLUMNS = ("EVENT_NO", "SUBJ_LAST", "SUBJ_FIRST", "DOB")
RIGHT_COLUMNS = ("RECORD_ID", "NAME_FAMILY", "NAME_GIVEN", "BIRTH_DATE")


def measures(root: Path, *, quick: bool) -> Iterator[Measure]:
    """Seconds, memory and F1 of both programs on the very same rows."""
    rows = ROWS // 10 if quick else ROWS
    folder = root / ".bench" / f"link-{rows}"
    folder.mkdir(parents=True, exist_ok=True)
    truth = _write(folder, rows)

    ours = run(_link_command(folder))
    if ours.code not in (0, 1):
        raise SystemExit(f"tieline link answered {ours.code}")
    found = _links(folder / "out" / "links.csv")
    precision, recall, f1 = scores(found, truth)
    peer = _peer(root, folder)

    size = f"{rows // 1000}k x {rows // 1000}k"
    peers = {key: round(value, 4) for key, value in peer.items()}

    def held(name: str) -> tuple[str, float | None]:
        return PEER, peers.get(name)

    yield Measure(
        *(f"link {size}, wall", round(ours.seconds, 1), "s", *held("seconds"), "< 60"),
        met=ours.seconds < 60,
    )
    yield Measure(
        *(f"link {size}, processor", round(ours.processor_seconds, 1), "s"),
        *held("processor_seconds"),
    )
    yield Measure(
        *(f"link {size}, peak memory", round(ours.peak_mib), "MiB", *held("peak_mib"), "< 2048"),
        met=ours.peak_mib < 2048,
    )
    # Without the peer there is nothing to hold the figure against: neither met nor missed.
    better = f1 >= peer["f1"] if peer else None
    yield Measure(f"link {size}, F1", round(f1, 4), "", *held("f1"), ">= peer", met=better)
    yield Measure(f"link {size}, precision", round(precision, 4), "", *held("precision"))
    yield Measure(f"link {size}, recall", round(recall, 4), "", *held("recall"))


def scores(found: set[tuple[str, str]], truth: set[tuple[str, str]]) -> tuple[float, float, float]:
    """Precision, recall and F1."""
    right = len(found & truth)
    precision = right / len(found) if found else 0.0
    recall = right / len(truth)
    return precision, recall, 2 * precision * recall / (precision + recall) if right else 0.0


def _write(folder: Path, rows: int) -> set[tuple[str, str]]:
    exports = two_exports(rows=rows, overlap=OVERLAP, seed=SEED)
    _table(folder / "left.csv", LEFT_COLUMNS, exports.left)
    _table(folder / "right.csv", RIGHT_COLUMNS, exports.right)
    (folder / "map.toml").write_text(NAMES_AND_DATES, encoding="utf-8")
    with (folder / "truth.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(exports.truth)
    return set(exports.truth)


def _table(path: Path, columns: tuple[str, ...], rows: list[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)


def _link_command(folder: Path) -> list[str]:
    tieline = str(Path(sys.executable).with_name("tieline"))
    files = [str(folder / "left.csv"), str(folder / "right.csv")]
    map_and_out = ["--map", str(folder / "map.toml"), "--json", "--out", str(folder / "out")]
    return [tieline, "link", *files, *map_and_out]


def _links(path: Path) -> set[tuple[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {(row["left"], row["right"]) for row in csv.DictReader(file)}


def _peer(root: Path, folder: Path) -> dict[str, float]:
    python = root / ".venv-peers" / "bin" / "python"
    if not python.exists():
        print(f"{PEER} is missing: make .venv/peers.stamp", file=sys.stderr)
        return {}
    script = root / "bench" / "peers" / "recordlinkage_link.py"
    done = run([str(python), str(script), str(folder)])
    if done.code != 0:
        print(f"{PEER} could not be run (it answered {done.code})", file=sys.stderr)
        return {}
    figures: dict[str, float] = json.loads(done.output.splitlines()[-1])
    spent = {"seconds": done.seconds, "processor_seconds": done.processor_seconds}
    return {**figures, **spent, "peak_mib": done.peak_mib}
