"""Who is one is told by all pairs of a group, also by those that were dropped early."""

from __future__ import annotations

import numpy as np

from tieline.core.matching.coded import Coded
from tieline.core.matching.dedupe import _of_one_group
from tieline.core.matching.free import FreeModel
from tieline.core.matching.learn import Model
from tieline.core.matching.values import Exact


def rows(*numbers: int) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    return np.array(numbers, np.int32)


def test_a_dropped_pair_of_two_that_others_join_is_scored() -> None:
    code = Exact("code", Coded.of(["", "M", "F", "M", "F"], ["", "M", "F", "M", "F"]))
    shares = (np.array([0.99, 1e-4]),), (np.array([0.5, 0.5]),)
    model = FreeModel(Model(*shares, -3.0, 0), (frozenset(),), {}, 0)
    # 0 is one with 1 and with 2, by what is not known here; 1 and 2 differ, and so do 3 and 4.
    left, right = rows(0, 0, 1, 3), rows(1, 2, 2, 4)
    scored = [(np.array([0, 1]), np.array([4.0, 4.0]))]
    alone = np.arange(5, dtype=np.int32)

    found = list(_of_one_group([code], model, left, right, scored, alone, 1.0))

    assert [places.tolist() for places, _ in found] == [[2]]
    assert found[0][1].tolist() == model.score([code.compare(left[2:3], right[2:3])]).tolist()
    assert not list(_of_one_group([code], model, left, right, scored, alone, 5.0)), "too weak"
    # Two faces of one row are one already.
    faces = rows(0, 1, 2, 1, 2)
    found = list(_of_one_group([code], model, left, right, scored, faces, 1.0))
    assert [places.tolist() for places, _ in found] == [[2, 3]]
