"""A purge that is killed at any step goes on; nobody is ever told half a record."""

from __future__ import annotations

import signal
import subprocess
from typing import Any, Final

import pytest
from django.db import connections, transaction
from tests.keeping.searched import tables_with
from tests.people import AGENT

from tieline.core.agreement.disclose import NOTHING
from tieline.core.ledger.events import Event
from tieline.core.ledger.judging import examine as verify
from tieline.exchange.index.sync import check
from tieline.keeping.databases import EXCHANGE
from tieline.keeping.graves import Grave
from tieline.keeping.heads import RecordKey, RecordVersion
from tieline.keeping.rows import LedgerRow
from tieline.systems.patrol.subjects.subject import Subject
from tieline.wiring.ledgers import LEDGERS
from tieline.wiring.systems import doors

from .carried import asked
from .purged import LOOKED, MARKS, NUMBER, REASON, aged, look, written_about

pytestmark = [
    pytest.mark.database,
    pytest.mark.django_db(databases="__all__", transaction=True),
]

_RETAINING: Final = "tieline.wiring.retaining"
STEPS: Final[dict[str, tuple[str, str]]] = {
    "before it is purged": ("before", "tieline.keeping.keeper:Keeper.purge"),
    "as its rows go": ("after", "tieline.keeping.keeper:Keeper._buried"),
    "as its side rows go": ("after", "tieline.keeping.keeper:erase_about"),
    "purged": ("after", f"{_RETAINING}:purge"),
    "as the exchange takes the tombstone": ("after", "tieline.exchange.index.take:_empty"),
    "taken": ("after", f"{_RETAINING}:relay_once"),
    "whoever saw it told": ("after", f"{_RETAINING}:send_corrections"),
    "as the exchange forgets": ("after", "tieline.exchange.index.forgetting:_forget_words"),
    "forgotten": ("after", f"{_RETAINING}:forget"),
    "told to the other ledgers": ("after", f"{_RETAINING}:note_elsewhere"),
    "one database written anew": ("after", f"{_RETAINING}:overwrite_deleted"),
    "before it is closed": ("before", f"{_RETAINING}:_close"),
    "closed": ("after", f"{_RETAINING}:_close"),
}
"""Every place between two things that are done, and in each transaction the last moment of it."""
DAY: Final = 8


def purge(carrying: subprocess.Popen[str], **how: Any) -> int:
    # Whoever forks has nothing open: a connection of before would be two processes'.
    connections.close_all()
    code, _ = asked(carrying, {"act": "purge", "day": DAY, **how})
    # A server may be about to finish what it was last told: that holds the lock.
    for database in ("patrol", EXCHANGE):
        with transaction.atomic(using=database):
            LEDGERS[database].hold()
    return code


def is_whole_or_gone() -> bool:
    """The record with all that belongs to it, or nothing of it at all."""
    there = Subject.objects.filter(number=NUMBER).exists()
    versions = RecordVersion.objects.using("patrol").filter(number=NUMBER).exists()
    keys = RecordKey.objects.using("patrol").filter(number=NUMBER).exists()
    graves = Grave.objects.using("patrol").filter(number=NUMBER).exists()
    told = look(AGENT) != NOTHING
    return (there, versions, keys, told, graves) in (
        (True, True, True, True, False),
        (False, False, False, False, True),
    )


@pytest.mark.parametrize("step", STEPS)
def test_killed_at_a_step_it_goes_on(step: str, carrying: subprocess.Popen[str]) -> None:
    written_about()
    aged()
    when, at = STEPS[step]
    assert purge(carrying, at=at, when=when, nth=1) == -signal.SIGKILL
    assert is_whole_or_gone()
    assert purge(carrying) == 0
    assert [tables_with(one) for one in MARKS] == [[], [], []]
    assert tables_with(REASON) == ["patrol.ledger_side"]
    grave = Grave.objects.using("patrol").get()
    assert grave.finished_at is not None
    assert grave.accounted_until is not None
    assert grave.accounted_until.year == LOOKED.year + 5
    rows = LedgerRow.objects.using("patrol").filter(record=NUMBER, event=Event.RECORD_PURGED)
    assert rows.count() == 1
    assert all(one.equal for one in check(doors(), at=LOOKED))
    assert verify(LEDGERS["exchange"].exported()).sound
