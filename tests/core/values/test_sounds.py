"""The sound of a name by the rules as they would be written down, and as they are worked out."""

from __future__ import annotations

import re

import jellyfish
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tieline.core.values import sounds
from tieline.core.values.sounds import neutral, neutrals, phonetic, phonetics

# In this order.
FOLDS = (
    (r"[^A-Z]", ""),
    (r"(.)\1{2,}", r"\1\1"),
    (r"PH", "F"),
    (r"(?<!S)CH|TCH", "#"),
    (r"SH", "%"),
    (r"H", ""),
    (r"^X|J|G(?=[EIY])", "Y"),
    (r"G(?=U[EI])|GU(?=[EI])", "K"),
    (r"LL", "Y"),
    (r"C(?=[EIY])|Z|SC(?=[EI])", "S"),
    (r"QU(?=[EI])|[QCG]", "K"),
    (r"V", "B"),
    (r"#", "CH"),
    (r"%", "SH"),
    (r"(.)\1", r"\1"),
)


@given(st.text(alphabet="ACEGHIJKLPQSTUVXYZ", min_size=1, max_size=9) | st.text(max_size=6))
@example("SCHTCHEPPP")
@example("LHLUQUEGUIGE")
@example("XIMENAGJI")
def test_a_sound_is_what_all_rules_one_after_the_other_make_of_it(word: str) -> None:
    text = word.upper()
    for pattern, becomes in FOLDS:
        text = re.sub(pattern, becomes, text)
    assert phonetic(word) == (jellyfish.metaphone(text)[:8] if text else "")


@given(st.lists(st.text("ABCDEHGKPSTWYZ-é\n", max_size=7) | st.text(max_size=4)))
def test_a_coarse_code_is_the_same_whatever_stands_beside_it(words: list[str]) -> None:
    assert neutrals(words) == [neutral(word) for word in words]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("MUHAMMAD MOHAMED MHMD", "NKNT"),
        ("HASSAN ASSAN", "ASN"),
        ("WANG VANG", "PNK"),
        ("H", "K"),
        ("- 1", ""),
        ("KHALED CALET", "KLT"),
    ],
)
def test_a_coarse_code(words: str, code: str) -> None:
    assert {neutral(word) for word in words.split()} == {code}


WORDS = st.text(alphabet="ACEGHIJKLPQSTUVXYZ\n", max_size=9) | st.text(max_size=6)


@given(st.lists(WORDS, max_size=12))
def test_many_heard_at_once_are_heard_as_one_is(words: list[str]) -> None:
    sounds._heard.clear()
    together = phonetics([*words, *words])
    sounds._heard.clear()
    assert together == [phonetic(word) for word in (*words, *words)]


def test_no_more_are_kept_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sounds, "_MOST_HEARD", 3)
    sounds._heard.clear()
    words = ["PEREZ", "GARCIA", "LOPEZ", "DIAZ", "RUIZ"]
    for _ in range(2):
        assert phonetics(words) == [phonetic(word) for word in words]
        assert len(sounds._heard) <= 3
