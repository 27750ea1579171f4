"""The agreement as a database filter: the records of one kind that a viewer may be told of.

The very text that decides record by record is folded with viewer and purpose, and what is left of
it becomes a WHERE clause. So a list is as long as it says, and its hidden rows take no time. The
door still decides every row that comes out: where a filter left too much in, no more is shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from django.db.models import F, JSONField, Lookup, Q

from tieline.core.agreement.clauses import Agreement
from tieline.core.agreement.decide import barred, checked
from tieline.core.agreement.expression import (
    Asked,
    Both,
    Constant,
    Either,
    Equal,
    Expression,
    Holds,
    Not,
    folded,
)
from tieline.core.agreement.question import Action, Question, context_of, of_viewer, stated
from tieline.core.agreement.viewer import Purpose, Viewer
from tieline.core.errors import TielineError
from tieline.keeping.records import PROTECTIONS, KeptRecord

__all__ = ["Unfilterable", "filter_of", "may_be_told"]

_COLUMNS: Final = {"owner": "owner_agency", "unit": "owning_unit"}
EVERYTHING: Final = Q()
NOTHING: Final = Q(pk__in=[])


class Unfilterable(TielineError):
    """A clause asks what no column tells; records are then decided one by one."""


if TYPE_CHECKING:
    _Lookup = Lookup[Any]
else:
    _Lookup = Lookup


@JSONField.register_lookup
class HoldsText(_Lookup):
    """Whether a column's JSON list holds a text."""

    lookup_name = "holds_text"
    prepare_rhs = False

    def get_prep_lookup(self) -> Any:
        return self.rhs

    def get_db_prep_lookup(self, value: Any, connection: Any) -> Any:
        return "%s", [value]

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        column, more = self.process_lhs(compiler, connection)
        held = f"EXISTS(SELECT 1 FROM json_each({column}) WHERE value = %s)"  # noqa: S608 - a column
        return held, [*more, self.rhs]

    def as_postgresql(self, compiler: Any, connection: Any) -> Any:
        column, more = self.process_lhs(compiler, connection)
        return f"jsonb_exists({column}, %s)", [*more, self.rhs]


def may_be_told(
    model: type[KeptRecord],
    agreement: Agreement,
    *,
    viewer: Viewer,
    purpose: Purpose,
    at: datetime,
    action: Action = Action.SEARCH,
) -> Q:
    """The records of this kind of which the agreement lets the viewer be told.

    Raises Unfilterable where a clause asks what no column tells, and whatever `question` raises for
    a viewer or purpose that cannot be put: there is nothing to be shown then.
    """
    engine = checked(agreement)
    if engine.compiled is None:
        raise Unfilterable("the text was not made functions", cure="decide record by record")
    if not agreement.is_signed or agreement.department_of(viewer.agency) is None:
        return NOTHING
    lapsed = barred(agreement, viewer=viewer, purpose=purpose, at=at) is not None
    said = stated(purpose)
    if not (said.has_number or said.has_reason):
        return NOTHING
    known = {"principal": of_viewer(viewer), "context": context_of(Question(action), said)}
    permits, forbids = NOTHING, NOTHING
    departments = {one.agency: one.department for one in agreement.parties}
    for rule, condition in engine.compiled.residual(action, known):
        filtered = filter_of(condition, kind=model.kind, departments=departments)
        if not rule.permits:
            forbids = _either(forbids, filtered)
        elif lapsed and rule.clause in engine.standing:
            # Of what has lapsed nothing is left but an agency's own records.
            permits = _either(permits, _both(filtered, Q(owner_agency=viewer.agency)))
        elif not lapsed:
            permits = _either(permits, filtered)
    parties = Q(owner_agency__in=sorted(party.agency for party in agreement.parties))
    return _both(_both(permits, parties), _negated(forbids))


def filter_of(condition: Expression, *, kind: str, departments: Mapping[str, str]) -> Q:
    """What a condition still asks of a record of this kind, of its columns; `departments` are those
    of owners. True or false of every row, and never unknown. Raises `Unfilterable`.
    """
    return _Filter(kind, departments).of(condition)


