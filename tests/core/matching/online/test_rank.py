"""What a search found, in order: the best first, what does not match left out."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.core.matching.online.pointers import person, pointer, vehicle

from tieline.core.matching.online.lexicon import Lexicon
from tieline.core.matching.online.rank import rank
from tieline.core.ports import Query
from tieline.core.records import Pointer

PHONE = "+15205550123"
PEOPLE = (
    person("Jose Garcia Lopez", number="whole", born="1990-03-12", a_number="A087654321"),
    person("Garcia Lopez, Jose", number="undated"),
    person("Jose Garcia", number="swapped", born="1990-12-03"),
    person("Joze Garzia", number="heard", born="1990-03-12"),
    person("Elena Garcia Lopez", number="sister", born="1990-03-12"),
    person("Jose Garcia Lopez", number="father", born="1962-08-30", phones=(PHONE,)),
    person("Ramon Ibarra", number="other", born="1990-03-12"),
    person("Jose Garcia Lopez", number="gone").buried(version=2),
    vehicle("AZ: ABC1234", number="car"),
    pointer("business", "Garcia Towing", number="firm"),
)


def found(query: Query, *, lexicon: Lexicon | None = None) -> list[str]:
    ranked = rank(query, PEOPLE, lexicon=lexicon or Lexicon(nicknames={"PEPE": "JOSE"}))
    return [str(each.number) for each in ranked]


def test_a_name_alone_finds_whoever_bears_it() -> None:
    names = found(Query(names=("jose garcia lopez",)))
    assert set(names[:3]) == {"whole", "undated", "father"}
    assert set(names) == {"whole", "undated", "father", "swapped", "heard"}


@pytest.mark.parametrize("name", ["garcia", "GARCÍA", "  garcia "])
def test_one_word_finds_whoever_has_it(name: str) -> None:
    assert {"whole", "sister", "father", "firm"} <= set(found(Query(names=(name,))))
    assert "other" not in found(Query(names=(name,)))


def test_the_word_itself_stands_before_what_resembles_it() -> None:
    people = [
        person("Milagros Gracia Torres", number="heard", birth_date="1990-08-18"),
        person("Ramon Romero Garcia", number="said"),
        person("Garcia", number="whole"),
    ]
    for born in ("", "1990"):
        ranked = rank(Query(names=("garcia",), birth_date=born), people)
        assert str(ranked[-1].number) == "heard"
        assert len(ranked) == 3


def test_a_nickname_finds_the_name() -> None:
    assert "whole" in found(Query(names=("Pepe Garcia Lopez",)))


def test_with_a_date_the_nearest_comes_first_and_another_date_is_out() -> None:
    names = found(Query(names=("Jose Garcia Lopez",), birth_date="03/12/1990"))
    assert names[0] == "whole"
    assert "father" not in names
    assert {"swapped", "undated", "sister"} <= set(names)
    assert names.index("swapped") < names.index("undated")


def test_part_of_a_date_is_enough() -> None:
    names = found(Query(names=("Jose Garcia Lopez",), birth_date="1990"))
    assert names[0] == "whole"
    assert "father" not in names


def test_a_date_alone_finds_those_born_then() -> None:
    assert set(found(Query(birth_date="1990-03-12"))) == {
        *("whole", "swapped", "heard", "sister", "other")
    }


@pytest.mark.parametrize("text", ["A087654321", "87654321", "A 087-654-321"])
def test_a_number_stands_before_the_best_name(text: str) -> None:
    assert found(Query(identifiers=(text,))) == ["whole"]
    assert found(Query(names=("Elena Garcia",), identifiers=(text,)))[:2] == ["whole", "sister"]


def test_phones_plates_and_record_numbers_find() -> None:
    assert found(Query(phones=("520-555-0123",))) == ["father"]
    assert found(Query(plates=("abc 1234",))) == ["car"]
    assert found(Query(identifiers=("undated",))) == ["undated"]
    shared = Lexicon(shared_phones=frozenset({PHONE}))
    assert found(Query(phones=("520-555-0123",)), lexicon=shared) == []


@pytest.mark.parametrize(
    "query",
    [
        Query(),
        Query(names=("", " ")),
        Query(names=("---",)),
        Query(names=("---",), birth_date="1990-03-12"),
        Query(names=("\ud800", "\x00")),
        Query(birth_date="soon"),
        Query(names=("Wanda Tbilisi",)),
        Query(identifiers=("000000000",)),
    ],
)
def test_what_asks_nothing_or_matches_nothing_finds_nothing(query: Query) -> None:
    assert found(query) == []


@given(
    st.permutations(PEOPLE),
    st.sampled_from(["Jose Garcia Lopez", "garcia", ""]),
    st.sampled_from(["", "1990", "03/12/1990"]),
    st.sampled_from(["", "A087654321"]),
)
def test_the_order_does_not_depend_on_the_order_given(
    people: list[Pointer], name: str, born: str, number: str
) -> None:
    query = Query(names=(name,), birth_date=born, identifiers=(number,))
    assert rank(query, people) == rank(query, PEOPLE)


def test_equal_matches_stand_by_their_numbers() -> None:
    alike = [person("Jose Garcia", number=f"{number:03}") for number in range(50)]
    Random(4).shuffle(alike)
    ranked = rank(Query(names=("Jose Garcia",)), alike)
    assert [str(each.number) for each in ranked] == [f"{number:03}" for number in range(50)]
