"""What keys and sketches tell of a record is what the comparison will say, or near it."""

from __future__ import annotations

import random

import numpy as np

from tieline.core.matching.dates import DateColumn, Dates
from tieline.core.matching.feature import MISSING
from tieline.core.matching.key_tables import RecordTable, WordHashes
from tieline.core.matching.keys import DateParts, Key, KeyKind
from tieline.core.matching.sketches import Sketches, sketches
from tieline.linking.index.likely import Dated, Said, codes_of, likely

WEIGHTS = [13.0, 9.0, 99.0, 4.0, 3.0, 12.0, 2.0, -5.5]
NO_DATE = (0, 0, 0)
ASKED = [Said("MARIYA", 0, 8.0, 6.0), Said("SANTOS", 1, 9.0, 7.0)]


def drawn(names: list[str], dates: list[tuple[int, int, int]] | None = None) -> Sketches:
    words = sorted({word for name in names for word in name.split()})
    rows = np.full((len(names), 4), -1, np.int32)
    for row, name in enumerate(names):
        rows[row, : len(name.split())] = [words.index(word) for word in name.split()]
    parts = np.array(dates or [NO_DATE] * len(names), np.int32).T
    return sketches(RecordTable(WordHashes.of(words), rows, *parts), words)


def bits(names: list[str], met: list[int] | None = None) -> list[float]:
    """Of records among many strangers."""
    rng = random.Random(5)
    letters = "ABDEFGHIKLNOPRTUVZ"
    strangers = ["".join(rng.choices(letters, k=6)) + " KOWALCZYK" for _ in range(200)]
    codes = np.array([*(met or [0] * len(names)), *[0] * len(strangers)], np.int64)
    every = drawn([*names, *strangers])
    found: list[float] = likely(ASKED, NO_DATE, Dated([]), codes, every).tolist()
    return found[: len(names)]


def test_a_date_weighs_what_the_comparison_says_of_it() -> None:
    rng = random.Random(11)
    dates = [
        (rng.choice([0, *range(1950, 2012)]), rng.choice([0, *range(1, 13)]), rng.randint(0, 31))
        for _ in range(300)
    ]
    dates += [(1987, 1, 1), (1978, 1, 1), (1987, 12, 11), (1987, 11, 12), (1987, 12, 0), NO_DATE]
    column = DateColumn(*np.array(dates, np.int32).T)
    compared = Dates("born", column, column)
    every, dated = np.arange(len(dates), dtype=np.int32), Dated(WEIGHTS)
    sketched = drawn(["A"] * len(dates), dates)
    seen = set()
    for row, date in enumerate(dates):
        levels = compared.compare(np.full_like(every, row), every).level.tolist()
        seen |= set(levels)
        said = [0.0 if level == MISSING else WEIGHTS[level] for level in levels]
        assert dated.bits(date, sketched).tolist() == said, date
    assert seen == {MISSING, 0, 1, 3, 4, 5, 6, 7}


def test_names_are_told_by_their_letters() -> None:
    same, slip, more, other = bits(
        ["MARIYA SANTOS", "MARIA SANTPOS", "MARIYA SANTOS OCAMPO ZUBIRI", "WEI SANTOS"]
    )
    assert same > more > other
    assert same > slip > bits(["GERRIT BLOM"])[0]


def test_a_long_word_has_room_for_all_its_letters() -> None:
    long = Said("AACADAFAGAIAJAKAMANAOAPAQARASATAULGCEAYD", 0, 9.0, 9.0)
    codes = np.array([0, 1, 0], np.int64)
    found = likely([long, *ASKED], NO_DATE, Dated([]), codes, drawn([long.word, "WEI", "ANA"]))
    assert np.isfinite(found).all()
    assert found[0] > found[1] > found[2]


def test_a_word_that_sounds_alike_counts_less_than_one_that_is_written_alike() -> None:
    heard, unheard = bits(["MERRIE SANTOS", "WEIYUN SANTOS"], [1, 0])
    assert bits(["MARIYA SANTOS"], [1])[0] > heard > unheard


def test_a_number_and_an_address_are_told_by_their_keys() -> None:
    keys = [
        Key(KeyKind.SOUND_VALUE, 1, 2, DateParts(0)),
        Key(KeyKind.NUMBER, 2, 0, DateParts(0)),
        *(Key(KeyKind.NUMBER, at, 0, DateParts(0)) for at in range(3, 20)),
        Key(KeyKind.PAIR_YEAR, 99, 3, DateParts.YEAR),
    ]
    codes = codes_of(keys, [300] * len(keys))
    none = np.zeros(1, np.uint64)
    found = [float(likely([], NO_DATE, Dated([]), codes[at : at + 1], none)[0]) for at in (0, 1)]
    assert found[1] > found[0] > 0
    both = likely([], NO_DATE, Dated([]), codes[:1] | codes[1:2] | codes[2:3], none)
    assert float(both[0]) == found[0] + 2 * found[1]
    assert codes.tolist()[-1] == 3
    assert float(likely([], NO_DATE, Dated([]), codes[-1:], none)[0]) == 0.0


def test_a_value_that_few_have_counts_more() -> None:
    key = Key(KeyKind.SOUND_VALUE, 1, 2, DateParts(0))
    none = np.zeros(2, np.uint64)
    many, few = likely([], NO_DATE, Dated([]), codes_of([key, key], [300, 3]), none).tolist()
    assert few > many > 0
    pair = Key(KeyKind.VALUE_PAIR, 1, 0, DateParts(0))
    assert likely([], NO_DATE, Dated([]), codes_of([pair], [3]), none[:1]).tolist() == [few]


def test_of_many_words_each_counts_in_its_name_and_those_put_together_in_none() -> None:
    words = ["MARIYA", "ELENA", "SOFIA", "SANTOS", "OCAMPO", "ZUBIRI", "KATIPUNAN", "MERCADO"]
    asked = [Said(word, at // 4, 8.0, 8.0) for at, word in enumerate(words)]
    record, codes = drawn([" ".join(words[:4]), "WEI LIN"]), np.zeros(2, np.int64)
    every = likely(asked, NO_DATE, Dated([]), codes, record)
    assert np.isfinite(every).all()
    assert every[0] > every[1]
    # A word that was put together of others is of no name: but for the letters that it has, which
    # weigh 5 bits at most, it neither adds nor takes away.
    beside = [*asked[:4], Said("MARIYAELENA", -1, 8.0, 8.0)]
    alone = likely(asked[:4], NO_DATE, Dated([]), codes, record)
    assert np.abs(likely(beside, NO_DATE, Dated([]), codes, record) - alone).max() <= 5.0


def test_a_word_that_nearly_all_have_weighs_nearly_nothing() -> None:
    common = Said("MARIYA", 0, 1.5, 1.5)
    found = likely([common], NO_DATE, Dated([]), np.zeros(2, np.int64), drawn(["MARIYA", "WEI"]))
    assert found.max() <= 1.5 + 4.0
