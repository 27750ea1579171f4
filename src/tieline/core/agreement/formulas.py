"""The clauses as formulas for z3: what they say of every question at once, not of one.

They are made of the same tree as the functions (`expression`). Texts are only ever compared, so a
few stand for all: those that the clauses name, and of others as many as can differ from each other
in one question. A number stands for each, and so everything is finite, and z3 always comes to an
end. One thread at a time: z3 has one context.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Final

from tieline.core.agreement.compiled import Compiled
from tieline.core.agreement.expression import (
    Asked,
    Both,
    Constant,
    Either,
    Expression,
    Holds,
    Not,
    Values,
    parts_of,
)
from tieline.core.agreement.question import ACTIONS, OF_A_CLASS, WHOLE, Action
from tieline.core.agreement.viewer import PurposeCode, Role
from tieline.core.errors import TielineError
from tieline.core.records import FieldClass, Protections

__all__ = [
    "Asking",
    "Formula",
    "ProverMissing",
    "Texts",
    "asking",
    "formula_of",
    "named_in",
    "prover",
    "stated_as",
]

Formula = Any
"""A truth of z3. Its classes have no types that could be checked here."""
Term = Any
"""An attribute: a truth, the number of a text, or of a set a truth for each text."""
Terms = Mapping[str, Term]

FLAGS: Final = tuple(Protections.unknown().effective)
_TEXTS: Final = {
    "principal": ("agency", "unit", "department"),
    "resource": ("kind", "owner", "unit", "department"),
    "context": ("purpose", "field_class"),
}
_TRUTHS: Final = {
    "principal": ("sworn", "employee"),
    "resource": FLAGS,
    "context": ("has_number", "has_reason"),
}
_SETS: Final = {"principal": ("roles",), "resource": ("caveats",), "context": ()}
_SPARE: Final = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
"""More than one question has free texts, and one that stands in a set alone."""
_BLANK: Final = ""


class ProverMissing(TielineError):
    """z3 is not installed: nothing can be proved, and nothing that must be proved is done."""


def prover() -> Any:
    """The module of z3, which is large and loaded where it is needed alone."""
    try:
        import z3
    except ImportError:
        raise ProverMissing(
            "z3 is not installed, and without it nothing can be proved",
            cure="pip install 'tieline[prove]'",
        ) from None
    return z3


@dataclass(frozen=True)
class Texts:
    """The texts that can make a difference, each by its number."""

    known: tuple[str, ...]
    spare: tuple[str, ...] = ()
    """Those of them that no clause names."""

    @classmethod
    def of(cls, named: Iterable[str], *, spares: bool = True) -> Texts:
        """Those that are named, with the blank one and, for questions not known yet, the spares."""
        found = {_BLANK, WHOLE, *map(str, (*PurposeCode, *FieldClass, *Role)), *named}
        spare = tuple(f"{one}'" if one in found else one for one in _SPARE) if spares else ()
        return cls((*sorted(found), *spare), spare)

    @property
    def bits(self) -> int:
        return (len(self.known) - 1).bit_length()

    @cached_property
    def _numbers(self) -> Mapping[str, int]:
        return {text: number for number, text in enumerate(self.known)}

    def term(self, text: str) -> Term:
        """The number of a text; KeyError of one that is not known."""
        return prover().BitVecVal(self._numbers[text], self.bits)

    def among(self, term: Term, texts: Iterable[str]) -> Formula:
        """Whether a text is one of those."""
        return prover().Or([term == self.term(text) for text in texts])


@dataclass(frozen=True)
class Asking:
    """A question that is not known yet: who asks, of which record, what, and for what.

    Time is two truths: whether the agreement is in force, and whether the viewer is trained on it.
    """

    texts: Texts
    principal: Terms
    resource: Terms
    context: Terms
    action: Term
    in_force: Formula
    trained: Formula
    possible: tuple[Formula, ...]
    """What holds of every question that can be put (`question`)."""
    made: dict[object, Any] = field(default_factory=dict, compare=False, repr=False)
    """What was made of this question before, by what it was made of."""

    def side(self, name: str) -> Terms:
        sides = {"principal": self.principal, "resource": self.resource, "context": self.context}
        return sides[name]

    def text(self, text: str) -> Term:
        return self.texts.term(text)

    def asks(self, *actions: Action) -> Formula:
        """Whether it is one of these actions that is asked for."""
        z3 = prover()
        return z3.Or([self.action == ACTIONS.index(one) for one in actions])

    def holds(self, side: str, name: str, text: str) -> Formula:
        """Whether the set of that name holds a text."""
        members: Mapping[str, Formula] = self.side(side)[name]
        return members[text]

    def of_other(self, **attributes: Term) -> Asking:
        """The same question of a record that differs in these attributes."""
        return replace(self, resource={**self.resource, **attributes}, made={})


def asking(texts: Texts) -> Asking:
    """A question of which nothing is known."""
    z3 = prover()
    sides: dict[str, dict[str, Term]] = {}
    for side in _TEXTS:
        terms: dict[str, Term] = {
            name: z3.BitVec(f"{side}.{name}", texts.bits) for name in _TEXTS[side]
        }
        terms |= {name: z3.Bool(f"{side}.{name}") for name in _TRUTHS[side]}
        for name in _SETS[side]:
            terms[name] = {one: z3.Bool(f"{side}.{name} has {one!r}") for one in texts.known}
        sides[side] = terms
    action = z3.BitVec("action", 4)
    made = Asking(
        texts=texts,
        principal=sides["principal"],
        resource=sides["resource"],
        context=sides["context"],
        action=action,
        in_force=z3.Bool("in force"),
        trained=z3.Bool("trained"),
        possible=(),
    )
    return replace(made, possible=tuple(_possible(made)))


def _possible(made: Asking) -> Iterator[Formula]:
    z3, texts = prover(), made.texts
    last = z3.BitVecVal(len(texts.known) - 1, texts.bits)
    for side, names in _TEXTS.items():
        for name in names:
            yield z3.ULE(made.side(side)[name], last)
            if (side, name) != ("principal", "department"):
                yield made.side(side)[name] != made.text(_BLANK)
    yield z3.ULT(made.action, len(ACTIONS))
    yield texts.among(made.context["purpose"], PurposeCode)
    whole = made.context["field_class"] == made.text(WHOLE)
    one = texts.among(made.context["field_class"], FieldClass)
    of_a_class = z3.And(one, made.asks(*sorted(OF_A_CLASS)))
    yield z3.If(made.asks(Action.FIELD), one, z3.Or(whole, of_a_class))
    roles, caveats = made.principal["roles"], made.resource["caveats"]
    yield z3.Or([roles[role] for role in Role])
    yield from (z3.Not(here) for text, here in roles.items() if text not in set(Role))
    yield z3.Not(caveats[_BLANK])


def formula_of(tree: Expression, asked: Asking) -> Formula:
    """What a clause's condition says of the question."""
    z3 = prover()
    if isinstance(tree, Constant):
        if isinstance(tree.value, frozenset):
            return {one: z3.BoolVal(one in tree.value) for one in asked.texts.known}
        if isinstance(tree.value, bool):
            return z3.BoolVal(tree.value)
        return asked.text(tree.value)
    if isinstance(tree, Asked):
        return asked.side(tree.of)[tree.name]
    if isinstance(tree, Not):
        return z3.Not(formula_of(tree.inner, asked))
    if isinstance(tree, Holds):
        return _holds(tree, asked)
    left, right = formula_of(tree.left, asked), formula_of(tree.right, asked)
    if isinstance(tree, Both):
        return z3.And(left, right)
    if isinstance(tree, Either):
        return z3.Or(left, right)
    if isinstance(left, dict):
        return z3.And([left[one] == right[one] for one in asked.texts.known])
    return left == right


