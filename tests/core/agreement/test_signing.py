"""A signature holds for one text, one person and one key, and nothing else holds."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import timedelta, timezone
from typing import Any

import pytest
from tests.signing import key_of

from tieline.core.agreement.clauses import Agreement, Signature
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


def test_an_agreement_of_nobody_holds_for_nobody() -> None:
    assert why(replace(DRAFT, parties=())) == "not every party has signed this text"


def test_a_key_is_its_own_and_shows_nothing_of_itself() -> None:
    one, other = read_key(made_key()), read_key(made_key())
    assert public_of(one) != public_of(other)
    assert fingerprint(public_of(one)) != fingerprint(public_of(other))
    assert len(fingerprint(public_of(one)).split()) == 8


EXCHANGING = """-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VuBCIEIHcHbQpzGKV9PBbBclGyZkXfTC+H68CZKrF3+6UduSwq
-----END PRIVATE KEY-----
"""
"""A key of another kind (X25519, from RFC 7748): it agrees on secrets, and signs nothing."""


@pytest.mark.parametrize(
    "text", ["", "secret words", EXCHANGING, "-----BEGIN PRIVATE KEY-----\nx\n"]
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


@pytest.mark.parametrize(
    "text",
    [
        *("", "{}x", "3", "null", "[3]", "[{}]"),
        '[{"agency": "patrol", "person": "A", "key": "QUJD"}]',
        '[{"agency": "patrol", "person": "A", "key": 3}]',
        json.dumps([{"agency": [], "person": "A", "key": KNOWN[0].key}]),
        json.dumps([{"agency": "patrol", "person": "", "key": KNOWN[0].key}]),
    ],
)
def test_keys_that_cannot_be_read_are_refused(text: str) -> None:
    with pytest.raises(BadKey) as refused:
        read_signers(text)
    assert refused.value.cure
