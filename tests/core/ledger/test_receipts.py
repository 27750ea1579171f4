"""A receipt and the entry of the same disclosure say the same; of any other, something else."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tieline.core.ledger.entries import Entry
from tieline.core.ledger.events import Event
from tieline.core.ledger.receipts import Received, digest_of, match_of

AT = datetime(2026, 11, 23, 14, 2, 3, 4, tzinfo=UTC)
RECEIVED = Received(
    ledger="patrol",
    keeper="patrol",
    record="TCA-2611-000123-01",
    version=3,
    level="summary",
    viewer="U-200",
    agency="investigations",
    owner="patrol",
    at=AT,
)
OTHERS: tuple[dict[str, Any], ...] = (
    {"keeper": "partner"},
    {"record": "TCA-2611-000123-02"},
    {"version": 4},
    {"level": "full"},
    {"viewer": "U-201"},
    {"agency": "county"},
    {"at": AT + timedelta(microseconds=1)},
)


def entry(**changed: Any) -> dict[str, Any]:
    given = {"keeper": "patrol", "record": "TCA-2611-000123-01", "record_version": 3, **changed}
    made = Entry(
        system="patrol",
        node="one",
        event=Event.RECORD_SHOWN,
        at=AT,
        viewer="U-200",
        agency="investigations",
        unit="LA/13",
        level="summary",
        **given,
    )
    return dict(json.loads(made.to_bytes()))


def test_a_receipt_is_of_the_entry_of_the_same_disclosure() -> None:
    assert RECEIVED.match == match_of(entry())
    # An entry may leave its owner out (P7), and yet it is the same disclosure.
    assert match_of(entry(owner="patrol")) == match_of(entry())


def test_a_number_that_no_ledger_takes_stands_in_neither() -> None:
    without = replace(RECEIVED, record="", version=3)
    assert without.match == match_of(entry(record=None, record_version=None))


@pytest.mark.parametrize("other", OTHERS, ids=[next(iter(one)) for one in OTHERS])
def test_it_is_of_no_other(other: dict[str, Any]) -> None:
    assert replace(RECEIVED, **other).match != match_of(entry())


@pytest.mark.parametrize("other", OTHERS, ids=[next(iter(one)) for one in OTHERS])
def test_a_batch_of_which_anything_was_changed_has_another_digest(other: dict[str, Any]) -> None:
    whole = [RECEIVED, replace(RECEIVED, viewer="U-9")]
    changed = [replace(RECEIVED, **other), whole[1]]
    assert len({digest_of(whole), digest_of(changed), digest_of(whole[::-1]), digest_of([])}) == 4


def test_what_is_written_down_is_read_again() -> None:
    assert Received.read(json.loads(json.dumps(RECEIVED.said()))) == RECEIVED


@pytest.mark.parametrize(
    "said",
    [
        None,
        [],
        {},
        {**RECEIVED.said(), "content": "more"},
        {**RECEIVED.said(), "version": "3"},
        {**RECEIVED.said(), "version": True},
        {**RECEIVED.said(), "version": -1},
        {**RECEIVED.said(), "version": 2**60},
        {**RECEIVED.said(), "viewer": 7},
        {**RECEIVED.said(), "record": "S" * 65},
        {**RECEIVED.said(), "at": "yesterday"},
    ],
)
def test_what_is_no_receipt_is_refused_and_not_repeated(said: object) -> None:
    with pytest.raises(ValueError, match=r"receipt|version|text|moment") as refused:
        Received.read(said)
    assert "yesterday" not in str(refused.value)
    assert "SSS" not in str(refused.value)
