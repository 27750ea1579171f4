"""The erasable side row: bound to its entry, hidden without its salt."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tieline.core.ledger.canonical import NotCanonical
from tieline.core.ledger.side import MOST_PAYLOAD, SideRefused, commit, opens

SALT = bytes(range(16))
PAYLOAD = {"terms": {"surname": "Núñez", "born": "1990-03-12"}, "reason": "call-out"}


def test_the_commitment_is_what_the_page_says() -> None:
    data = '{"reason":"call-out","terms":{"born":"1990-03-12","surname":"Núñez"}}'.encode()
    text = b"tieline/ledger/side/1\x00"
    text += len(SALT).to_bytes(8, "big") + SALT + len(data).to_bytes(8, "big") + data
    assert commit(SALT, PAYLOAD) == hashlib.sha256(text).hexdigest()


@given(
    st.binary(min_size=16, max_size=64),
    st.dictionaries(st.text(max_size=5), st.text(max_size=9), max_size=3),
    st.binary(min_size=16, max_size=64),
    st.dictionaries(st.text(max_size=5), st.text(max_size=9), max_size=3),
)
def test_a_commitment_opens_for_its_own_salt_and_payload_alone(
    salt: bytes, payload: dict[str, str], other_salt: bytes, other: dict[str, str]
) -> None:
    made = commit(salt, payload)
    assert opens(made, salt, payload)
    same = (salt, payload) == (other_salt, other)
    assert opens(made, other_salt, other) is same
    assert commit(other_salt, payload) != made or other_salt == salt


@pytest.mark.parametrize("salt", [b"", bytes(15), bytes(65)])
def test_a_salt_that_can_be_guessed_is_refused(salt: bytes) -> None:
    with pytest.raises(SideRefused, match="16 to 64 bytes"):
        commit(salt, PAYLOAD)
    assert not opens(commit(SALT, PAYLOAD), salt, PAYLOAD)


def test_a_huge_payload_is_refused() -> None:
    room = MOST_PAYLOAD - len(b'{"a":""}')
    assert commit(SALT, {"a": "x" * room})
    with pytest.raises(SideRefused, match="65,536"):
        commit(SALT, {"a": "x" * (room + 1)})


@pytest.mark.parametrize("commitment", ["", "0", "ü", "\ud800", "0" * 64, "A" * 64])
def test_nothing_opens_what_is_no_commitment(commitment: str) -> None:
    assert not opens(commitment, SALT, PAYLOAD)


def test_upper_case_is_another_text() -> None:
    assert not opens(commit(SALT, PAYLOAD).upper(), SALT, PAYLOAD)


@pytest.mark.parametrize("payload", [{"a": None}, {"a": 1.5}, {"a": "\ud800"}])
def test_what_cannot_be_written_does_not_open(payload: Any) -> None:
    with pytest.raises(NotCanonical):
        commit(SALT, payload)
    assert not opens(commit(SALT, PAYLOAD), SALT, payload)
