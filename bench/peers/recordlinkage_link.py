"""recordlinkage on the rows of a folder that bench/link.py wrote, set up as its manual advises.

Runs in .venv-peers. Prints one JSON object: the best F1 that either of its two ways reached, each
with the threshold that the truth itself says is best, and with or without one partner at most.
Whatever choice there is, is made in its favor.
"""

from __future__ import annotations

import json
import sys
import unicodedata
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import recordlinkage
from recordlinkage.preprocessing import clean

warnings.filterwarnings("ignore")


def main(folder: Path) -> None:
    left = _read(folder / "left.csv", "EVENT_NO SUBJ_LAST SUBJ_FIRST DOB", "%m/%d/%Y")
    right = _read(folder / "right.csv", "RECORD_ID NAME_FAMILY NAME_GIVEN BIRTH_DATE", "%Y-%m-%d")
    true = pd.read_csv(folder / "truth.csv", header=None, names=["left", "right"], dtype=str)
    truth = pd.MultiIndex.from_frame(true)

    index = recordlinkage.Index()
    index.block("surname")
    index.block("born")
    index.block(["first", "year"])
    index.block(["first", "first_surname"])
    index.sortedneighbourhood("surname", window=5)
    pairs = index.index(left, right)

    compare = recordlinkage.Compare()
    compare.string("surname", "surname", method="jarowinkler", label="surname")
    compare.string("given", "given", method="jarowinkler", label="given")
    compare.string("born", "born", method="jarowinkler", label="born_alike")
    compare.date("day", "day", swap_month_day=0.5, label="born_same")
    features = compare.compute(pairs, left, right)

    isin = features.index.isin(truth)
    summed = features.sum(axis=1).to_numpy()
    binary = (features > 0.88).astype(int)
    learned = recordlinkage.ECMClassifier(init="jaro", max_iter=100)
    learned.fit(binary)
    probability = np.asarray(learned.prob(binary), dtype=float)

    best = max(
        (
            _best(score, isin, len(truth), which)
            for score in (summed, probability + summed * 1e-9)
            for which in (slice(None), _one_to_one(features.index, score))
        ),
        key=lambda figures: figures["f1"],
    )
    print(json.dumps({**best, "pairs": len(features)}))


def _read(path: Path, columns: str, format: str) -> pd.DataFrame:
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    number, last, first, born = (table[name] for name in columns.split())
    dates = pd.to_datetime(born.replace("", None), format=format, errors="coerce")
    frame = pd.DataFrame(
        {
            "surname": clean(last.map(_plain)).to_numpy(),
            "given": clean(first.map(_plain)).to_numpy(),
            "born": dates.dt.strftime("%Y%m%d").to_numpy(),
            "day": dates.to_numpy(),
            "year": dates.dt.strftime("%Y").to_numpy(),
        },
        index=number.to_numpy(),
    )
    frame["first"] = frame["given"].str.split().str[0]
    frame["first_surname"] = frame["surname"].str.split().str[0]
    return frame.replace({"": None, "fnu": None})


def _plain(text: str) -> str:
    apart = unicodedata.normalize("NFD", text.replace("-", " "))
    return "".join(mark for mark in apart if not unicodedata.combining(mark))


def _one_to_one(index: pd.MultiIndex, score: np.ndarray) -> np.ndarray:
    """Positions that a greedy choice of the best pairs keeps, no row twice."""
    left = pd.factorize(index.get_level_values(0))[0]
    right = pd.factorize(index.get_level_values(1))[0]
    free_left, free_right = np.ones(left.max() + 1, bool), np.ones(right.max() + 1, bool)
    kept = []
    for at in np.argsort(-score, kind="stable"):
        if free_left[left[at]] and free_right[right[at]]:
            free_left[left[at]] = free_right[right[at]] = False
            kept.append(at)
    return np.array(kept)


def _best(
    score: np.ndarray, isin: np.ndarray, true: int, which: slice | np.ndarray
) -> dict[str, float]:
    """The threshold with the best F1, as the truth itself says."""
    values, hits = score[which], isin[which]
    order = np.argsort(-values, kind="stable")
    right = np.cumsum(hits[order])
    taken = np.arange(1, len(order) + 1)
    # A threshold takes all pairs of one score, or none of them.
    ends = np.append(np.diff(values[order]) != 0, True)
    precision, recall = right[ends] / taken[ends], right[ends] / true
    f1 = 2 * precision * recall / np.maximum(precision + recall, 1e-12)
    at = int(np.argmax(f1))
    return {"f1": float(f1[at]), "precision": float(precision[at]), "recall": float(recall[at])}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
