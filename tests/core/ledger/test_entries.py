"""An entry: what it may hold, the one way to write it, and that it never changes form."""

from __future__ import annotations

import json
import string
from dataclasses import FrozenInstanceError, fields, replace
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tieline.core.ledger import canonical, entries
from tieline.core.ledger.canonical import NotCanonical
from tieline.core.ledger.entries import LISTS, TEXTS, Entry, FieldRefused, OtherVersion, glance
from tieline.core.ledger.events import Event

AT = datetime(2026, 3, 1, 17, 4, 5, 678901, tzinfo=UTC)
FIRST = datetime(1000, 1, 1, tzinfo=UTC).replace(tzinfo=None)
LAST = datetime(2999, 12, 31, tzinfo=UTC).replace(tzinfo=None)
LEAST = Entry(system="patrol", node="patrol-1", event=Event.ERASE_DONE, at=AT)
MOST = Entry(
    system="patrol",
    node="patrol-1",
    event=Event.RECORD_SHOWN,
    at=AT,
    viewer="U-000123",
    agency="HSI",
    unit="HSI-TUC-2",
    assignment="S-000456",
    role="agent",
    purpose="investigation",
    case="TU07PR13TU0001",
    keeper="patrol",
    record="TCA2410000123",
    record_version=3,
    owner="USBP",
    level="summary",
    shown=("identity", "apprehension"),
    withheld=("narrative",),
    clauses=("identity-inside", "custody-2.1"),
    agreement="ab" * 32,
    request="0f" * 16,
    count=1,
    side="cd" * 32,
)

texts = {field: st.from_regex(shape.pattern, fullmatch=True) for field, shape in TEXTS.items()}
OPTIONAL = [field for field in TEXTS if field not in ("system", "node")]


@st.composite
def made(draw: st.DrawFn) -> Entry:
    """Any entry with any set of fields that stand together."""
    values: dict[str, Any] = {
        field: draw(texts[field].filter(lambda text: '"' not in text))
        for field in draw(st.sets(st.sampled_from(OPTIONAL))) | {"system", "node"}
    }
    values["event"] = draw(st.sampled_from(Event))
    values["at"] = draw(st.datetimes(FIRST, LAST, timezones=st.just(UTC)))
    for field, shape in LISTS.items():
        items = st.from_regex(shape.pattern, fullmatch=True)
        values[field] = tuple(draw(st.lists(items, max_size=4)))
    values["withheld"] = tuple(set(values["withheld"]) - set(values["shown"]))
    for field in entries.INTEGERS:
        values[field] = draw(st.none() | st.integers(0, canonical.MOST_INTEGER))
    for _ in entries.NEEDS:  # what a dropped field was needed for drops too
        for field, others in entries.NEEDS.items():
            if values.get(field) not in (None, ()) and any(
                values.get(other) is None for other in others
            ):
                values[field] = () if field in LISTS else None
    return Entry(**values)


def test_the_form_is_final() -> None:
    # If this fails, history has changed its form: every older ledger would be refused.
    assert LEAST.to_bytes() == (
        b'{"at":"2026-03-01T17:04:05.678901Z","event":"ledger:erase:done","format":1,'
        b'"node":"patrol-1","system":"patrol"}'
    )
    assert MOST.to_bytes() == (
        b'{"agency":"HSI","agreement":"' + b"ab" * 32 + b'","assignment":"S-000456",'
        b'"at":"2026-03-01T17:04:05.678901Z","case":"TU07PR13TU0001",'
        b'"clauses":["custody-2.1","identity-inside"],"count":1,'
        b'"event":"record:disclosure:shown","format":1,"keeper":"patrol","level":"summary",'
        b'"node":"patrol-1","owner":"USBP","purpose":"investigation","record":"TCA2410000123",'
        b'"record_version":3,"request":"' + b"0f" * 16 + b'","role":"agent",'
        b'"shown":["apprehension","identity"],"side":"' + b"cd" * 32 + b'","system":"patrol",'
        b'"unit":"HSI-TUC-2","viewer":"U-000123","withheld":["narrative"]}'
    )
    assert LEAST.leaf_hash().hex() == (
        "5fbc9b302f743a1ef63ca539bd35527d49be5a2c7597331a90d2851dc5cc4af8"
    )


@given(made())
def test_what_is_written_is_read_again_to_the_byte(entry: Entry) -> None:
    data = entry.to_bytes()
    again = Entry.from_bytes(data)
    assert again == entry
    assert again.to_bytes() == data == canonical.encode(json.loads(data))
    seen = glance(data)
    assert (seen.system, seen.node) == (entry.system.encode(), entry.node.encode())
    assert seen.event == entry.event.encode()
    assert seen.agreement == (entry.agreement.encode() if entry.agreement else entry.agreement)


