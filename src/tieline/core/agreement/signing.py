"""Signatures under an agreement: that a person of a party signed this very text.

What is signed is a statement that names agency, person, moment and the text's digest, by Ed25519
(RFC 8032). Whose key is whose is not said by the document, or whoever forges one would say it too:
a node keeps the keys that the parties handed over, and holds each signature against them.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from tieline.core.agreement.clauses import Agreement, Signature
from tieline.core.errors import TielineError

__all__ = [
    "BadKey",
    "SignatureRefused",
    "Signer",
    "fingerprint",
    "made_key",
    "public_of",
    "read_key",
    "read_signers",
    "sign",
    "verify",
    "written_signers",
]


class BadKey(TielineError):
    """A file holds no key of the kind that signs, or keys that are known cannot be read."""


class SignatureRefused(TielineError):
    """A document's signatures do not hold, so it is not enforced; each reason names a party."""

    def __init__(self, reasons: Sequence[str]) -> None:
        super().__init__(
            "the signatures do not hold: " + "; ".join(reasons),
            cure="tieline agreement sign FILE --party PARTY --as PERSON --key KEY; whose key is "
            "whose, the node is told by: tieline agreement trust",
        )
        self.reasons = tuple(reasons)


@dataclass(frozen=True, slots=True)
class Signer:
    """A person who may sign for a party, and the public key that proves it."""

    agency: str
    person: str
    key: str
    """32 bytes in base64."""


def made_key() -> str:
    """A new private key, as the text of its file (PEM, PKCS 8, not encrypted)."""
    pem = Ed25519PrivateKey.generate().private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    return pem.decode("ascii")


def read_key(text: str) -> Ed25519PrivateKey:
    """The private key of a file; raises `BadKey`, which says nothing of what the file holds."""
    try:
        key = load_pem_private_key(text.encode(), password=None)
    except (ValueError, TypeError):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise BadKey(
            "the file holds no private key that signs",
            cure="a key is made by: tieline agreement key FILE",
        )
    return key


def public_of(key: Ed25519PrivateKey) -> str:
    """The public half, as others are given it."""
    raw = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return base64.b64encode(raw).decode("ascii")


def fingerprint(key: str) -> str:
    """A public key in short, to be compared by voice: 16 bytes of its SHA-256. Raises `BadKey`."""
    hexed = hashlib.sha256(_public(key)[1]).hexdigest()[:32]
    return " ".join(hexed[at : at + 4] for at in range(0, len(hexed), 4))


def sign(
    agreement: Agreement, *, agency: str, by: str, at: datetime, key: Ed25519PrivateKey
) -> Agreement:
    """The same text with this party's signature; an earlier one of it, or of another text, goes."""
    one = Signature(agency=agency, by=by, at=at.astimezone(UTC), digest=agreement.digest)
    proof = base64.b64encode(key.sign(_statement(one))).decode("ascii")
    kept = [
        other
        for other in agreement.signatures
        if other.agency != agency and other.digest == agreement.digest
    ]
    return replace(agreement, signatures=(*kept, replace(one, proof=proof)))


def verify(agreement: Agreement, signers: Iterable[Signer]) -> None:
    """Raise `SignatureRefused` unless a known person of each party signed this very text.

    A signature that does not hold is a reason to refuse even where another of its party does.
    """
    keys = {(one.agency, one.person): one.key for one in signers}
    reasons = [why for one in agreement.signatures if (why := _refused(one, agreement, keys))]
    under = {one.agency for one in agreement.signatures}
    reasons += [
        f"{party.agency} has not signed" for party in agreement.parties if party.agency not in under
    ]
    if reasons or not agreement.is_signed:
        raise SignatureRefused(reasons or ["not every party has signed this text"])


def _refused(one: Signature, agreement: Agreement, keys: dict[tuple[str, str], str]) -> str:
    """Why a signature does not hold; "" where it does."""
    if one.digest != agreement.digest:
        return f"{one.by} of {one.agency} signed another text"
    key = keys.get((one.agency, one.by))
    if key is None:
        return f"no key is known of {one.by} of {one.agency}"
    try:
        _public(key)[0].verify(base64.b64decode(one.proof, validate=True), _statement(one))
    except (InvalidSignature, binascii.Error, ValueError, BadKey):
        return f"the signature of {one.by} of {one.agency} was not made by the key that is known"
    return ""


def _statement(one: Signature) -> bytes:
    said = {
        "format": "tieline signature 1",
        "agency": one.agency,
        "by": one.by,
        "at": one.at.astimezone(UTC).isoformat(),
        "digest": one.digest,
    }
    return json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def read_signers(text: str) -> tuple[Signer, ...]:
    """The keys that a node knows, from their file; raises `BadKey`."""
    try:
        found = [Signer(one["agency"], one["person"], one["key"]) for one in json.loads(text)]
        for one in found:
            _public(one.key)
            if not all(type(name) is str and name for name in (one.agency, one.person)):
                raise ValueError("a key of nobody")
    except (ValueError, KeyError, TypeError, AttributeError, BadKey):
        raise BadKey(
            "the keys of those who may sign cannot be read",
            cure="remove the file, and tell the node each key: tieline agreement trust",
        ) from None
    return tuple(found)


def written_signers(signers: Iterable[Signer]) -> str:
    """The file's text; the latest of one person's keys is the one that counts."""
    latest = {(one.agency, one.person): one for one in signers}
    said = [
        {"agency": one.agency, "person": one.person, "key": one.key}
        for _, one in sorted(latest.items())
    ]
    return json.dumps(said, indent=1, ensure_ascii=False) + "\n"


def _public(key: str) -> tuple[Ed25519PublicKey, bytes]:
    try:
        raw = base64.b64decode(key, validate=True)
        return Ed25519PublicKey.from_public_bytes(raw), raw
    except (ValueError, TypeError):  # what base64 raises is a ValueError
        raise BadKey(
            "this is no public key", cure="give the line that: tieline agreement key FILE printed"
        ) from None
