"""Two files of people, who may have been written down several times in each."""

from __future__ import annotations

import random

import pytest

from tieline.demo.exports import LEFT_COLUMNS, RIGHT_COLUMNS, two_exports
from tieline.demo.folder import MAP
from tieline.linking.fieldmap import BadMap, RowsOf, parse_map
from tieline.linking.result import OTHER_CAUSES

from .conftest import Join
from .test_job import GIVEN, NAMES

HEAD = ["SUR", "GIV", "DOB", "ANUM", "PHONE"]
PLAN = "".join(
    f'[[field]]\nkind = "{kind}"\ncolumn = "{column}"\nlabel = "{kind}"\n'
    for kind, column in zip(
        ("surname", "given", "birth_date", "identifier", "phone"), HEAD, strict=True
    )
)
KNOWN = ["QUISPE", "ZOE", "1990-03-12", "A200100101", "+52 631 555 0101"]


def people(count: int, seed: int = 3) -> list[list[str]]:
    """Invented, each with two surnames, a date, an A-number and a phone."""
    rng = random.Random(seed)
    return [
        [
            f"{rng.choice(NAMES)} {rng.choice(NAMES)}",
            rng.choice(GIVEN),
            f"{rng.randint(1950, 2005)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}",
            f"A{rng.randint(200_000_000, 209_999_999)}",
            f"+52 631 {rng.randint(200, 999)} {rng.randint(1000, 9999)}",
        ]
        for _ in range(count)
    ]


def pairs_of(
    join_rows: Join, left: list[list[str]], right: list[list[str]]
) -> set[tuple[int, int]]:
    """Links among the rows that are given beside a hundred others, counted from 1."""
    others = people(100)
    _, result = join_rows([HEAD, *left, *others], [HEAD, *right, *others], PLAN)
    return {
        (int(pair.left), int(pair.right))
        for pair in result.links
        if int(pair.left) <= len(left) or int(pair.right) <= len(right)
    }


def changed(row: list[str], **said: str) -> list[str]:
    return [said.get(name, value) for name, value in zip(HEAD, row, strict=True)]


def test_who_was_written_down_twice_has_two_links(join_rows: Join) -> None:
    again = changed(KNOWN, PHONE="+52 631 555 0999", GIV="ZOÉ")
    assert pairs_of(join_rows, [KNOWN, again], [changed(KNOWN, PHONE="")]) == {(1, 1), (2, 1)}


def test_two_who_are_not_one_compete_for_the_one_that_there_is(join_rows: Join) -> None:
    """The same name and birth date, and two numbers: only one of them can be in the other file."""
    left = [changed(KNOWN, PHONE=""), changed(KNOWN, ANUM="A207654321", PHONE="")]
    assert pairs_of(join_rows, left, [KNOWN]) == {(1, 1)}
    nobody_knows = [changed(KNOWN, ANUM="")]
    others = people(100)
    _, result = join_rows([HEAD, *left, *others], [HEAD, *nobody_knows, *others], PLAN)
    assert ("1", "2") in {group.left for group in result.ambiguous}
    assert not {"1", "2"} & {pair.left for pair in result.links}


def test_twins_are_not_one(join_rows: Join) -> None:
    twin = changed(KNOWN, GIV="LUNA", ANUM="A200100102")
    assert pairs_of(join_rows, [KNOWN, twin], [KNOWN, twin]) == {(1, 1), (2, 2)}


def test_the_evidence_says_what_relatives_would_explain_and_sums_to_the_score(
    join_rows: Join,
) -> None:
    rows = people(150)
    families = [changed(row, GIV="ANDRES", DOB="1971-05-05", ANUM="") for row in rows[:50]]
    run, result = join_rows([HEAD, *rows], [HEAD, *rows, *families], PLAN)
    for pair in result.links:
        assert sum(one.weight for one in pair.evidence) == pytest.approx(pair.score, abs=1e-4)
        assert pair.evidence[-1].feature == OTHER_CAUSES
    kin = run.explain("1", "151")
    assert kin.probability < 0.1
    assert kin.evidence[-1].weight <= 0


def households(count: int, seed: int = 4) -> list[list[str]]:
    """People without a number, each of whom lives with nobody else of the file."""
    return [changed(row, ANUM="") for row in people(count, seed)]


def test_a_name_or_a_date_that_was_put_otherwise_is_no_twin_where_no_file_has_relatives(
    join_rows: Join,
) -> None:
    """A given name in eight of a hundred rows, and a date in others, is somebody else's."""
    left = households(900)
    right = [list(row) for row in left]
    strangers = people(900, seed=8)
    for at, row in enumerate(right):
        if at % 12 == 0:
            row[1] = "NADIA" if row[1] != "NADIA" else "OTTO"
        elif at % 12 == 6:
            row[2] = strangers[at][2]
    _, result = join_rows([HEAD, *left], [HEAD, *right], PLAN)
    found = {(pair.left, pair.right) for pair in result.links}
    assert all(one == other for one, other in found)
    assert sum((str(at), str(at)) in found for at in range(1, 901)) > 880
    # Of both at once nothing is known: that is how two people of one household differ.


