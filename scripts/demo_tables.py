"""Write the small tables that the demo's year is drawn from.

    python scripts/demo_tables.py FOLDER_OF_VOLUMES

Counts of apprehensions by sector and month, and of group sizes, sex and hour of day, published by
the US Government. Rows of persons are not read.
"""

from __future__ import annotations

import csv
import json
import sys
from collections import Counter
from pathlib import Path

OUT = Path(__file__).resolve().parent.parent / "src" / "tieline" / "demo" / "data"
FIRST_YEAR = 2016
SECTORS = {
    "blaine": "BLW",
    "spokane": "SPW",
    "havre": "HVM",
    "grand_forks": "GFN",
    "detroit": "DTM",
    "buffalo": "BUN",
    "swanton": "SWB",
    "houlton": "HLT",
    "san_diego": "SDC",
    "el_centro": "ELC",
    "yuma": "YUM",
    "tucson": "TCA",
    "el_paso": "EPT",
    "big_bend": "BBT",
    "del_rio": "DRT",
    "laredo": "LRT",
    "rio_grande_valley": "RGV",
}


def main(folder: Path) -> None:
    counts: Counter[tuple[str, int]] = Counter()
    with (folder / "usbp_sector_month_fy2000_2020.csv").open(encoding="utf-8") as handle:
        for row in csv.DictReader(handle):
            if int(row["fy"]) >= FIRST_YEAR:
                for column, code in SECTORS.items():
                    counts[code, int(row["month"])] += int(row[column] or 0)
    _write(
        "sector_months.csv",
        ("sector", "month", "apprehensions"),
        [(code, month, count) for (code, month), count in sorted(counts.items())],
    )
    marginals = json.loads((folder / "marginals.json").read_text(encoding="utf-8"))
    _write(
        "shares.csv",
        ("what", "value", "count"),
        [
            (what, value, count)
            for what, name in (
                ("hour", "USBP BLW/SPW hour of day"),
                ("group", "USBP BLW/SPW group size per event"),
                ("eye", "USBP EYE_COLOR"),
                ("hair", "USBP HAIR_COLOR"),
            )
            for value, count in marginals[name].items()
            if value != "NaN"
        ],
    )


def _write(name: str, heads: tuple[str, ...], rows: list[tuple[object, ...]]) -> None:
    with (OUT / name).open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(heads)
        writer.writerows(rows)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
