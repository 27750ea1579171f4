"""Tells the process of carrier.py what to do, and how to die at it."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping

__all__ = ["asked"]


def asked(process: subprocess.Popen[str], how: Mapping[str, object]) -> tuple[int, float]:
    """Exit code of the process that it forked for this, and seconds."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(json.dumps(dict(how)) + "\n")
    process.stdin.flush()
    said = json.loads(process.stdout.readline())
    return said["code"], said["took"]
