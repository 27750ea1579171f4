"""Keys: who meets, who does not, and that an index can hold every key."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.core.matching.online.pointers import person, pointer, vehicle

from tieline.core.matching.online.keys import (
    EARLIER,
    VERSION,
    keys_of,
    link_keys,
    links,
    query_keys,
    stored,
)
from tieline.core.matching.online.lexicon import BARE, Lexicon
from tieline.core.matching.online.reading import understood
from tieline.core.ports import Query
from tieline.core.records import Pointer

LEXICON = Lexicon(nicknames={"PEPE": "JOSE"})
PHONE = "+15205550123"
CURP = "HEGG560427MVZRRL04"
ANY_FOREIGNER = "XEXX010101HNEXXXA4"


def meet(one: Pointer, two: Pointer, *, lexicon: Lexicon = LEXICON) -> bool:
    shared = keys_of(one, lexicon=lexicon) & keys_of(two, lexicon=lexicon)
    return any(map(links, shared))


def finds(query: Query, one: Pointer, *, lexicon: Lexicon = LEXICON) -> bool:
    return bool(keys_of(one, lexicon=lexicon) & set(query_keys(query, lexicon=lexicon)))


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (person("Jose Garcia"), person("Garcia, Jose")),
        (person("Pepe Garcia"), person("Jose Garcia")),
        (person("Garcia Lopez, Jose"), person("Lopez Garcia, Jose")),
        (person("Иван Петров"), person("Ivan Petrov")),
        (person("Jose Garcia", born="1990-03-12"), person("Jose Gracida", born="1990-12-03")),
        (person("Jose Garcia", born="1990-03-12"), person("Josue Garcia", born="1990-03")),
        (person(a_number="A087654321"), person(a_number="87654321")),
        (person(phones=(PHONE,)), pointer("phone", phones=("(520) 555-0123",))),
        (pointer("person", plates=("AZ: ABC1234",)), vehicle("ABC-1234")),
        (person(passport="MX: G1234567"), person(document="MX passport no. G1234567")),
        (person(curp=CURP), person(document=f"CURP: {CURP}")),
        (person(document=CURP.lower()), person(document=f"curp {CURP}")),
        (person(ssn="123456788"), person(document="SSN 123-45-6788")),
        (person(document="123-45-6788"), person(document="Soc. Sec. No. 123 45 6788")),
        (person(document="123-45-6788"), person(document="123456788")),
        (person(document="900-12-3456"), person(document="900123456")),
        (person(document="SSN card 77-1234"), person(document="SSN card 771234")),
        (person(document="ITINERARY 88991234"), person(document="itinerary 88991234")),
        (person(document="HEGG561327MVZRRL04"), person(curp="HEGG561327MVZRRL04")),
    ],
)
def test_records_of_one_meet(left: Pointer, right: Pointer) -> None:
    assert meet(left, right)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (person("Jose Garcia", born="1990"), person("Elena Garcia", born="1990")),
        (person("Jose Garcia"), pointer("business", "Jose Garcia")),
        (person("Jose"), person("Jose")),
        (person("FNU LNU"), person("FNU LNU")),
        (person(a_number="000000000"), person(a_number="000000000")),
        (person(curp=ANY_FOREIGNER), person(curp=ANY_FOREIGNER)),
        (person(document=ANY_FOREIGNER), person(document=f"CURP {ANY_FOREIGNER}")),
        (person(document="SSN 078-05-1120"), person(document="SSN 078-05-1120")),
        (person(born="1990-03-12"), person(born="1990-03-12")),
    ],
)
def test_records_of_others_do_not(left: Pointer, right: Pointer) -> None:
    assert not meet(left, right)


def test_the_phone_of_a_shelter_is_no_key() -> None:
    shelter = Lexicon(shared_phones=frozenset({PHONE}))
    one = person(phones=(PHONE,))
    assert not meet(one, person(phones=("520-555-0123",)), lexicon=shelter)
    assert not finds(Query(phones=(PHONE,)), one, lexicon=shelter)
    assert finds(Query(phones=(PHONE,)), one)


def test_a_tombstone_has_no_key() -> None:
    buried = person("Jose Garcia", a_number="A087654321").buried(version=2)
    assert keys_of(buried, lexicon=BARE) == frozenset()


@pytest.mark.parametrize(
    "query",
    [
        Query(names=("jose garcia",)),
        Query(names=("García",)),
        Query(names=("pepe garcia",), birth_date="1990"),
        Query(identifiers=("a 087-654-321",)),
        Query(identifiers=("TCA-1",)),
        Query(phones=("520 555 0123",)),
        Query(names=("Jose Gracida",), birth_date="12/03/1990"),
    ],
)
def test_a_search_finds_it(query: Query) -> None:
    one = person(
        "Jose Garcia", number="TCA-1", born="1990-03-12", phones=(PHONE,), a_number="A087654321"
    )
    assert finds(query, one)


def test_a_search_for_nothing_asks_for_nothing() -> None:
    assert query_keys(Query(), lexicon=BARE) == ()
    assert query_keys(Query(names=("---",), birth_date="1990-03-12"), lexicon=BARE) == ()


def test_the_narrow_keys_of_a_search_come_first() -> None:
    asked = Query(names=("Jose Garcia",), birth_date="1990-03-12", identifiers=("A087654321",))
    kinds = [key.partition(":")[0] for key in query_keys(asked, lexicon=BARE)]
    assert kinds.index("a_number") < kinds.index("word+date") < kinds.index("pair")


TEXTS = st.text(max_size=600) | st.sampled_from(
    [
        "\x00",
        "\ud800",
        "😀",
        "\u202eabc",
        "A" * 500,
        "Ñ" * 500,
        "1" * 500,
        " ".join("ABCDEFGHIJKL" * 9),
    ]
)


@given(
    st.lists(TEXTS, max_size=3),
    TEXTS,
    st.lists(
        st.tuples(st.sampled_from(["a_number", "vin", "x" * 200, "\ud800"]), TEXTS), max_size=2
    ),
    TEXTS,
)
def test_an_index_can_hold_every_key(
    names: list[str], born: str, identifiers: list[tuple[str, str]], other: str
) -> None:
    one = pointer(
        "person",
        *names,
        number=other,
        born=born,
        identifiers=tuple(identifiers),
        phones=(other,),
        plates=(other,),
    )
    firm = pointer("business", *names, number=other)
    asked = Query(names=tuple(names), birth_date=born, identifiers=(other,), phones=(other,))
    for key in (*keys_of(one, lexicon=BARE), *keys_of(firm, lexicon=BARE), *query_keys(asked)):
        assert key.isprintable()
        assert 0 < len(key) <= 96
        assert -(2**63) <= stored(key) < 2**63
    for each in (one, firm):
        read = understood(each, lexicon=BARE)
        assert link_keys(read) == set(filter(links, keys_of(each, lexicon=BARE)))


def test_long_keys_still_meet_and_still_differ() -> None:
    firm = pointer("business", *(" ".join(["CASA"] * 3 + [word * 30]) for word in ("AB", "CD")))
    one = pointer("business", "Bonita " * 3 + "X" * 40 + " " + "Y" * 40 + " " + "Z" * 40)
    assert finds(Query(names=one.names), one)
    assert not finds(Query(names=one.names), firm)
    assert not any(map(links, keys_of(one, lexicon=BARE)))


def test_a_stored_key_is_the_same_in_another_process() -> None:
    code = "from tieline.core.matching.online.keys import stored; print(stored('pair:BT,KRP'))"
    for seed in ("1", "2"):
        told = subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": "src"},
            capture_output=True,
            text=True,
            check=True,
        )
        assert int(told.stdout) == stored("pair:BT,KRP")


def test_an_index_of_before_is_answered_by_as_before_until_it_is_built_anew() -> None:
    before = EARLIER["keys-1"]
    assert VERSION not in EARLIER
    papers = person("Jose Garcia", born="1990-03-12", document=f"CURP {CURP}", ssn="123456788")
    said = understood(papers, lexicon=LEXICON)
    assert before(said) - link_keys(said) == {f"document:CURP{CURP}", f"other:CURP{CURP}"}
    assert link_keys(said) - before(said) == {f"curp:{CURP}"}
    marked = understood(person(document="SSN 123-45-6788"), lexicon=LEXICON)
    assert before(marked) == {"document:SSN123456788"}
    assert link_keys(marked) == {"document:123456788"}
    other = understood(person("Jose Garcia", a_number="A087654321"), lexicon=LEXICON)
    assert before(other) == link_keys(other)


@pytest.mark.parametrize("typed", [CURP, f"CURP {CURP}", "123-45-6788", "123456788"])
def test_a_search_finds_a_number_however_it_is_typed(typed: str) -> None:
    one = person(document=f"CURP {CURP}", ssn="123-45-6788")
    assert finds(Query(identifiers=(typed,)), one)
