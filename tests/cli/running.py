"""The program as somebody types it, on a node that no variable of the tests names."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

__all__ = ["tieline"]

PROGRAM = Path(sys.executable).with_name("tieline")
_OF_THE_TESTS = ("TIELINE_CONFIG", "DJANGO_SETTINGS_MODULE")


def tieline(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """What it says and answers."""
    environment = {name: said for name, said in os.environ.items() if name not in _OF_THE_TESTS}
    return subprocess.run(
        [PROGRAM, *arguments], capture_output=True, text=True, cwd=cwd, env=environment
    )
