"""From nothing to a node in which the first administrator is at work, by what an operator types."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.running import tieline

from .living import Browser, Living, wait_for

pytestmark = pytest.mark.database


def test_the_first_administrator_signs_in_to_a_node_that_becomes_ready(
    living: Living, tmp_path: Path
) -> None:
    living.start()
    administrator = Browser()
    address = living.address
    wait_for(lambda: administrator.get(f"{address}/healthz").status == 200)
    young = administrator.get(f"{address}/readyz")
    assert (young.status, young.json["ready"]) == (503, False)
    assert set(young.json["parts"].values()) == {"no agreement"}

    assert administrator.sign_in(address, "mlopez", living.password).status == 302
    home = administrator.get(f"{address}/")
    assert home.status == 200
    assert "no agreement" in home.text
    assert "No agreement is in force" in administrator.get(f"{address}/agreement/").text

    for agency in ("patrol", "investigations"):
        key = str(tmp_path / f"{agency}.key")
        made = tieline("agreement", "key", key, cwd=tmp_path)
        named = ("--party", agency, "--as", "R. Alvarez")
        told = living.command("agreement", "trust", *named, "--key", made.stdout.strip())
        assert told.returncode == 0, told.stderr
        signed = living.command("agreement", "sign", *named, "--key", key)
        assert signed.returncode == 0, signed.stderr
    adopted = living.command("agreement", "activate")
    assert adopted.returncode == 0, adopted.stderr
    # Nothing has to be started again.
    assert administrator.get(f"{address}/readyz").status == 200
    assert administrator.get(f"{address}/agreement/").status == 200
    assert "TCA" in administrator.get(f"{address}/units/").text
    assert "mlopez" in administrator.get(f"{address}/people/").text
    for closed in ("/search/?q=Garcia", "/notices/", "/patrol/events"):
        assert administrator.get(address + closed).status == 403

    checked = living.command("sync", "check")
    assert (checked.returncode, checked.stdout.count("equal")) == (0, 3)
    assert living.stop() == 0
    assert {one["level"] for one in living.lines()} == {"info"}
