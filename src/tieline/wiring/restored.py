"""A node that was restored from a backup does nothing for anybody before it was reconciled."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from tieline.core.errors import TielineError
from tieline.files.whole_file import whole_file

__all__ = ["MARK", "NotReconciled", "Restored", "mark_restored", "refuse_unreconciled", "restored"]

MARK: Final = "restored.json"
"""Stands in the folder of a node from its restoring until it is reconciled."""


class NotReconciled(TielineError):
    """A node was restored, and nobody has looked yet at what is missing."""

    exit_code = 3


@dataclass(frozen=True, slots=True)
class Restored:
    """From which backup, and as of when."""

    digest: str
    at: datetime
    ledgers: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    """Size and root of each that was restored."""


def mark_restored(folder: Path, said: Restored) -> None:
    """Until it is reconciled."""
    told = {
        "backup": said.digest,
        "at": said.at.astimezone(UTC).isoformat(),
        "ledgers": {name: list(head) for name, head in said.ledgers.items()},
    }
    with whole_file(folder / MARK) as out:
        out.write(json.dumps(told).encode() + b"\n")


def restored(folder: Path) -> Restored | None:
    """From what the node was restored; None where it may serve.

    A mark that says nothing is one all the same.
    """
    try:
        said = json.loads((folder / MARK).read_text(encoding="utf-8"))
        return Restored(
            str(said["backup"]),
            datetime.fromisoformat(said["at"]),
            {name: (int(size), str(root)) for name, (size, root) in said["ledgers"].items()},
        )
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Restored("", datetime.min.replace(tzinfo=UTC))


def refuse_unreconciled(folder: Path) -> None:
    """Raise `NotReconciled` where a node was restored and is not reconciled."""
    found = restored(folder)
    if found is not None:
        raise NotReconciled(
            f"{folder} was restored as it was at {found.at:%Y-%m-%d %H:%M} UTC, and is not "
            "reconciled: what came later is missing here, and others may have it",
            cure="see what is missing, and bring the exchange in line: "
            f"tieline sync repair --config {folder}",
        )
