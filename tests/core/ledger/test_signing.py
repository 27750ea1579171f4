"""Keys, signatures and notes, as C2SP writes them."""

from __future__ import annotations

from base64 import b64decode
from datetime import datetime, timedelta, timezone

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from tieline.core.ledger.keyring import KeyTerm, keys_text, terms_in
from tieline.core.ledger.signing import LogKey, NotSignable, checkpoint_body, note_of
from tieline.core.ledger.verify import Kind, Untrusted, read_checkpoint, read_keys

from .witnessed import AT, BEFORE, LOG, ORIGIN, WITNESS, entry, keys, note, root_of, term

# RFC 8032 section 7.1, test 2: seed, public key, message and signature.
SEED = bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
PUBLIC = bytes.fromhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
SIGNATURE = bytes.fromhex(
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
    "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
)


def material(public: str) -> bytes:
    return b64decode(public.split("+", 2)[2])


def test_a_signature_is_that_of_rfc_8032() -> None:
    key = LogKey.of_seed("example.org/log", SEED)
    assert material(key.public) == b"\x01" + PUBLIC
    line = key.sign("r")
    assert line.startswith("\u2014 example.org/log ")
    assert line.endswith("\n")
    assert b64decode(line.split(" ")[2])[4:] == SIGNATURE


# Of C2SP tlog-checkpoint and tlog-cosignature: the example that both show. Its public keys are not
# given there, but the key id is, and the form of both lines.
EXAMPLE = """example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

\u2014 example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
\u2014 witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==
"""  # noqa: E501


def test_the_specification_s_example_is_read() -> None:
    origin, size, root, at = read_checkpoint(EXAMPLE, None)
    assert (origin, size, at) == ("example.com/behind-the-sofa", 20_852_163, "")
    assert root.hex() == "0ac5186a91863e8e1d90c808014aa89bf5da8e3ee1d9f07630f0378f68f1ab62"


def test_the_key_id_is_of_name_type_and_key() -> None:
    assert LOG.public.split("+")[1] != WITNESS.public.split("+")[1]
    twin = LogKey.of_seed("another", b"p" * 32)
    assert material(twin.public) == material(LOG.public)
    assert twin.public.split("+")[1] != LOG.public.split("+")[1]


def test_a_cosignature_signs_its_time_and_the_whole_body() -> None:
    body = checkpoint_body(origin=ORIGIN, size=0, root=b"r" * 32)
    raw = b64decode(WITNESS.cosign(body, at=AT).split(" ")[2])
    time = int(AT.timestamp())
    assert raw[4:12] == time.to_bytes(8, "big")
    public = Ed25519PublicKey.from_public_bytes(material(WITNESS.public)[1:])
    public.verify(raw[12:], f"cosignature/v1\ntime {time}\n{body}".encode())


def test_what_no_checkpoint_can_have_is_refused() -> None:
    for origin, size, root in (("a b", 1, b"r" * 32), ("a", -1, b"r" * 32), ("a", 1, b"r")):
        with pytest.raises(NotSignable):
            checkpoint_body(origin=origin, size=size, root=root)
    for name, seed in (("a+b", b"s" * 32), ("a", b"s")):
        with pytest.raises(NotSignable):
            LogKey.of_seed(name, seed)
    for at in (AT.replace(tzinfo=None), datetime(1969, 1, 1, tzinfo=AT.tzinfo)):
        with pytest.raises(NotSignable):
            WITNESS.cosign("x\n", at=at)
    with pytest.raises(NotSignable):
        WITNESS.cosign("x\n", at=AT.astimezone(timezone(timedelta(hours=1))))


def test_no_key_tells_its_seed() -> None:
    assert "private" not in repr(LOG) + repr(WITNESS)


@given(st.text(max_size=300))
def test_no_text_makes_the_reader_of_notes_fall(text: str) -> None:
    for trusted in (None, keys()):
        with pytest.raises(ValueError, match=r".") as refused:
            read_checkpoint(text, trusted)
        assert isinstance(refused.value, Untrusted)


@given(st.data())
def test_no_flip_in_a_signed_body_is_trusted(draw: st.DataObject) -> None:
    whole = bytearray(note([entry(n) for n in range(4)], 4).encode())
    end = whole.index(b"\n\n")
    whole[draw.draw(st.integers(0, end))] ^= draw.draw(st.integers(1, 127))
    with pytest.raises(ValueError, match=r"."):
        read_checkpoint(whole.decode("utf-8", "replace"), keys())


def test_keys_can_be_written_and_read_again() -> None:
    terms = (
        term(LOG),
        KeyTerm(WITNESS.public, since=BEFORE, until="2026-02-01T00:00:00Z", revoked=True),
    )
    assert terms_in(keys_text(terms)) == terms
    assert len(read_keys(keys_text(terms))) == 2
    assert (terms[0].name, terms[0].key_id) == (ORIGIN, LOG.public.split("+")[1])


def test_a_key_that_ended_does_not_end_later_when_it_is_revoked() -> None:
    ended = term(LOG).ended("2026-02-01T00:00:00Z", revoked=False)
    assert ended.in_force("2026-01-31T23:59:59Z")
    assert not ended.in_force("2026-02-01T00:00:00Z")
    assert not ended.in_force("2025-12-31T23:59:59Z")
    revoked = ended.ended("2026-03-01T00:00:00Z", revoked=True)
    assert (revoked.until, revoked.revoked) == ("2026-02-01T00:00:00Z", True)
    assert ended.ended("2026-01-15T00:00:00Z", revoked=True).until == "2026-01-15T00:00:00Z"


def test_a_note_without_a_signature_is_none() -> None:
    with pytest.raises(Untrusted) as refused:
        read_checkpoint(note_of(checkpoint_body(origin="a", size=0, root=root_of([]))), None)
    assert refused.value.args[0] is Kind.NOTE
