"""What a clause asks, as a tree of few signs: folded with what is known, and made a function.

A clause's condition is read from Cedar's own parse of the text. With viewer and purpose known it
folds to what is left to ask of the record: often nothing, or a flag or two.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Final

from tieline.core.errors import TielineError

__all__ = [
    "FALSE",
    "TRUE",
    "Asked",
    "Both",
    "Constant",
    "Either",
    "Equal",
    "Expression",
    "Holds",
    "Not",
    "Unreadable",
    "Value",
    "Values",
    "attributes_of",
    "folded",
    "function_of",
    "parts_of",
    "read_condition",
]

Value = str | bool | frozenset[str]
Values = Mapping[str, Value]
"""Of one side of a question, each attribute by its name."""
Test = Callable[[Values], bool]


class Unreadable(TielineError):
    """A clause holds a sign that is not known here: it must not be guessed at."""


@dataclass(frozen=True, slots=True)
class Constant:
    """A text, a truth, or a set of texts."""

    value: Value


@dataclass(frozen=True, slots=True)
class Asked:
    """An attribute of the principal, the resource or the context."""

    of: str
    name: str


@dataclass(frozen=True, slots=True)
class Equal:
    """Both sides are the same; they are of one type."""

    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Holds:
    """A set holds a text."""

    texts: Expression
    text: Expression


@dataclass(frozen=True, slots=True)
class Not:
    """What is inside is false."""

    inner: Expression


@dataclass(frozen=True, slots=True)
class Both:
    """Both sides are true."""

    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Either:
    """One side is true, or both."""

    left: Expression
    right: Expression


Expression = Constant | Asked | Equal | Holds | Not | Both | Either

TRUE: Final = Constant(True)
FALSE: Final = Constant(False)


def read_condition(conditions: list[dict[str, Any]]) -> Expression:
    """All of a policy's `when` and none of its `unless`. Raises Unreadable."""
    found: Expression = TRUE
    for condition in conditions:
        body = _read(condition["body"])
        if condition["kind"] not in ("when", "unless"):
            raise _unreadable(condition["kind"])
        found = _both(found, body if condition["kind"] == "when" else Not(body))
    return found


def _read(body: Mapping[str, Any]) -> Expression:
    ((sign, inner),) = body.items()
    if sign == "&&":
        return Both(_read(inner["left"]), _read(inner["right"]))
    if sign == "||":
        return Either(_read(inner["left"]), _read(inner["right"]))
    if sign == "!":
        return Not(_read(inner["arg"]))
    if sign == "==":
        return Equal(_read(inner["left"]), _read(inner["right"]))
    if sign == "!=":
        return Not(Equal(_read(inner["left"]), _read(inner["right"])))
    if sign == "contains":
        return Holds(_read(inner["left"]), _read(inner["right"]))
    return _leaf(sign, inner)


def _leaf(sign: str, inner: Any) -> Expression:
    if sign == "." and inner["left"].get("Var") in ("principal", "resource", "context"):
        return Asked(inner["left"]["Var"], inner["attr"])
    if sign == "Value" and isinstance(inner, str):
        return Constant(inner)
    if sign == "Set" and all(isinstance(one.get("Value"), str) for one in inner):
        return Constant(frozenset(one["Value"] for one in inner))
    raise _unreadable(sign)


def _unreadable(sign: str) -> Unreadable:
    return Unreadable(
        f"a clause uses {sign!r}, which is not known here", cure="Write it otherwise."
    )


def folded(
    tree: Expression, known: Mapping[str, Values], *, later: frozenset[str] = frozenset()
) -> Expression:
    """What is left of a condition, once the sides that are `known` are put in.

    Attributes of the context that are known `later` are left as they are. Raises KeyError where a
    side that is known lacks an attribute that is asked for: it must not be guessed. As in Cedar,
    nothing is asked on the right where the left has settled it.
    """
    if isinstance(tree, Constant):
        return tree
    if isinstance(tree, Asked):
        waits = tree.of not in known or (tree.of == "context" and tree.name in later)
        return tree if waits else Constant(known[tree.of][tree.name])
    if isinstance(tree, Not):
        return _negated(folded(tree.inner, known, later=later))
    if isinstance(tree, Holds):
        texts = folded(tree.texts, known, later=later)
        text = folded(tree.text, known, later=later)
        if isinstance(texts, Constant) and isinstance(text, Constant):
            return Constant(_holds(texts.value, text.value))
        return Holds(texts, text)
    left = folded(tree.left, known, later=later)
    settles = isinstance(left, Constant) and isinstance(tree, Both | Either)
    if settles and left == (TRUE if isinstance(tree, Either) else FALSE):
        return left
    right = folded(tree.right, known, later=later)
    if isinstance(tree, Both):
        return _both(left, right)
    if isinstance(tree, Either):
        return _either(left, right)
    if isinstance(left, Constant) and isinstance(right, Constant):
        return Constant(left.value == right.value)
    return Equal(left, right)


