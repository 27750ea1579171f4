"""What a recipient's own system keeps of what it was shown: which record, when, and whose ledger
has to hold the entry; never content.

Receipt and entry are made on two sides, and neither asks the other. They are of one disclosure
where everything that both sides know of it is the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from typing import Any, Self, TypeAlias

from tieline.core.ledger import canonical

__all__ = ["Match", "Received", "digest_of", "match_of"]

Match: TypeAlias = tuple[str, str, int, str, str, str, str]
"""What both sides know: keeper, record, version, level, viewer, agency, moment."""
_MOST_TEXT = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """One record that one viewer was shown, as his side saw it come."""

    ledger: str
    """Whose ledger is to hold the entry."""
    keeper: str
    record: str
    """Blank where the number has no form that a ledger takes: the entry has none either."""
    version: int
    level: str
    viewer: str
    agency: str
    owner: str
    """As the recipient was told; an entry may leave its owner out, and so this is not compared."""
    at: datetime

    @property
    def match(self) -> Match:
        """By which its entry is found."""
        return (
            self.keeper,
            self.record,
            self.version if self.record else 0,
            self.level,
            self.viewer,
            self.agency,
            _moment(self.at),
        )

    def said(self) -> dict[str, Any]:
        """As it is written down; `read` understands it."""
        return {**asdict(self), "at": _moment(self.at)}

    @classmethod
    def read(cls, said: object) -> Self:
        """What `said` wrote; raises ValueError for anything else, and never repeats it."""
        if not isinstance(said, dict) or set(said) != {one.name for one in fields(cls)}:
            raise ValueError("this is no receipt")
        version = said["version"]
        texts = [value for name, value in said.items() if name != "version"]
        if type(version) is not int or not 0 <= version <= canonical.MOST_INTEGER:
            raise ValueError("a version is a whole number")
        if not all(isinstance(one, str) and len(one) <= _MOST_TEXT for one in texts):
            raise ValueError("a text is missing or too long")
        try:
            at = datetime.strptime(said["at"], "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)
        except ValueError:
            raise ValueError("this is no moment") from None
        return cls(**{**said, "at": at})


def match_of(entry: Mapping[str, Any]) -> Match:
    """The same of an entry, as it was parsed."""
    return (
        entry.get("keeper", ""),
        entry.get("record", ""),
        entry.get("record_version", 0),
        entry.get("level", ""),
        entry.get("viewer", ""),
        entry.get("agency", ""),
        entry["at"],
    )


def digest_of(receipts: Iterable[Received]) -> str:
    """What the recipient's ledger keeps of a batch: none can be changed, left out or put in."""
    return hashlib.sha256(canonical.encode([one.said() for one in receipts])).hexdigest()


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
