"""How quickly the agreement decides, beside Cedar, and whether the two ever differ."""

from __future__ import annotations

import json
import random
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import cedarpy
from bench.listing import lists

from tieline.cli.bench import Measure
from tieline.core.agreement.engine import Engine
from tieline.core.agreement.question import (
    ACTIONS,
    Action,
    Question,
    entities,
    of_record,
    of_viewer,
    request,
    stated,
)
from tieline.core.agreement.viewer import Purpose, PurposeCode, Role, Viewer
from tieline.core.records import Facts, FieldClass, Protections
from tieline.reference.agreement import model_agreement

RECORDS, CLASSES, PAGES = 50, 12, 400
LOOKED_AT = 20
"""Pages that one viewer looks at for one purpose."""
DECIDED, DECIDED_QUICKLY = 1_000_000, 50_000
SEED = 20120213
AGENCIES = (("patrol", "DHS"), ("investigations", "DHS"), ("sheriff", "sheriff"), ("city", "city"))
KINDS = ("event", "subject", "case", "lookout", "person", "custody", "report")
FLAGS = tuple(Protections.unknown().effective)


def measures(root: Path, *, quick: bool) -> Iterator[Measure]:
    """A page of 600 decisions, as many decisions as there is time for, made twice, and lists."""
    engine = model_agreement().check()
    rng = random.Random(SEED)
    yield from _page(engine, rng, PAGES // 10 if quick else PAGES)
    yield _differences(engine, rng, DECIDED_QUICKLY if quick else DECIDED)
    yield from lists.measured(root, quick=quick)


def _page(engine: Engine, rng: random.Random, pages: int) -> Iterator[Measure]:
    questions = [Question(Action.FIELD, one) for one in list(FieldClass)[:CLASSES]]
    ours, theirs = [], []
    for at in range(pages):
        if at % LOOKED_AT == 0:
            viewer, purpose = drawn_viewer(rng), drawn_purpose(rng)
        page = _Page(viewer, purpose, [drawn_facts(rng) for _ in range(RECORDS)])
        ours.append(_seconds(partial(_by_engine, engine, questions, page)))
        # What is handed to Cedar is written before the clock runs.
        theirs.append(_seconds(partial(_by_cedar, engine, *_handed_over(questions, page))))
    said = [1000 * _p95(ours), 1000 * _p95(theirs)]
    name = f"{RECORDS} records x {CLASSES} field classes, p95 of {pages} pages"
    yield Measure(
        *(name, round(said[0], 3), "ms", "cedarpy batch", round(said[1], 3), "<= 5"),
        met=said[0] <= 5,
    )
    ratio = statistics.median(theirs) / statistics.median(ours)
    yield Measure("the same, times as fast", round(ratio, 1), "x", "", None, ">= 100", ratio >= 100)


@dataclass(frozen=True)
class _Page:
    """What one viewer asks of several records, each with its owner's department."""

    viewer: Viewer
    purpose: Purpose
    rows: Sequence[tuple[Facts, str]]


def _by_engine(engine: Engine, questions: Sequence[Question], page: _Page) -> None:
    about = {"viewer": page.viewer, "purpose": page.purpose}
    for facts, department in page.rows:
        engine.ask(questions, **about, facts=facts, department=department)


def _handed_over(questions: Sequence[Question], page: _Page) -> tuple[str, list[dict[str, Any]]]:
    """All decisions of a page as one batch, each record and the viewer once."""
    said, asked_by = stated(page.purpose), of_viewer(page.viewer)
    both, requests = [], []
    for at, (facts, department) in enumerate(page.rows):
        viewer, record = json.loads(entities(asked_by, of_record(facts, department=department)))
        record["uid"]["id"] = f"record{at}"
        both += [record] if both else [viewer, record]
        requests += [request(one, said) | {"resource": record["uid"]} for one in questions]
    return json.dumps(both), requests


def _by_cedar(engine: Engine, both: str, requests: list[dict[str, Any]]) -> None:
    known = cedarpy.Entities.from_json_str(both, engine.schema)
    cedarpy.is_authorized_batch(requests, engine.policies, known, engine.schema)


def _differences(engine: Engine, rng: random.Random, wanted: int) -> Measure:
    questions = [
        *(Question(action) for action in ACTIONS if action is not Action.FIELD),
        *(Question(Action.FIELD, one) for one in FieldClass),
    ]
    made = differing = 0
    while made < wanted:
        facts, department = drawn_facts(rng)
        asked = {
            "viewer": drawn_viewer(rng),
            "purpose": drawn_purpose(rng),
            "facts": facts,
            "department": department,
        }
        one, two = engine.ask(questions, **asked), engine.ask_cedar(questions, **asked)
        differing += sum(a != b for a, b in zip(one, two, strict=True))
        made += len(questions)
    return Measure(
        *(f"decisions that differ from Cedar's, of {made:,}", differing, "", "", None, "0"),
        met=differing == 0,
        note=f"seed {SEED}",
    )


def drawn_viewer(rng: random.Random) -> Viewer:
    """Somebody of one of several agencies, in any role."""
    agency, department = rng.choice(AGENCIES)
    return Viewer(
        number="P",
        agency=agency,
        unit=rng.choice(("one", "two")),
        role=rng.choice(list(Role)),
        assignment="A",
        department=rng.choice((department, "")),
        sworn=rng.random() < 0.7,
        employee=rng.random() < 0.8,
        trained_until=datetime(2030, 1, 1, tzinfo=UTC),
        roles=frozenset(rng.sample(list(Role), rng.randrange(2))),
    )


def drawn_purpose(rng: random.Random) -> Purpose:
    """Any purpose, with a number or else a reason."""
    number = rng.choice(("", "E-1"))
    return Purpose(code=rng.choice(list(PurposeCode)), number=number, reason="" if number else "x")


def drawn_facts(rng: random.Random) -> tuple[Facts, str]:
    """What clauses see of a record, and its owner's department."""
    agency, department = rng.choice(AGENCIES)
    facts = Facts(
        kind=rng.choice(KINDS),
        owner_agency=agency,
        owning_unit=rng.choice(("one", "two")),
        protections=replace(
            Protections.screened(),
            **{name: rng.choice((True, None)) for name in FLAGS if rng.random() < 0.08},
        ),
        caveats=frozenset({"silent"} if rng.random() < 0.1 else ()),
    )
    return facts, department


def _seconds(do: Callable[[], None]) -> float:
    start = time.perf_counter()
    do()
    return time.perf_counter() - start


def _p95(values: Sequence[float]) -> float:
    return statistics.quantiles(values, n=20, method="inclusive")[-1]
