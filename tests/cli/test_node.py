"""`tieline init`, `migrate`, `agreement` and `ledger`, as an administrator types them."""

from __future__ import annotations

import json
import subprocess
import tomllib
from pathlib import Path

import pytest

from .running import called, tieline


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a node in it, in a path with a space."""
    folder = tmp_path_factory.mktemp("a place") / "node"
    made = tieline("init", str(folder), "--administrator", "mlopez", cwd=folder.parent)
    assert made.returncode == 0, made.stderr
    assert "mlopez" in made.stdout
    return folder


def test_what_a_node_keeps_is_its_users_alone(place: Path) -> None:
    assert place.stat().st_mode & 0o077 == 0
    for file in place.iterdir():
        assert file.stat().st_mode & 0o077 == 0, file.name


def test_the_configuration_can_be_read_and_holds_no_secret(place: Path) -> None:
    text = (place / "tieline.toml").read_text(encoding="utf-8")
    assert tomllib.loads(text)["node"] == "one"
    assert (place / "secret.key").read_text(encoding="utf-8").strip() not in text


def test_a_second_init_there_changes_nothing_and_says_what_to_do(place: Path) -> None:
    before = kept_in(place)
    again = tieline("init", str(place), cwd=place.parent)
    assert again.returncode == 2
    assert "name another folder" in again.stderr
    assert kept_in(place) == before


def kept_in(place: Path) -> dict[str, bytes]:
    """All but the queues before databases: whoever looks into one draws a number there."""
    files = [file for file in place.iterdir() if file.suffix != ".turn"]
    return {file.name: file.read_bytes() for file in files}


def test_an_init_that_was_interrupted_is_finished(tmp_path: Path) -> None:
    folder = tmp_path / "node"
    assert tieline("init", str(folder), cwd=tmp_path).returncode == 0
    secret = (folder / "secret.key").read_bytes()
    # As if it had been killed after the configuration and before the databases.
    for file in folder.glob("*.sqlite3"):
        file.unlink()
    again = tieline("init", str(folder), cwd=tmp_path)
    assert again.returncode == 0, again.stderr
    assert "password" in again.stdout
    assert (folder / "secret.key").read_bytes() == secret


SIGNERS = {"patrol": "A. Reyes", "investigations": "T. Okafor"}


@pytest.fixture
def node(tmp_path: Path) -> Path:
    """The folder of a new node, called `node`, whose parties have a key each beside it."""
    assert tieline("init", "node", cwd=tmp_path).returncode == 0
    for party, person in SIGNERS.items():
        made = called("agreement", "key", f"{party}.key", cwd=tmp_path)
        assert made.returncode == 0, made.stderr
        assert (tmp_path / f"{party}.key").stat().st_mode & 0o777 == 0o600
        named = ("--config", "node", "--party", party, "--as", person)
        known = called("agreement", "trust", *named, "--key", made.stdout.strip(), cwd=tmp_path)
        assert known.returncode == 0, known.stderr
        # What the person sees and what the node's operator sees, to be compared by voice.
        assert known.stdout.split("fingerprint ")[1].strip() in made.stderr
    return tmp_path


def signed(
    folder: Path, party: str, *, key: str = "", person: str = ""
) -> subprocess.CompletedProcess[str]:
    said = ("--party", party, "--as", person or SIGNERS.get(party, "nobody"))
    words = ("agreement", "sign", "--config", "node", *said, "--key", key or f"{party}.key")
    return called(*words, cwd=folder)


def activated(folder: Path) -> subprocess.CompletedProcess[str]:
    return tieline("agreement", "activate", "--config", "node", cwd=folder)


def test_the_agreement_is_activated_only_when_each_party_has_signed(node: Path) -> None:
    stranger = signed(node, "x", key="patrol.key")
    assert stranger.returncode == 2
    assert "the parties are investigations, patrol" in stranger.stderr
    early = activated(node)
    assert early.returncode == 2
    assert "patrol has not signed" in early.stderr
    first = signed(node, "patrol")
    assert "still to sign: investigations" in first.stdout
    assert signed(node, "investigations", key="patrol.key").returncode == 0
    wrong = activated(node)
    assert wrong.returncode == 2
    assert "T. Okafor of investigations was not made by the key that is known" in wrong.stderr
    assert signed(node, "investigations", person="N. Body").returncode == 0
    assert "no key is known of N. Body" in activated(node).stderr
    assert "next: tieline agreement activate" in signed(node, "investigations").stdout
    done = activated(node)
    assert done.returncode == 0, done.stderr
    assert "is active in every system" in done.stdout
    checked = called("agreement", "check", "--config", "node", cwd=node)
    assert "signed by every party" in checked.stdout


def test_a_text_that_gives_what_none_may_give_is_not_activated(node: Path) -> None:
    """Signed by both, and refused all the same, with the question that it must not answer yes."""
    file = node / "node" / "agreement.json"
    draft = json.loads(file.read_text())
    whole = draft["policies"]
    file.write_text(json.dumps(draft | {"policies": whole.replace(" || resource.sealed", "", 1)}))
    for party in SIGNERS:
        assert signed(node, party).returncode == 0
    refused = activated(node)
    assert refused.returncode == 1
    assert "sealed: A record of a matter under seal" in refused.stderr
    assert "Somebody of" in refused.stderr
    assert "P02: " in refused.stderr
    # What was changed under its signatures is refused before it is looked at.
    file.write_text(json.dumps(json.loads(file.read_text()) | {"policies": whole}))
    changed = activated(node)
    assert changed.returncode == 2
    assert "signed another text" in changed.stderr


def test_a_key_that_others_may_read_signs_nothing(node: Path) -> None:
    key = node / "patrol.key"
    again = called("agreement", "key", "patrol.key", cwd=node)
    assert again.returncode == 2
    assert "exists" in again.stderr
    assert "cannot be written" in called("agreement", "key", "no/where.key", cwd=node).stderr
    key.chmod(0o644)
    open_to_all = signed(node, "patrol")
    assert open_to_all.returncode == 2
    assert "chmod 600" in open_to_all.stderr
    (node / "text.key").write_text("no key at all")
    (node / "text.key").chmod(0o600)
    assert "no private key" in signed(node, "patrol", key="text.key").stderr
    assert "cannot be read" in signed(node, "patrol", key="nothing.key").stderr
    assert "name the person" in signed(node, "patrol", key="text.key", person=" ").stderr
    no_key = ("agreement", "trust", "--config", "node", "--party", "patrol", "--as", "A", "--key")
    refused = called(*no_key, "QUJD", cwd=node)
    assert refused.returncode == 2
    assert "no public key" in refused.stderr


def test_a_ledger_is_exported_and_verified_without_its_node(place: Path, tmp_path: Path) -> None:
    file = tmp_path / "accounts.ledger"
    export = ("ledger", "export", "--config", str(place), "--system", "accounts")
    assert tieline(*export, "--out", str(file), cwd=tmp_path).returncode == 0
    assert file.stat().st_mode & 0o077 == 0
    told = tieline("ledger", "verify", str(file), "--json", cwd=tmp_path)
    assert told.returncode == 0
    report = json.loads(told.stdout)
    assert report["sound"]
    known = ("--size", str(report["entries"]), "--root", report["root"])
    agreed = tieline("ledger", "verify", str(file), *known, cwd=tmp_path)
    assert "whole and unchanged" in agreed.stdout
    again = tieline(*export, cwd=tmp_path)
    # Exporting leaves its own trace, and the tree only grows.
    assert len(again.stdout.splitlines()) == report["entries"] + 2


def test_a_changed_export_is_found_and_the_place_is_named(place: Path, tmp_path: Path) -> None:
    export = ("ledger", "export", "--config", str(place), "--system", "accounts")
    lines = tieline(*export, cwd=tmp_path).stdout.splitlines(keepends=True)
    file = tmp_path / "changed.ledger"
    file.write_text("".join([lines[0], lines[1].replace("2026", "2025"), *lines[2:]]))
    told = tieline("ledger", "verify", str(file), cwd=tmp_path)
    assert told.returncode == 3
    assert "line 2, entry 0" in told.stdout


@pytest.mark.parametrize(
    ("arguments", "cure"),
    [
        (["migrate"], "tieline init FOLDER"),
        (["migrate", "--config", "nowhere.toml"], "tieline init FOLDER"),
        (["init", "there", "--database", "cases=sqlite:x"], "NAME=URL"),
        (["init", "there", "--party", "patrol"], "AGENCY:DEPARTMENT"),
        (["ledger", "verify", "nowhere"], "does not exist"),
        (["ledger", "export", "--system", "moon"], "moon"),
    ],
)
def test_wrong_use_says_what_to_do(arguments: list[str], cure: str, tmp_path: Path) -> None:
    run = tieline(*arguments, cwd=tmp_path)
    assert run.returncode == 2
    assert cure in run.stderr
    assert "Traceback" not in run.stderr


def test_a_database_of_a_server_that_is_away_is_an_error_that_says_so(tmp_path: Path) -> None:
    url = "postgresql://nobody@127.0.0.1:1/none?connect_timeout=1"
    run = tieline("init", "there", "--database", f"patrol={url}", cwd=tmp_path)
    assert run.returncode == 2
    assert "patrol" in run.stderr
    assert "Traceback" not in run.stderr


def test_a_node_where_nobody_judged_learns_nothing_and_says_so(place: Path) -> None:
    done = tieline("model", "learn", "--config", str(place), "--adopt", cwd=place.parent)
    assert done.returncode == 2
    assert "0 pairs were judged the same and 0 different" in done.stderr
    assert "wait until there are 40 of either" in done.stderr
    assert not (place / "learned_weights.json").exists()
