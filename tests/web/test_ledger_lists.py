"""The auditor may leave out of the page what lists of own work wrote; of the ledger nothing."""

from __future__ import annotations

import re

import pytest
from tests.ledgers import rows_of
from tests.web.cast import CAST, sign_in
from tests.web.scene import Scene

from tieline.core.ledger.events import Event
from tieline.keeping.databases import KEEPERS
from tieline.web.audit.happened import HAPPENED

pytestmark = pytest.mark.database


def told(query: dict[str, str]) -> str:
    answer = sign_in(CAST["auditor"], None).get("/ledger/", query)
    assert answer.status_code == 200
    return re.sub(r"<select.*?</select>", "", answer.content.decode(), flags=re.DOTALL)


def test_lists_of_own_work_are_left_out_where_that_is_asked(scene: Scene) -> None:
    worker = CAST["investigator"]
    client = sign_in(worker, None)
    client.get("/")
    client.get("/notices/")
    client.get(f"/records/investigations/{scene.numbers['person']}/")
    sign_in(worker).get("/search/", {"q": "garcia 1990"})
    of_him = {"viewer": worker.number}
    whole, short = told(of_him), told({**of_him, "lists": "hide"})
    assert str(HAPPENED[Event.NOTICE_READ]) in whole
    assert "list: my cases" in whole
    assert str(HAPPENED[Event.NOTICE_READ]) not in short
    assert "list: my cases" not in short
    assert str(HAPPENED[Event.RECORD_READ]) in short, "a record that he opened"
    assert "garcia" in short.lower(), "a search"
    assert "In the ledger itself all stays." in short


def test_nothing_is_left_out_unasked_nor_of_the_ledger(scene: Scene) -> None:
    sign_in(CAST["investigator"], None).get("/notices/")
    before = {one: rows_of(one).count() for one in KEEPERS}
    assert str(HAPPENED[Event.NOTICE_READ]) in told({"lists": "anything else"})
    told({"lists": "hide"})
    after = {one: rows_of(one).count() for one in KEEPERS}
    assert all(after[one] >= before[one] for one in KEEPERS)
