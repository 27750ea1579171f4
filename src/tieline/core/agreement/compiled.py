"""The checked clauses as functions: the same answers as Cedar's, a few hundred times as fast.

With viewer, purpose, action and field class known, most clauses are decided before any record is
looked at; what the others still ask of a record is a handful of tests. `bound` keeps that for the
next record. Cedar stays the oracle (`shadow`): the two must never differ.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from tieline.core.agreement.expression import (
    FALSE,
    TRUE,
    Expression,
    Test,
    Value,
    Values,
    folded,
    function_of,
    read_condition,
)
from tieline.core.agreement.question import ACTIONS, Action

__all__ = ["Answer", "Bound", "Compiled", "Rule", "compiled"]

Items = tuple[tuple[str, Value], ...]
"""Attributes of one side, each with its name."""
_PERMIT: Final = "permit"
_REMEMBERED: Final = 4096
"""Viewers, each with a purpose, an action and a field class."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One clause: what it does, for which actions, and when."""

    clause: str
    permits: bool
    actions: frozenset[Action]
    condition: Expression


@dataclass(frozen=True, slots=True)
class Answer:
    """Allowed or not, and by which clauses, in the order of their ids; none where none opens it."""

    allowed: bool
    clauses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bound:
    """What is left to ask of a record, once all else is known."""

    forbids: tuple[tuple[str, Test], ...]
    permits: tuple[tuple[str, Test], ...]
    always_forbids: tuple[str, ...]
    always_permits: tuple[str, ...]

    def decide(self, record: Values) -> Answer:
        """The answer for a record by its attributes; a prohibition wins over every permit.

        Raises KeyError or TypeError where the attributes are not those of the schema.
        """
        forbidding = [clause for clause, holds in self.forbids if holds(record)]
        permitting = [clause for clause, holds in self.permits if holds(record)]
        if forbidding or self.always_forbids:
            return Answer(False, tuple(sorted((*self.always_forbids, *forbidding))))
        opened = tuple(sorted((*self.always_permits, *permitting)))
        return Answer(bool(opened), opened)


@dataclass(frozen=True, slots=True, eq=False)
class Compiled:
    """All clauses of one text."""

    rules: tuple[Rule, ...]

    def residual(
        self, action: Action, known: Mapping[str, Values]
    ) -> Iterator[tuple[Rule, Expression]]:
        """The clauses that speak of an action, with what each still asks of a record."""
        for rule in self.rules:
            if action in rule.actions and (left := folded(rule.condition, known)) != FALSE:
                yield rule, left

    def bound(
        self,
        action: Action,
        viewer: Items,
        context: Items,
    ) -> Bound:
        """What is left to ask of a record; `viewer` and `context` are their attributes."""
        return _bound(self, action, viewer, context)


@lru_cache(maxsize=_REMEMBERED)
def _bound(
    text: Compiled,
    action: Action,
    viewer: Items,
    context: Items,
) -> Bound:
    known: dict[str, Values] = {"principal": dict(viewer), "context": dict(context)}
    left = list(text.residual(action, known))

    def tests(permits: bool) -> tuple[tuple[str, Test], ...]:
        return tuple(
            (rule.clause, function_of(condition))
            for rule, condition in left
            if rule.permits is permits and condition != TRUE
        )

    def always(permits: bool) -> tuple[str, ...]:
        return tuple(
            rule.clause for rule, condition in left if rule.permits is permits and condition == TRUE
        )

    return Bound(tests(False), tests(True), always(False), always(True))


def compiled(tree: Mapping[str, Mapping[str, Any]], ids: Mapping[str, str]) -> Compiled:
    """The clauses of a parsed text; `ids` gives each policy's clause. Raises Unreadable."""
    return Compiled(
        tuple(
            Rule(
                ids[name],
                policy["effect"] == _PERMIT,
                _actions(policy["action"]),
                read_condition(policy["conditions"]),
            )
            for name, policy in tree.items()
        )
    )


def _actions(scope: Mapping[str, Any]) -> frozenset[Action]:
    if scope["op"] == "All":
        return frozenset(ACTIONS)
    named = scope.get("entities") or [scope["entity"]]
    return frozenset(Action(one["id"]) for one in named)
