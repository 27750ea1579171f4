"""The scorer of given pairs by itself: `python -m bench.matching.explaining PAIRS.parquet MAP`.

Runs in a process of its own and prints how long comparing, weighing and explaining took, all rows
being read: what is told of the peers. Each pair gets what a user of `tieline pairs` gets, its score
and the level and weight of each feature. What is looked up for the first time counts.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import numpy as np

from tieline.linking.fieldmap import Role
from tieline.linking.mapfile import read_map
from tieline.linking.pairing import compare_pairs, explained, learn_pairs, read_sides
from tieline.linking.understanding import understand
from tieline.wiring.jobs import one_job
from tieline.wiring.linking import hints_of, open_file, reference_lists


def main(pairs: Path, map_: Path) -> None:
    """Read, compare, learn, weigh: the second and the last are timed."""
    plan = read_map(map_)
    left, right = read_sides(open_file(pairs, hints_of(plan.left)), plan, lambda *_: None)
    made = understand(plan.of_role(Role.MATCH), left, right, reference_lists())
    began = time.process_time()
    compared = compare_pairs(made, left.size)
    took = time.process_time() - began
    known = learn_pairs(made, compared)
    began = time.process_time()
    judged = explained(left, made, compared, known)
    took += time.process_time() - began
    told = sum(one.weights.astype(np.float64) for one in judged.told)
    if not np.allclose(told, judged.score, atol=1e-4):
        raise SystemExit("the weights do not sum to the score")
    print(json.dumps({"pairs": len(judged.score), "seconds": took, "features": len(compared)}))


if __name__ == "__main__":
    with one_job():
        main(Path(sys.argv[1]), Path(sys.argv[2]))
