"""Keys listed, renewed and revoked by somebody who types it; an export verified by them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.running import called, tieline
from tests.core.ledger.witnessed import LOG, WITNESS, changed, entry, export, note, term

from tieline.core.ledger.keyring import keys_text

ROWS = [entry(number) for number in range(12)]


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "patrol.ledger").write_bytes(b"".join(export()))
    (tmp_path / "patrol.keys").write_text(keys_text((term(LOG), term(WITNESS))))
    (tmp_path / "head.note").write_text(note(ROWS, 12))
    return tmp_path


def test_with_the_keys_an_export_is_whole_and_unchanged(files: Path) -> None:
    told = called("ledger", "verify", "patrol.ledger", "--keys", "patrol.keys", cwd=files)
    assert (told.returncode, "whole and unchanged" in told.stdout) == (0, True)
    bare = called("ledger", "verify", "patrol.ledger", cwd=files)
    assert (bare.returncode, "compare size and root" in bare.stdout) == (0, True)


def test_what_the_owner_rewrote_is_named(files: Path) -> None:
    rows = changed(6, record="TCA9999")
    (files / "patrol.ledger").write_bytes(b"".join(export(rows, lambda size: note(ROWS, size))))
    told = called("ledger", "verify", "patrol.ledger", "--keys", "patrol.keys", "--json", cwd=files)
    assert told.returncode == 3
    faults = json.loads(told.stdout)["faults"]
    assert [(one["kind"], one["entry"]) for one in faults] == [("root", 7), ("root", 11)]
    assert faults[0]["detail"] == "agreed last: 4"


def test_an_export_of_before_a_checkpoint_that_somebody_kept_is_found_out(files: Path) -> None:
    known = ["--checkpoint", "head.note", "--keys", "patrol.keys"]
    told = called("ledger", "verify", "patrol.ledger", *known, cwd=files)
    assert told.returncode == 0
    old = export()[:10]
    old[0] = old[0].replace(b'"size":12', b'"size":8')
    (files / "patrol.ledger").write_bytes(b"".join(old))
    told = called("ledger", "verify", "patrol.ledger", *known, cwd=files)
    assert told.returncode == 3
    assert "could not be compared at size 12" in told.stdout


def test_files_that_are_none_are_refused(files: Path) -> None:
    for option, file in (("--keys", "head.note"), ("--checkpoint", "patrol.keys")):
        told = called("ledger", "verify", "patrol.ledger", option, file, cwd=files)
        assert (told.returncode, file in told.stderr) == (2, True)
    (files / "stranger.keys").write_text(keys_text((term(LOG),)).replace("patrol+", "patrol2+"))
    known = ["--checkpoint", "head.note", "--keys", "stranger.keys"]
    told = called("ledger", "verify", "patrol.ledger", *known, cwd=files)
    assert (told.returncode, "of another log" in told.stderr) == (2, True)


def test_keys_are_listed_renewed_and_revoked(tmp_path: Path) -> None:
    (tmp_path / "secret.key").write_text("s" * 40)
    (tmp_path / "tieline.toml").write_text('secret_file = "secret.key"\n')

    def keys(*arguments: str) -> str:
        told = tieline("keys", arguments[0], "--system", "patrol", *arguments[1:], cwd=tmp_path)
        assert told.returncode == 0, told.stderr
        return told.stdout

    assert "no keys yet" in keys("list")
    first = keys("rotate").split()[3]
    assert keys("rotate", "--witness").startswith("tieline/one/patrol/witness signs with ")
    (row,) = json.loads(keys("list", "--json"))["keys"]
    assert (row["key"].split("+")[:2], "until" in row) == (["tieline/one/patrol", first], False)
    refused = tieline("keys", "revoke", "--system", "patrol", first, cwd=tmp_path)
    assert (refused.returncode, "--yes" in refused.stderr) == (2, True)
    assert f"{first} is revoked" in keys("revoke", first, "--yes")
    told = keys("list").splitlines()
    assert [line.endswith(", revoked") for line in told] == [True, False]
