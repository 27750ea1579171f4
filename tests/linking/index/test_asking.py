"""Which keys a record asks for: that whoever is asked for with another date is met too."""

from __future__ import annotations

from itertools import combinations

import pytest

from tieline.core.matching.keys import KeyKind, Record, keys_of
from tieline.linking.index.asking import asked_keys
from tieline.linking.index.parts import KINDS

RARE = {"KIARA": 11.0, "SINGH": 8.0}


def kept(*words: str, born: tuple[int, int, int] = (0, 0, 0)) -> set[int]:
    """The keys under which an index keeps somebody."""
    return {key.value for key in keys_of(Record(list(words), *born), kinds=frozenset(KINDS))}


def asked(
    *words: str, born: tuple[int, int, int] = (0, 0, 0), few: frozenset[str] = frozenset()
) -> dict[int, KeyKind]:
    found = asked_keys(Record(list(words), *born), RARE, few)
    return {value: key.kind for value, key in found.items()}


@pytest.mark.parametrize("born", [(1998, 1, 1), (1998, 0, 0)])
def test_who_has_only_a_year_is_met_by_whoever_is_born_in_it(born: tuple[int, int, int]) -> None:
    there = kept("KIATAX", "SINGH", born=(1998, 11, 23))
    met = there & asked("KIARA", "SINGH", born=born).keys()
    assert {asked("KIARA", "SINGH", born=born)[key] for key in met} == {KeyKind.SOUND_MONTH}
    assert not there & asked("KIARA", "SINGH", born=(1997, 1, 1)).keys()


def test_who_has_a_day_asks_for_no_other_month() -> None:
    kinds = asked("KIARA", "SINGH", born=(1998, 11, 23))
    assert sum(kind is KeyKind.SOUND_MONTH for kind in kinds.values()) == 2


def test_a_common_word_asks_for_no_other_month() -> None:
    kinds = asked("JOSE", "LOPEZ", born=(1998, 1, 1))
    assert sum(kind is KeyKind.SOUND_MONTH for kind in kinds.values()) == 2


def test_a_word_that_few_bear_is_asked_for_by_itself() -> None:
    there = kept("ALEXANFER", "BONDARENKO")
    born = (2008, 11, 11)
    assert not there & asked("ALEXANDER", "BONDARENKO", born=born).keys()
    met = there & asked("ALEXANDER", "BONDARENKO", born=born, few=frozenset({"BONDARENKO"})).keys()
    assert len(met) == 1


def test_one_word_alone_is_asked_for_however_many_bear_it() -> None:
    assert KeyKind.WORD in asked("JOSE").values()
    assert KeyKind.WORD not in asked("JOSE", "LOPEZ").values()


def test_who_knows_a_date_is_met_by_one_of_whom_none_is_known_and_by_january() -> None:
    mine = asked("KIARA", "SINGH", born=(1998, 11, 23)).keys()
    assert mine & kept("KIARA", "SINGH")
    assert mine & kept("KIARA", "XOLOTL", born=(1998, 1, 1))


def test_whose_name_and_date_are_both_wrong_is_met_by_where_he_lives() -> None:
    lives = [(7, "3880 jefferson dr"), (9, "gtm")]
    there = Record(["MANUEL", "BLANCAMENDEZ"], 2002, 7, 25, beside=lives)
    mine = Record(["MADNUEL", "XOLOTL"], 1992, 3, 25, beside=lives)
    kept_keys = {key.value for key in keys_of(there, kinds=frozenset(KINDS))}
    met = kept_keys & asked_keys(mine, {}, frozenset()).keys()
    assert {asked_keys(mine, {}, frozenset())[key].kind for key in met} == {KeyKind.VALUE_PAIR}


BITS = {"JUAN": 4.0, "CARLOS": 5.0, "GARCIA": 4.5, "HERNANDEZ": 5.5, "GARCIAHERNANDEZ": 10.0}
FOUR = ("JUAN", "CARLOS", "GARCIA", "HERNANDEZ")


@pytest.mark.parametrize("guess", ["GARCIAHERNANDEZ", "XAXALPA"])
def test_any_two_of_four_words_are_asked_for_whatever_is_guessed_beside_them(guess: str) -> None:
    """Rare is what nobody bears, and rarest two of it: in the way of all who are there."""
    bits = BITS | {guess: 11.5}
    record = Record([*FOUR, guess, "HERNANDEZGARCIA"], 1990, 5, 6)
    found = asked_keys(record, bits, frozenset(), frozenset({guess, "HERNANDEZGARCIA"}))
    for two in combinations(FOUR, 2):
        for born in ((1990, 0, 0), (0, 5, 6), (0, 0, 0)):
            assert kept(*two, born=born) & found.keys(), (two, born)


def test_of_many_pairs_the_rarest_are_asked_for() -> None:
    bits = BITS | {"XOLOTL": 9.0}
    words = [*FOUR, "XOLOTL"]
    found = asked_keys(Record(words), bits, frozenset()).values()
    assert sum(key.kind is KeyKind.PAIR for key in found) == 6
    for word in FOUR:
        assert kept(word, "XOLOTL") & {key.value for key in found}


def test_words_that_sound_alike_are_no_rarer_for_that() -> None:
    bits = {"GARCIA": 4.0, "GARSIA": 9.0, "JUAN": 5.0, "PEDRO": 5.5, "LUIS": 6.0, "XOLOTL": 6.5}
    found = asked_keys(Record([*bits]), bits, frozenset())
    for two in combinations(("PEDRO", "LUIS", "XOLOTL"), 2):
        assert kept(*two) & found.keys()
