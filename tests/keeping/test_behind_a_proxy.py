"""A node behind a proxy that speaks HTTPS: its own forms are its own, and people have addresses."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ASK = """
import json
from tieline import django_settings as said
names = ("CSRF_TRUSTED_ORIGINS", "SECURE_HSTS_SECONDS", "ALLAUTH_TRUSTED_PROXY_COUNT",
         "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE")
print(json.dumps({name: getattr(said, name) for name in names}))
"""


def settings_of(folder: Path, web: str) -> dict[str, object]:
    (folder / "secret.key").write_text("s" * 64, "utf-8")
    config = folder / "tieline.toml"
    config.write_text(f"[web]\n{web}\n", "utf-8")
    environment = {**os.environ, "TIELINE_CONFIG": str(config)}
    run = subprocess.run(
        [sys.executable, "-c", ASK], capture_output=True, text=True, env=environment
    )
    assert run.returncode == 0, run.stderr
    said: dict[str, object] = json.loads(run.stdout)
    return said


def test_its_names_are_its_own_origins_and_addresses_are_behind_the_proxies(tmp_path: Path) -> None:
    said = settings_of(tmp_path, 'names = ["node.example"]\nhttps = true\nproxies = 1')
    assert said["CSRF_TRUSTED_ORIGINS"] == ["https://node.example"]
    assert said["SECURE_HSTS_SECONDS"] == 31_536_000
    assert said["ALLAUTH_TRUSTED_PROXY_COUNT"] == 1
    assert said["SESSION_COOKIE_SECURE"] is said["CSRF_COOKIE_SECURE"] is True


def test_without_one_no_header_of_it_is_believed(tmp_path: Path) -> None:
    said = settings_of(tmp_path, 'names = ["localhost"]')
    assert said["CSRF_TRUSTED_ORIGINS"] == []
    assert (said["SECURE_HSTS_SECONDS"], said["ALLAUTH_TRUSTED_PROXY_COUNT"]) == (0, 0)


@pytest.mark.parametrize("odd", ["-1", "6", "true", '"1"'])
def test_a_number_of_proxies_that_cannot_be_is_refused(tmp_path: Path, odd: str) -> None:
    with pytest.raises(AssertionError, match="proxies is no number from 0 to 5"):
        settings_of(tmp_path, f"proxies = {odd}")
