"""A keeper enforces the text that it adopted itself, and without one tells nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext
from tests.people import AT, INVESTIGATIONS, PATROL, signed_agreement

from tieline.core.agreement.clauses import Agreement, AgreementRefused
from tieline.keeping.agreements import AdoptedAgreement, NoAgreement, adopt, in_force
from tieline.keeping.databases import KEEPERS
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
    half = text.signed(agency="patrol", by="U-1", at=AT)
    for unsigned in (text, half):
        with pytest.raises(NoAgreement) as refused:
            adopt(unsigned, database="patrol", at=AT)
        assert refused.value.cure
    assert not AdoptedAgreement.objects.using("patrol").exists()


def test_a_text_that_was_changed_under_its_signatures_is_refused() -> None:
    text = signed_agreement()
    changed = replace(text, in_force_until=text.in_force_until + timedelta(days=365))
    with pytest.raises(NoAgreement):
        adopt(changed, database="patrol", at=AT)


def test_a_text_that_fails_its_checks_is_refused() -> None:
    text = replace(signed_agreement(), policies="permit (principal, action, resource);")
    with pytest.raises(AgreementRefused):
        adopt(text, database="patrol", at=AT)
    assert not AdoptedAgreement.objects.using("patrol").exists()


def test_a_new_version_works_at_once(adopted: Agreement) -> None:
    assert in_force("patrol").digest == adopted.digest
    newer = replace(model_agreement(parties=(PATROL, INVESTIGATIONS)), version=2)
    for party in newer.parties:
        newer = newer.signed(agency=party.agency, by="U-2", at=AT)
    adopt(newer, database="patrol", at=AT + timedelta(days=1))
    assert in_force("patrol").version == 2
    assert in_force("investigations").version == 1
    assert AdoptedAgreement.objects.using("patrol").count() == 2


def test_each_request_asks_anew(adopted: Agreement) -> None:
    in_force("patrol")
    with CaptureQueriesContext(connections["patrol"]) as asked:
        in_force("patrol")
    assert len(asked) == 1
