"""Keys with which the tests sign agreements, and which their node knows."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tieline.core.agreement.clauses import Agreement
from tieline.core.agreement.signing import Signer, public_of, sign, written_signers

AGENCIES: Final = (
    *("patrol", "investigations", "county", "sheriff", "constable", "city police"),
    *("police", "jail", "partner", "marine"),
)
PERSONS: Final = ("U-1", "U-2")


def signed_by_all(text: Agreement, *, at: datetime, by: str = "U-1") -> Agreement:
    """The text as a person of each party has signed it."""
    for party in text.parties:
        text = sign(text, agency=party.agency, by=by, at=at, key=key_of(party.agency, by))
    return text


def key_of(agency: str, person: str) -> Ed25519PrivateKey:
    """Known to all, and the same in each process."""
    seed = hashlib.sha256(f"{agency} {person}".encode()).digest()
    return Ed25519PrivateKey.from_private_bytes(seed)


def signers() -> str:
    """The file of a node that knows them all."""
    return written_signers(
        Signer(agency, person, public_of(key_of(agency, person)))
        for agency in AGENCIES
        for person in PERSONS
    )
