"""Say what `make test` leaves out here, and why. With CI=true it may leave out but real data."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import postgres

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    missing = []
    if not (shutil.which("chromium") or shutil.which("chromium-browser")):
        missing.append("browser tests (chromium is missing: apt-get install chromium)")
    if postgres.binaries() is None:
        missing.append(f"tests on PostgreSQL (the server is missing: {postgres.CURE})")
    for what in missing:
        print(f"not run here: {what}")
    if not (ROOT.parent / "shared" / "data").is_dir():
        print("not run here: tests on real data (no folder ../shared/data beside the checkout)")
    return 1 if missing and os.environ.get("CI") == "true" else 0


if __name__ == "__main__":
    sys.exit(main())
