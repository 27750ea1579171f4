"""What a column seems to hold, judged by its name and by its first few thousand values."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from tieline.core.values.addresses import Address, house_numbers
from tieline.core.values.codes import CodeList
from tieline.core.values.dates import PartialDate
from tieline.core.values.names import tokens
from tieline.core.values.placeholders import why_missing
from tieline.files.table import Row, Table
from tieline.linking.fieldmap import Kind

_LOOKED_AT = 5000
_TRIED = 300

DATE_FORMATS = (
    "%Y-%m-%d", "%m/%d/%Y", "%d/%m/%Y", "%Y%m%d", "%m-%d-%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y/%m/%d",
    "%d-%b-%Y", "%d %b %Y", "%b %d, %Y", "%B %d, %Y", "%m/%d/%y", "%d/%m/%y", "%m%d%Y",
)  # fmt: skip
TIME_FORMATS = (
    " %H:%M:%S", " %H:%M", " %I:%M:%S %p", " %I:%M %p", "T%H:%M:%S", "T%H:%M:%SZ", "T%H:%M",
    " %H:%M:%S.%f", "T%H:%M:%S.%f", " %H%M",
)  # fmt: skip

# Words of column names, as systems of this field name their columns, in English and Spanish.
_NAMED: tuple[tuple[Kind, str], ...] = (
    (Kind.BIRTH_DATE, r"dob|birth|bdate|born|nacid|nacim|fec_?nac|naissance"),
    (Kind.SURNAME2, r"matern|second_?(?:last|sur)|(?:last|sur)_?name_?2|surname2|apellido_?2"),
    (Kind.SURNAME, r"last|surname|family|apellido|lname|patern"),
    (Kind.GIVEN, r"first|given|forename|fname|middle|nombre"),
    (Kind.PHONE, r"phone|tel|cell|mobile|celular"),
    (Kind.PLATE, r"plate|licen[sc]e_?pl|lic_?pl|placa|\btag\b"),
    (Kind.SEX, r"sex|gender|sexo"),
    (Kind.AGE, r"(?:^|_)age(?:$|_)|edad"),
    (Kind.NAME, r"name"),
    (Kind.ADDRESS, r"(?<!mail_)(?<!email_)(?<!ip_)address|street|domicilio|direccion|calle(?:_|$)"),
    (Kind.PLACE, r"city|place|landmark|location|(?:^|_)ports?(?:_|$)|town|ciudad|lugar"),
    (Kind.IDENTIFIER, r"passport|a_?num|alien_?(?:no|num)|\bfin\b|ssn|vin|license|licence|curp"),
)
_NUMBERED = re.compile(
    r"(?:^|_|\b)(?:id|no|nbr|num|number|key|unique_?id|record|seq)(?:$|_|\b)", re.I
)
_LISTS = (
    ("country", r"citi?z|national|country|pais"),
    ("sex", r"sex|gender"),
    ("hair", r"hair"),
    ("eye", r"eye"),
    ("complexion", r"complexion"),
    ("sectors", r"sector"),
    ("status-when-found", r"status"),
    ("stations", r"station"),
    ("ports", r"(?:^|_)(?:port|poe)(?:_|$)"),
    ("dispositions", r"disposition|disp"),
    ("administrative-charges", r"charge|section"),
)


@dataclass(frozen=True, slots=True)
class Profile:
    """A column, as far as it was looked at."""

    name: str
    kind: Kind
    filled: float
    """Share of rows with a value, 0 to 1."""
    distinct: float
    """Distinct values as a share of filled rows."""
    values: frozenset[str]
    """Some values, folded, to see whether two columns share any."""
    formats: tuple[str, ...] = ()
    """For dates and moments: every format that fits all values that were tried."""
    table: str = ""
    is_number: bool = False
    """Whether it seems to be the row's own number."""


def profiles(table: Table, lists: Callable[[str], CodeList | None]) -> list[Profile]:
    """Look at the columns of a file; `lists` gives a code list, or None where there is none."""
    rows = [
        row.values for row in itertools.islice(table.rows(), _LOOKED_AT) if isinstance(row, Row)
    ]
    return [
        _profile(name, [row[at].strip() for row in rows], lists)
        for at, name in enumerate(table.columns)
    ]