def _holds(texts: Value, text: Value) -> bool:
    if not isinstance(texts, frozenset) or not isinstance(text, str):
        raise TypeError("what is asked for a text is no set of texts")
    return text in texts


def _negated(inner: Expression) -> Expression:
    if isinstance(inner, Constant):
        return Constant(not _truth(inner))
    return inner.inner if isinstance(inner, Not) else Not(inner)


def _both(left: Expression, right: Expression) -> Expression:
    for one, other in ((left, right), (right, left)):
        if isinstance(one, Constant):
            return other if _truth(one) else FALSE
    return Both(left, right)


def _either(left: Expression, right: Expression) -> Expression:
    for one, other in ((left, right), (right, left)):
        if isinstance(one, Constant):
            return TRUE if _truth(one) else other
    return Either(left, right)


def _truth(constant: Constant) -> bool:
    if not isinstance(constant.value, bool):
        raise TypeError("what is asked for a truth is none")
    return constant.value


def parts_of(tree: Expression) -> Iterator[Expression]:
    """A condition and all that it is made of."""
    yield tree
    if isinstance(tree, Not):
        yield from parts_of(tree.inner)
    elif isinstance(tree, Holds):
        yield from parts_of(tree.texts)
        yield from parts_of(tree.text)
    elif not isinstance(tree, Constant | Asked):
        yield from parts_of(tree.left)
        yield from parts_of(tree.right)


def attributes_of(tree: Expression) -> Iterator[Asked]:
    """What a condition asks for."""
    return (part for part in parts_of(tree) if isinstance(part, Asked))


def function_of(tree: Expression) -> Test:
    """A function of the record's attributes, of a condition that asks for nothing else.

    It gives a truth, or raises KeyError where an attribute is not there and TypeError where one is
    of another type than its sign needs.
    """
    if isinstance(tree, Constant):
        truth = _truth(tree)
        return lambda record: truth
    if isinstance(tree, Asked):
        return _flag(_of_record(tree))
    if isinstance(tree, Not):
        inner = function_of(tree.inner)
        return lambda record: not inner(record)
    if isinstance(tree, Equal):
        return _equality(tree)
    if isinstance(tree, Holds):
        return _membership(tree)
    one, two = function_of(tree.left), function_of(tree.right)
    if isinstance(tree, Both):
        return lambda record: one(record) and two(record)
    return lambda record: one(record) or two(record)


def _flag(name: str) -> Test:
    def flag(record: Values) -> bool:
        found = record[name]
        if found is not True and found is not False:
            raise TypeError("a flag is neither true nor false")
        return found

    return flag


def _equality(tree: Equal) -> Test:
    for one, other in ((tree.left, tree.right), (tree.right, tree.left)):
        if isinstance(one, Constant) and isinstance(other, Asked):
            value, name = one.value, _of_record(other)
            return lambda record: record[name] == value
    left, right = _value(tree.left), _value(tree.right)
    return lambda record: left(record) == right(record)


def _membership(tree: Holds) -> Test:
    texts, text = _value(tree.texts), _value(tree.text)
    return lambda record: _holds(texts(record), text(record))


def _value(tree: Expression) -> Callable[[Values], Value]:
    if isinstance(tree, Constant):
        value = tree.value
        return lambda record: value
    if isinstance(tree, Asked):
        return itemgetter(_of_record(tree))
    return function_of(tree)


def _of_record(asked: Asked) -> str:
    if asked.of != "resource":
        raise Unreadable(f"{asked.of}.{asked.name} is not known yet", cure="Fold it in first.")
    return asked.name
