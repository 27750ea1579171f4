"""A signature holds for one text, one person and one key, and nothing else holds."""

from __future__ import annotations

import base64
import hashlib
import json
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta, timezone
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
)
from tests.signing import key_of

from tieline.core.agreement.clauses import Agreement, Clause, Party, Signature
from tieline.core.agreement.document import read_agreement, written
from tieline.core.agreement.signing import (
    BadKey,
    SignatureRefused,
    Signer,
    fingerprint,
    made_key,
    public_of,
    read_key,
    read_signers,
    sign,
    verify,
    written_signers,
)
from tieline.reference.agreement import model_agreement

from .scene import NOW

DRAFT = model_agreement()
PATROL, INVESTIGATIONS = "patrol", "investigations"
KNOWN = tuple(
    Signer(agency, "R. Alvarez", public_of(key_of(agency, "R. Alvarez")))
    for agency in (PATROL, INVESTIGATIONS)
)


def signed(text: Agreement, *agencies: str) -> Agreement:
    for agency in agencies:
        key = key_of(agency, "R. Alvarez")
        text = sign(text, agency=agency, by="R. Alvarez", at=NOW, key=key)
    return text


SIGNED = signed(DRAFT, PATROL, INVESTIGATIONS)


def why(text: Agreement, known: Any = KNOWN) -> str:
    with pytest.raises(SignatureRefused) as refused:
        verify(text, known)
    assert refused.value.cure
    return "; ".join(refused.value.reasons)


def test_what_a_person_of_each_party_signed_holds() -> None:
    verify(SIGNED, KNOWN)
    verify(read_agreement(written(SIGNED)), KNOWN)
    assert SIGNED.digest == DRAFT.digest


def test_a_signature_that_is_missing_is_named() -> None:
    assert why(DRAFT) == "patrol has not signed; investigations has not signed"
    assert why(signed(DRAFT, PATROL)) == "investigations has not signed"


def test_a_statement_without_proof_is_no_signature() -> None:
    said = signed(DRAFT, PATROL).signed(agency=INVESTIGATIONS, by="R. Alvarez", at=NOW)
    assert said.is_signed
    assert "not made by the key" in why(said)


@pytest.mark.parametrize(
    "changed",
    [
        {"by": "T. Okafor"},
        {"agency": INVESTIGATIONS},
        {"at": NOW + timedelta(seconds=1)},
        {"digest": "0" * 64},
        {"proof": ""},
        {"proof": "no base64"},
        {"proof": "ä"},
        {"proof": f"!{SIGNED.signatures[0].proof}"},
        {"proof": base64.b64encode(b"\x00" * 64).decode()},
        {"proof": SIGNED.signatures[1].proof},
    ],
    ids=lambda one: f"{next(iter(one))}",
)
def test_nothing_of_a_signature_can_be_changed(changed: dict[str, Any]) -> None:
    first, *rest = SIGNED.signatures
    known = (*KNOWN, Signer(PATROL, "T. Okafor", KNOWN[0].key))
    why(replace(SIGNED, signatures=(replace(first, **changed), *rest)), known)


def test_a_text_that_changed_is_another() -> None:
    changed = replace(SIGNED, version=2)
    assert "R. Alvarez of patrol signed another text" in why(changed)
    again = signed(changed, PATROL)
    # What the other signed was the earlier text, so it is gone.
    assert [one.agency for one in again.signatures] == [PATROL]
    verify(signed(again, INVESTIGATIONS), KNOWN)


def test_who_signs_again_has_signed_once() -> None:
    again = signed(SIGNED, PATROL)
    assert [one.agency for one in again.signatures] == [INVESTIGATIONS, PATROL]


def test_a_key_that_is_known_and_is_none_proves_nothing() -> None:
    assert "not made by the key" in why(SIGNED, (replace(KNOWN[0], key="QUJD"), KNOWN[1]))


def test_one_bad_signature_spoils_the_good_ones() -> None:
    """Somebody tried: that is no matter to pass over."""
    more = Signature(agency="sheriff", by="X", at=NOW, digest=SIGNED.digest)
    assert "no key is known of X of sheriff" in why(
        replace(SIGNED, signatures=(*SIGNED.signatures, more))
    )


def test_whoever_signs_for_two_parties_signs_for_one() -> None:
    key = key_of(PATROL, "R. Alvarez")
    text = sign(signed(DRAFT, PATROL), agency=INVESTIGATIONS, by="R. Alvarez", at=NOW, key=key)
    assert "of investigations was not made by the key" in why(text)
    assert "no key is known" in why(SIGNED, KNOWN[:1])


def test_the_same_moment_in_another_zone_is_the_same_statement() -> None:
    first, *rest = SIGNED.signatures
    elsewhere = replace(first, at=first.at.astimezone(timezone(timedelta(hours=-7))))
    verify(replace(SIGNED, signatures=(elsewhere, *rest)), KNOWN)


