"""Many texts understood at once, beside the same texts one by one."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tieline.core.values import plain
from tieline.core.values.identifiers import ANumber, Identifier
from tieline.core.values.phones import compared_digits
from tieline.linking.understanding import words_of

ONE: dict[str, tuple[Callable[[str], str], plain.Plain]] = {
    "identifier": (lambda text: Identifier.parse(text).number, plain.identifiers),
    "A-number": (lambda text: ANumber.parse(text).number, plain.a_numbers),
    "phone": (lambda text: compared_digits(text)[0], plain.compared_phones),
    "words": (words_of, plain.words),
}
# Invented numbers, or such as are reserved for examples.
PLAIN = {
    "identifier": ["G12340678", "10293847", "7X4", "A" * 38 + "81"],
    "A-number": ["A012345671", "012345671", "a000000020", "A200000000"],
    "phone": ["(206) 555-0123", "+1 206.555.0123", "206/5550123"],
    "words": ["12 Elm St., Apt #4", "  9  Rue_Haute ", "a-1"],
}
ODD = [
    *("000000000", "111111111", "A000055555", "0123456789", "123456789", "1234567890", "98765432"),
    *("123", "UNKNOWN", "N/A", "(b)(6), (b)(7)(c)", "NO 12", "12\n34", "1\x0034", "\ud800 1"),
    *("A٠١٢٣٤٥٦٧١", "É 12", "ǆ 1", "x" * 1001 + " 1", "A-File No. 012 345 671", "-", " ", "\t7x4"),
    *("555-0123", "12 34 5", "call 206 555 0123", "A0" + "1" * 8, "B012345671", "AA12345671"),
]
SIGNS = st.text(alphabet="0123456789 AaBx-.()/+_\nÉ", min_size=1, max_size=14)


@pytest.mark.parametrize("kind", ONE)
@given(texts=st.lists(SIGNS, min_size=1, max_size=30))
@example(texts=ODD)
@example(texts=[*ODD, *(text for texts in PLAIN.values() for text in texts)])
def test_many_give_what_one_gives(kind: str, texts: list[str]) -> None:
    one, many = ONE[kind]
    for some in (texts, [text for text in texts if "\n" not in text]):
        values, known = many(some)
        assert len(values) == len(known) == len(some)
        assert {
            text: value for text, value, told in zip(some, values, known, strict=True) if told
        } == {text: one(text) for text, told in zip(some, known, strict=True) if told}
        assert plain.read(some, one, many) == list(map(one, some))


@pytest.mark.parametrize("kind", ONE)
def test_what_is_plain_is_not_asked_for_one_by_one(kind: str) -> None:
    _, many = ONE[kind]
    values, known = many(PLAIN[kind])
    assert known.all()
    assert "" not in values


def test_more_texts_than_are_laid_out_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain, "_AT_ONCE", 3)
    one, many = ONE["phone"]
    texts = [*PLAIN["phone"], "none", *PLAIN["phone"]]
    assert plain.read(texts, one, many) == list(map(one, texts))
