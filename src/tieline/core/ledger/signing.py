"""Checkpoints: a tree's head as a signed note (C2SP signed-note, tlog-checkpoint).

A log signs with Ed25519 (RFC 8032); a witness adds a cosignature that says when (C2SP
tlog-cosignature). Whether a note is to be trusted, `verify.read_checkpoint` decides.
"""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final, Self

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tieline.core.errors import TielineError
from tieline.core.ledger.tree import HASH_BYTES

__all__ = ["SEED_BYTES", "LogKey", "NotSignable", "WitnessKey", "checkpoint_body", "note_of"]

SEED_BYTES: Final = 32
"""A private key is 32 random bytes, and nothing is made of them but signatures."""
_NAME: Final = re.compile(r"[^\s+\x00-\x1f]+")
_ID_BYTES: Final = 4
_TIME_BYTES: Final = 8


class NotSignable(TielineError):
    """A name, size, root or moment that no checkpoint can have."""


def checkpoint_body(*, origin: str, size: int, root: bytes) -> str:
    """What is signed: whose log it is, how many entries, the root over them (tlog-checkpoint)."""
    if _NAME.fullmatch(origin) is None:
        raise NotSignable("The origin of a log has neither spaces nor a plus sign.")
    if size < 0 or len(root) != HASH_BYTES:
        raise NotSignable("A checkpoint has a size from 0 up and a root of 32 bytes.")
    return f"{origin}\n{size}\n{b64encode(root).decode()}\n"


def note_of(body: str, *lines: str) -> str:
    """The signed note: the body, an empty line, and a line for each signature."""
    return f"{body}\n{''.join(lines)}"


@dataclass(frozen=True, slots=True)
class _Key:
    name: str
    private: Ed25519PrivateKey = field(repr=False)

    @classmethod
    def of_seed(cls, name: str, seed: bytes) -> Self:
        """The key of a seed, which is random, secret and used for this name alone."""
        if _NAME.fullmatch(name) is None or len(seed) != SEED_BYTES:
            raise NotSignable(f"A key has a name without spaces and a seed of {SEED_BYTES} bytes.")
        return cls(name, Ed25519PrivateKey.from_private_bytes(seed))

    def _material(self, kind: int) -> bytes:
        return bytes([kind]) + self.private.public_key().public_bytes_raw()

    def _id(self, kind: int) -> bytes:
        named = self.name.encode() + b"\n" + self._material(kind)
        return sha256(named).digest()[:_ID_BYTES]

    def _public(self, kind: int) -> str:
        return f"{self.name}+{self._id(kind).hex()}+{b64encode(self._material(kind)).decode()}"

    def _line(self, kind: int, signature: bytes) -> str:
        return f"\u2014 {self.name} {b64encode(self._id(kind) + signature).decode()}\n"


@dataclass(frozen=True, slots=True)
class LogKey(_Key):
    """By which the owner of a log signs its checkpoints; its name is the log's origin."""

    @property
    def public(self) -> str:
        """The verifier key: name, key id and public key, as signed-note writes them."""
        return self._public(1)

    def sign(self, body: str) -> str:
        """The signature's line under a note."""
        return self._line(1, self.private.sign(body.encode()))


@dataclass(frozen=True, slots=True)
class WitnessKey(_Key):
    """By which a partner cosigns checkpoints that it found consistent with what it saw before."""

    @property
    def public(self) -> str:
        """The verifier key, with the type of timestamped cosignatures."""
        return self._public(4)

    def cosign(self, body: str, *, at: datetime) -> str:
        """The cosignature's line under a note; the moment is signed in whole seconds."""
        if at.utcoffset() != timedelta(0) or at.timestamp() < 0:
            raise NotSignable("A cosignature says when in UTC.")
        time = int(at.timestamp())
        message = f"cosignature/v1\ntime {time}\n{body}".encode()
        return self._line(4, time.to_bytes(_TIME_BYTES, "big") + self.private.sign(message))
