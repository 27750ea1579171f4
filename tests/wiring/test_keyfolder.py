"""Each keeper's keys in a folder of its own: made, renewed, revoked, and never lost to a crash."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tieline.core.ledger.keyring import keys_text
from tieline.core.ledger.signing import checkpoint_body, note_of
from tieline.core.ledger.verify import Keys, Kind, Untrusted, read_checkpoint, read_keys
from tieline.core.ledger.witness import moment
from tieline.wiring.keyfolder import WITNESSES, KeyFolder, KeyNotThere
from tieline.wiring.ledgers import LEDGERS

AT = datetime(2026, 3, 1, 17, 0, 0, 500_000, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture
def patrol(tmp_path: Path) -> KeyFolder:
    return KeyFolder(tmp_path / "keys" / "patrol", "tieline/one/patrol")


@pytest.fixture
def investigations(tmp_path: Path) -> KeyFolder:
    return KeyFolder(tmp_path / "keys" / "investigations", "tieline/one/investigations")


def trusted(log: KeyFolder, witness: KeyFolder) -> Keys:
    own = [term for term in log.terms() if term.name == log.origin]
    others = [term for term in witness.terms() if term.name != witness.origin]
    return read_keys(keys_text([*own, *others]))


def signed(log: KeyFolder, witness: KeyFolder, at: datetime) -> str:
    body = checkpoint_body(origin=log.origin, size=3, root=b"r" * 32)
    return note_of(body, log.log_key(at).sign(body), witness.witness_key(at).cosign(body, at=at))


def test_the_first_key_is_made_where_it_is_needed_and_stays(patrol: KeyFolder) -> None:
    assert patrol.terms() == ()
    first = patrol.log_key(AT)
    assert patrol.log_key(AT + 100 * SECOND).public == first.public
    assert [term.key for term in patrol.terms()] == [first.public]


def test_only_this_user_reads_keys_and_no_party_s_lie_with_another_s(
    patrol: KeyFolder, investigations: KeyFolder
) -> None:
    signed(patrol, investigations, AT)
    files = [*patrol.folder.iterdir(), *investigations.folder.iterdir()]
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    assert patrol.folder.stat().st_mode & 0o777 == 0o700
    assert not {file.name for file in patrol.folder.glob("*.key")} & {
        file.name for file in investigations.folder.glob("*.key")
    }
    assert (investigations.folder / "keys.json").read_text().count('"key"') == 1


def test_after_a_rotation_the_old_signatures_stand_and_the_new_key_signs(
    patrol: KeyFolder, investigations: KeyFolder
) -> None:
    old = signed(patrol, investigations, AT)
    before = patrol.log_key(AT).public
    term = patrol.rotate("log", at=AT)
    # Within the second in which it was renewed the old one signs still.
    assert patrol.log_key(AT).public == before
    later = AT + SECOND
    assert patrol.log_key(later).public == term.key != before
    new = signed(patrol, investigations, later)
    keys = trusted(patrol, investigations)
    assert read_checkpoint(old, keys)[3] == moment(AT)
    assert read_checkpoint(new, keys)[3] == moment(later)


def test_a_key_that_is_revoked_signs_no_more_and_what_it_signed_before_stands(
    patrol: KeyFolder, investigations: KeyFolder
) -> None:
    old = signed(patrol, investigations, AT)
    stolen = patrol.log_key(AT)
    (term,) = patrol.terms()
    ended, successor = patrol.revoke(term.key_id, at=AT + 10 * SECOND)
    assert (ended.key, successor is not None) == (stolen.public, True)
    assert not list(patrol.folder.glob(f"*{term.key_id}*"))
    assert patrol.log_key(AT + 10 * SECOND).public != stolen.public
    keys = trusted(patrol, investigations)
    assert read_checkpoint(old, keys)[1] == 3
    body = checkpoint_body(origin=patrol.origin, size=4, root=b"f" * 32)
    at = AT + 11 * SECOND
    cosigned = investigations.witness_key(at).cosign(body, at=at)
    with pytest.raises(Untrusted) as refused:
        read_checkpoint(note_of(body, stolen.sign(body), cosigned), keys)
    assert refused.value.args[0] is Kind.REVOKED


def test_a_key_that_had_ended_gets_no_successor_and_ends_when_it_did(patrol: KeyFolder) -> None:
    patrol.log_key(AT)
    (old,) = patrol.terms()
    patrol.rotate("log", at=AT)
    ended, successor = patrol.revoke(old.key_id, at=AT + 100 * SECOND)
    assert (ended.key_id, successor) == (old.key_id, None)
    first, second = patrol.terms()
    assert (first.until, first.revoked, second.revoked) == (second.since, True, False)


def test_a_witness_s_key_is_renewed_apart(patrol: KeyFolder) -> None:
    log, witness = patrol.log_key(AT).public, patrol.witness_key(AT).public
    patrol.rotate("witness", at=AT)
    later = AT + 2 * SECOND
    assert patrol.log_key(later).public == log
    assert patrol.witness_key(later).public != witness


def test_what_is_missing_or_marred_is_said_and_nothing_is_signed(patrol: KeyFolder) -> None:
    patrol.log_key(AT)
    (term,) = patrol.terms()
    with pytest.raises(KeyNotThere, match="no key 00000000"):
        patrol.revoke("00000000", at=AT)
    secret = patrol.folder / f"log-{term.key_id}.key"
    secret.write_text("zz")
    with pytest.raises(KeyNotThere, match=term.key_id):
        patrol.log_key(AT)
    secret.unlink()
    with pytest.raises(KeyNotThere, match="tieline keys revoke"):
        patrol.log_key(AT)
    (patrol.folder / "keys.json").write_text("{}")
    with pytest.raises(KeyNotThere, match="backup"):
        patrol.terms()


def test_nobody_witnesses_himself_and_every_ledger_has_a_witness() -> None:
    assert set(WITNESSES) == set(LEDGERS)
    for system, witnesses in WITNESSES.items():
        assert witnesses
        assert system not in witnesses
        assert set(witnesses) <= set(LEDGERS)
