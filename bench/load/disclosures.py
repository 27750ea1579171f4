"""One of several writers: asks the patrol's door for records, each answer with its entry.

Run by bench/ledger.py, eight at once:
    python bench/load/disclosures.py FOLDER START SECONDS SEED
START is a moment of the system's clock in seconds, so that all begin together. Prints one JSON
object: the seconds that each disclosure took, and how many showed something.
"""

from __future__ import annotations

import json
import random
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from tieline.core.agreement.disclose import NOTHING
from tieline.core.agreement.viewer import Purpose, PurposeCode
from tieline.core.records import RecordNumber
from tieline.wiring.opening import open_node


def main() -> None:
    folder, start, seconds, seed = Path(sys.argv[1]), *map(float, sys.argv[2:])
    open_node(folder / "tieline.toml")
    from tieline.demo.world.cast import author
    from tieline.keeping.heads import RecordHead
    from tieline.wiring.systems import doors

    door = doors()["patrol"]
    viewer = author("investigations", "TU")
    purpose = Purpose(code=PurposeCode.INVESTIGATION, number="C26-00001")
    heads = RecordHead.objects.using("patrol").filter(buried=False).order_by("number")
    numbers = list(heads.values_list("number", flat=True))
    rng = random.Random(int(seed))
    took, shown = [], 0
    time.sleep(max(0.0, start - time.time()))
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        number = RecordNumber(rng.choice(numbers))
        began = time.perf_counter()
        told = door.fetch(number, viewer=viewer, purpose=purpose, at=datetime.now(UTC))
        took.append(time.perf_counter() - began)
        shown += told.disclosure != NOTHING
    print(json.dumps({"took": took, "shown": shown}))


if __name__ == "__main__":
    main()