@pytest.mark.parametrize("size", [300, 3000])
def test_children_are_not_their_parents_though_no_file_has_two_of_a_family(
    join_rows: Join, size: int
) -> None:
    """One file has the children, the other who answers for them: one surname, one telephone."""
    children = households(size)
    rng = random.Random(6)
    parents = [
        changed(
            row,
            GIV=rng.choice([given for given in GIVEN if given != row[1]]),
            DOB=f"{rng.randint(1940, 1949)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}",
        )
        for row in children
    ]
    both = households(size // 2, seed=11)
    _, result = join_rows([HEAD, *children, *both], [HEAD, *parents, *both], PLAN)
    found = {(int(pair.left), int(pair.right)) for pair in result.links}
    assert not {one for one, _ in found if one <= size}
    assert len({(at, at) for at in range(size + 1, size * 3 // 2 + 1)} & found) > 0.93 * size / 2


def test_whose_name_and_date_are_both_misspelt_meets_by_street_and_place(join_rows: Join) -> None:
    head = [*HEAD[:3], "STREET", "CITY"]
    plan = "".join(
        f'[[field]]\nkind = "{kind}"\ncolumn = "{column}"\nlabel = "{column}"\n'
        for kind, column in zip(
            ("surname", "given", "birth_date", "text", "text"), head, strict=True
        )
    )
    rng = random.Random(2)
    cities = [f"{name} {kind}" for kind in ("NORTE", "SUR", "ALTO", "BAJO") for name in NAMES]
    left = [
        [*row[:3], f"{rng.randint(1, 999)} CALLE {rng.choice(NAMES)}", rng.choice(cities)]
        for row in people(900)
    ]
    right = [list(row) for row in left]
    left[0][:3] = ["QUISPE", "NADIA", "1990-03-12"]
    right[0][:3] = ["QUIPSE", "ANDIA", ""]
    run, _ = join_rows([head, *left], [head, *right], plan)
    found = run.joined.candidates
    assert len(found.left) < 900 * 900 / 10
    assert (0, 0) in zip(found.left.tolist(), found.right.tolist(), strict=True)


def test_files_too_large_to_be_compared_whole_are_joined_by_keys(join_rows: Join) -> None:
    rows = people(700, seed=9)
    shuffled = [changed(row, PHONE="") for row in rows]
    random.Random(1).shuffle(shuffled)
    run, result = join_rows([HEAD, *rows], [HEAD, *shuffled], PLAN)
    assert len(run.joined.candidates.left) < 700 * 700 / 10
    numbers = {row[3]: at for at, row in enumerate(shuffled, 1)}
    right = {(at, numbers[row[3]]) for at, row in enumerate(rows, 1)}
    found = {(int(pair.left), int(pair.right)) for pair in result.links}
    assert len(found & right) > 690
    assert len(found - right) <= 2


def test_rows_are_of_events_where_they_say_when() -> None:
    moment = '[[field]]\nkind = "datetime"\ncolumn = "WHEN"\n'
    assert parse_map(PLAN, name="map").rows is RowsOf.PEOPLE
    assert parse_map(PLAN + moment, name="map").rows is RowsOf.EVENTS
    assert parse_map('rows = "people"\n' + PLAN + moment, name="map").rows is RowsOf.PEOPLE
    with pytest.raises(BadMap, match=r'map rows "peple" is not known'):
        parse_map('rows = "peple"\n' + PLAN, name="map")


def test_every_row_stands_in_a_link_in_a_group_or_alone(join_rows: Join) -> None:
    """People who have several rows in a file too."""
    made = two_exports(rows=400, right_rows=300, overlap=0.6, seed=5, indistinguishable=3)
    sides = {"left": (LEFT_COLUMNS, made.left), "right": (RIGHT_COLUMNS, made.right)}
    given = [
        [columns, *([row[c] for c in columns] for row in [*rows, *rows[:20]])]
        for columns, rows in sides.values()
    ]
    plan = MAP.replace('rows = "events"', 'rows = "people"')
    run, result = join_rows(given[0], given[1], plan)
    for side, sheet in (("left", run.left), ("right", run.right)):
        linked = {getattr(pair, side) for pair in result.links}
        grouped = {number for group in result.ambiguous for number in getattr(group, side)}
        alone = set(result.unmatched_left if side == "left" else result.unmatched_right)
        assert linked | grouped | alone == set(sheet.numbers)
        assert not linked & grouped
        assert not (linked | grouped) & alone