class _Filter:
    """One text's conditions on the columns of one kind of record."""

    def __init__(self, kind: str, departments: Mapping[str, str]) -> None:
        self._kind, self._departments = kind, departments

    def of(self, condition: Expression) -> Q:
        """The condition as a filter that is true or false of every row, and never unknown."""
        return self._where(self._with_kind(condition))

    def _with_kind(self, tree: Expression) -> Expression:
        if isinstance(tree, Asked):
            return Constant(self._kind) if tree == Asked("resource", "kind") else tree
        if isinstance(tree, Constant):
            return tree
        if isinstance(tree, Not):
            made: Expression = Not(self._with_kind(tree.inner))
        elif isinstance(tree, Holds):
            made = Holds(self._with_kind(tree.texts), self._with_kind(tree.text))
        else:
            made = type(tree)(self._with_kind(tree.left), self._with_kind(tree.right))
        return folded(made, {})

    def _where(self, tree: Expression, *, wanted: bool = True) -> Q:
        """Where it is as `wanted`; `Not` goes to the leaves, since SQL's of unknown is unknown."""
        if isinstance(tree, Constant):
            return EVERYTHING if tree.value is wanted else NOTHING
        if isinstance(tree, Asked):
            return _set(tree) if wanted else _not_set(tree)
        if isinstance(tree, Not):
            return self._where(tree.inner, wanted=not wanted)
        if isinstance(tree, Both | Either):
            if isinstance(tree, Both) is wanted:
                return self._two(tree.left, tree.right, wanted=wanted)
            return _either(
                self._where(tree.left, wanted=wanted), self._where(tree.right, wanted=wanted)
            )
        found = self._held(tree) if isinstance(tree, Holds) else self._equal(tree)
        # The columns that texts are asked of are never null, so that SQL's not is the clause's.
        return found if wanted else _negated(found)

    def _two(self, left: Expression, right: Expression, *, wanted: bool) -> Q:
        return _both(self._where(left, wanted=wanted), self._where(right, wanted=wanted))

    def _held(self, tree: Holds) -> Q:
        texts, text = tree.texts, tree.text
        if isinstance(texts, Constant) and isinstance(texts.value, frozenset):
            return self._one_of(text, texts.value)
        if texts == Asked("resource", "caveats") and isinstance(text, Constant):
            return Q(caveats__holds_text=text.value)
        raise _unfilterable()

    def _equal(self, tree: Equal) -> Q:
        left, right = tree.left, tree.right
        if isinstance(left, Constant):
            left, right = right, left
        if isinstance(right, Constant) and isinstance(right.value, str):
            return self._one_of(left, frozenset({right.value}))
        if isinstance(left, Asked) and isinstance(right, Asked):
            if left.name in _COLUMNS and right.name in _COLUMNS:
                return Q(**{_COLUMNS[left.name]: F(_COLUMNS[right.name])})
            if left == right:
                return EVERYTHING
        if _is_truth(left) and _is_truth(right):
            true, false = (self._two(left, right, wanted=one) for one in (True, False))
            return _either(true, false)
        raise _unfilterable()

    def _one_of(self, asked: Expression, texts: frozenset[str]) -> Q:
        if asked == Asked("resource", "department"):
            found = [one for one, of in self._departments.items() if of in texts]
            return Q(owner_agency__in=sorted(found))
        if isinstance(asked, Asked) and asked.name in _COLUMNS:
            return Q(**{f"{_COLUMNS[asked.name]}__in": sorted(texts)})
        raise _unfilterable()


def _is_truth(tree: Expression) -> bool:
    if isinstance(tree, Asked):
        return tree.name in PROTECTIONS
    return not isinstance(tree, Constant) or isinstance(tree.value, bool)


def _set(flag: Asked) -> Q:
    """Unknown in the database means protected."""
    if flag.name not in PROTECTIONS:
        raise _unfilterable()
    return Q(**{flag.name: True}) | Q(**{f"{flag.name}__isnull": True})


def _not_set(flag: Asked) -> Q:
    if flag.name not in PROTECTIONS:
        raise _unfilterable()
    return Q(**{flag.name: False})


def _both(one: Q, other: Q) -> Q:
    if NOTHING in (one, other):
        return NOTHING
    return one & other


def _either(one: Q, other: Q) -> Q:
    if EVERYTHING in (one, other):
        return EVERYTHING
    if one == NOTHING:
        return other
    return one if other == NOTHING else one | other


def _negated(one: Q) -> Q:
    if one == NOTHING:
        return EVERYTHING
    return NOTHING if one == EVERYTHING else ~one


def _unfilterable() -> Unfilterable:
    return Unfilterable(
        "a clause asks what no column of a record tells", cure="decide record by record"
    )
