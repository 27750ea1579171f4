"""Names alone: whether two are one person's, beside rapidfuzz on the same pairs.

The threshold is chosen on the half to tune on, and F1 told of the other half, by which no weight
was chosen. The two kinds are told apart, and their mean stands for nothing but this mixture:
`aliases` is the harder and the more independent; the names of `countries` come from the lists of
which `reference/names/commonness.txt` was made, so that each is known there, as unseen names would
not be.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from bench.naming.pairs import Pair, pairs
from rapidfuzz import fuzz

from tieline.cli.bench import Measure
from tieline.core.matching.whole_many import NameTable, compare_many, names_of
from tieline.core.matching.words import NameBook
from tieline.reference import name_book
from tieline.wiring.jobs import one_job

PEER = "rapidfuzz WRatio"
Scores = npt.NDArray[np.float64]


def measures(root: Path, *, quick: bool) -> Iterator[Measure]:
    """F1, precision, recall and microseconds a pair."""
    data = root.parent / "shared" / "data"
    if not (data / "names").is_dir():
        yield Measure("names (missing: no folder ../shared/data beside the checkout)", None, "")
        return
    every = pairs(data)[:: 10 if quick else 1]
    book = name_book()
    started = time.process_time()
    # As `tieline pairs` does it.
    with one_job():
        ours = _ours(every, book)
    taken = (time.process_time() - started) / len(every) * 1e6
    started = time.process_time()
    peer = np.array([fuzz.WRatio(pair.left.upper(), pair.right.upper()) for pair in every])
    peer_taken = (time.process_time() - started) / len(every) * 1e6

    held = np.array([pair.held for pair in every])
    kind = np.array([pair.kind for pair in every])
    same = np.array([pair.same for pair in every])
    from_, peer_from = _best(ours[~held], same[~held]), _best(peer[~held], same[~held])
    yield Measure("names, threshold", from_ / 10, "bits", PEER, peer_from)
    for name, part in (
        ("all", held),
        ("aliases", held & (kind == "aliases")),
        ("countries", held & (kind == "countries")),
    ):
        figures = _figures(ours[part] >= from_, same[part])
        others = _figures(peer[part] >= peer_from, same[part])
        for what, value, other in zip(("F1", "precision", "recall"), figures, others, strict=True):
            target, met = (">= 0.80", value >= 0.8) if what == "F1" else ("", None)
            yield Measure(
                f"names, {name}, held half, {what}",
                *(round(value, 3), "", PEER, round(other, 3), target),
                met=met,
            )
    yield Measure(
        "names, CPU a pair, reading distinct names included",
        *(round(taken, 1), "µs", PEER, round(peer_taken, 1), "<= 20"),
        met=taken <= 20,
    )


def _ours(every: Sequence[Pair], book: NameBook) -> Scores:
    texts = list(dict.fromkeys(text for pair in every for text in (pair.left, pair.right)))
    place = {text: at for at, text in enumerate(texts)}
    table = NameTable.of(names_of(texts), book)
    left = np.array([place[pair.left] for pair in every], np.int32)
    right = np.array([place[pair.right] for pair in every], np.int32)
    return compare_many(table, left, right).bits.astype(np.float64)


def _best(scores: Scores, same: npt.NDArray[np.bool_]) -> float:
    levels = np.unique(scores)
    steps = levels[:: max(len(levels) // 200, 1)].tolist()
    return float(max(steps, key=lambda level: _figures(scores >= level, same)[0]))


def _figures(
    found: npt.NDArray[np.bool_], same: npt.NDArray[np.bool_]
) -> tuple[float, float, float]:
    true = int((found & same).sum())
    precision, recall = true / max(int(found.sum()), 1), true / max(int(same.sum()), 1)
    return 2 * precision * recall / max(precision + recall, 1e-9), precision, recall
