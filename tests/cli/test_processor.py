"""numpy is told of a Zen 4, and of no other processor."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tieline.cli.processor import SETTING, mind_the_processor

ZEN_4 = "vendor_id\t: AuthenticAMD\ncpu family\t: 25\nflags\t\t: fpu avx2 avx512f\n"


@pytest.mark.parametrize(
    ("told", "minded"),
    [
        (ZEN_4, True),
        (ZEN_4.replace("25", "26"), False),
        (ZEN_4.replace(" avx512f", ""), False),
        (ZEN_4.replace("AuthenticAMD", "GenuineIntel"), False),
        ("", False),
        ("CPU implementer\t: 0x41\n", False),
    ],
)
def test_a_zen_4_alone_sorts_otherwise(
    told: str, minded: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "numpy", raising=False)
    monkeypatch.delenv(SETTING, raising=False)
    (tmp_path / "cpuinfo").write_text(told, encoding="ascii")
    mind_the_processor(tmp_path / "cpuinfo")
    assert (SETTING in os.environ) is minded
    os.environ.pop(SETTING, None)


def test_what_somebody_says_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "numpy", raising=False)
    monkeypatch.setenv(SETTING, "")
    (tmp_path / "cpuinfo").write_text(ZEN_4, encoding="ascii")
    mind_the_processor(tmp_path / "cpuinfo")
    assert os.environ[SETTING] == ""


def test_a_system_without_such_a_file_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "numpy", raising=False)
    monkeypatch.delenv(SETTING, raising=False)
    mind_the_processor(tmp_path / "nothing")
    assert SETTING not in os.environ


def test_numpy_takes_what_it_is_told_without_a_warning(tmp_path: Path) -> None:
    """On whatever processor: what it does not have cannot be missed."""
    (tmp_path / "cpuinfo").write_text(ZEN_4, encoding="ascii")
    program = (
        "import pathlib, warnings; warnings.simplefilter('error')\n"
        "from tieline.cli.processor import mind_the_processor\n"
        f"mind_the_processor(pathlib.Path({str(tmp_path / 'cpuinfo')!r}))\n"
        "import numpy\n"
        "assert numpy.sort(numpy.array([3, 1, 2])).tolist() == [1, 2, 3]\n"
    )
    environment = {name: value for name, value in os.environ.items() if name != SETTING}
    done = subprocess.run([sys.executable, "-c", program], env=environment, check=False)
    if "avx512f" in Path("/proc/cpuinfo").read_text(encoding="ascii", errors="replace"):
        assert done.returncode == 0
