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
from tieline.core.agreement.compare import compare
from tieline.core.agreement.decide import Ask
from tieline.core.agreement.engine import Engine
from tieline.core.agreement.given import ask_z3
from tieline.core.agreement.invariants import INVARIANTS
from tieline.core.agreement.prove import prove
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
from tieline.reference.agreement import model_agreement, seen_today

RECORDS, CLASSES, PAGES = 50, 12, 400
LOOKED_AT = 20
"""Pages that one viewer looks at for one purpose."""
DECIDED, DECIDED_QUICKLY = 1_000_000, 50_000
BY_Z3, BY_Z3_QUICKLY = 20_000, 1_000
COMPARED = 5
"""Times that two versions are compared and the model is proved; the middle one counts."""
SLIPS = (
    ('"immigration", "outcome", "caution"', '"outcome", "caution"'),
    ("resource.juvenile || resource.us_person", "resource.juvenile"),
    ('"family", "biometric"', '"family", "biometric", "case_narrative"'),
)
"""What the next version of the model changes: one clause narrower, two wider."""
SEED = 20120213
AGENCIES = (("patrol", "DHS"), ("investigations", "DHS"), ("sheriff", "sheriff"), ("city", "city"))
KINDS = ("event", "subject", "case", "lookout", "person", "custody", "report")
FLAGS = tuple(Protections.unknown().effective)


def measures(root: Path, *, quick: bool) -> Iterator[Measure]:
    """A page of 600 decisions; decisions made by two engines; versions compared, proved; lists."""
    engine = model_agreement().check()
    rng = random.Random(SEED)
    yield from _page(engine, rng, PAGES // 10 if quick else PAGES)
    by_functions = ("decisions", Engine.ask, DECIDED_QUICKLY if quick else DECIDED)
    by_formulas = ("decisions by z3", ask_z3, BY_Z3_QUICKLY if quick else BY_Z3)
    for name, ask, wanted in (by_functions, by_formulas):
        yield _differences(engine, rng, name, ask, wanted)
    yield _compared()
    yield _proved()
    yield from lists.measured(root, quick=quick)


def _compared() -> Measure:
    old, policies = model_agreement(), model_agreement().policies
    for was, now in SLIPS:
        policies = policies.replace(was, now)
    new, today = replace(old, version=2, policies=policies), seen_today()
    took = statistics.median(
        _seconds(lambda: compare(old, new, today=today)) for _ in range(COMPARED)
    )
    name = f"compare two versions, {len(SLIPS)} clauses changed, median of {COMPARED}"
    return Measure(name, round(took, 3), "s", "", None, "<= 1", met=took <= 1)


def _proved() -> Measure:
    text = model_agreement()
    took = statistics.median(_seconds(lambda: list(prove(text))) for _ in range(COMPARED))
    name = f"prove {len(INVARIANTS)} invariants of the model, median of {COMPARED}"
    return Measure(name, round(took, 3), "s", "", None, "")


def _page(engine: Engine, rng: random.Random, pages: int) -> Iterator[Measure]:
    questions = tuple(Question(Action.FIELD, one) for one in list(FieldClass)[:CLASSES])
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


def _differences(engine: Engine, rng: random.Random, name: str, ask: Ask, wanted: int) -> Measure:
    questions = [
        *(Question(action) for action in ACTIONS if action is not Action.FIELD),
        *(Question(Action.RELEASE, one) for one in FieldClass),
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
        one, two = ask(engine, questions, **asked), engine.ask_cedar(questions, **asked)
        differing += sum(a != b for a, b in zip(one, two, strict=True))
        made += len(questions)
    return Measure(
        *(f"{name} that differ from Cedar's, of {made:,}", differing, "", "", None, "0"),
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


def _seconds(do: Callable[[], object]) -> float:
    start = time.perf_counter()
    do()
    return time.perf_counter() - start


def _p95(values: Sequence[float]) -> float:
    return statistics.quantiles(values, n=20, method="inclusive")[-1]
