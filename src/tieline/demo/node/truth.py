"""Who is who, apart from all records: what matching is measured against, and never told."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Final

from tieline.demo.world.world import World
from tieline.files.whole_file import whole_file

__all__ = ["TRUTH", "keep_truth"]

TRUTH: Final = "truth.csv"


def keep_truth(folder: Path, world: World) -> None:
    """Write down each record that is of a person, and of whom: records of one are of one number in
    the column `person`, which stands nowhere else.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([("person", "system", "number"), *sorted(world.truth)])
    with whole_file(folder / TRUTH) as handle:
        handle.write(text.getvalue().encode())
