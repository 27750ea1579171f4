"""Brings an agreement into force on a node: who may sign it, their signatures, its proof."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tieline.core.agreement.clauses import Agreement, Party
from tieline.core.agreement.document import read_agreement, written
from tieline.core.agreement.signing import (
    BadKey,
    Signer,
    fingerprint,
    made_key,
    public_of,
    read_key,
    read_signers,
    written_signers,
)
from tieline.core.agreement.signing import sign as signed
from tieline.settings import Node
from tieline.wiring.folder import NotReady, write_private

__all__ = [
    "activate",
    "make_key",
    "party_to",
    "refuse_no_department",
    "refuse_party",
    "sign",
    "trust",
]


def make_key(path: Path) -> str:
    """Write a new private key for its user alone; gives the public half. Raises `NotReady`."""
    if path.exists():
        raise NotReady(f"{path} exists", cure="name another file, so that no key is lost")
    text = made_key()
    try:
        write_private(path, text)
    except OSError as error:
        raise NotReady(f"{path} cannot be written: {error.strerror}", cure="name another") from None
    return public_of(read_key(text))


def trust(node: Node, *, party: str, person: str, key: str) -> str:
    """Let a node know whose public key it is; gives its fingerprint, to be compared by voice.

    It takes the place of an earlier key of the same person. Raises `BadKey` and `NotReady`.
    """
    party_to(node.agreement, party)
    told = fingerprint(key)
    known = read_signers(node.signers.read_text("utf-8")) if node.signers.exists() else ()
    write_private(node.signers, written_signers([*known, Signer(party, person, key)]))
    return told


def sign(path: Path, *, party: str, person: str, key: Path, at: datetime) -> Agreement:
    """Put a person's signature under the agreement's file; gives the text with all signatures.

    Raises `BadKey` for a key that others may read as well, and `NotReady`.
    """
    party_to(path, party)
    if not person.strip():
        raise NotReady("nobody signs", cure="name the person: --as 'R. Alvarez'")
    text = signed(_read(path), agency=party, by=person, at=at, key=_private(key))
    write_private(path, written(text))
    return text


def activate(path: Path, *, at: datetime) -> Agreement:
    """Deliver the signed agreement to every keeper, which checks and enforces it itself.

    Before that it is proved (P19): raises `Refuted` with questions that it must not answer yes,
    `ProverMissing` without z3, and `NoAgreement` where a signature does not hold. Its parties come
    into the directory, each with the department that they signed for.
    """
    from tieline.core.agreement.prove import refuse_refuted
    from tieline.exchange.directory.register import register_party
    from tieline.keeping.agreements import adopt, refuse_unsigned
    from tieline.keeping.databases import KEEPERS

    agreement = _read(path)
    agreement.check()
    refuse_unsigned(agreement)
    refuse_refuted(agreement)
    for database in KEEPERS:
        adopt(agreement, database=database, at=at)
    for party in agreement.parties:
        register_party(agency=party.agency, department=party.department, at=at)
    return agreement


def party_to(path: Path, agency: str) -> Party:
    """A party to the agreement in the file; raises `NotReady` for any other agency."""
    parties = _read(path).parties
    for party in parties:
        if party.agency == agency:
            return party
    known = ", ".join(party.agency for party in parties)
    raise NotReady(f"{agency} is no party to the agreement", cure=f"the parties are {known}")


def refuse_party(path: Path, agency: str) -> None:
    """Raise `NotReady` where an agency is a party: whoever examines the parties is of none."""
    if agency in {party.agency for party in _read(path).parties}:
        raise NotReady(
            f"{agency} is a party to the agreement, and its auditors would see who examines it",
            cure="name an agency of the inspector's own, such as oig",
        )


def refuse_no_department(path: Path, department: str) -> None:
    """Raise `NotReady` where no party is of a department: who audits it would examine nobody."""
    known = sorted({party.department for party in _read(path).parties})
    if department not in known:
        raise NotReady(
            f"no party to the agreement is of a department {department!r}",
            cure=f"the departments of its parties are {', '.join(known)}",
        )


def _private(path: Path) -> Ed25519PrivateKey:
    try:
        mode, text = path.stat().st_mode, path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise BadKey(
            f"{path} cannot be read", cure="tieline agreement key FILE makes one"
        ) from None
    if mode & 0o077:
        raise BadKey(
            f"{path} may be read by others, so what it signs proves nothing",
            cure=f"make a new key, or if nobody saw it: chmod 600 {path}",
        )
    return read_key(text)


def _read(path: Path) -> Agreement:
    try:
        return read_agreement(path.read_text(encoding="utf-8"))
    except OSError:
        raise NotReady(f"{path} cannot be read", cure="tieline init makes a draft of it") from None
