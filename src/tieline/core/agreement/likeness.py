"""Of a record's attributes as much as some conditions can tell: records alike in it are alike.

A condition that asks whether a unit is this one tells two units from each other, and not forty.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import repeat
from operator import itemgetter
from typing import Any

from tieline.core.agreement.expression import (
    Asked,
    Constant,
    Equal,
    Expression,
    Holds,
    Not,
    Value,
    Values,
)

__all__ = ["Columns", "Likeness", "Likening"]

Likeness = tuple[object, ...]
Columns = Mapping[str, Sequence[Value]]
"""Of several records each attribute, in their order."""


@dataclass(slots=True)
class _Uses:
    """How attributes of a record are asked for."""

    whole: set[str] = field(default_factory=set)
    """In some other way than these two, so that each value may differ from each."""
    named: dict[str, set[Value]] = field(default_factory=lambda: defaultdict(set))
    """Whether it is one of these values."""
    members: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """Whether it holds these texts."""


class Likening:
    """Of a record's attributes, as `of_record` gives them, what tells it from others: each of the
    conditions is the same for all records for which it gives the same.

    It raises KeyError where an attribute is not there that is asked for, and TypeError where texts
    are asked for in what is no set.
    """

    def __init__(self, conditions: Iterable[Expression]) -> None:
        uses = _Uses()
        for condition in conditions:
            _note(condition, uses)
        self._names = sorted(uses.whole)
        self._whole = _whole(self._names)
        self._named = [(name, frozenset(values)) for name, values in sorted(uses.named.items())]
        self._members = [(name, frozenset(texts)) for name, texts in sorted(uses.members.items())]

    def __call__(self, record: Values) -> Likeness:
        one_of = [
            value if (value := record[name]) in values else None for name, values in self._named
        ]
        held = [_both(record[name], texts) for name, texts in self._members]
        return (*self._whole(record), *one_of, *held)

    def of_all(self, columns: Columns, count: int) -> Iterator[Likeness]:
        """The same of each of `count` records; of each value that differs once."""
        parts: list[Iterable[object]] = [columns[name] for name in self._names]
        for name, values in self._named:
            told = {value: value if value in values else None for value in set(columns[name])}
            parts.append(map(told.__getitem__, columns[name]))
        for name, texts in self._members:
            held = {value: _both(value, texts) for value in set(columns[name])}
            parts.append(map(held.__getitem__, columns[name]))
        return zip(*parts, strict=True) if parts else repeat((), count)


def _whole(names: list[str]) -> Callable[[Values], Likeness]:
    if len(names) > 1:
        return itemgetter(*names)
    return lambda record: tuple([record[name] for name in names])


def _both(texts: Value, named: frozenset[str]) -> Any:
    if not isinstance(texts, frozenset):
        raise TypeError("what is asked for a text is no set of texts")
    return texts & named


def _note(tree: Expression, uses: _Uses) -> None:
    match tree:
        case Asked():
            uses.whole.add(tree.name)
        case Equal(Asked() as one, Constant() as value) | Equal(
            Constant() as value, Asked() as one
        ):
            uses.named[one.name].add(value.value)
        case Holds(Constant(frozenset() as texts), Asked() as one):
            uses.named[one.name] |= texts
        case Holds(Asked() as one, Constant(str() as text)):
            uses.members[one.name].add(text)
        case Constant():
            pass
        case Not():
            _note(tree.inner, uses)
        case Holds():
            _note(tree.texts, uses)
            _note(tree.text, uses)
        case _:
            _note(tree.left, uses)
            _note(tree.right, uses)
