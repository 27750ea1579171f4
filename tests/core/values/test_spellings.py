"""Ways of writing one word of a name, one row a habit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tieline.core.values import spellings
from tieline.core.values.names import tokens
from tieline.core.values.spellings import (
    bare,
    is_patronymic,
    skeleton,
    spelling,
    stem,
    ungendered,
    unvoiced,
)


@pytest.mark.parametrize(
    "words",
    [
        "YURIY YURY IURII YURI",
        "SERGEY SERGEI SERGEJ SERGUEI",
        "YEVGENY EVGENIY",
        "TCHAIKOVSKY TSCHAIKOWSKI CHAYKOVSKIY",
        "NOVIKOV NOVIKOFF",
        "TSVETKOV CVETKOV",
        "MUELLER MULLER",
        "GONZALEZ GONZALES",
        "SARAH SARA",
        "TARO TAROU",
        "JONGUN JEONGEUN",
        "HUSSEIN HUSAYN",
    ],
)
def test_one_spelling(words: str) -> None:
    assert len({spelling(word) for word in words.split()}) == 1


@pytest.mark.parametrize("words", ["MARIA MARIO", "HASSAN HUSSEIN", "WEI WEN", "CHANG ZHANG"])
def test_two_spellings(words: str) -> None:
    assert len({spelling(word) for word in words.split()}) == 2


@pytest.mark.parametrize(
    ("code", "one", "two"),
    [
        (skeleton, "MHMD", "MUHAMMAD"),
        (skeleton, "HRBI", "HARBI"),
        (unvoiced, "JONG", "CHONG"),
        (unvoiced, "QADDAFI", "GADDAFI"),
        (stem, "IVANOVA", "IVANOV"),
        (stem, "KOWALSKA", "KOWALSKI"),
        (stem, "DOLINSKAYA", "DOLINSKY"),
        (stem, "KAZLAUSKIENE", "KAZLAUSKAS"),
        (bare, "ALSUBAIE", "SUBAIE"),
        (bare, "MCALLISTER", "MACALLISTER"),
        (bare, "NOVAKOVA", "NOVAK"),
        (ungendered, "MARIA", "MARIO"),
        (ungendered, "JUANA", "JUAN"),
        (ungendered, "DANIELLE", "DANIEL"),
    ],
)
def test_one_code(code: object, one: str, two: str) -> None:
    assert callable(code)
    assert code(one) == code(two)


def test_patronymics() -> None:
    assert all(map(is_patronymic, ("VLADIMIROVICH", "IVANOVNA", "ANDREEVICH", "JONSDOTTIR")))
    assert not any(map(is_patronymic, ("IVANOV", "MARIA", "PETERSON", "BACH")))


@given(st.text())
def test_codes_never_raise(text: str) -> None:
    for word in tokens(text):
        for code in (spelling, skeleton, unvoiced, stem, bare, ungendered):
            code(word)


@given(
    st.from_regex(r"[A-Z]{1,8}", fullmatch=True),
    st.sampled_from(
        [
            *(
                "OVA",
                "EWA",
                "INA",
                "YNA",
                "KAYA",
                "KAIA",
                "KAJA",
                "KA",
                "SKA",
                "CKIY",
                "KII",
                "KYJ",
            ),
            *("KOY", "SKEJ", "IENE", "AITE", "UTE", "AS", "YS", "US"),
        ]
    ),
)
def test_an_ending_changes_no_word_that_lacks_what_is_asked_for_first(word: str, end: str) -> None:
    for ends, ending, becomes in spellings._FEMININE:
        for text in (word, word + end):
            assert ending.sub(becomes, text) == text or text.endswith(ends)
