"""Names: one row per phenomenon."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tieline.core.values import names
from tieline.core.values.names import (
    PersonName,
    canonical_given,
    is_initial,
    neutral,
    phonetic,
    tokens,
)

TOKENS = [
    ("plain", "Maria Lopez", "MARIA LOPEZ"),
    ("comma", "LOPEZ, MARIA", "LOPEZ MARIA"),
    ("apostrophe", "O'BRIEN", "OBRIEN"),
    ("typographic apostrophe", "O’Brien", "OBRIEN"),
    ("hyphen", "GARCIA-LOPEZ", "GARCIA LOPEZ"),
    ("accents", "Ñuñez Peña José", "NUNEZ PENA JOSE"),
    ("full width", "Ｊｏｓé", "JOSE"),
    ("cyrillic", "Хуан", "KHUAN"),
    ("chinese, surname first", "李明", "LI MING"),
    ("arabic writes few vowels", "محمد شوكت", "MUHAMMAD SHUKT"),
    ("digits", "MARIA2 99", "MARIA"),
    ("suffix", "SMITH JR", "SMITH"),
    ("suffix third", "John Smith III", "JOHN SMITH"),
    ("title", "Sra. Ana Ruiz", "ANA RUIZ"),
    ("MD is a name, not a degree", "MD RAHMAN", "MD RAHMAN"),
    ("particles", "DE LA CRUZ", "CRUZ"),
    ("particles fused", "DELACRUZ", "CRUZ"),
    ("particles fused, short name", "DELALUZ", "LUZ"),
    ("particles fused, plural", "DELOSSANTOS", "SANTOS"),
    ("DELAS leads plurals only", "DELASALLE", "SALLE"),
    ("not a particle", "DELANEY", "DELANEY"),
    ("dutch", "VAN DER MEER", "MEER"),
    ("dutch fused", "VANDERMEER", "MEER"),
    ("arabic article", "AL-HASSAN", "HASSAN"),
    ("son of", "OMAR BIN SAID", "OMAR SAID"),
    ("particles alone stay", "DE LA", "DE LA"),
    ("one particle alone stays", "Van", "VAN"),
    ("surnames of Vietnam and China stay", "LE DO DU", "LE DO DU"),
    ("mc", "MC DONALD", "MCDONALD"),
    ("placeholder first", "FNU SINGH", "SINGH"),
    ("placeholder last", "SINGH, LNU", "SINGH"),
    ("no middle name", "ANA NMN RUIZ", "ANA RUIZ"),
    ("unknown", "UNKNOWN", ""),
    ("not applicable", "N/A", ""),
    ("Na is a surname", "NA", "NA"),
    ("withheld", "(b)(6), (b)(7)(c)", ""),
    ("etl", "IIDS ETL NULL", ""),
    ("no name", "No last name", ""),
    ("fillers", "XXXX XX", ""),
    ("servant of, apart", "Abd al-Rahman Bishara", "ABDULRAHMAN BISHARA"),
    ("servant of, fused", "Abdurrahman", "ABDULRAHMAN"),
    ("servant of, French", "ABDERRAHIM", "ABDULRAHIM"),
    ("servant of God", "Abd Allah", "ABDULLAH"),
    ("Abdo stands alone", "Abdo Saleh", "ABDO SALEH"),
    ("of the faith", "Salah al-Din", "SALAHUDDIN"),
    ("no faith is in it", "GERALDINE MARTIN", "GERALDINE MARTIN"),
    ("arabic, servant of", "عبد الرحمن", "ABDULRAHMAN"),
    ("arabic, article", "محمود النجار", "MAHMUD NAJJAR"),
    ("hebrew", "משה כהן", "MOSHE COHEN"),
    ("korean, surname first", "박지훈", "PARK JIHUN"),
    ("chinese, double surname", "欧阳慧敏", "OUYANG HUIMIN"),
    ("japanese", "田中太郎", "TANAKA TARO"),
    ("devanagari writes no A", "कमल वर्मा", "KAMAL VARMA"),
    ("greek pairs of letters", "Μπουμπούλης", "BOUBOULIS"),
    ("serbian letter", "Đorđe Stanković", "DJORDJE STANKOVIC"),
    ("vietnamese letter", "Đặng Văn Đức", "DANG DUC"),
    ("marks of direction leave no gap", "Jo\u200fse", "JOSE"),
    ("emoji", "😀😀 🇲🇽", ""),
    ("emoji in a name", "Ana 😀 Ruiz", "ANA RUIZ"),
    ("punctuation", ".,;-", ""),
    ("empty", "", ""),
]


@pytest.mark.parametrize(("what", "text", "expected"), TOKENS, ids=[row[0] for row in TOKENS])
def test_tokens(what: str, text: str, expected: str) -> None:
    assert tokens(text) == tuple(expected.split())


def test_tokens_have_bounds() -> None:
    assert len(tokens("ANA " * 500)) == 12
    assert max(map(len, tokens("A" * 500))) == 40


def test_hard_input_is_quick() -> None:
    started = time.perf_counter()
    for text in ("a" * 500, "😀" * 500, "(b)(6) " * 200, "DELA" * 500, "é'" * 5000):
        tokens(text)
    assert time.perf_counter() - started < 1


@given(st.text())
def test_tokens_never_raise_and_repeat(text: str) -> None:
    once = tokens(text)
    assert tokens(" ".join(once)) == once
    assert all(word.isascii() and word.isalpha() and word.isupper() for word in once)
    for word in once:
        assert len(phonetic(word)) <= 8
        assert len(neutral(word)) <= 8


@given(st.text())
def test_codes_never_raise(text: str) -> None:
    phonetic(text)
    neutral(text)


SAME_SOUND = [
    "HERNANDEZ ERNANDEZ ERNANDES",
    "XIMENEZ JIMENEZ GIMENEZ",
    "YESENIA JESENIA LLESENIA",
    "VASQUEZ BASQUES VAZQUEZ",
    "QUIROZ KIROS",
    "CHAVEZ CHABES",
    "GONZALEZ GONSALES",
    "ZEPEDA CEPEDA SEPEDA",
    "CECILIA SESILIA",
    "MARTHA MARTA",
    "GEORGE JORGE",
    "THOMAS TOMAS",
    "MUHAMMAD MOHAMED",
]


@pytest.mark.parametrize("names", SAME_SOUND)
def test_one_sound(names: str) -> None:
    assert len({phonetic(name) for name in names.split()}) == 1


@pytest.mark.parametrize("names", ["HERNANDEZ FERNANDEZ", "LOPEZ RAMOS", "JUAN JOSE"])
def test_two_sounds(names: str) -> None:
    assert len({phonetic(name) for name in names.split()}) == 2


@pytest.mark.parametrize(
    "names", ["MUHAMMAD MOHAMED MHMD", "KHUAN JUAN", "HUSSEIN USEIN HUSAYN", "ABDUL ABDEL ABDIL"]
)
def test_one_neutral_code(names: str) -> None:
    assert len({neutral(name) for name in names.split()}) == 1


NAMES = [
    # what, text, surname, surname2, forenames, suffix, order known
    (
        "comma: surname first",
        "GARCIA HERNANDEZ, Jose Luis",
        "GARCIA",
        "HERNANDEZ",
        "JOSE LUIS",
        "",
        True,
    ),
    ("two words", "Ana Ruiz", "RUIZ", "", "ANA", "", False),
    ("three words", "Ana Maria Ruiz", "RUIZ", "", "ANA MARIA", "", False),
    ("four words", "Jose Luis Garcia Hernandez", "GARCIA", "HERNANDEZ", "JOSE LUIS", "", False),
    ("one word", "Sukarno", "", "", "SUKARNO", "", False),
    ("suffix after comma", "John Smith, Jr.", "SMITH", "", "JOHN", "JR", False),
    ("suffix kept apart", "SMITH, JOHN III", "SMITH", "", "JOHN", "III", True),
    ("particles", "DE LA CRUZ PEREZ, ANA", "CRUZ", "PEREZ", "ANA", "", True),
]


@pytest.mark.parametrize(
    ("what", "text", "surname", "surname2", "forenames", "suffix", "order_known"),
    NAMES,
    ids=[row[0] for row in NAMES],
)
def test_person_name(
    what: str,
    text: str,
    surname: str,
    surname2: str,
    forenames: str,
    suffix: str,
    order_known: bool,
) -> None:
    name = PersonName.parse(text)
    assert (name.surname, name.surname2, " ".join(name.forenames)) == (surname, surname2, forenames)
    assert (name.suffix, name.order_known, name.problem) == (suffix, order_known, "")
    assert name.given == text


def test_parts_keep_the_surnames_apart() -> None:
    name = PersonName.of_parts(given="Jose Luis", surname="García", surname2="de la Cruz")
    assert (name.surname, name.surname2) == ("GARCIA", "CRUZ")
    assert name.normal == "GARCIA CRUZ, JOSE LUIS"
    assert name.given == "García de la Cruz, Jose Luis"
    assert PersonName.of_parts(surname="GARCIA LOPEZ").surname2 == "LOPEZ"


@pytest.mark.parametrize("text", ["", "UNKNOWN", "(b)(6), (b)(7)(c)", "FNU, LNU"])
def test_no_name_is_said(text: str) -> None:
    name = PersonName.parse(text)
    assert name.problem
    assert name.tokens == ()
    assert name.given == text


@given(st.text())
def test_parse_never_raises_and_repeats(text: str) -> None:
    name = PersonName.parse(text)
    assert name.given == text
    assert (name.problem == "") == bool(name.tokens)
    if name.order_known and len(name.tokens) <= 12:
        again = PersonName.parse(name.normal)
        assert again.normal == name.normal


def test_small_words() -> None:
    assert canonical_given("PEPE", {"PEPE": "JOSE"}) == "JOSE"
    assert canonical_given("ANA", {"PEPE": "JOSE"}) == "ANA"
    assert is_initial("J")
    assert not is_initial("JO")


PARTS = st.sampled_from(
    [
        *(
            "Ana",
            "GARCIA",
            "de",
            "la",
            "Del",
            "delacruz",
            "VANDERMEER",
            "mc",
            "Donald",
            "no",
            "name",
        ),
        *("jr", "UNK", "xx", "xxx", "D", "din", "Abdul", "abd", "noureddin", "salah", "O'Neil"),
        *("N/A", "3", "(b)(6)", "Núñez", "Dina"),
    ]
)


@given(st.lists(PARTS | st.text("ABDINEX ", max_size=45), max_size=14).map(" ".join))
def test_a_name_of_plain_words_is_read_as_any_other(text: str) -> None:
    assert tokens(text) == names._changed(text)