DIGEST_THEN = "0519556d174f921046a48926aeea342e42a175e05b231a4c3b1867d1048e1a3f"
PROOF_THEN = (
    "G0ACxkUfz+9N+omWikBJwotOxCxFoOXm/N+WI056+QmkGq9XIRs8G20eopRWdE9HqJKeWm3+VNJtWevE884qAw=="
)


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The machine's own clock is in another zone."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "MST7")
        time.tzset()
        yield
    time.tzset()


def test_where_the_machine_stands_changes_no_statement(elsewhere: None) -> None:
    verify(SIGNED, KNOWN)
    assert replace(DRAFT, title=DRAFT.title).digest == DRAFT.digest
    assert signed(DRAFT, PATROL).signatures[0] == SIGNED.signatures[0]


def test_what_an_earlier_program_signed_still_holds() -> None:
    """The bytes that are signed never change: else every party would have to sign anew."""
    text = Agreement(
        id="of the valley",
        version=1,
        title="Vereinbarung für das Tal",
        parties=(Party("patrol", "DHS"), Party("coast", "DHS")),
        in_force_from=NOW,
        in_force_until=NOW + timedelta(days=1),
        review_on=NOW.date(),
        policies="// none\r\n",
        schema="// none\r",
        clauses={"P01": Clause(prose="Said.", source="a rule")},
    )
    assert text.digest == DIGEST_THEN
    key = Ed25519PrivateKey.from_private_bytes(bytes(32))
    (one,) = sign(text, agency=PATROL, by="J. Nuñez", at=NOW, key=key).signatures
    assert one.proof == PROOF_THEN


def test_an_agreement_of_nobody_holds_for_nobody() -> None:
    assert why(replace(DRAFT, parties=())) == "not every party has signed this text"


def test_a_key_is_its_own_and_shows_nothing_of_itself() -> None:
    one, other = read_key(made_key()), read_key(made_key())
    assert public_of(one) != public_of(other)
    assert fingerprint(public_of(one)) != fingerprint(public_of(other))
    assert len(fingerprint(public_of(one)).split()) == 8


def test_a_fingerprint_is_the_first_half_of_a_digest_in_fours() -> None:
    """Two people compare it by voice, maybe by two versions of the program."""
    raw = bytes(range(32))
    whole = hashlib.sha256(raw).hexdigest()
    said = fingerprint(base64.b64encode(raw).decode())
    assert said.replace(" ", "") == whole[:32]
    assert [len(part) for part in said.split(" ")] == [4] * 8


@pytest.mark.parametrize("key", ["", "QUJD", "no base64", "ä", f"!{KNOWN[0].key}", 3])
def test_what_is_no_public_key_has_no_fingerprint(key: Any) -> None:
    with pytest.raises(BadKey) as refused:
        fingerprint(key)
    assert refused.value.cure


EXCHANGING = """-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VuBCIEIHcHbQpzGKV9PBbBclGyZkXfTC+H68CZKrF3+6UduSwq
-----END PRIVATE KEY-----
"""
"""A key of another kind (X25519, from RFC 7748): it agrees on secrets, and signs nothing."""


LOCKED = (
    Ed25519PrivateKey.from_private_bytes(bytes(32))
    .private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"secret"))
    .decode()
)
"""A key that a password locks: there is none to give."""


@pytest.mark.parametrize(
    "text", ["", "secret words", EXCHANGING, "-----BEGIN PRIVATE KEY-----\nx\n", LOCKED]
)
def test_what_is_no_key_is_refused_without_a_word_of_it(text: str) -> None:
    with pytest.raises(BadKey) as refused:
        read_key(text)
    assert "secret" not in str(refused.value)


def test_the_keys_that_a_node_knows_are_kept_and_the_latest_of_a_person_counts() -> None:
    newer = Signer(PATROL, "R. Alvarez", public_of(key_of(PATROL, "new")))
    kept = read_signers(written_signers([*KNOWN, newer]))
    assert set(kept) == {newer, KNOWN[1]}
    assert "not made by the key" in why(SIGNED, kept)
    # Another person of the party has a key of his own.
    colleague = replace(newer, person="J. Nuñez")
    assert set(read_signers(written_signers([*KNOWN, colleague]))) == {*KNOWN, colleague}


@pytest.mark.parametrize(
    "text",
    [
        *("", "{}x", "3", "null", "[3]", "[{}]"),
        '[{"agency": "patrol", "person": "A", "key": "QUJD"}]',
        '[{"agency": "patrol", "person": "A", "key": 3}]',
        json.dumps([{"agency": [], "person": "A", "key": KNOWN[0].key}]),
        json.dumps([{"agency": ["patrol"], "person": "A", "key": KNOWN[0].key}]),
        json.dumps([{"agency": "patrol", "person": "", "key": KNOWN[0].key}]),
    ],
)
def test_keys_that_cannot_be_read_are_refused(text: str) -> None:
    with pytest.raises(BadKey) as refused:
        read_signers(text)
    assert refused.value.cure
