"""Ways of writing one word of a name, one row a habit."""

from __future__ import annotations

import random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tieline.core.values import spellings
from tieline.core.values.names import tokens
from tieline.core.values.spellings import is_patronymic, spelling, written

CODES = ("spelling", "bare", "stem", "unvoiced", "skeleton", "ungendered")


def told(word: str) -> dict[str, str]:
    found = written([word])
    return {code: getattr(found, code)[0] for code in CODES}


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
        ("skeleton", "MHMD", "MUHAMMAD"),
        ("skeleton", "HRBI", "HARBI"),
        ("unvoiced", "JONG", "CHONG"),
        ("unvoiced", "QADDAFI", "GADDAFI"),
        ("stem", "IVANOVA", "IVANOV"),
        ("stem", "KOWALSKA", "KOWALSKI"),
        ("stem", "DOLINSKAYA", "DOLINSKY"),
        ("stem", "KAZLAUSKIENE", "KAZLAUSKAS"),
        ("stem", "BALTRUSAITE", "BALTRUSIENE"),
        ("bare", "ALSUBAIE", "SUBAIE"),
        ("bare", "MCALLISTER", "MACALLISTER"),
        ("bare", "NOVAKOVA", "NOVAK"),
        ("ungendered", "MARIA", "MARIO"),
        ("ungendered", "JUANA", "JUAN"),
        ("ungendered", "DANIELLE", "DANIEL"),
    ],
)
def test_one_code(code: str, one: str, two: str) -> None:
    assert told(one)[code] == told(two)[code]


def test_patronymics() -> None:
    assert all(map(is_patronymic, ("VLADIMIROVICH", "IVANOVNA", "ANDREEVICH", "JONSDOTTIR")))
    assert not any(map(is_patronymic, ("IVANOV", "MARIA", "PETERSON", "BACH")))


@given(st.text())
def test_codes_never_raise(text: str) -> None:
    for word in tokens(text):
        told(word)


_ENDS = (
    *("OVA", "EWA", "INA", "YNA", "KAYA", "KAIA", "KAJA", "KA", "SKA", "CKIY", "KII", "KYJ", "KOY"),
    *("SKEJ", "IENE", "AITE", "UTE", "AS", "YS", "US", "OFF", "OU", "SH", "HH", "IJA", "IA", "AA"),
)
_WORDS = st.builds(
    lambda word, end: word + end,
    st.from_regex(r"[A-Z]{1,8}", fullmatch=True) | st.text("AEIOUYHJXCKSZFGV", min_size=1),
    st.sampled_from(("", *_ENDS)),
)


@given(st.lists(_WORDS, min_size=1))
def test_words_are_told_the_same_whatever_stands_beside_them(words: list[str]) -> None:
    found = written(words)
    assert [told(word) for word in words] == [
        {code: getattr(found, code)[at] for code in CODES} for at in range(len(words))
    ]
    assert found.spelling == [spelling(word) for word in words]


def test_very_many_words_are_told_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = random.Random(1)
    words = ["".join(rng.choices("AABCEHHIJOSSUXYZ", k=rng.randint(1, 12))) for _ in range(3000)]
    found = written(words)
    monkeypatch.setattr(spellings, "_MANY", 10**9)
    assert written(words) == found


@given(_WORDS)
@example("BALTRUSAITE")
@example("KAZLASIENE")
def test_the_first_ending_that_changes_a_word_is_the_only_one(word: str) -> None:
    changed = (ending.sub(becomes, word) for ending, becomes in spellings._FEMININE)
    first = next((other for other in changed if other != word), word)
    assert told(word)["stem"] == spelling(first)
