"""The signing keys of a node's ledgers: a folder for each keeper, so that no two parties' keys lie
together even where one machine holds them all.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, Literal, TypeVar

from tieline.core.errors import TielineError
from tieline.core.ledger.keyring import KeyTerm, keys_text, terms_in
from tieline.core.ledger.signing import SEED_BYTES, LogKey, WitnessKey
from tieline.core.ledger.verify import Keys, read_keys
from tieline.core.ledger.witness import moment
from tieline.settings import node
from tieline.wiring.folder import write_private

__all__ = ["KEYS", "WITNESSES", "KeyFolder", "KeyNotThere", "Use", "key_folder", "keys_for"]

WITNESSES: Final[Mapping[str, Sequence[str]]] = {
    "patrol": ("investigations",),
    "investigations": ("patrol",),
    "partner": ("patrol", "investigations"),
    "exchange": ("patrol", "investigations"),
    "accounts": ("patrol", "investigations"),
}
"""Who cosigns a ledger's heads: never its own keeper, and of what is common both sides."""
KEYS: Final = "keys"
"""In the node's folder."""
_RING: Final = "keys.json"
Use = Literal["log", "witness"]
Key = TypeVar("Key", LogKey, WitnessKey)


class KeyNotThere(TielineError):
    """A key that is needed is not in its folder, or cannot be read."""


@dataclass(frozen=True, slots=True)
class KeyFolder:
    """One keeper's keys: private ones a file each, mode 0600, and a list of the public ones."""

    folder: Path
    origin: str
    """By which the keeper's log is named in its checkpoints."""

    def terms(self) -> tuple[KeyTerm, ...]:
        """All public keys, also those that have ended; none before the first was made."""
        try:
            return terms_in((self.folder / _RING).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return ()
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise KeyNotThere(
                f"{self.folder / _RING} cannot be read: {type(error).__name__}",
                cure="put back the folder keys of the node from its backup",
            ) from None

    def log_key(self, at: datetime) -> LogKey:
        """The key by which checkpoints are signed at this moment; made where there is none yet."""
        return self._key(LogKey, "log", at)

    def witness_key(self, at: datetime) -> WitnessKey:
        """The key by which others' checkpoints are cosigned; made where there is none yet."""
        return self._key(WitnessKey, "witness", at)

    def rotate(self, use: Use, *, at: datetime) -> KeyTerm:
        """A new key from the next second on; the old one ends then, and what it signed stands."""
        start = moment(at + timedelta(seconds=1) if self._of(use) else at)
        return self._renew(use, [one for one in self._of(use) if one.in_force(moment(at))], start)

    def revoke(self, key_id: str, *, at: datetime) -> tuple[KeyTerm, KeyTerm | None]:
        """End a key, whose later signatures count for nothing; gives it, and its successor.

        A key that had ended stays ended when it did. Raises `KeyNotThere`.
        """
        now = moment(at)
        for use in ("log", "witness"):
            for term in self._of(use):
                if term.key_id == key_id:
                    was_in_force = term.in_force(now)
                    self._write([term.ended(now, revoked=True)])
                    (self.folder / f"{use}-{key_id}.key").unlink(missing_ok=True)
                    return term, self._renew(use, [], now) if was_in_force else None
        raise KeyNotThere(f"there is no key {key_id}", cure="tieline keys list")

    def _renew(self, use: Use, ending: Sequence[KeyTerm], start: str) -> KeyTerm:
        seed = secrets.token_bytes(SEED_BYTES)
        made = _of_seed(use, self._name(use), seed)
        term = KeyTerm(made.public, since=start)
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        # The private key first: a public one without it would be in force, and sign nothing.
        write_private(self.folder / f"{use}-{term.key_id}.key", seed.hex() + "\n")
        self._write([*(one.ended(start, revoked=False) for one in ending), term])
        return term

    def _key(self, kind: type[Key], use: Use, at: datetime) -> Key:
        now = moment(at)
        current = [one for one in self._of(use) if one.in_force(now)]
        term = current[-1] if current else self._renew(use, [], now)
        path = self.folder / f"{use}-{term.key_id}.key"
        try:
            seed = bytes.fromhex(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise KeyNotThere(
                f"the key in {path} cannot be read: {type(error).__name__}",
                cure=f"put it back from a backup, or: tieline keys revoke {term.key_id}",
            ) from None
        return kind.of_seed(self._name(use), seed)

    def _of(self, use: Use) -> list[KeyTerm]:
        return [term for term in self.terms() if term.name == self._name(use)]

    def _name(self, use: Use) -> str:
        return self.origin if use == "log" else f"{self.origin}/witness"

    def _write(self, changed: Sequence[KeyTerm]) -> None:
        terms = {one.key: one for one in (*self.terms(), *changed)}
        write_private(self.folder / _RING, keys_text(terms.values()))


def _of_seed(use: Use, name: str, seed: bytes) -> LogKey | WitnessKey:
    return LogKey.of_seed(name, seed) if use == "log" else WitnessKey.of_seed(name, seed)


def key_folder(system: str) -> KeyFolder:
    """The keys of the keeper of a ledger of this node."""
    here = node()
    return KeyFolder(here.folder / KEYS / system, f"tieline/{here.name}/{system}")


def terms_for(system: str) -> tuple[KeyTerm, ...]:
    """The public keys by which a ledger's checkpoints are verified: its own and its witnesses'."""
    own = key_folder(system)
    witnesses = (key_folder(name) for name in WITNESSES[system])
    return (
        *(term for term in own.terms() if term.name == own.origin),
        *(one for keys in witnesses for one in keys.terms() if one.name != keys.origin),
    )


def keys_for(system: str) -> Keys:
    """The same, as the verification reads them."""
    return read_keys(keys_text(terms_for(system)))
