"""What an auditor takes away proves itself, and is itself in the ledger."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, connections, transaction
from tests.people import AGENT, AT, AUDITOR, LOOSE

from tieline.core.agreement.viewer import Role, Viewer
from tieline.core.ledger.events import Event
from tieline.exchange.directory.models import Agency
from tieline.keeping.ledger import Ledger, line
from tieline.keeping.rows import LedgerCheckpoint, LedgerRow, LedgerSide
from tieline.wiring import extract as extracting
from tieline.wiring.extract import Extract, Form, LedgersAway, TooMuch, extract
from tieline.wiring.ledgers import LEDGERS
from tieline.wiring.looks import Asked

pytestmark = pytest.mark.database

OURS = replace(AUDITOR, number="U-501", assignment="AS-501", agency="patrol", unit="TCA")
ROOT = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="
NOTE = f"tieline/one/patrol\n7\n{ROOT}\n\n— tieline/one/patrol AAAAAAAA\n"


def searched(*names: str, viewer: Viewer = AGENT) -> None:
    with transaction.atomic(using="patrol"):
        LEDGERS["patrol"].append(
            [
                line(
                    Event.SEARCH_ANSWERED,
                    at=AT,
                    viewer=viewer,
                    purpose=LOOSE,
                    side={"query": {"names": [name]}},
                )
                for name in names
            ]
        )


def taken(form: Form, who: Viewer = OURS, **asked: Any) -> Extract:
    return extract(Asked(**asked), who, form=form, zone=ZoneInfo("UTC"), at=AT)


def parts(made: Extract) -> tuple[bytes, dict[str, Any]]:
    """All that the digest is over, and the end."""
    rows, _, last = made.data.rstrip(b"\n").rpartition(b"\n")
    end = json.loads(last.removeprefix(b"# "))["end"]
    return (rows + b"\n" if rows else b""), end


@pytest.mark.parametrize("form", Form)
def test_the_digest_is_over_all_that_stands_before_the_end(form: Form) -> None:
    searched("María López", "=HYPERLINK(1)")
    made = taken(form)
    rows, end = parts(made)
    assert end["sha256"] == made.digest == hashlib.sha256(rows).hexdigest()
    assert end["rows"] == made.count == 2
    assert end["by"] == "U-501 AS-501"


def test_rows_say_what_the_page_says_and_run_in_no_spreadsheet() -> None:
    searched("=HYPERLINK(1)")
    rows, _ = parts(taken(Form.CSV))
    (one,) = csv.DictReader(io.StringIO(rows.decode()))
    assert (one["event"], one["viewer"]) == ("record:search:answered", "U-100")
    assert "HYPERLINK" in one["searched"]
    assert not any(value.startswith(("=", "+", "-", "@")) for value in one.values())
    (line_of,) = parts(taken(Form.JSON, event=Event.SEARCH_ANSWERED.value))[0].splitlines()
    assert json.loads(line_of)["searched"]["query"] == {"names": ["=HYPERLINK(1)"]}


def test_that_it_was_taken_is_an_entry_with_the_digest() -> None:
    searched("María López")
    made = taken(Form.CSV, viewer="U-100")
    row = LedgerRow.objects.using("default").get(event=Event.LEDGER_EXPORTED.value)
    assert (row.viewer, json.loads(row.data)["count"]) == ("U-501", 1)
    side = LedgerSide.objects.using("default").get(sequence=row.sequence).payload
    assert (side["digest"], side["query"]) == (made.digest, {"viewer": "U-100"})


def test_it_holds_no_more_than_the_page() -> None:
    other = replace(AGENT, number="U-900", agency="county", unit="JAIL")
    searched("Somebody Else", viewer=other)
    for form in Form:
        made = taken(form, system="patrol")
        assert made.count == 0
        assert b"Somebody" not in made.data


def test_the_heads_that_were_witnessed_stand_in_it_and_for_an_auditor_without_their_size() -> None:
    LedgerCheckpoint.objects.using("patrol").create(size=7, note=NOTE, at=AT, witnessed=True)
    heads = parts(taken(Form.JSON))[1]["checkpoints"]
    assert heads == {"patrol": "tieline/one/patrol " + "0ac5186a91863e8e1d90c808014aa89bf5da8e3e"
                               "e1d9f07630f0378f68f1ab62"}  # fmt: skip
    of_department = replace(OURS, agency="dhs-audit", role=Role.DEPARTMENT_AUDITOR)
    assert parts(taken(Form.JSON, of_department))[1]["checkpoints"] == heads
    inspector = replace(OURS, agency="oig", role=Role.INSPECTOR)
    assert parts(taken(Form.JSON, inspector))[1]["checkpoints"] == {"patrol": NOTE}


def test_of_a_department_s_auditor_it_holds_its_agencies_and_no_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    him = replace(OURS, agency="dhs-audit", role=Role.DEPARTMENT_AUDITOR)
    for code, department in (("patrol", "DHS"), ("county", "COUNTY")):
        Agency.objects.create(code=code, name=code, department=department)
    searched("María López")
    searched("Somebody Else", viewer=replace(AGENT, number="U-900", agency="county"))
    for form in Form:
        made = taken(form, him, system="patrol")
        assert made.count == 1
        assert b"Somebody" not in made.data

    def refuse(*asked: Any) -> Any:
        raise DatabaseError("away")

    # His own agency's part would pass for the department.
    with connections["exchange"].execute_wrapper(refuse), pytest.raises(LedgersAway) as refused:
        taken(Form.CSV, him, system="patrol")
    assert "exchange" in refused.value.what


def test_more_than_one_holds_is_refused_and_nothing_is_noted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(extracting, "MOST", 2)
    searched("A B", "C D", "E F")
    with pytest.raises(TooMuch):
        taken(Form.CSV)
    assert not LedgerRow.objects.using("default").exists()


def test_without_a_ledger_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    real = Ledger.size

    def size(self: Ledger) -> int:
        if self.system == "patrol":
            raise DatabaseError("away")
        return real(self)

    monkeypatch.setattr(Ledger, "size", size)
    with pytest.raises(LedgersAway) as refused:
        taken(Form.CSV)
    assert "patrol" in refused.value.what
