"""What is said of two words is what is said of thousands."""

from __future__ import annotations

import random

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import JaroWinkler

from tieline.core.matching.few_words import is_alike
from tieline.core.matching.names import ALIKE_FROM


def test_two_words_are_alike_by_themselves_where_they_are_among_many() -> None:
    rng = random.Random(3)
    ones = ["".join(rng.choices("AEGLMNOR", k=rng.randint(2, 9))) for _ in range(2000)]
    # Half of them with another last letter, the others with what stands next to them.
    twos = [
        one[:-1] + "A" if at % 2 else other
        for at, (one, other) in enumerate(zip(ones, ones[1:] + ones[:1], strict=True))
    ]
    score = process.cpdist(ones, twos, scorer=JaroWinkler.normalized_similarity, dtype=np.float32)
    many = (score >= ALIKE_FROM).tolist()
    assert [is_alike(one, two) for one, two in zip(ones, twos, strict=True)] == many
    assert 100 < sum(many) < len(many) - 100
