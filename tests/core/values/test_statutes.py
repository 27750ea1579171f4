"""Statutes: one row per spelling."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tieline.core.values.ina import INA_OF_USC, USC_OF_INA
from tieline.core.values.statutes import Statute

PRESENT_WITHOUT_ADMISSION = "8 USC 1182(a)(6)(A)(i)"
STATUTES = [
    ("forms", "212a6Ai", PRESENT_WITHOUT_ADMISSION),
    ("courts", "(212)(a)(06)(A)(i)", PRESENT_WITHOUT_ADMISSION),
    ("courts, compact", "212a06Ai", PRESENT_WITHOUT_ADMISSION),
    ("courts, empty brackets", "(212)(a)(06)(A)(i  )(   )", PRESENT_WITHOUT_ADMISSION),
    ("title with colon", "8 :1182(a)(6)(A)(i)", PRESENT_WITHOUT_ADMISSION),
    ("the Act", "INA 212(a)(6)(A)(i)", PRESENT_WITHOUT_ADMISSION),
    ("the Act with sign", "INA § 212(a)(6)(A)(i)", PRESENT_WITHOUT_ADMISSION),
    ("section", "Section 212(a)(6)(A)(i)", PRESENT_WITHOUT_ADMISSION),
    ("capitals", "212A6AI", PRESENT_WITHOUT_ADMISSION),
    ("code", "8 U.S.C. § 1182(a)(6)(A)(i)", PRESENT_WITHOUT_ADMISSION),
    ("whole section", "8 USC 1182", "8 USC 1182"),
    ("section of title 8 alone", "1326", "8 USC 1326"),
    ("five levels", "212a9CiII", "8 USC 1182(a)(9)(C)(i)(II)"),
    ("five levels with spaces", "212a02Ai  II", "8 USC 1182(a)(2)(A)(i)(II)"),
    ("letter I, then roman", "212a2Iii", "8 USC 1182(a)(2)(I)(ii)"),
    ("wrong case", "237a2f", "8 USC 1227(a)(2)(F)"),
    ("paragraph in capitals", "8 USC 1325A1", "8 USC 1325(a)(1)"),
    ("section with a letter", "8 USC 1324c(a)(2)", "8 USC 1324c(a)(2)"),
    ("section of the Act with a letter", "INA 240A(b)", "8 USC 1229b(b)"),
    ("lettered section of another title", "18 USC 2252A", "18 USC 2252A"),
    ("paragraph of another title", "18 USC 922G5", "18 USC 922(g)(5)"),
    ("another title with sign", "18 U.S.C. § 1015", "18 USC 1015"),
    ("regulation", "8 CFR 287.3(d)", "8 CFR 287.3(d)"),
    ("part of the regulations", "19CFRPART118", "19 CFR 118"),
    ("paragraphs as given", "8 USC 1253(a)(b)", "8 USC 1253(a)(b)"),
]


@pytest.mark.parametrize(("what", "text", "canonical"), STATUTES, ids=[row[0] for row in STATUTES])
def test_statutes(what: str, text: str, canonical: str) -> None:
    found = Statute.parse(text)
    assert (found.given, found.canonical, found.problem) == (text, canonical, "")


@pytest.mark.parametrize(
    "text", ["", "<A>", "2153a", "242fXX", "9999", "212a6Ai)", "assault", "§", "0:1", "8 USC 0"]
)
def test_what_is_no_statute(text: str) -> None:
    found = Statute.parse(text)
    assert found.problem
    assert (found.canonical, found.ina) == ("", "")


def test_the_acts_own_name() -> None:
    assert Statute.parse("8 USC 1182(a)(6)").ina == "INA 212(a)(6)"
    assert Statute.parse("18 USC 1015").ina == ""
    assert len(INA_OF_USC) == len(USC_OF_INA)


@given(st.text())
def test_never_raise(text: str) -> None:
    assert Statute.parse(text).given == text


@given(st.text(alphabet="28()aAiIvV 0163USCINA:.", max_size=24))
def test_the_canonical_text_is_understood_again(text: str) -> None:
    canonical = Statute.parse(text).canonical
    if canonical:
        assert Statute.parse(canonical).canonical == canonical
