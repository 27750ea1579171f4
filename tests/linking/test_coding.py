"""Two columns of many values are numbered as those of few."""

from __future__ import annotations

import random

import numpy as np
import pytest

from tieline.core.matching.coded import Coded, Factor
from tieline.linking import coding


@pytest.mark.parametrize("seed", range(20))
def test_arrow_numbers_as_the_interpreter_does(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coding, "_FEW", 0)
    rng = random.Random(seed)
    some = ["", "a", "A", "é", "\n", "王", "x" * 300, *map(str, range(rng.randint(1, 40)))]
    sides = []
    for _ in range(2):
        given = Factor.of([rng.choice(some) for _ in range(rng.choice([0, 1, 50]))])
        sides.append((given, [rng.choice(["", value, value.upper()]) for value in given.values]))
    expected, found = Coded.of_replaced(*sides), coding.coded(*sides)
    assert found.values == expected.values
    for side in ("left", "right"):
        codes = getattr(found, side)
        assert codes.dtype == np.int32
        assert codes.tolist() == getattr(expected, side).tolist()


def test_of_one_column_at_both_sides_both_are_one() -> None:
    given = Factor.of(["a", "", "b"])
    found = coding.coded((given, ["x", "y"]), (given, ["x", "y"]))
    assert found.left is found.right
