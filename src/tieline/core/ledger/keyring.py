"""The public keys of a log and of its witnesses, each with its time; what a verifier trusts."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

__all__ = ["KEYS_FORMAT", "KeyTerm", "keys_text", "terms_in"]

KEYS_FORMAT: Final = "tieline-ledger-keys/1"


@dataclass(frozen=True, slots=True)
class KeyTerm:
    """A public key, and from when until when it signs; moments in UTC, whole seconds."""

    key: str
    since: str
    until: str | None = None
    revoked: bool = False

    @property
    def name(self) -> str:
        """Whose key it is: the log's origin, or the witness's name."""
        return self.key.split("+")[0]

    @property
    def key_id(self) -> str:
        """Eight signs of hex, by which a signature names it."""
        return self.key.split("+")[1]

    def in_force(self, now: str) -> bool:
        """Whether what it signs now is trusted."""
        return self.since <= now and (self.until is None or now < self.until)

    def ended(self, now: str, *, revoked: bool) -> KeyTerm:
        """The key with its end; one that ended before can still be revoked, from then on."""
        end = now if self.until is None or now < self.until else self.until
        return replace(self, until=end, revoked=revoked or self.revoked)


def keys_text(terms: Iterable[KeyTerm]) -> str:
    """As `tieline ledger verify --keys` and `verify.py` read them."""
    rows = []
    for term in terms:
        row: dict[str, object] = {"key": term.key, "since": term.since}
        if term.until is not None:
            row["until"] = term.until
        if term.revoked:
            row["revoked"] = True
        rows.append(row)
    return json.dumps({"format": KEYS_FORMAT, "keys": rows}, indent=1) + "\n"


def terms_in(text: str) -> tuple[KeyTerm, ...]:
    """What `keys_text` wrote; a ValueError, KeyError or TypeError for the rest."""
    return tuple(KeyTerm(**row) for row in json.loads(text)["keys"])
