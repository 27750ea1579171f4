"""A keeper enforces the text that it adopted itself, and without one tells nothing."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import Error, connections, transaction
from django.test.utils import CaptureQueriesContext
from tests.ledgers import fill_the_disk, had_first, rows_of
from tests.people import AT, INVESTIGATIONS, PATROL, signed_agreement
from tests.signing import key_of, signed_by_all

from tieline.core.agreement.clauses import Agreement, AgreementRefused
from tieline.core.agreement.document import read_agreement, written
from tieline.core.agreement.signing import sign
from tieline.core.ledger.entries import Entry
from tieline.core.ledger.events import Event
from tieline.keeping.agreements import AdoptedAgreement, NoAgreement, adopt, in_force
from tieline.keeping.databases import ACCOUNTS, KEEPERS
from tieline.reference.agreement import model_agreement

pytestmark = pytest.mark.database


@pytest.mark.parametrize("database", KEEPERS)
def test_what_was_adopted_decides_there_alone(database: str) -> None:
    text = signed_agreement()
    adopt(text, database=database, at=AT)
    assert in_force(database).digest == text.digest
    assert in_force(database).is_signed
    for other in set(KEEPERS) - {database}:
        with pytest.raises(NoAgreement):
            in_force(other)


def test_what_is_not_signed_by_all_is_refused() -> None:
    text = model_agreement(parties=(PATROL, INVESTIGATIONS))
    key = key_of("patrol", "U-1")
    half = sign(text, agency="patrol", by="U-1", at=AT, key=key)
    said = text
    for party in text.parties:
        said = said.signed(agency=party.agency, by="U-1", at=AT)
    by_another = sign(half, agency="investigations", by="U-1", at=AT, key=key)
    by_nobody = sign(half, agency="investigations", by="U-9", at=AT, key=key)
    for unsigned in (text, half, said, by_another, by_nobody):
        with pytest.raises(NoAgreement) as refused:
            adopt(unsigned, database="patrol", at=AT)
        assert refused.value.cure
    assert not AdoptedAgreement.objects.using("patrol").exists()


def test_a_text_that_was_changed_under_its_signatures_is_refused() -> None:
    text = signed_agreement()
    changed = replace(text, in_force_until=text.in_force_until + timedelta(days=365))
    with pytest.raises(NoAgreement) as refused:
        adopt(changed, database="patrol", at=AT)
    assert "another text" in refused.value.what


@pytest.mark.parametrize("how", ["the text", "a signature", "whose it is", "the digest under it"])
def test_what_somebody_writes_into_the_database_is_not_enforced(
    adopted: Agreement, how: str
) -> None:
    """Whoever can write there lacks the keys of the parties."""
    document = json.loads(written(adopted))
    forged = document | {"in_force_until": "2099-01-01T00:00:00+00:00"}
    if how == "a signature":
        forged = document
        forged["signatures"][0]["proof"] = forged["signatures"][1]["proof"]
    elif how == "whose it is":
        forged = document
        forged["signatures"][0]["by"] = "U-2"
    elif how == "the digest under it":
        digest = read_agreement(json.dumps(forged)).digest
        forged["signatures"] = [one | {"digest": digest} for one in forged["signatures"]]
    rows = AdoptedAgreement.objects.using("patrol")
    assert rows.update(text=json.dumps(forged)) == 1
    with pytest.raises(NoAgreement) as refused:
        in_force("patrol")
    assert "signature" in refused.value.what
    assert in_force("investigations").digest == adopted.digest


def test_a_key_that_is_taken_away_counts_no_more_from_the_next_request_on(
    adopted: Agreement, node_folder: Path
) -> None:
    file = node_folder / "signers.json"
    known = file.read_text()
    assert in_force("patrol").digest == adopted.digest
    try:
        kept = [one for one in json.loads(known) if one["agency"] != "investigations"]
        for fewer in (json.dumps(kept), "[]", "no list", '[{"agency": []}]'):
            file.write_text(fewer)
            with pytest.raises(NoAgreement):
                in_force("patrol")
        file.unlink()
        with pytest.raises(NoAgreement) as refused:
            in_force("patrol")
        assert "trust" in refused.value.cure
    finally:
        file.write_text(known)
    assert in_force("patrol").digest == adopted.digest


def test_a_text_that_fails_its_checks_is_refused() -> None:
    text = replace(signed_agreement(), policies="permit (principal, action, resource);")
    with pytest.raises(AgreementRefused):
        adopt(text, database="patrol", at=AT)
    assert not AdoptedAgreement.objects.using("patrol").exists()


def test_a_new_version_works_at_once(adopted: Agreement) -> None:
    assert in_force("patrol").digest == adopted.digest
    newer = replace(model_agreement(parties=(PATROL, INVESTIGATIONS)), version=2)
    newer = signed_by_all(newer, at=AT, by="U-2")
    adopt(newer, database="patrol", at=AT + timedelta(days=1))
    assert in_force("patrol").version == 2
    assert in_force("investigations").version == 1
    assert AdoptedAgreement.objects.using("patrol").count() == 2


def test_each_request_asks_anew(adopted: Agreement) -> None:
    in_force("patrol")
    with CaptureQueriesContext(connections["patrol"]) as asked:
        in_force("patrol")
    assert len(asked) == 1


def test_that_a_text_came_into_force_is_in_the_ledger_of_each_system() -> None:
    text = signed_agreement()
    newer = signed_by_all(replace(text, version=2), at=AT, by="U-2")
    for database in KEEPERS:
        adopt(text, database=database, at=AT)
        adopt(newer, database=database, at=AT + timedelta(days=1))
        entries = [Entry.from_bytes(row.data.encode()) for row in rows_of(database)]
        assert [(one.event, one.agreement, one.at) for one in entries] == [
            (Event.AGREEMENT_ADOPTED, text.digest, AT),
            (Event.AGREEMENT_ADOPTED, newer.digest, AT + timedelta(days=1)),
        ]
        assert {one.system for one in entries} == {"accounts" if database == ACCOUNTS else database}


def test_a_text_comes_into_force_with_its_entry_or_not_at_all() -> None:
    fill_the_disk("patrol")
    with pytest.raises(Error), transaction.atomic(using="patrol"):
        adopt(signed_agreement(), database="patrol", at=AT)
    with pytest.raises(NoAgreement):
        in_force("patrol")


def test_the_entry_stands_before_whatever_is_told_by_the_new_text(
    adopted: Agreement, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody has the ledger first and is told by the old text: his entry comes first too."""
    newer = signed_by_all(replace(adopted, version=2), at=AT, by="U-2")
    told: list[str] = []

    def somebody_is_told() -> None:
        told.append(in_force("patrol").digest)

    had_first(monkeypatch, somebody_is_told)
    adopt(newer, database="patrol", at=AT + timedelta(days=1))
    assert told == [adopted.digest]
    assert in_force("patrol").digest == newer.digest
