"""How long an entry waits for a checkpoint that a partner cosigned, beside a running seal.

Run by bench/ledger.py:
    python bench/load/sealed.py FOLDER COUNT
Prints one JSON object: the seconds that each entry waited.
"""

from __future__ import annotations

import json
import random
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from django.db import transaction

from tieline.core.ledger.events import Event
from tieline.wiring.opening import open_node

PATIENCE = 30.0
PAUSE = 0.01
SEED = 1


def main() -> None:
    open_node(Path(sys.argv[1]) / "tieline.toml")
    from tieline.keeping.checkpoints import newest
    from tieline.keeping.ledger import line
    from tieline.keeping.rows import LedgerRow
    from tieline.wiring.ledgers import LEDGERS

    rows = LedgerRow.objects.using("patrol")
    ledger, rng = LEDGERS["patrol"], random.Random(SEED)

    def waited() -> float:
        at = datetime.now(UTC)
        with transaction.atomic(using="patrol"):
            ledger.stage([line(Event.RECORD_READ, at=at)], head=ledger.share())
        began = time.perf_counter()
        while time.perf_counter() - began < PATIENCE:
            head = newest(ledger, witnessed=True)
            placed = rows.filter(at=at).first()
            if head is not None and placed is not None and head.size > placed.sequence:
                return time.perf_counter() - began
            time.sleep(PAUSE)
        raise SystemExit(f"no checkpoint within {PATIENCE:g} s")

    waited()  # until the seal has begun
    took = []
    for _ in range(int(sys.argv[2])):
        # At no beat with the seal's own.
        time.sleep(rng.uniform(0.0, 0.5))
        took.append(waited())
    print(json.dumps({"took": took}))


if __name__ == "__main__":
    main()
