"""A system that went back to a backup of before a purge purges again before it serves."""

from __future__ import annotations

import random
from datetime import timedelta
from pathlib import Path

import pytest
from tests.keeping.searched import tables_with
from tests.people import SUPERVISOR

from tieline.core.ledger.events import Event
from tieline.keeping.graves import Grave
from tieline.keeping.heads import RecordHead, RecordVersion
from tieline.keeping.rows import LedgerRow
from tieline.systems.patrol.subjects.subject import Subject
from tieline.wiring.ledgers import LEDGERS
from tieline.wiring.reconciling import find_later, missing, reconcile
from tieline.wiring.retaining import finish, purge
from tieline.wiring.systems import doors

from .purged import LOOKED, NAME, NUMBER, aged, written_about

pytestmark = [
    pytest.mark.database,
    pytest.mark.django_db(databases="__all__", transaction=True),
]

LATER = LOOKED + timedelta(days=1)


def purged() -> None:
    purge(NUMBER, author=SUPERVISOR, at=LATER)
    assert finish(SUPERVISOR, at=LATER, rng=random.Random(1)) == []


def test_what_the_other_ledgers_know_to_be_purged_is_purged_again(tmp_path: Path) -> None:
    written_about()
    aged()
    record = Subject.objects.get(number=NUMBER)
    versions = list(RecordVersion.objects.using("patrol").filter(number=NUMBER))
    head = RecordHead.objects.using("patrol").get(number=NUMBER)
    purged()
    for name in ("exchange", "accounts"):
        noted = LedgerRow.objects.using(LEDGERS[name].database).filter(
            record=NUMBER, event=Event.RECORD_PURGED
        )
        assert noted.count() == 1
    assert missing(doors(), find_later(doors())) == {}
    # As the backup has it: the row, its versions, its head, and no grave.
    record.save(using="patrol", force_insert=True)
    RecordVersion.objects.using("patrol").bulk_create(versions)
    head.save(using="patrol")
    Grave.objects.using("patrol").all().delete()
    assert tables_with(NAME)
    later = find_later(doors())
    assert missing(doors(), later)["patrol"].purged == (NUMBER,)
    reconcile(doors(), later, folder=tmp_path, found=None, at=LATER)
    assert tables_with(NAME) == []
    assert Grave.objects.using("patrol").filter(number=NUMBER).exists()
    assert missing(doors(), find_later(doors())) == {}
