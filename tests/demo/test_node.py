"""`tieline demo` builds a node in a folder of its own, once, and serves it on this machine."""

from __future__ import annotations

import re
import signal
import stat
import subprocess
import urllib.request
from pathlib import Path

from tieline.demo.world.cast import CAST

from .building import (
    Undisturbed,
    command,
    contents,
    counts,
    environment,
    passwords,
    rows,
    tieline_demo,
)

STRIP = "Synthetic data, not a government system"


def test_it_is_built_and_says_who_may_sign_in(undisturbed: Undisturbed) -> None:
    said = undisturbed.run.stdout
    assert said.startswith(STRIP)
    assert re.search(r"\d+ records can be found, \d+ may be of the same, \d+ notices", said)
    known = passwords(undisturbed.folder)
    assert list(known) == [one.username for one in CAST]
    assert len(set(known.values())) == len(CAST)
    for name, password in known.items():
        assert re.search(rf"^  {name} +{re.escape(password)}  ", said, re.MULTILINE), name
    assert str(undisturbed.folder / "truth.csv") in said


def test_what_it_keeps_is_its_builders_alone(undisturbed: Undisturbed) -> None:
    for path in (undisturbed.folder, *undisturbed.folder.iterdir()):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path.name


def test_a_correction_a_copy_and_a_stamp_are_there_to_be_seen(undisturbed: Undisturbed) -> None:
    there = counts(undisturbed.folder)
    assert there["exchange corrections_correctionnotice"] == 1
    assert there["patrol copy"] == 1
    assert there["patrol stamp"] == 1


def test_one_request_is_to_be_answered_and_one_lies_before_the_council(
    undisturbed: Undisturbed,
) -> None:
    query = (
        "SELECT state FROM sharing_releaserequest "
        "WHERE kind = 'release' AND system = 'investigations'"
    )
    assert rows(undisturbed.folder, "exchange", query) == [("asked",), ("council",)]


def test_passwords_stand_in_one_file_alone(undisturbed: Undisturbed) -> None:
    files = contents(undisturbed.folder)
    for password in passwords(undisturbed.folder).values():
        assert [name for name, text in files.items() if password.encode() in text] == [
            "sign-ins.txt"
        ]


def test_the_truth_tells_of_every_system_and_is_missed_by_nothing(copied: Path) -> None:
    lines = (copied / "truth.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "person,system,number"
    assert {line.split(",")[1] for line in lines[1:]} == {"patrol", "investigations", "partner"}
    (copied / "truth.csv").unlink()
    again = tieline_demo(copied, "--build-only")
    assert again.returncode == 0, again.stderr
    assert not (copied / "truth.csv").exists()


def test_a_later_call_changes_nothing_and_says_the_same(undisturbed: Undisturbed) -> None:
    known, there = passwords(undisturbed.folder), counts(undisturbed.folder)
    again = tieline_demo(undisturbed.folder, "--build-only")
    assert (again.returncode, again.stdout) == (0, undisturbed.run.stdout)
    assert (passwords(undisturbed.folder), counts(undisturbed.folder)) == (known, there)


def test_one_emergency_is_to_be_confirmed_and_one_to_be_reviewed(
    undisturbed: Undisturbed,
) -> None:
    query = "SELECT danger, closed_by, version = told FROM emergency"
    assert rows(undisturbed.folder, "investigations", query) == [
        ("confined", "U-101", 1),
        ("held", "", 1),
    ]
    query = "SELECT owner_unit, danger, closed_at IS NULL FROM sharing_toldemergency"
    assert rows(undisturbed.folder, "exchange", query) == [("TU", "confined", 0), ("TU", "held", 1)]


def test_it_is_served_on_this_machine_with_the_strip_on_its_pages(copied: Path) -> None:
    with subprocess.Popen(
        command(copied, "--port", "0"), stdout=subprocess.PIPE, text=True, env=environment()
    ) as running:
        try:
            assert running.stdout is not None
            opens = (re.match(r"Open (http://127\.0\.0\.1:\d+/)$", one) for one in running.stdout)
            address = next(found[1] for found in opens if found)
            for path in ("", "accounts/login/", "no-such-page"):
                assert STRIP in page(address + path), path
        finally:
            running.send_signal(signal.SIGTERM)


def page(address: str) -> str:
    try:
        with urllib.request.urlopen(address, timeout=30) as answer:
            return str(answer.read(), "utf-8")
    except urllib.error.HTTPError as error:
        return str(error.read(), "utf-8")
