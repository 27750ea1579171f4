"""Code lists: how a text finds its code, and what is said when it does not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tieline.core.values.codes import CodeList, fold

ABOUT = {"title": "", "version": "1", "date": "", "source": "", "licence": ""}
LIST = CodeList.of_rows(
    [
        {"code": "ER/CF", "label": "Expedited removal, credible fear", "aliases": "ERCF|ER CF"},
        {"code": "UNK", "label": "Unknown"},
        {"code": "X", "label": "Mental illness", "published": "Insane", "legacy": "yes"},
        {"code": "A", "label": "Same"},
        {"code": "B", "label": "Same", "city": "Yuma", "state": ""},
        {"code": "**", "label": "Non-work"},
        {"code": "--", "label": "Not told"},
    ],
    name="test",
    **ABOUT,
)
VALUES = [
    ("code", "ER/CF", "ER/CF"),
    ("code in small letters", " er/cf ", "ER/CF"),
    ("code without its sign", "ERCF", "ER/CF"),
    ("label", "EXPEDITED REMOVAL - CREDIBLE FEAR", "ER/CF"),
    ("unknown, where the list has it", "UNKNOWN", "UNK"),
    ("legacy label stays findable", "insane", "X"),
    ("codes that differ in signs alone", "--", "--"),
    ("two codes with one label", "Same", ""),
    ("not in the list", "ZZZ", ""),
    ("withheld", "(b)(6)", ""),
    ("empty", "", ""),
]


@pytest.mark.parametrize(("what", "text", "code"), VALUES, ids=[row[0] for row in VALUES])
def test_values(what: str, text: str, code: str) -> None:
    found = LIST.understand(text)
    assert (found.given, found.code) == (text, code)
    assert (found.problem == "") == bool(code)


def test_what_is_said() -> None:
    assert LIST.understand("insane").label == "Mental illness"
    assert LIST.understand("Same").problem == "means several codes of test: A, B"
    assert LIST.understand("ZZZ").problem == "not in the list test"
    entry = LIST.entry("B")
    assert entry is not None
    assert entry.facts == {"city": "Yuma"}
    assert LIST.entry("C") is None


def test_statutes_find_their_code_in_any_spelling() -> None:
    charges = CodeList.of_rows(
        [{"code": "212a6Ai", "label": "Present"}], name="c", by_statute=True, **ABOUT
    )
    for spelling in ("212a6Ai", "(212)(a)(06)(A)(i)", "8 :1182(a)(6)(A)(i)"):
        assert charges.understand(spelling).code == "212a6Ai"


@given(st.text())
def test_never_raises_and_folds_once(text: str) -> None:
    assert LIST.understand(text).given == text
    assert fold(fold(text)) == fold(text)
