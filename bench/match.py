"""The matching engine: linked, deduped, asked online and paired, each beside the best open peers.

Each measure says what else the machine was doing. A command of tieline that is not there, or a
peer that will not run, is named as such; what was not measured is neither met nor missed.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bench.matching import apart, clients, deduping, linking, online, pairing
from bench.matching.setting import QUICK, WHOLE, Setting, beside

from tieline.cli.bench import Measure

# Linking before online: Splink asks online with the model that it has learned there.
PARTS = (pairing, apart, linking, deduping, online, clients)


def measures(root: Path, *, quick: bool) -> Iterator[Measure]:
    """All parts, one after the other: two at once would disturb each other."""
    folder = root / ".bench" / ("match-quick" if quick else "match")
    folder.mkdir(parents=True, exist_ok=True)
    setting = Setting(root, folder, QUICK if quick else WHOLE, quick)
    for part in PARTS:
        for measure in part.measures(setting):
            yield beside(measure, root)
