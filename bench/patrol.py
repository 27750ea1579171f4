"""The real pair: apprehensions and processed subjects, where that data lies beside the checkout."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from pathlib import Path

from tieline.cli.bench import Measure

DEPORTABLE = 406
OTHERS = 1124
# Of the subjects that are not deportable, nearly all have no apprehension to be linked to.
OTHERS_AT_MOST = 2


def measures(root: Path, *, quick: bool) -> Iterator[Measure]:
    """How many deportable subjects found their apprehension, and how many others were linked."""
    folder = root.parent / "shared" / "data" / "patrol"
    if not folder.is_dir():
        print("patrol: the folder of real data is not beside the checkout", file=sys.stderr)
        return
    from tieline.wiring.linking import link_files

    subjects = folder / "usbp_processed_subjects_2012_2015.csv"
    result = link_files(
        folder / "usbp_apprehensions_2012_2015.csv",
        subjects,
        root / "examples" / "patrol_two_extracts.toml",
        out=None,
    )
    linked = {pair.right for pair in result.links}
    grouped = {number for group in result.ambiguous for number in group.right}
    # These exports number no row: a row's number is its place, counted from 1.
    with subjects.open(encoding="utf-8-sig", newline="") as file:
        rows = [(str(number), row) for number, row in enumerate(csv.DictReader(file), start=1)]
    deportable = {number for number, row in rows if row["DEPORTABLE"] == "Y"}
    others = {number for number, _ in rows} - deportable

    reached = len(deportable & (linked | grouped))
    wrong = len(others & linked)
    yield Measure(
        *("patrol: deportable linked or grouped", reached, "rows"),
        target=f"all {DEPORTABLE}",
        met=reached == len(deportable) == DEPORTABLE,
    )
    yield Measure("patrol: of them linked", len(deportable & linked), "rows")
    yield Measure(
        *("patrol: others linked", wrong, "rows"),
        target=f"<= {OTHERS_AT_MOST} of {OTHERS}",
        met=wrong <= OTHERS_AT_MOST and len(others) == OTHERS,
    )
    yield Measure("patrol: others in groups", len(others & grouped), "rows")
    yield Measure("patrol: rows ambiguous", result.ambiguous_rows, "rows")
    yield Measure("patrol: wall", round(result.seconds, 2), "s")
