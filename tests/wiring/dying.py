"""The program as somebody types it, killed at a step that the first argument says, as JSON."""

from __future__ import annotations

import json
import sys

from tests.wiring.carrier import die_at

from tieline.cli.main import main

if __name__ == "__main__":
    die_at(json.loads(sys.argv[1]))
    main(sys.argv[2:])