def _holds(tree: Holds, asked: Asking) -> Formula:
    z3 = prover()
    text = formula_of(tree.text, asked)
    if isinstance(tree.texts, Constant) and isinstance(tree.texts.value, frozenset):
        return asked.texts.among(text, sorted(tree.texts.value))
    members = formula_of(tree.texts, asked)
    if isinstance(tree.text, Constant) and isinstance(tree.text.value, str):
        return members[tree.text.value]
    return z3.Or([z3.And(text == asked.text(one), here) for one, here in members.items()])


def named_in(clauses: Compiled) -> set[str]:
    """The texts that clauses name."""
    found: set[str] = set()
    for rule in clauses.rules:
        for part in parts_of(rule.condition):
            if isinstance(part, Constant) and not isinstance(part.value, bool):
                found |= {part.value} if isinstance(part.value, str) else part.value
    return found


def stated_as(asked: Asking, side: str, values: Values) -> Iterator[Formula]:
    """That the attributes of a side are these values."""
    z3 = prover()
    for name, value in values.items():
        term = asked.side(side)[name]
        if isinstance(value, frozenset):
            asked_of = {one: z3.BoolVal(one in value) for one in asked.texts.known}
            yield from (here == asked_of[one] for one, here in term.items())
        elif isinstance(value, bool):
            yield term == z3.BoolVal(value)
        else:
            yield term == asked.text(value)