@given(made())
def test_no_entry_holds_a_sign_outside_its_patterns(entry: Entry) -> None:
    allowed = set(string.ascii_letters + string.digits + "-_./:")
    found = json.loads(entry.to_bytes())
    for field, value in found.items():
        for text in value if isinstance(value, list) else [str(value)]:
            assert set(text) <= allowed, field
            assert len(text) <= 64
    assert len(entry.to_bytes()) <= entries.MOST_BYTES


@given(st.sampled_from(sorted(TEXTS)), st.text(max_size=70))
def test_no_text_gets_in_but_by_its_pattern(field: str, text: str) -> None:
    if entries._COMPILED[TEXTS[field].pattern].fullmatch(text):
        entry = replace(MOST, **{field: text})
        assert Entry.from_bytes(entry.to_bytes()) == entry
        return
    with pytest.raises(FieldRefused) as caught:
        replace(MOST, **{field: text})
    assert caught.value.field == field
    assert len(text) < 9 or text not in str(caught.value)


def test_the_largest_entry_is_within_the_limit() -> None:
    wide = {
        field: tuple(f"{'x' * (shape.most - 4)}{field[0]}{number:03}" for number in range(64))
        for field, shape in LISTS.items()
    }
    entry = replace(MOST, **wide)
    assert 8_000 < len(entry.to_bytes()) <= entries.MOST_BYTES
    assert Entry.from_bytes(entry.to_bytes()) == entry


def test_an_entry_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        MOST.agency = "USBP"  # type: ignore[misc]


def test_lists_are_sets_in_one_order() -> None:
    entry = replace(MOST, clauses=("b", "a", "b"))
    assert entry.clauses == ("a", "b")
    assert replace(MOST, clauses=("a", "b")) == entry


def test_members_of_enums_become_plain_text() -> None:
    class Level(StrEnum):
        SUMMARY = "summary"

        def __str__(self) -> str:
            return "something else"

    entry = replace(MOST, level=Level.SUMMARY, shown=(Level.SUMMARY,))
    assert type(entry.level) is type(entry.shown[0]) is str
    assert entry == replace(MOST, shown=("summary",))
    assert b"something" not in entry.to_bytes()


@pytest.mark.parametrize("unit", ["TCA/NGL", "LA/13", "HSI-TUC-2", "probe"])
def test_units_as_agencies_write_them_are_taken(unit: str) -> None:
    assert Entry.from_bytes(replace(MOST, unit=unit).to_bytes()).unit == unit


FREE = ["John Smith", "SMITH", "Núñez", "", " ", "a b", "x\n", "\x00", "a" * 65, '"', "\\", "А-1"]
PERSONAL = [
    *("A012345678", "A-012345678", "A12345678", "012345678", "1234567890", "19900312"),
    *("123-45-6789", "1990-03-12", "3/12/1990", "12.03.90", "520-555-0100", "1-520-555-0100"),
    *("SMITH-1980", "GARCIA1990", "JOHN-DOE-LOPEZ", "MARIA-7", "DOE"),
]


@pytest.mark.parametrize("field", TEXTS)
@pytest.mark.parametrize("text", FREE)
def test_free_text_is_refused_in_every_field(field: str, text: str) -> None:
    if field in ("agency", "unit", "owner") and text == "SMITH":
        return  # a code of an office is a word
    with pytest.raises(FieldRefused) as caught:
        replace(MOST, **{field: text})
    assert caught.value.field == field
    assert len(text) < 4 or text not in str(caught.value)
    assert "side row" in caught.value.cure


@pytest.mark.parametrize("field", ["record", "case", "viewer", "assignment"])
@pytest.mark.parametrize("text", PERSONAL)
def test_numbers_of_people_are_refused_as_numbers_of_records(field: str, text: str) -> None:
    with pytest.raises(FieldRefused) as caught:
        replace(MOST, **{field: text})
    assert caught.value.field == field


@pytest.mark.parametrize(
    "text",
    [
        *(
            "TCA2410000123",
            "TU07PR13TU0001",
            "245D-SD-12345",
            "PAT-2024-000123",
            "24/1.5",
            "123456",
        ),
        *("0123456789abcdef" * 2, "0123456789abcdef" * 4, "1234567890123456"),
    ],
)
def test_numbers_as_systems_give_them_are_taken(text: str) -> None:
    assert replace(MOST, record=text, case=text).record == text


@pytest.mark.parametrize("field", LISTS)
@pytest.mark.parametrize(
    "items", [["a"], "a", None, ("John Smith",), (1,), ("",), ("a" * 65,), ("a",) * 65]
)
def test_lists_are_tuples_of_codes(field: str, items: Any) -> None:
    with pytest.raises(FieldRefused) as caught:
        replace(MOST, **{field: items})
    assert caught.value.field == field


