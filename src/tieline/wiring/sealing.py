"""Numbers what was staged in the node's ledgers, signs their heads, and has each cosigned by its
witnesses, again and again.

No signature leaves an entry: it would make the next head, and that another entry, without end.
"""

from __future__ import annotations

import logging
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Final

from django.db import Error, close_old_connections

from tieline.core.errors import TielineError
from tieline.core.ledger.keyring import keys_text
from tieline.core.ledger.verify import read_keys
from tieline.core.ledger.witness import WitnessRefused
from tieline.keeping.checkpoints import (
    cosign,
    last_seen,
    note_cosigned,
    sign_head,
)
from tieline.keeping.proofs import growth
from tieline.keeping.rows import LedgerCheckpoint
from tieline.wiring.backlogs import behind
from tieline.wiring.both_sides import one_sided
from tieline.wiring.disks import filling
from tieline.wiring.keyfolder import WITNESSES, key_folder
from tieline.wiring.ledgers import LEDGERS
from tieline.wiring.receipts import keep_receipts

__all__ = [
    "LATE",
    "alarm_of_backlogs",
    "alarm_of_disks",
    "alarm_of_receipts",
    "run_seal_part",
    "seal",
    "seal_all",
]

log = logging.getLogger(__name__)

_EVERY: Final = 0.4
"""Seconds between two rounds, so that an entry waits less than one for its checkpoint."""
LATE: Final = timedelta(minutes=1)
"""How long a head may wait for its witnesses until somebody is called."""


def run_seal_part() -> None:
    """Number, sign and witness what was written, until told to stop."""
    told: dict[str, datetime] = {}
    told_of_backlog: dict[str, datetime] = {}
    looked_around = datetime.now(UTC)
    while True:
        close_old_connections()
        at = datetime.now(UTC)
        for system, waits in seal_all(at).items():
            if waits > LATE and at - told.get(system, at - LATE) >= LATE:
                told[system] = at
                log.critical("no witness for the ledger of %s for %s s", system, waits.seconds)
        alarm_of_backlogs(at, told_of_backlog)
        keep_receipts(at)
        if at - looked_around >= LATE:
            looked_around = at
            alarm_of_receipts(at)
            alarm_of_disks()
        time.sleep(_EVERY)


def alarm_of_backlogs(at: datetime, told: dict[str, datetime]) -> None:
    """Call somebody, once a minute, where entries wait too long for their place in the tree."""
    for system, ledger in LEDGERS.items():
        try:
            waits = behind(ledger, at=at)
        except Error:
            # Said by the round already: the ledger cannot be read.
            continue
        if waits is None or waits.oldest is None or at - told.get(system, at - LATE) < LATE:
            continue
        told[system] = at
        seconds = (at - waits.oldest).seconds
        said = "%s entries of %s are not numbered, the oldest for %s s"
        log.critical(said, waits.count, system, seconds)


def alarm_of_receipts(at: datetime) -> None:
    """Call somebody where only one side has a disclosure; `tieline ledger reconcile` says which."""
    found = Counter((one.ledger, one.home, one.why.value) for one in one_sided(at=at).found)
    for (ledger, home, why), count in sorted(found.items()):
        log.critical("%s of %s to %s stand on one side alone: %s", count, ledger, home, why)


def alarm_of_disks() -> None:
    """Call somebody where a database has little room left, long before nothing can be written."""
    for system, ledger in LEDGERS.items():
        try:
            left = filling(ledger.database)
        except Error:
            # Said by the round already: the database cannot be read.
            continue
        if left is not None:
            log.critical("the disk of %s has %s MB left", system, left.free >> 20)


def seal_all(at: datetime) -> dict[str, timedelta]:
    """One round over all ledgers; gives how long heads wait that could not be witnessed.

    A ledger that cannot be read, or a witness that is away, keeps no other ledger waiting.
    """
    waiting = {}
    for system in LEDGERS:
        try:
            made = seal(system, at=at)
        except (Error, TielineError, OSError) as error:
            log.error("the head of %s was not signed: %s", system, type(error).__name__)
            continue
        if made is not None and not made.witnessed:
            waiting[system] = at - made.at
    return waiting


def seal(system: str, *, at: datetime) -> LedgerCheckpoint | None:
    """Number what waits, sign the head and ask its witnesses; gives it, or None where nothing is
    new.

    It stays without cosignatures where one of them refuses or is away.
    """
    ledger, folder = LEDGERS[system], key_folder(system)
    # Whoever has the tree for long, a load say, numbers himself; other ledgers do not wait for him.
    ledger.number_if_free()
    made = sign_head(ledger, folder.log_key(at), at=at)
    if made is None:
        return None
    lines = []
    for name in WITNESSES[system]:
        try:
            lines.append(_cosigned(system, name, made, at))
        except WitnessRefused as refused:
            log.critical("%s does not cosign the ledger of %s: %s", name, system, refused.why.value)
        except (Error, OSError) as error:
            log.error("%s cannot witness %s now: %s", name, system, type(error).__name__)
    if len(lines) == len(WITNESSES[system]):
        note_cosigned(ledger, made, lines)
        made.witnessed = True
    return made


def _cosigned(system: str, name: str, made: LedgerCheckpoint, at: datetime) -> str:
    """A witness's answer; it uses its own database and keys, and of the log what the log shows."""
    folder = key_folder(system)
    own = [term for term in folder.terms() if term.name == folder.origin]
    seen = last_seen(LEDGERS[name].database, folder.origin)
    return cosign(
        LEDGERS[name],
        made.note,
        # Where more was seen than there is, no proof helps, and the witness must refuse.
        growth(LEDGERS[system], old=min(seen.size, made.size), size=made.size),
        of=system,
        keys=read_keys(keys_text(own)),
        key=key_folder(name).witness_key(at),
        origin=folder.origin,
        at=at,
    )
