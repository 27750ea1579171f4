"""The checked clauses as functions: the same answers as Cedar's, over a hundred times as fast.

With viewer, purpose and question known, most clauses are decided before any record is looked at;
what the others still ask of a record is a handful of tests, each made once for all questions about
it. A `Sheet` keeps that for the next record. Cedar stays the oracle: the two must never differ.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Final

from tieline.core.agreement.expression import (
    FALSE,
    TRUE,
    Expression,
    Value,
    Values,
    attributes_of,
    folded,
    function_of,
    read_condition,
)
from tieline.core.agreement.likeness import Columns, Likeness, Likening
from tieline.core.agreement.question import ACTIONS, Action, Question, Stated, context_of

__all__ = ["Compiled", "Rule", "Sheet", "Verdict", "compiled"]

Items = tuple[tuple[str, Value], ...]
"""Attributes of one side, each with its name."""
_PERMIT: Final = "permit"
_REMEMBERED: Final = 4096
"""Viewers, each with a purpose and questions."""
_ANSWERED: Final = 1024
"""Of each of them, records that differ in what is asked of them."""
_OF_QUESTION: Final = frozenset({"field_class"})
"""What of the context differs from question to question."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One clause: what it does, for which actions, and when."""

    clause: str
    permits: bool
    actions: frozenset[Action]
    condition: Expression


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was answered, by clause ids in their order; none where none opens it.

    `failed` names clauses that could not be evaluated.
    """

    allowed: bool
    clauses: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """Of one question the clauses that may decide it, in their order, each with its test's place;
    -1 for always.
    """

    forbids: tuple[tuple[str, int], ...]
    permits: tuple[tuple[str, int], ...]

    def answer(self, truths: tuple[bool, ...]) -> Verdict:
        """A prohibition wins over every permit; where nothing applies, the answer is no."""
        forbidding = _applying(self.forbids, truths)
        if forbidding:
            return Verdict(False, forbidding)
        permitting = _applying(self.permits, truths)
        return Verdict(bool(permitting), permitting)


def _applying(clauses: tuple[tuple[str, int], ...], truths: tuple[bool, ...]) -> tuple[str, ...]:
    return tuple([clause for clause, place in clauses if place < 0 or truths[place]])


class Sheet:
    """Several questions of one viewer for one purpose: what is left to ask of each record."""

    def __init__(self, tests: tuple[Expression, ...], parts: tuple[Part, ...]) -> None:
        self._tests, self._parts = tuple(function_of(test) for test in tests), parts
        self._likening = Likening(tests)
        self._truths: dict[Likeness, tuple[bool, ...]] = {}
        self._answers: dict[tuple[bool, ...], tuple[Verdict, ...]] = {}

    def truths(self, record: Values) -> tuple[bool, ...]:
        """All that the answers turn on; records that have the same are answered the same.

        Takes attributes as `of_record` gives them, each of its type: 1 would be taken for True.
        Raises KeyError or TypeError where one is not there or of another type.
        """
        return self._of(self._likening(record), record)

    def truths_of_all(self, columns: Columns, records: Sequence[Values]) -> list[tuple[bool, ...]]:
        """The same of each of many records, laid out by their attributes as well."""
        alike = list(self._likening.of_all(columns, len(records)))
        # One record of each likeness: of thousands there are some dozens.
        truths = {
            one: self._of(one, record)
            for one, record in dict(zip(alike, records, strict=True)).items()
        }
        return [*map(truths.__getitem__, alike)]

    def _of(self, alike: Likeness, record: Values) -> tuple[bool, ...]:
        found = self._truths.get(alike)
        if found is not None:
            return found
        if len(self._truths) >= _ANSWERED:
            self._truths.clear()
        truths = self._truths[alike] = tuple([test(record) for test in self._tests])
        return truths

    def decide(self, record: Values) -> tuple[Verdict, ...]:
        """An answer a question, for a record by its attributes; takes and raises as `truths`."""
        truths = self.truths(record)
        found = self._answers.get(truths)
        if found is None:
            if len(self._answers) >= _ANSWERED:
                self._answers.clear()
            found = self._answers[truths] = tuple([part.answer(truths) for part in self._parts])
        return found


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

    def sheet(self, questions: tuple[Question, ...], viewer: Items, purpose: Stated) -> Sheet:
        """What is left to ask of a record; `viewer` are the attributes of who asks."""
        return _sheet(self, questions, viewer, purpose)


@lru_cache(maxsize=_REMEMBERED)
def _of_viewer(
    text: Compiled, viewer: Items, purpose: Stated
) -> tuple[tuple[Rule, Expression, bool], ...]:
    """All clauses folded as far as they can be before it is known what is asked, each with whether
    it turns on that.
    """
    whole = context_of(Question(Action.SEARCH), purpose)
    known: dict[str, Values] = {"principal": dict(viewer), "context": whole}
    found = ((rule, folded(rule.condition, known, later=_OF_QUESTION)) for rule in text.rules)
    return tuple(
        (rule, left, any(one.of == "context" for one in attributes_of(left)))
        for rule, left in found
        if left != FALSE
    )


@lru_cache(maxsize=_REMEMBERED)
def _sheet(
    text: Compiled, questions: tuple[Question, ...], viewer: Items, purpose: Stated
) -> Sheet:
    clauses = sorted(_of_viewer(text, viewer, purpose), key=lambda one: one[0].clause)
    contexts = [context_of(question, purpose) for question in questions]
    places: dict[Expression, int] = {TRUE: -1}

    @cache
    def place_of(at: int, field_class: Value) -> int | None:
        _, condition, turns = clauses[at]
        left = folded(condition, {"context": {"field_class": field_class}}) if turns else condition
        return None if left == FALSE else places.setdefault(left, len(places) - 1)

    parts = []
    for question, context in zip(questions, contexts, strict=True):
        found: dict[bool, list[tuple[str, int]]] = {True: [], False: []}
        for at, (rule, _, turns) in enumerate(clauses):
            if question.action in rule.actions:
                place = place_of(at, context["field_class"] if turns else "")
                if place is not None:
                    found[rule.permits].append((rule.clause, place))
        parts.append(Part(tuple(found[False]), tuple(found[True])))
    del places[TRUE]
    return Sheet(tuple(places), tuple(parts))


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
