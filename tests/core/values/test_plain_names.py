"""Names parted all at once are parted as one by one."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from tieline.core.values.names import MOST_TOKENS, tokens
from tieline.core.values.plain_names import parted

WORDS = st.sampled_from(
    [
        *("Maria", "DE", "la", "DELGADO", "DELACRUZ", "VANDERBERG", "VANESSA", "abd", "ABDUL"),
        *("SALAHUDDIN", "DIN", "NADINE", "MC", "DONALD", "FNU", "no", "NAME", "XX", "XXVI", "JR"),
        *(
            "O'Brien",
            "D’Arcy",
            "MARÍA",
            "Groß",
            "Đorđe",
            "Šuma",
            "Ω",
            "A",
            "x" * 41,
            "N/A",
            "(b)(6)",
            "7",
            "王小明",
        ),
    ]
)
NAMES = st.lists(WORDS, max_size=MOST_TOKENS + 2).flatmap(
    lambda words: st.sampled_from([" ", "  ", "-", ". ", ", ", ".", "\t", "\n"]).map(
        lambda gap: gap.join(words)
    )
)


@given(st.lists(NAMES.filter(bool) | st.text(min_size=1)))
@example(["DE" + " " * 1000 + "CRUZ", "ANA" + " " * 1000 + "CRUZ"])
@example(["Peña-Ruiz", "J.R. Ångström", "L´Été", "-", "'", "a × b", "e\u0301", "ÆØ", "Ruiz,Ana"])
@example(["'" * 999 + "ANA SOLIS", "ANA " + "’" * 1000 + "SOLIS"])
@example(["ANA SOLIS", "\x1cB", "B\x85C", " ANA  LUZ "])
def test_they_are_parted_as_one_by_one(texts: list[str]) -> None:
    found = parted(texts)
    at = 0
    for text, count, known in zip(texts, found.counts.tolist(), found.known.tolist(), strict=True):
        assert known or not count
        if known:
            assert tuple(found.words[at : at + count]) == tokens(text)
        at += count
    assert at == len(found.words)


def test_most_names_are_plain() -> None:
    texts = ["ANA SOLIS", "José", "de la Cruz", "JUAN DELGADO", " luis  ", "O'BRIEN", "Gil-Cañas"]
    assert all(parted(texts).known.tolist())
    assert not any(parted(["1", "DE LA", "王小明", "N/A"]).known.tolist())