@pytest.mark.parametrize("field", entries.INTEGERS)
@pytest.mark.parametrize("value", [-1, 2**53, True, 1.0, "1"])
def test_counts_are_integers(field: str, value: Any) -> None:
    with pytest.raises(FieldRefused) as caught:
        replace(MOST, **{field: value})
    assert caught.value.field == field


@pytest.mark.parametrize(
    "at",
    [
        *(None, "2026-03-01T17:04:05.678901Z", AT.date(), AT.replace(tzinfo=None)),
        datetime(2026, 1, 1, tzinfo=timezone(timedelta(hours=1))),
        datetime(999, 1, 1, tzinfo=UTC),
    ],
)
def test_a_moment_is_in_utc(at: Any) -> None:
    with pytest.raises(FieldRefused) as caught:
        replace(MOST, at=at)
    assert caught.value.field == "at"


def test_utc_by_another_name_is_the_same_entry() -> None:
    zone = timezone(timedelta(0), "Z")
    assert replace(MOST, at=AT.replace(tzinfo=zone)).to_bytes() == MOST.to_bytes()


@pytest.mark.parametrize("event", ["record:disclosure:shown", "free text", None])
def test_an_event_is_one_of_the_list(event: Any) -> None:
    with pytest.raises(FieldRefused) as caught:
        replace(MOST, event=event)
    assert caught.value.field == "event"


@pytest.mark.parametrize(
    ("field", "other"),
    [(field, other) for field in entries.NEEDS for other in entries.NEEDS[field]],
)
def test_no_field_stands_without_what_it_needs(field: str, other: str) -> None:
    with pytest.raises(FieldRefused, match=f"without {other}"):
        replace(MOST, **{other: None})
    found = json.loads(MOST.to_bytes())
    del found[other]
    with pytest.raises(FieldRefused, match="means nothing without"):
        glance(canonical.encode(found))


def test_a_required_field_is_there() -> None:
    for field in ("system", "node"):
        with pytest.raises(FieldRefused) as caught:
            replace(LEAST, **{field: None})
        assert caught.value.field == field


def test_what_was_shown_was_not_withheld() -> None:
    with pytest.raises(FieldRefused, match="was shown"):
        replace(MOST, withheld=("identity",))
    found = {**json.loads(MOST.to_bytes()), "withheld": ["identity"]}
    with pytest.raises(FieldRefused, match="was shown"):
        glance(canonical.encode(found))


def changed(**changes: Any) -> bytes:
    """The full entry as canonical JSON, with fields set, or with None taken out."""
    found = {**json.loads(MOST.to_bytes()), **changes}
    return canonical.encode({key: value for key, value in found.items() if value is not None})


@pytest.mark.parametrize("field", ["count", "record_version"])
def test_the_greatest_number_is_taken(field: str) -> None:
    data = changed(**{field: canonical.MOST_INTEGER})
    assert getattr(Entry.from_bytes(data), field) == canonical.MOST_INTEGER


