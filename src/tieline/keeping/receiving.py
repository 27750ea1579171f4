"""The journal of what people of an agency were shown: lines in a file of their own system's, so
that a disclosure costs no second transaction.

A line says what is about to be shown, before the transaction of the look is committed; a second
one, that it was. Whoever is killed in between leaves the first alone, and either there is an entry
or there is none: both are told apart from what only one side has.
"""

from __future__ import annotations

import json
import logging
import os
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

from django.db import transaction

from tieline.core.agreement.disclose import NOTHING, Disclosure
from tieline.core.agreement.viewer import Viewer
from tieline.core.ledger.receipts import Received
from tieline.keeping.ledger import Ledger, loggable_number
from tieline.settings import node

__all__ = ["COMMON", "OWN_HOMES", "Journaled", "home_of", "journal_folder", "journaled", "receive"]

log = logging.getLogger(__name__)

OWN_HOMES: Final = ("patrol", "investigations")
"""Agencies with a system of their own, by their codes, which are those of the systems."""
COMMON: Final = "partner"
"""Where the receipts of all others lie."""


def home_of(agency: str) -> str:
    """The system in which an agency keeps its receipts."""
    return agency if agency in OWN_HOMES else COMMON


def journal_folder(home: str) -> Path:
    """Where a system's journals lie, one for each day."""
    return node().folder / "receipts" / home


def receive(
    ledger: Ledger, told: Iterable[tuple[str, Disclosure]], *, viewer: Viewer, at: datetime
) -> None:
    """Note what this viewer is shown of other agencies' records, each with its keeper; to be called
    in the transaction that writes their entries into this ledger.

    Where nothing is shown nothing is noted, so the notes tell no more than the viewer saw.
    """
    rows = [
        Received(
            ledger=ledger.system,
            keeper=keeper,
            record=one.number if loggable_number(one.number) else "",
            version=one.version if loggable_number(one.number) else 0,
            level=one.level.value,
            viewer=viewer.number,
            agency=viewer.agency,
            owner=one.owner_agency,
            at=at,
        ).said()
        for keeper, one in told
        if one != NOTHING and one.owner_agency != viewer.agency
    ]
    if not rows:
        return
    home, ask = home_of(viewer.agency), secrets.token_hex(16)
    _write(home, at, {"ask": ask, "rows": rows})
    transaction.on_commit(partial(_write, home, at, {"ask": ask}), using=ledger.database)


@dataclass(frozen=True, slots=True)
class Journaled:
    """One line: what was about to be shown, or, without rows, that it was."""

    ask: str
    rows: tuple[Received, ...]


def journaled(data: bytes) -> Iterator[Journaled | None]:
    """The lines; None for one that cannot be read, because whoever wrote it was cut off."""
    for line in data.split(b"\n"):
        if line:
            yield _read(line)


def _read(line: bytes) -> Journaled | None:
    try:
        said = json.loads(line)
        ask, rows = said["ask"], said.get("rows", [])
        if not isinstance(ask, str) or len(ask) != 32 or not isinstance(rows, list):
            return None
        return Journaled(ask, tuple(map(Received.read, rows)))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def _write(home: str, at: datetime, said: Mapping[str, Any]) -> None:
    folder = journal_folder(home)
    # Begun anew each time: half a line of somebody who was killed spoils no other.
    data = b"\n" + json.dumps(said, separators=(",", ":")).encode() + b"\n"
    try:
        _append(folder / f"{at:%Y-%m-%d}.lines", data)
    except OSError as error:
        # The entry is there, and that it has no receipt is found; the look itself goes on.
        log.critical("no receipt in the journal of %s: %s", home, type(error).__name__)


def _append(path: Path, data: bytes) -> None:
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
    try:
        handle = os.open(path, flags, 0o600)
    except FileNotFoundError:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(path, flags, 0o600)
    try:
        # One call: beside others that write, each line stays whole.
        os.write(handle, data)
    finally:
        os.close(handle)
