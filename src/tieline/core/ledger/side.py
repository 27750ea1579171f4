"""The erasable side row: what an entry may not hold, bound to it by a salted commitment.

Search terms, names and reasons lie beside the ledger. The entry holds only their commitment, so
salt and payload can be erased (design: lawful expungement) and entry and tree stay valid. Without
the salt the commitment does not tell a guessed payload from any other.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from hashlib import sha256

from tieline.core.errors import TielineError
from tieline.core.ledger import canonical
from tieline.core.ledger.canonical import Json, NotCanonical

LEAST_SALT = 16
MOST_SALT = 64
MOST_PAYLOAD = 65_536
_DOMAIN = b"tieline/ledger/side/1\x00"
_LENGTH_BYTES = 8


class SideRefused(TielineError):
    """A salt or payload that cannot be committed to."""


def commit(salt: bytes, payload: Mapping[str, Json]) -> str:
    """The commitment, in hex; the salt is random, never used twice, and erased with the payload."""
    if not LEAST_SALT <= len(salt) <= MOST_SALT:
        raise SideRefused(f"A salt has {LEAST_SALT} to {MOST_SALT} bytes, not {len(salt)}.")
    data = canonical.encode(payload)
    if len(data) > MOST_PAYLOAD:
        raise SideRefused(
            f"A side row has at most {MOST_PAYLOAD:,} bytes, not {len(data):,}.",
            cure="Cut long texts before they are logged.",
        )
    # Lengths ahead, so that no byte can move from salt to payload.
    parts = (len(part).to_bytes(_LENGTH_BYTES, "big") + part for part in (salt, data))
    return sha256(_DOMAIN + b"".join(parts)).hexdigest()


def opens(commitment: str, salt: bytes, payload: Mapping[str, Json]) -> bool:
    """Whether salt and payload are those committed to; never raises on what others wrote."""
    try:
        made = commit(salt, payload)
    except (SideRefused, NotCanonical):
        return False
    return hmac.compare_digest(made.encode(), commitment.encode("utf-8", "replace"))
