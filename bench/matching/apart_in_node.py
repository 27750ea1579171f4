"""Fills a node's exchange with persons, rejects some of their links, and prints how long each took.

Run by `apart.py`: FOLDER of a new node, how many records, how many judgements.
"""

from __future__ import annotations

import json
import logging
import random
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

SEED = 20120213
BATCH = 500
SYLLABLES = ("GAR", "LO", "DI", "RA", "MEN", "SAN", "TO", "PE", "VI", "CAS", "RU", "MO")
AT = datetime(2026, 11, 23, 14, 2, tzinfo=UTC)
"""All of it takes place at one moment: nothing here hangs on time."""


def main(folder: Path, records: int, judgements: int) -> None:
    """Persons of two to eight records, each with an A-number of its own; then some taken apart."""
    from tieline.wiring.opening import CONFIG_NAME, open_node

    open_node((folder / CONFIG_NAME).resolve(), level=logging.ERROR)
    from tieline.core.agreement.viewer import Purpose, PurposeCode, Role, Viewer
    from tieline.exchange.index.judging import judge
    from tieline.exchange.index.models import Link, LinkState, Membership
    from tieline.exchange.index.persons import unlike
    from tieline.reference.agreement import model_agreement

    rng = random.Random(SEED)
    _fill(records, rng)
    agreement = model_agreement()
    for party in agreement.parties:
        agreement = agreement.signed(agency=party.agency, by="U-1", at=AT)
    viewer = Viewer(
        number="U-100",
        agency=agreement.parties[0].agency,
        unit="HQ",
        role=Role.AGENT,
        assignment="AS-100",
        department=agreement.parties[0].department,
        sworn=True,
        employee=True,
        trained_until=AT.replace(year=AT.year + 1),
    )
    purpose = Purpose(code=PurposeCode.INVESTIGATION, number="LA13PR10LA0031")
    # Those that hold a person together, of whatever size.
    joined = Link.objects.filter(left__in=Membership.objects.values("pointer"), strong=True)
    links = list(joined.order_by("id").values_list("number", flat=True))
    took = []
    for number in rng.sample(links, judgements):
        began = time.perf_counter()
        judge(
            number,
            LinkState.REJECTED,
            viewer=viewer,
            purpose=purpose,
            agreement=agreement,
            reason="another person",
            at=AT,
            held=lambda system, number: False,
        )
        took.append((time.perf_counter() - began) * 1000)
    print(json.dumps({"milliseconds": took, "unlike": len(unlike())}))


def _fill(records: int, rng: random.Random) -> None:
    from tieline.core.ports import Cursor
    from tieline.core.records import Pointer, Protections, RecordNumber
    from tieline.exchange.index.match import match_pending
    from tieline.exchange.index.take import take
    from tieline.reference.agreement import model_agreement
    from tieline.wiring.systems import engine

    first = model_agreement().parties[0].agency
    like = Pointer(
        system=first,
        number=RecordNumber("TCA-2611-000000-01"),
        version=1,
        kind="subject",
        owner_agency=first,
        owning_unit="HQ",
        contact="duty desk",
        caveats=frozenset(),
        protections=Protections.screened(),
    )
    made: list[Pointer] = []
    person = left = 0
    while len(made) < records:
        if not left:
            person, left = person + 1, rng.randint(2, 8)
            surname = "".join(rng.choices(SYLLABLES, k=3))
            born = f"19{rng.randint(50, 99)}-{rng.randint(1, 12):02}-12"
        left -= 1
        made.append(
            replace(
                like,
                number=RecordNumber(f"TCA-2611-{len(made):06}-01"),
                names=(f"Jose {surname}",),
                birth_date=born,
                identifiers=(("a_number", f"A{person:09}"),),
            )
        )
    rng.shuffle(made)
    for start in range(0, records, BATCH):
        take(first, made[start : start + BATCH], cursor=Cursor(str(start)), at=AT)
        while match_pending(engine=engine(), at=AT, limit=BATCH).pointers:
            pass


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