REFUSED: list[tuple[str, bytes, type[Exception], str]] = [
    ("empty", b"", NotCanonical, ""),
    ("no object", b"[]", NotCanonical, ""),
    ("a text", b'"a"', NotCanonical, ""),
    ("not UTF-8", MOST.to_bytes().replace(b"HSI", b"\xff\xff\xff"), NotCanonical, ""),
    ("NUL", MOST.to_bytes() + b"\x00", NotCanonical, ""),
    ("newline", MOST.to_bytes() + b"\n", NotCanonical, ""),
    ("space", MOST.to_bytes().replace(b",", b", ", 1), NotCanonical, ""),
    ("escape", MOST.to_bytes().replace(b"HSI", b"HS\\u0049", 1), NotCanonical, ""),
    ("huge", b'{"at":"' + b"x" * 20_000 + b'"}', NotCanonical, ""),
    ("deep", b"[" * 16_000, NotCanonical, ""),
    ("key twice", b'{"agency":"HSI",' + MOST.to_bytes()[1:], NotCanonical, ""),
    (
        "keys moved",
        json.dumps(dict(reversed(json.loads(changed()).items())), separators=(",", ":")).encode(),
        NotCanonical,
        "",
    ),
    ("float", changed().replace(b'"count":1', b'"count":1.0'), NotCanonical, ""),
    ("null", changed().replace(b'"count":1', b'"count":null'), NotCanonical, ""),
    ("empty list", changed(withheld=[]), NotCanonical, ""),
    ("list not in order", changed(clauses=["b", "a"]), NotCanonical, ""),
    ("item twice", changed(clauses=["a", "a"]), NotCanonical, ""),
    ("newer", changed(format=2), OtherVersion, ""),
    ("older", changed(format=0), OtherVersion, ""),
    ("true is not 1", changed(format=True), OtherVersion, ""),
    ("version as text", changed(format="1"), OtherVersion, ""),
    ("no version", changed(format=None), OtherVersion, ""),
    ("unknown key", changed(surname="x"), FieldRefused, "surname"),
    ("unknown long key", changed(**{"John Smith": "x"}), FieldRefused, "a key"),
    ("no system", changed(system=None), FieldRefused, "system"),
    ("no moment", changed(at=None), FieldRefused, "at"),
    ("no event", changed(event=None), FieldRefused, "event"),
    ("unknown event", changed(event="record:disclosure:leaked"), FieldRefused, "event"),
    ("event of no grammar", changed(event="John Smith"), FieldRefused, "event"),
    ("event a number", changed(event=1), FieldRefused, "event"),
    ("free text", changed(unit="John Smith"), FieldRefused, "unit"),
    ("number for text", changed(unit=1), FieldRefused, "unit"),
    ("text for list", changed(shown="identity"), FieldRefused, "shown"),
    ("list of numbers", changed(shown=[1]), FieldRefused, "shown"),
    ("too many items", changed(shown=[f"c{n:02}" for n in range(65)]), FieldRefused, "shown"),
    ("text for number", changed(count="1"), FieldRefused, "count"),
    ("negative", changed(count=-1), FieldRefused, "count"),
    ("truth for number", changed(count=True), FieldRefused, "count"),
    (
        "above 2^53",
        changed().replace(b'"count":1', b'"count":9007199254740992'),
        FieldRefused,
        "count",
    ),
    (
        "a version above 2^53",
        changed().replace(b'"record_version":3', b'"record_version":9007199254740992'),
        FieldRefused,
        "record_version",
    ),
    (
        "far above 2^53",
        changed().replace(b'"count":1', b'"count":90071992547409920'),
        NotCanonical,
        "",
    ),
    ("February 30", changed(at="2026-02-30T00:00:00.000000Z"), FieldRefused, "at"),
    ("month 13", changed(at="2026-13-01T00:00:00.000000Z"), FieldRefused, "at"),
    ("leap second", changed(at="2016-12-31T23:59:60.000000Z"), FieldRefused, "at"),
    ("other zone", changed(at="2026-02-01T00:00:00.000000+00:00"), FieldRefused, "at"),
    ("milliseconds", changed(at="2026-02-01T00:00:00.000Z"), FieldRefused, "at"),
    ("other digits", changed(at="٢٠٢٦-02-01T00:00:00.000000Z"), FieldRefused, "at"),
    ("A-number", changed(record="A012345678"), FieldRefused, "record"),
    ("unit missing", changed(unit=None), FieldRefused, "viewer"),
]


@pytest.mark.parametrize(
    ("data", "error", "field"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED]
)
def test_other_bytes_are_refused(data: bytes, error: type[Exception], field: str) -> None:
    for read in (Entry.from_bytes, glance):
        with pytest.raises(error) as caught:
            read(data)
        assert type(caught.value) is error
        if isinstance(caught.value, FieldRefused):
            assert caught.value.field == field
        assert "John Smith" not in str(caught.value)


def slow_reader(data: bytes) -> Entry | None:
    """The definition without the one big pattern: read, make, write, compare."""
    try:
        found = canonical.decode(data)
        assert isinstance(found, dict)
        if found.pop("format") != 1:
            return None
        found["event"] = Event(found["event"])
        found["at"] = datetime.strptime(found["at"], "%Y-%m-%dT%H:%M:%S.%f%z")
        lists = {field: tuple(found[field]) for field in LISTS if field in found}
        entry = Entry(**{**found, **lists})
    except (NotCanonical, FieldRefused, AssertionError, LookupError, TypeError, ValueError):
        return None
    return entry if entry.to_bytes() == data else None


@given(made(), st.data())
def test_the_quick_reader_takes_what_the_definition_takes(
    entry: Entry, draw: st.DataObject
) -> None:
    data = bytearray(entry.to_bytes())
    for _ in range(draw.draw(st.integers(1, 3))):
        at = draw.draw(st.integers(0, len(data) - 1))
        part = draw.draw(
            st.sampled_from([b"", b'"', b",", b"-", b"A", b"a", b"0", b"9", b":", b"\\", b"\n"])
        )
        data[at : at + draw.draw(st.integers(0, 2))] = part
    try:
        found = Entry.from_bytes(bytes(data))
    except (NotCanonical, FieldRefused, OtherVersion):
        assert slow_reader(bytes(data)) is None
    else:
        assert slow_reader(bytes(data)) == found


def test_every_field_has_its_shape() -> None:
    own = {field.name for field in fields(Entry)}
    assert own == {*TEXTS, *LISTS, *entries.INTEGERS, "event", "at"}
