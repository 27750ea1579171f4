"""One node with a great many events, asked for the newest that somebody may see.

    python -m bench.listing.node FOLDER URL ROWS LOOKS DECIDED

A process of its own for each database: Django is set up once. Prints one JSON object.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bench.policy import drawn_facts, drawn_purpose, drawn_viewer
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tieline.core.agreement.clauses import Agreement, Party
from tieline.core.agreement.decide import decide_all
from tieline.core.agreement.engine import joined, policies_of
from tieline.core.agreement.impact import impact
from tieline.core.agreement.signing import Signer, public_of, sign, written_signers
from tieline.core.agreement.viewer import Purpose, PurposeCode, Role, Viewer
from tieline.reference.agreement import model_agreement
from tieline.wiring.opening import open_node

SEED = 20120213
AT = datetime(2026, 11, 23, 14, 2, tzinfo=UTC)
SYSTEM = "patrol"
DROPPED = "P04"
"""The clause that a draft leaves out."""
MOST = 50
CHUNK = 20_000
RARE = 60
"""Records of an agency that has hardly any here, spread over all."""
UNITS = 40
SIGHTS = (
    *((), ("juvenile",), ("asylum",), ("section_1367",), ("sealed",), ("informant",)),
    *(("juvenile", "asylum"), ("medical",), ("third_agency",), ("grand_jury",)),
)
"""Protections that are set together; the first in nine of ten records."""
PARTIES = (Party("patrol", "DHS"), Party("investigations", "DHS"), Party("sheriff", "sheriff"))
_OFFICER = Viewer(
    number="U-1",
    agency="patrol",
    unit="unit-1",
    role=Role.AGENT,
    assignment="AS-1",
    department="DHS",
    sworn=True,
    employee=True,
    trained_until=datetime(2030, 1, 1, tzinfo=UTC),
)
_DEPUTY = replace(_OFFICER, agency="sheriff", department="sheriff", employee=False)
VIEWERS = {
    "nearly all": _OFFICER,
    # A US person's records are closed to other departments, and half are of such.
    "half": _DEPUTY,
    # Without training there is one's own agency alone.
    "almost nothing": replace(_DEPUTY, trained_until=None),
    "nothing": replace(_OFFICER, role=Role.ADMINISTRATOR),
}


def main(folder: Path, url: str, rows: int, looks: int, decided: int) -> dict[str, Any]:
    """What was measured of one node."""
    _open(folder, url)
    from tieline.keeping.classes import PolicyClass

    agreement = _signed()
    rng = random.Random(SEED)
    began = time.perf_counter()
    _fill(rng, rows)
    filled = time.perf_counter() - began
    found = {name: _looks(rng, agreement, viewer, looks) for name, viewer in VIEWERS.items()}
    return {
        "classes": PolicyClass.objects.using(SYSTEM).filter(kind="event").count(),
        "filled": round(filled, 1),
        "found": found,
        "impact": _impact(agreement),
        **_differences(rng, agreement, decided),
    }


def _open(folder: Path, url: str) -> None:
    names = ("accounts", "investigations", "partner", "exchange")
    lines = ['node = "one"', "[databases]", f'{SYSTEM} = "{url}"']
    lines += [f'{name} = "sqlite:{name}.sqlite3"' for name in names]
    config = folder / "tieline.toml"
    config.write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "secret.key").write_text("for measuring alone, and known to all\n", encoding="utf-8")
    open_node(config)
    from tieline.wiring.making import migrate

    migrate()


def _signed() -> Agreement:
    from tieline.keeping.agreements import adopt
    from tieline.settings import node

    text, known = model_agreement(parties=PARTIES), []
    for party in PARTIES:
        key = Ed25519PrivateKey.generate()
        text = sign(text, agency=party.agency, by="U-1", at=AT, key=key)
        known.append(Signer(party.agency, "U-1", public_of(key)))
    node().signers.write_text(written_signers(known), encoding="utf-8")
    adopt(text, database=SYSTEM, at=AT)
    return text


def _impact(agreement: Agreement) -> float:
    """Seconds to count what a version without one clause changes over all records of an agency."""
    from tieline.wiring.holdings import holdings

    policies = dict(policies_of(agreement.policies))
    del policies[DROPPED]
    clauses = {name: one for name, one in agreement.clauses.items() if name != DROPPED}
    draft = replace(
        agreement, version=2, policies=joined(policies), clauses=clauses, articles={}, sections=()
    )
    seconds, found = _timed(lambda: impact(agreement, draft, holdings(SYSTEM), at=AT))
    if not found:
        raise RuntimeError("a clause that goes changes nothing: nothing was measured")
    return float(seconds)


def _fill(rng: random.Random, rows: int) -> None:
    from django.db import connections, transaction

    for start in range(0, rows, CHUNK):
        with transaction.atomic(using=SYSTEM):
            _insert([_event(rng, at, rows) for at in range(start, min(start + CHUNK, rows))])
    with connections[SYSTEM].cursor() as cursor:
        cursor.execute("ANALYZE")


def _insert(records: Sequence[Any]) -> None:
    """As the keeper does it, without versions, keys and ledger: no list reads these."""
    from tieline.keeping.bulk import insert_all
    from tieline.keeping.classes import class_of, intern

    for one in records:
        one.policy_class = class_of(one.decided_by)
    intern({one.decided_by for one in records}, database=SYSTEM)
    insert_all(records, database=SYSTEM, batch_size=CHUNK)


def _event(rng: random.Random, at: int, rows: int) -> Any:
    from tieline.systems.patrol.events.event import Event

    rare = at % max(rows // RARE, 1) == 0
    flags = rng.choice(SIGHTS) if rng.random() < 0.1 else SIGHTS[0]
    stated = dict.fromkeys(_protections(), False) | dict.fromkeys(flags, True)
    stated["us_person"] = not rare and rng.random() < 0.5
    moment = AT - timedelta(seconds=30 * (rows - at))
    return Event(
        number=f"TCA-{at:08d}",
        version=1,
        owner_agency="sheriff" if rare else rng.choice(("patrol", "patrol", "investigations")),
        owning_unit=f"unit-{rng.randrange(UNITS)}",
        contact="duty desk",
        caveats=["silent"] if not rare and rng.random() < 0.01 else [],
        created_at=moment,
        updated_at=moment,
        author="U-1",
        assignment="AS-1",
        apprehended_at=moment,
        sector="TCA",
        station="Nogales",
        landmark="west of the crossing",
        narrative="Two adults were seen walking north from the fence. " * 6,
        **stated,
    )


def _protections() -> tuple[str, ...]:
    from tieline.keeping.records import PROTECTIONS

    return PROTECTIONS


def _looks(rng: random.Random, agreement: Agreement, viewer: Viewer, looks: int) -> dict[str, Any]:
    """Milliseconds of each look, of first ones, and of the same by the filter alone; `busy` are
    those in which this process worked, which a busy machine does not lengthen as much.
    """
    from tieline.systems.patrol.events.event import Event

    purpose = Purpose(code=PurposeCode.INVESTIGATION, number="LA13PR10LA0031")
    first, took, busy, shown = [], [], [], 0
    for at in range(looks):
        # Twenty looks of one unit, the first of which nobody has decided anything for.
        who = replace(viewer, unit=f"{viewer.unit}-{at // 20}")
        began = time.process_time()
        seconds, found = _timed(lambda who=who: _by_classes(agreement, who, purpose))
        busy.append(1000 * (time.process_time() - began))
        (took if at % 20 else first).append(1000 * seconds)
        shown = len(found)
    few = max(looks // 100, 3)
    by_filter = [
        1000 * _timed(lambda: _by_filter(agreement, viewer, purpose))[0] for _ in range(few)
    ]
    wanted = [one.pk for one in _by_filter(agreement, viewer, purpose)]
    same = wanted == [one.pk for one in _by_classes(agreement, viewer, purpose)]
    through = [
        1000 * _timed(lambda: _through_the_door(Event, viewer, purpose))[0] for _ in range(few)
    ]
    return {
        "took": took + first,
        "first": first,
        "busy": busy,
        "filter": by_filter,
        "door": through,
        "shown": shown,
        "same": same,
    }


def _by_classes(agreement: Agreement, viewer: Viewer, purpose: Purpose) -> list[Any]:
    from tieline.keeping.classes import told
    from tieline.keeping.newest import newest_of
    from tieline.systems.patrol.events.event import Event

    about = {"database": SYSTEM, "viewer": viewer, "purpose": purpose, "at": AT}
    classes = told(Event.kind, agreement, **about)
    return list(newest_of(Event, classes, database=SYSTEM, most=MOST))


def _by_filter(agreement: Agreement, viewer: Viewer, purpose: Purpose) -> list[Any]:
    from tieline.keeping.filtered import may_be_told
    from tieline.systems.patrol.events.event import Event

    about = {"viewer": viewer, "purpose": purpose, "at": AT}
    rows = Event._default_manager.using(SYSTEM).filter(may_be_told(Event, agreement, **about))
    return list(rows.order_by("-created_at", "-number")[:MOST])


def _through_the_door(model: Any, viewer: Viewer, purpose: Purpose) -> Any:
    """A page as it is: cut row by row, with its entries in the ledger."""
    from tieline.keeping.desk import Desk
    from tieline.keeping.lists import newest
    from tieline.wiring.systems import doors

    desk = Desk(door=doors()[SYSTEM], duty_contact=lambda agency, unit: "duty desk")
    about = {"viewer": viewer, "purpose": purpose, "at": AT}
    return newest(desk, model, what="newest events", most=MOST, **about)


def _differences(rng: random.Random, agreement: Agreement, decided: int) -> dict[str, int]:
    """Records of every kind of facts, each decided for many viewers in three ways."""
    from tieline.keeping.classes import LISTED, told
    from tieline.keeping.filtered import may_be_told
    from tieline.systems.patrol.subjects.subject import Subject

    records = max(decided // 100, 1)
    _insert([_subject(rng, at) for at in range(records)])
    rows = Subject._default_manager.using(SYSTEM)
    facts = {one.pk: one.decided_by for one in rows.all()}
    made = by_filter = by_classes = 0
    while made < decided:
        about: dict[str, Any] = {
            "viewer": drawn_viewer(rng),
            "purpose": drawn_purpose(rng),
            "at": AT,
        }
        right = {
            key
            for key, one in facts.items()
            if all(
                answer.allowed
                for answer in decide_all(agreement, facts=one, questions=LISTED, **about)
            )
        }
        filters = [may_be_told(Subject, agreement, action=one.action, **about) for one in LISTED]
        found = rows.filter(*filters).values_list("pk", flat=True)
        by_filter += len(right ^ set(found))
        classes = told(Subject.kind, agreement, database=SYSTEM, **about)
        found = rows.filter(policy_class__among=classes).values_list("pk", flat=True)
        by_classes += len(right ^ set(found))
        made += len(facts)
    return {"decided": made, "by_filter": by_filter, "by_classes": by_classes}


def _subject(rng: random.Random, at: int) -> Any:
    from tieline.systems.patrol.subjects.subject import Subject

    facts, _ = drawn_facts(rng)
    return Subject(
        number=f"S-{at}",
        version=1,
        owner_agency=facts.owner_agency,
        owning_unit=facts.owning_unit,
        contact="duty desk",
        caveats=sorted(facts.caveats),
        created_at=AT,
        updated_at=AT,
        author="U-1",
        assignment="AS-1",
        **{name: getattr(facts.protections, name) for name in _protections()},
    )


def _timed(do: Callable[[], Any]) -> tuple[float, Any]:
    start = time.perf_counter()
    done = do()
    return time.perf_counter() - start, done


if __name__ == "__main__":
    place, where, *counts = sys.argv[1:]
    sys.stdout.write(json.dumps(main(Path(place), where, *map(int, counts))))
