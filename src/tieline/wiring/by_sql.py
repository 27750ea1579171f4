"""Questions about a record that is only described, answered by a database: what clauses still ask
of it is a WHERE clause of one row, by the filters that lists are read with.

The row lies in a database of its own, which is gone when all is asked. No node is opened, so this
is for a command that opens none.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final, cast

from tieline.core.agreement.compiled import Rule, Verdict
from tieline.core.agreement.decide import Ask
from tieline.core.agreement.engine import Differing, Engine
from tieline.core.agreement.expression import Expression, Value
from tieline.core.agreement.question import Question, context_of, of_record, of_viewer, stated
from tieline.core.agreement.viewer import Purpose, Viewer
from tieline.core.records import Facts
from tieline.wiring.opening import CONFIG_NAME, open_node

if TYPE_CHECKING:
    from django.db.models import Q

    from tieline.keeping.records import KeptRecord

__all__ = ["asked_by_sql"]

_SYSTEM: Final = "patrol"
_ANY: Final = datetime(2000, 1, 1, tzinfo=UTC)


@contextmanager
def asked_by_sql() -> Iterator[Ask]:
    """How a database is asked, as `Engine.ask` is; to be called once in a process."""
    with TemporaryDirectory(prefix="tieline-asked-") as place:
        config = Path(place) / CONFIG_NAME
        config.write_text('node = "asked"\n', encoding="utf-8")
        # Nothing is signed by it: without one no node can be opened.
        (Path(place) / "secret.key").write_text(f"{secrets.token_urlsafe()}\n", encoding="utf-8")
        (Path(place) / f"{_SYSTEM}.sqlite3").touch(mode=0o600)
        open_node(config)
        # Models can be loaded only now.
        from django.db import connections

        from tieline.systems.patrol.subjects.subject import Subject

        try:
            with connections[_SYSTEM].schema_editor() as editor:
                editor.create_model(Subject)
            yield _ask
        finally:
            connections[_SYSTEM].close()


def _ask(
    engine: Engine,
    questions: Sequence[Question],
    *,
    viewer: Viewer,
    purpose: Purpose,
    facts: Facts,
    department: str,
) -> list[Verdict]:
    if engine.compiled is None:
        raise Differing("the text was not made functions, and so cannot be made filters")
    # Whatever cannot be put to an engine cannot be put to this one.
    record = of_record(facts, department=department)
    asked_by, said = of_viewer(viewer), stated(purpose)
    found = []
    for question in questions:
        known = {"principal": asked_by, "context": context_of(question, said)}
        rules = list(engine.compiled.residual(question.action, known))
        truths = _truths([condition for _, condition in rules], record)
        found.append(_verdict([rule for (rule, _), on in zip(rules, truths, strict=True) if on]))
    return found


def _verdict(applying: Sequence[Rule]) -> Verdict:
    """A prohibition wins over every permit; where nothing applies, the answer is no."""
    forbidding = sorted(rule.clause for rule in applying if not rule.permits)
    permitting = sorted(rule.clause for rule in applying if rule.permits)
    return Verdict(bool(permitting) and not forbidding, tuple(forbidding or permitting))


def _truths(conditions: Sequence[Expression], record: Mapping[str, Value]) -> list[bool]:
    """What the database says of each condition, about one row with these values."""
    from django.db import transaction
    from django.db.models import Case, When
    from django.db.models import Value as Given

    from tieline.keeping.filtered import EVERYTHING, filter_of

    if not conditions:
        return []
    owner, department = str(record["owner"]), str(record["department"])
    filters = [
        filter_of(condition, kind=str(record["kind"]), departments={owner: department})
        for condition in conditions
    ]

    def column(one: Q) -> Case | Given:
        true, false = Given(True), Given(False)
        return true if one == EVERYTHING else Case(When(one, then=true), default=false)

    with transaction.atomic(using=_SYSTEM):
        row = _row(record)
        columns = {f"asked_{at}": column(one) for at, one in enumerate(filters)}
        rows = type(row)._default_manager.using(_SYSTEM).filter(pk=row.pk)
        (told,) = rows.annotate(**columns).values_list(*columns)
        transaction.set_rollback(True, using=_SYSTEM)
    return [bool(one) for one in told]


def _row(record: Mapping[str, Value]) -> KeptRecord:
    from tieline.keeping.records import PROTECTIONS
    from tieline.systems.patrol.subjects.subject import Subject

    made = Subject(
        number="asked",
        version=1,
        owner_agency=str(record["owner"]),
        owning_unit=str(record["unit"]),
        caveats=sorted(cast("frozenset[str]", record["caveats"])),
        created_at=_ANY,
        updated_at=_ANY,
        **{name: record[name] for name in PROTECTIONS},
    )
    # Not by the keeper: it is no record of anybody, and is gone when it was asked of.
    (row,) = Subject._default_manager.using(_SYSTEM).bulk_create([made])
    return row
