"""Judgements as pairs to learn of, and weights that were adopted."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.people import AT

from tieline.core.matching.online.dates import DateLevel
from tieline.core.matching.online.judged import FEWEST, BadLearned
from tieline.core.matching.online.names import NameLevel
from tieline.exchange.index.models import IndexedPointer, Link, LinkState
from tieline.exchange.index.teaching import judged_pairs
from tieline.keeping.learned_weights import FILE, learned_weights
from tieline.settings import node
from tieline.wiring.systems import engine, lexicon, untaught_engine
from tieline.wiring.teaching import adopt_learned, learn_of_node

from .scene import changed, matched, of_case, pointer, taken

pytestmark = pytest.mark.database

SURNAMES = ("GAR", "LOPE", "DIAS", "MENDO", "RUVI", "SALA", "TORI")
ENDS = ("ZAN", "RRE", "LLO", "BEK", "DURT", "FIM", "NES", "QUI")


@pytest.fixture(autouse=True)
def _as_on_a_new_node() -> Iterator[None]:
    for kept in (learned_weights, engine, lexicon):
        kept.cache_clear()
    yield
    (node().folder / FILE).unlink(missing_ok=True)
    for kept in (learned_weights, engine, lexicon):
        kept.cache_clear()


def a_pair(n: int, *, slip: bool = False) -> Link:
    """Proposed by their names and birth dates; with a slip, another last digit of the day."""
    number, other = f"TCA-2611-{n:06}-01", f"SR-26-{n:06}"
    name = {"names": (f"Jose {SURNAMES[n % 7]}{ENDS[n // 7 % 8]}{'AEIOU'[n // 56]}",)}
    month, day = n % 12 + 1, 11 + n % 8
    ours, theirs = (f"1990-{month:02}-{each:02}" for each in (day, day + slip))
    matched(
        pointer(number, birth_date=ours, **name),
        of_case(other, birth_date=theirs, **name),
        engine=untaught_engine(),
    )
    return Link.objects.get(left__number=number, right__number=other)


def judged(link: Link, state: LinkState) -> Link:
    Link.objects.filter(pk=link.pk).update(state=state)
    return link


def test_what_was_said_is_learned_of_as_it_is_weighed() -> None:
    judged(a_pair(1), LinkState.CONFIRMED)
    judged(a_pair(2), LinkState.REJECTED)
    pairs = list(judged_pairs(untaught_engine()))
    assert [one.same for one in pairs] == [True, False]
    assert {("name", NameLevel.SAME), ("birth date", DateLevel.SAME)} <= pairs[0].levels
    assert pairs[0].score == Link.objects.order_by("pk")[0].score


@pytest.mark.parametrize("state", [LinkState.PROPOSED, LinkState.UNSURE, LinkState.DISPUTED])
def test_what_is_not_settled_teaches_nothing(state: LinkState) -> None:
    judged(a_pair(1), state)
    assert list(judged_pairs(untaught_engine())) == []


def test_of_one_that_changed_since_nothing_is_learned() -> None:
    judged(a_pair(1), LinkState.CONFIRMED)
    taken(changed(pointer("TCA-2611-000001-01"), names=("Jose SALAS",)))
    assert list(judged_pairs(untaught_engine())) == []


def test_of_one_that_was_taken_back_nothing_is_learned() -> None:
    judged(a_pair(1), LinkState.CONFIRMED)
    taken(pointer("TCA-2611-000001-01").buried(version=2))
    assert list(judged_pairs(untaught_engine())) == []


def test_a_node_learns_adopts_and_weighs_by_it() -> None:
    """Here whoever has another day is nearly always another, which the weights did not know."""
    for n in range(FEWEST + 20):
        judged(a_pair(n), LinkState.CONFIRMED)
        slip = a_pair(n + 100, slip=True)
        judged(slip, LinkState.REJECTED if n % 10 else LinkState.CONFIRMED)
    learned = learn_of_node(at=AT)
    before = engine()
    assert before.version == untaught_engine().version
    adopt_learned(learned)
    for kept in (learned_weights, engine):
        kept.cache_clear()
    after = engine()
    assert after.version == learned.version
    rows = IndexedPointer.objects.filter(number__in=["TCA-2611-000103-01", "SR-26-000103"])
    one, two = (row.pointer for row in rows.order_by("pk"))
    weights = [each.weigh(each.read(one), each.read(two)) for each in (before, after)]
    (old, new) = ({row.feature: row.weight for row in each.rows} for each in weights)
    level = next(row.level for row in weights[0].rows if row.feature == "birth date")
    moved = learned.bits["birth date", level]
    assert new["birth date"] == pytest.approx(old["birth date"] + moved)
    assert moved < -0.5
    assert weights[1].score == pytest.approx(sum(new.values()), abs=0.05)


def test_weights_that_nobody_can_read_stop_the_weighing_and_not_the_node() -> None:
    (node().folder / FILE).write_text("{}", encoding="utf-8")
    learned_weights.cache_clear()
    with pytest.raises(BadLearned):
        engine()
