"""What an auditor takes away of the ledgers: the rows of a search, with a digest over them and the
heads that were witnessed then, so that a court can ask whether it was changed.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from zoneinfo import ZoneInfo

from tieline.core.agreement.viewer import Viewer
from tieline.core.errors import TielineError
from tieline.core.ledger import canonical
from tieline.core.ledger.canonical import Json
from tieline.core.ledger.events import Event
from tieline.core.ledger.verify import read_checkpoint
from tieline.exchange.oversight.examining import Examined, examined_by
from tieline.keeping.checkpoints import newest
from tieline.wiring.ledgers import LEDGERS
from tieline.wiring.looks import Asked, Look, Period, away, looks, note_audit

__all__ = ["MOST", "Extract", "Form", "LedgersAway", "TooMuch", "digest_of", "extract"]

MOST: Final = 10_000
"""Entries of one extract."""
_COLUMNS: Final = (
    *("at", "event", "viewer", "agency", "unit", "assignment", "role", "purpose", "case", "keeper"),
    *("record", "record_version", "owner", "level", "shown", "withheld", "clauses", "agreement"),
)


class Form(StrEnum):
    """How it is written; both end with lines that are no rows."""

    CSV = "csv"
    JSON = "json"


class TooMuch(TielineError):
    """More entries were asked for than one extract holds."""

    def __init__(self) -> None:
        super().__init__(
            f"these are more than {MOST:,} entries",
            cure="Ask for less: one day, one person, one record or one kind of event.",
        )


class LedgersAway(TielineError):
    """What was asked for lies in a ledger that does not answer; a part of it would pass for all."""

    exit_code = 4

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(
            f"these ledgers do not answer: {', '.join(names)}",
            cure="Try again when they do, or ask for one ledger that answers.",
        )


@dataclass(frozen=True, slots=True)
class Extract:
    """A file, the digest over all of it that stands before the end, and how many rows it has."""

    data: bytes = field(repr=False)
    digest: str
    count: int


def extract(asked: Asked, auditor: Viewer, *, form: Form, zone: ZoneInfo, at: datetime) -> Extract:
    """All entries of a search that this auditor may see, newest first. That they were taken away
    is an entry itself, with the digest; it is written before anything is given.

    Raises `TooMuch` or `LedgersAway`.
    """
    examined = examined_by(auditor)
    missing = away(asked, examined)
    if missing:
        raise LedgersAway(missing)
    found = looks(asked, auditor, zone=zone, limit=MOST + 1, after=None, examined=examined)
    if len(found) > MOST:
        raise TooMuch
    rows = _csv(found) if form is Form.CSV else b"".join(_line(one) + b"\n" for one in found)
    digest = hashlib.sha256(rows).hexdigest()
    end: dict[str, Json] = {
        "at": f"{at:%Y-%m-%dT%H:%M:%SZ}",
        "by": f"{auditor.number} {auditor.assignment}",
        "asked": asked.said,
        "rows": len(found),
        "sha256": digest,
        "checkpoints": dict(_heads(asked, examined)),
    }
    said = canonical.encode({"end": end})
    note_audit(
        asked,
        auditor,
        count=len(found),
        at=at,
        event=Event.LEDGER_EXPORTED,
        side={"digest": digest, "form": form.value},
    )
    tail = b"# " + said if form is Form.CSV else said
    return Extract(rows + tail + b"\n", digest, len(found))


def digest_of(found: Sequence[Look], of: Period | None = None) -> str:
    """What somebody had before him, in one number: of the entries as he was shown them."""
    made = hashlib.sha256()
    if of is not None:
        made.update(f"{of.since.isoformat()} {of.until.isoformat()}\n".encode())
    for one in found:
        made.update(_line(one) + b"\n")
    return made.hexdigest()


def _line(one: Look) -> bytes:
    said: dict[str, Any] = {"ledger": one.system, "handle": one.handle, "entry": dict(one.said)}
    if one.query:
        said["searched"] = dict(one.query)
    return canonical.encode(said)


def _csv(found: Sequence[Look]) -> bytes:
    # Heavy, and needed by few.
    from tieline.files.csv_rows import guarded

    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(("ledger", "handle", *_COLUMNS, "searched"))
    for one in found:
        searched = canonical.encode(dict(one.query)).decode() if one.query else ""
        values = [one.text(name) for name in _COLUMNS]
        writer.writerow(guarded([one.system, one.handle, *values, searched]))
    return text.getvalue().encode()


def _heads(asked: Asked, examined: Examined) -> Iterator[tuple[str, str]]:
    """The last witnessed head of each ledger: origin and root, by which its keeper finds the note.

    Its size would count what is hidden (P26); from an inspector nothing is, and he is shown the
    note whole.
    """
    for name, ledger in LEDGERS.items():
        made = newest(ledger, witnessed=True) if asked.system in ("", name) else None
        if made is None:
            continue
        if examined.is_all:
            yield name, made.note
            continue
        origin, _, root, _ = read_checkpoint(made.note, None)
        yield name, f"{origin} {root.hex()}"
