"""What users see today inside their department: what a new agreement must not take from them (P4).

A table, which ships beside the model and may be another on a node. It speaks of sworn officers who
are employed, of another agency of the owner's department, who ask under a number; and of records
that nothing protects.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from tieline.core.agreement.clauses import Party
from tieline.core.agreement.formulas import FLAGS, Asking, Formula, prover
from tieline.core.agreement.question import ACTIONS, WHOLE, Action, Question
from tieline.core.agreement.viewer import PurposeCode, Role
from tieline.core.errors import TielineError
from tieline.core.records import FieldClass

__all__ = ["BadTable", "Sight", "is_asked", "read_sights", "seen_by"]

Code = TypeVar("Code", bound=StrEnum)


class BadTable(TielineError):
    """The table of what users see today cannot be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What people of some roles see today of records of some kinds, for some purposes."""

    says: str
    roles: tuple[Role, ...]
    purposes: tuple[PurposeCode, ...]
    kinds: tuple[str, ...]
    sees: tuple[Question, ...]
    """Levels, and field classes."""


def read_sights(text: str) -> tuple[Sight, ...]:
    """The table from its TOML; raises `BadTable`, which names the row."""
    try:
        rows = tomllib.loads(text)["sight"]
        return tuple(_sight(at, row) for at, row in enumerate(rows, 1))
    except (tomllib.TOMLDecodeError, KeyError, TypeError, AttributeError):
        raise BadTable(
            "what users see today cannot be read",
            cure="write rows [[sight]] with says, roles, purposes, kinds, levels and classes",
        ) from None


def _sight(at: int, row: dict[str, Any]) -> Sight:
    def codes(name: str, make: Callable[[str], Code]) -> tuple[Code, ...]:
        try:
            return tuple(make(one) for one in row[name])
        except ValueError:
            raise BadTable(
                f"row {at} of what users see today names {name} that there are not",
                cure="write them as docs/agreement.md does",
            ) from None

    levels = codes("levels", Action)
    whole = tuple(Question(level) for level in levels if level is not Action.FIELD)
    return Sight(
        says=str(row["says"]),
        roles=codes("roles", Role),
        purposes=codes("purposes", PurposeCode),
        kinds=tuple(str(kind) for kind in row["kinds"]),
        sees=(*whole, *(Question(Action.FIELD, one) for one in codes("classes", FieldClass))),
    )


def seen_by(sight: Sight, asked: Asking, parties: Sequence[Party]) -> Formula:
    """Whether a question is one of those that the row says are answered yes, whatever it asks."""
    z3, who, record, why = prover(), asked.principal, asked.resource, asked.context
    colleagues = [
        z3.And(
            who["agency"] == asked.text(one.agency),
            record["owner"] == asked.text(other.agency),
            who["department"] == asked.text(one.department),
        )
        for one in parties
        for other in parties
        if one != other and one.department == other.department
    ]
    return z3.And(
        z3.Or(colleagues),
        asked.in_force,
        asked.trained,
        who["sworn"],
        who["employee"],
        *(z3.Not(here) for role, here in who["roles"].items() if role not in sight.roles),
        why["has_number"],
        asked.texts.among(why["purpose"], sight.purposes),
        asked.texts.among(record["kind"], sight.kinds),
        *(z3.Not(record[name]) for name in FLAGS),
        *(z3.Not(here) for here in record["caveats"].values()),
    )


def is_asked(question: Question, asked: Asking) -> Formula:
    """Whether it is this that is asked."""
    z3 = prover()
    action = asked.action == ACTIONS.index(question.action)
    of_class = asked.context["field_class"]
    return z3.And(action, of_class == asked.text(question.field_class or WHOLE))
