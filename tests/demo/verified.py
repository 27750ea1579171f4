"""Verifies every ledger of a node, and prints which are not sound, in a process of its own."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from tieline.core.ledger.judging import examine as verify
from tieline.wiring.opening import found_config, open_node


def main() -> None:
    open_node(found_config(Path(sys.argv[1])))
    from tieline.keeping.databases import KEEPERS
    from tieline.keeping.ledger import Ledger

    names = {one: "accounts" if one == "default" else one for one in KEEPERS}
    reports = {name: verify(Ledger(one, name).exported()) for one, name in names.items()}
    said = {name: [report.sound, report.size] for name, report in reports.items()}
    sys.stdout.write(json.dumps(said))


if __name__ == "__main__":
    main()
