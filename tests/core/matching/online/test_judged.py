"""What judgements teach: how far weights were off, and nothing that is not there."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime

import pytest

from tieline.core.matching.online.judged import (
    FEWEST,
    MOST_BITS,
    BadLearned,
    JudgedPair,
    Learned,
    NothingLearned,
    learn,
    read,
)

AT = datetime(2026, 11, 29, tzinfo=UTC)
DATES = {"the same": 8.0, "year": 4.0, "different": -6.0}
NAMES = {"the same": 9.0, "sound": 7.0, "some": -3.0}


def judged(
    seed: int, count: int, *, off: dict[tuple[str, str], float], prior: float = -12.0
) -> list[JudgedPair]:
    """Pairs that were proposed, judged as they would be if weights were off by so many bits."""
    rng = random.Random(seed)
    found = []
    while len(found) < count:
        date, name = rng.choice(list(DATES)), rng.choice(list(NAMES))
        number = rng.random() < 0.3
        levels = {("birth date", date), ("name", name)}
        score = DATES[date] + NAMES[name]
        if number:
            levels.add(("a_number", "same"))
            score += 5.0
        if score < 2:
            continue
        odds = prior + score + sum(off.get(level, 0.0) for level in levels)
        same = rng.random() < 1 / (1 + 2**-odds)
        found.append(JudgedPair(frozenset(levels), score, same))
    return found


def test_a_weight_that_was_off_is_found() -> None:
    learned = learn(judged(1, 3_000, off={("birth date", "year"): 2.5}), at=AT)
    moved = learned.bits["birth date", "year"] - learned.bits.get(("birth date", "the same"), 0.0)
    assert moved == pytest.approx(2.5, abs=0.7)
    assert learned.after < learned.before
    assert (learned.same + learned.different, learned.at) == (3_000, AT)


def test_weights_that_were_right_are_left_alone() -> None:
    try:
        learned = learn(judged(2, 3_000, off={}), at=AT)
    except NothingLearned:
        return
    assert max(map(abs, learned.bits.values()), default=0.0) <= 0.6


@pytest.mark.parametrize("seed", range(6))
def test_what_is_learned_holds_for_judgements_that_nobody_saw(seed: int) -> None:
    off = {("name", "sound"): -2.0, ("birth date", "the same"): 1.5}
    learned = learn(judged(seed, 1_500, off=off), at=AT)
    assert learned.after < learned.before - 0.005


def test_a_number_of_a_document_is_never_learned() -> None:
    learned = learn(
        judged(3, 2_000, off={("a_number", "same"): -9.0, ("birth date", "year"): 2.0}), at=AT
    )
    assert all(feature in {"name", "birth date", "sex", "phone"} for feature, _ in learned.bits)


def test_whatever_is_said_no_weight_moves_further_than_it_may() -> None:
    """A clerk who confirms every namesake makes no namesake certain."""
    learned = learn(judged(4, 4_000, off={("name", "some"): 40.0}), at=AT)
    assert max(map(abs, learned.bits.values())) == MOST_BITS


def test_the_order_of_judgements_changes_nothing() -> None:
    pairs = judged(5, 800, off={("birth date", "year"): 2.5})
    turned = list(reversed(pairs))
    assert learn(pairs, at=AT) == learn(turned, at=AT)


@pytest.mark.parametrize("same", [0, FEWEST - 1])
def test_too_few_teach_nothing(same: int) -> None:
    pairs = judged(6, 2_000, off={})
    few = [one for one in pairs if one.same][:same] + [one for one in pairs if not one.same]
    with pytest.raises(NothingLearned, match=f"{same} pairs were judged the same"):
        learn(few, at=AT)


@pytest.mark.parametrize("seed", range(5))
def test_judgements_by_chance_teach_nothing(seed: int) -> None:
    rng = random.Random(seed)
    pairs = [
        JudgedPair(one.levels, one.score, rng.random() < 0.5) for one in judged(seed, 600, off={})
    ]
    with pytest.raises(NothingLearned, match="do not follow"):
        learn(pairs, at=AT)


def some() -> Learned:
    return learn(judged(1, 3_000, off={("birth date", "year"): 2.5}), at=AT)


def test_a_file_of_it_says_the_same() -> None:
    learned = some()
    assert read(learned.text()).bits == learned.bits
    assert read(learned.text()).version == learned.version != some_other().version


def some_other() -> Learned:
    return learn(judged(1, 3_000, off={("birth date", "year"): -2.5}), at=AT)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda said: said.update(weights="online-0"), "for other weights"),
        (lambda said: said["bits"].append(["a_number", "same", 2.0]), "were changed"),
        (lambda said: said["bits"].append(["name", "same", 99.0]), "were changed"),
        (lambda said: said["bits"].append(["name", "same", float("nan")]), "were changed"),
        (lambda said: said["bits"].pop(), "were changed"),
        (lambda said: said.pop("same"), "no learned weights"),
        (lambda said: said.update(bits="none"), "no learned weights"),
    ],
)
def test_a_file_that_is_not_what_was_learned_is_refused(change: object, why: str) -> None:
    said = json.loads(some().text())
    change(said)  # type: ignore[operator]
    with pytest.raises(BadLearned, match=why):
        read(json.dumps(said))


@pytest.mark.parametrize("text", ["", "[]", "null", "{", "7"])
def test_a_file_of_something_else_is_refused(text: str) -> None:
    with pytest.raises(BadLearned, match="no learned weights"):
        read(text)
