"""Names of entries for the outside: none shows a sequence number, whose gaps would count what is
hidden (P7, P26).
"""

from __future__ import annotations

import re
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hmac import compare_digest
from typing import Final

from django.utils.crypto import salted_hmac

from tieline.wiring.ledgers import LEDGERS

__all__ = ["Place", "handle_of"]

_NAMES: Final = tuple(LEDGERS)
_START: Final = datetime(1, 1, 1, tzinfo=UTC)
_TICK: Final = timedelta(microseconds=1)
_PACKED: Final = struct.Struct(">QBQ")
_TAG: Final = 16
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{44}")
_SALT: Final = "tieline.wiring.place"


def handle_of(system: str, sequence: int) -> str:
    """The same for the same entry on this node, and in no order."""
    return _keyed("handle", f"{system}~{sequence}".encode()).hex()[:16]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a list ended, so that the next one goes on behind it."""

    at: datetime
    system: str
    sequence: int = field(repr=False)

    @classmethod
    def read(cls, text: str) -> Place | None:
        """What `str` wrote on this node; None for anything else."""
        if _TOKEN.fullmatch(text) is None:
            return None
        token = urlsafe_b64decode(text)
        tag, veiled = token[:_TAG], token[_TAG:]
        packed = _veiled(tag, veiled)
        if not compare_digest(tag, _tag(packed)):
            return None
        ticks, name, sequence = _PACKED.unpack(packed)
        return cls(_START + ticks * _TICK, _NAMES[name], sequence)

    def __str__(self) -> str:
        ticks = (self.at - _START) // _TICK
        packed = _PACKED.pack(ticks, _NAMES.index(self.system), self.sequence)
        tag = _tag(packed)
        return urlsafe_b64encode(tag + _veiled(tag, packed)).decode()


def _tag(packed: bytes) -> bytes:
    return _keyed("tag", packed)[:_TAG]


def _veiled(tag: bytes, text: bytes) -> bytes:
    """Covered, or laid open again, by a stream that hangs on the tag: no two places share one."""
    stream = _keyed("stream", tag)
    return bytes(one ^ other for one, other in zip(text, stream, strict=False))


def _keyed(what: str, text: bytes) -> bytes:
    return salted_hmac(f"{_SALT}.{what}", text, algorithm="sha256").digest()
