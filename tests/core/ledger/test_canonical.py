"""Canonical JSON: one value, one text; RFC 8785."""

from __future__ import annotations

import json
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tieline.core.ledger.canonical import MOST_INTEGER, NotCanonical, decode, encode
from tieline.core.ledger.events import Event

values = st.recursive(
    st.text(max_size=8) | st.integers(-MOST_INTEGER, MOST_INTEGER) | st.booleans(),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4)
    ),
    max_leaves=8,
)


def depth(value: Any) -> int:
    if isinstance(value, dict):
        return 1 + max(map(depth, value.values()), default=0)
    return 1 + max(map(depth, value), default=0) if isinstance(value, list) else 0


@given(values.filter(lambda value: depth(value) <= 8))
def test_what_is_written_is_read_again(value: Any) -> None:
    data = encode(value)
    again = decode(data)
    assert again == value
    assert encode(again) == data
    assert json.loads(data) == value


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"b": 1, "a": 2}, '{"a":2,"b":1}'),
        # The keys of RFC 8785 section 3.2.3, in its order.
        (
            dict.fromkeys(("\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6"), True),
            '{"\\r":true,"1":true,"\u0080":true,"\u00f6":true,"\u20ac":true,'
            '"\U0001f600":true,"\ufb33":true}',
        ),
        # The text of RFC 8785 section 3.2.2.
        ('\u20ac$\u000f\nA\'B"\\\\"/', '"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"'),
        ("\b\t\n\f\r\x00\x1f\x7f\u2028", '"\\b\\t\\n\\f\\r\\u0000\\u001f\x7f\u2028"'),
        ([True, False, 0, -1, MOST_INTEGER], "[true,false,0,-1,9007199254740991]"),
        (("a", []), '["a",[]]'),
        (MappingProxyType({"a": MappingProxyType({})}), '{"a":{}}'),
        (Event.RECORD_SHOWN, '"record:disclosure:shown"'),
    ],
)
def test_there_is_one_way_to_write_it(value: Any, text: str) -> None:
    assert encode(value) == text.encode()


NESTED: Any = []
for _ in range(8):
    NESTED = [NESTED]


@pytest.mark.parametrize(
    "value",
    [
        *(None, 1.0, {"a": None}, b"a", {1: "a"}, {"a", "b"}, 2**53, -(2**53)),
        *("\ud800", {"\udfff": 1}, NESTED),
    ],
)
def test_what_has_no_one_way_is_refused(value: Any) -> None:
    with pytest.raises(NotCanonical):
        encode(value)


@pytest.mark.parametrize(
    "data",
    [
        *(b"", b" ", b"{", b"[1,]", b"a", b"\x00", b'"\x00"', b'"\n"', b"\xff", b"\xef\xbb\xbf1"),
        *(b" 1", b"1 ", b"1\n", b"[1, 2]", b'{"b":1,"a":2}', b'{"a":1,"a":1}', b"-0", b"01"),
        *(b"1.0", b"1e3", b"NaN", b"Infinity", b"null", b"[null]", b"9007199254740992"),
        *(b"1" * 5000, b'"\\u0041"', b'"\\/"', b'"\\u000A"', b'"\\ud800"', b"'a'"),
        *(b"[" * 100_000, b"[" * 9 + b"]" * 9, b'{"a":' * 100_000),
    ],
)
def test_what_is_not_canonical_is_refused(data: bytes) -> None:
    with pytest.raises(NotCanonical):
        decode(data)


@given(st.binary(max_size=40))
def test_no_bytes_make_the_reader_fail(data: bytes) -> None:
    try:
        value = decode(data)
    except NotCanonical:
        return
    assert encode(value) == data
