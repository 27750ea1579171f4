"""What each machine of a Spark job does: the keys and pairs of `block`, one record at a time."""

from __future__ import annotations

from collections import defaultdict

import pytest
from tests.cli.test_dedupe import COLUMNS, MAP, people

from tieline.core.matching.block import across
from tieline.core.matching.coded import Factor
from tieline.core.matching.key_tables import RecordTable
from tieline.linking.fieldmap import parse_map
from tieline.linking.normal import columns_of
from tieline.linking.people import record_table
from tieline.linking.spark import steps
from tieline.linking.spark.steps import Job, Said
from tieline.wiring.linking import reference_lists

PLACES = [[at] for at in range(1, 6)]


@pytest.fixture(scope="module")
def job() -> Job:
    return Job(columns_of(parse_map(MAP, name="map", one_file=True).fields), reference_lists())


@pytest.fixture(scope="module")
def sides(job: Job) -> tuple[list[Said], list[Said]]:
    rows = [[row[name] for name in COLUMNS] for row in people()]
    left, right = ([row for row in rows if row[0][0] == side] for side in "LR")
    return (
        list(steps.normal_rows(job, "left", PLACES, left)),
        list(steps.normal_rows(job, "left", PLACES, right)),
    )


def table(job: Job, records: list[Said]) -> RecordTable:
    values = [Factor.of(texts) for texts in zip(*records, strict=True)]
    return record_table(job.understood(values), "left", beside_of=())


def test_the_pairs_are_those_that_one_machine_makes(
    job: Job, sides: tuple[list[Said], list[Said]]
) -> None:
    left, right = sides
    numbered = [(2 * at, said) for at, said in enumerate(left)]
    numbered += [(2 * at + 1, said) for at, said in enumerate(right)]
    groups: dict[int, set[int]] = defaultdict(set)
    # In parts, and in no order, as machines have them.
    for part in range(3):
        for key, number in steps.keyed(job, (), numbered[part::3]):
            groups[key].add(number)
    found = {
        pair
        for group in groups.values()
        if steps.group_size(group)
        for pair in steps.pairs_of(group)
    }
    wanted = across(table(job, left), table(job, right), most_pairs=10**9)
    assert not any(one.left_out and one.worst <= 120 for one in wanted.crowded)
    pairs = zip((2 * wanted.left).tolist(), (2 * wanted.right + 1).tolist(), strict=True)
    assert found == set(pairs)
    assert len(found) > 1000


def test_values_are_counted_as_they_stand(job: Job, sides: tuple[list[Said], list[Said]]) -> None:
    counts = dict(steps.counted(job, sides[0]))
    words = [word for said in sides[0] for word in set(said[1].split())]
    assert all(counts[1, word] == words.count(word) for word in words[:50])
    assert counts[3, "M"] == sum(said[3] == "M" for said in sides[0])
    assert not any(value == "" for _, value in counts)


def test_rows_with_gaps_are_put_into_normal_form(job: Job) -> None:
    odd = [["x", None, "  García  Pérez ", "1990-02-30", "?", ""], ["y", "", "", "", "", None]]
    found = list(steps.normal_rows(job, "left", PLACES, odd))
    assert found[0][:2] == ("", "GARCIA PEREZ")
    assert found[1] == ("",) * 5