def _profile(name: str, given: Sequence[str], lists: Callable[[str], CodeList | None]) -> Profile:
    filled = [value for value in given if value and not why_missing(value)]
    counts = Counter(filled)
    tried = [value for value, _ in counts.most_common(_TRIED)]
    distinct = len(counts) / len(filled) if filled else 0.0
    formats = _formats(tried)
    table = _list_of(name, tried, lists)
    unique = distinct > 0.999 and len(filled) == len(given) > 1
    return Profile(
        name,
        _kind(name, tried, formats, table, distinct),
        len(filled) / len(given) if given else 0.0,
        distinct,
        frozenset(value.casefold() for value in itertools.islice(counts, 1000)),
        formats,
        table,
        is_number=unique and not formats and _is_number(name, tried),
    )


def _is_number(name: str, tried: Sequence[str]) -> bool:
    """Whether a column that differs in every row looks like a number rather than like a text."""
    short = all(len(value) <= 24 and " " not in value for value in tried)
    digits = sum(any(letter.isdigit() for letter in value) for value in tried)
    return bool(_NUMBERED.search(_split(name))) or (short and digits == len(tried))


def _split(name: str) -> str:
    """Part the words of a column's name: birthDate and BIRTH-DATE give birth_date."""
    # D.O.B. and dob are one word, Date.Of.Birth three.
    name = re.sub(r"\b(\w)\.(?=\w\b)", r"\1", name)
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    return re.sub(r"[^0-9A-Za-z]+", "_", parted).casefold()


def _formats(tried: Sequence[str]) -> tuple[str, ...]:
    if not tried or not any(letter.isdigit() for letter in tried[0]):
        return ()
    shapes = [d + t for d in DATE_FORMATS for t in ("", *TIME_FORMATS)]
    return tuple(shape for shape in shapes if _fits(shape, tried))


def _fits(shape: str, tried: Sequence[str]) -> bool:
    wrong = 0
    for at, value in enumerate(tried):
        try:
            year = datetime.strptime(value, shape).year  # noqa: DTZ007 - only the shape is asked
        except ValueError:
            year = 0
        wrong += not 1850 <= year <= 2100
        # A few mistyped values must not hide the format of all others.
        if wrong > 0.15 * (at + 1) + 2:
            return False
    return wrong <= 0.12 * len(tried)


def _list_of(name: str, tried: Sequence[str], lists: Callable[[str], CodeList | None]) -> str:
    for table, words in _LISTS:
        if not re.search(words, _split(name)):
            continue
        codes = lists(table)
        if codes is not None and tried:
            known = sum(bool(codes.understand(value).code) for value in tried)
            if known >= 0.7 * len(tried):
                return table
    return ""


def _kind(
    name: str, tried: Sequence[str], formats: tuple[str, ...], table: str, distinct: float
) -> Kind:
    plain = _split(name)
    named = next((kind for kind, words in _NAMED if re.search(words, plain)), None)
    if formats:
        if named is Kind.BIRTH_DATE:
            return named
        return Kind.DATETIME if any("%H" in f or "%I" in f for f in formats) else Kind.DATE
    if table == "sex":
        return Kind.SEX
    if table:
        return Kind.CODE
    if named is Kind.BIRTH_DATE and _agrees_as_date(tried):
        return named
    if named and named is not Kind.BIRTH_DATE and _agrees(named, tried):
        return named
    if named is Kind.ADDRESS:
        return Kind.PLACE
    lengths = sum(map(len, tried)) / max(len(tried), 1)
    if _NUMBERED.search(plain) and distinct > 0.5:
        return Kind.IDENTIFIER
    if distinct < 0.2 or lengths <= 3:
        return Kind.CODE
    return Kind.TEXT


def _agrees_as_date(tried: Sequence[str]) -> bool:
    read = sum(PartialDate.parse(value).year is not None for value in tried)
    return read >= 0.6 * len(tried) > 0


def _agrees(kind: Kind, tried: Sequence[str]) -> bool:
    """Whether the values look like what the column's name says."""
    checks: dict[Kind, Callable[[str], bool]] = {
        Kind.NAME: lambda v: bool(tokens(v)),
        Kind.GIVEN: lambda v: bool(tokens(v)),
        Kind.SURNAME: lambda v: bool(tokens(v)),
        Kind.SURNAME2: lambda v: bool(tokens(v)),
        Kind.AGE: lambda v: v.split(".")[0].isdigit() and int(v.split(".")[0]) <= 130,
        Kind.SEX: lambda v: v[:1].casefold() in "mfhuxw",
        # A house has a number beside its street; a town or a port has none.
        Kind.ADDRESS: lambda v: bool(house_numbers(Address.parse(v).words)) and " " in v,
        Kind.PHONE: lambda v: sum(letter.isdigit() for letter in v) >= 7,
    }
    check = checks.get(kind)
    if check is None or not tried:
        return True
    return sum(check(value) for value in tried) >= 0.7 * len(tried)
