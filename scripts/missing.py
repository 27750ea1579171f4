"""Say what `make test` leaves out here, and why. With CI=true a missing browser is an error."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    no_browser = not (shutil.which("chromium") or shutil.which("chromium-browser"))
    if no_browser:
        print("not run here: browser tests (chromium is missing: apt-get install chromium)")
    if not (ROOT.parent / "shared" / "data").is_dir():
        print("not run here: tests on real data (no folder ../shared/data beside the checkout)")
    return 1 if no_browser and os.environ.get("CI") == "true" else 0


if __name__ == "__main__":
    sys.exit(main())
