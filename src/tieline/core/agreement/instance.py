"""One question that z3 found, put back into the form in which it can be asked, and asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import lru_cache
from typing import Any, Final

from tieline.core.agreement.clauses import Agreement
from tieline.core.agreement.decide import Decision
from tieline.core.agreement.engine import Differing, Engine
from tieline.core.agreement.formulas import FLAGS, Asking, Formula, prover
from tieline.core.agreement.question import ACTIONS, WHOLE, Action, Question
from tieline.core.agreement.requests import Request, decided
from tieline.core.agreement.viewer import Purpose, PurposeCode, Role, Viewer
from tieline.core.errors import TielineError
from tieline.core.records import Facts, FieldClass, Protections

__all__ = ["EFFORT", "Instance", "Search", "Undecided", "as_if_signed"]

EFFORT: Final = 50_000_000
"""As much as z3 may do for one answer, in its own unit; the model takes a hundredth at most."""
_A_DAY: Final = timedelta(days=1)
_NUMBER: Final = "(a number)"
_REASON: Final = "(a reason)"
_USUAL_KINDS: Final = ("subject", "person", "event", "case", "lookout")
_USUAL_ROLES: Final = (Role.INVESTIGATOR, Role.AGENT)
_USUAL_PURPOSES: Final = (PurposeCode.INVESTIGATION, PurposeCode.PROCESSING)
_USUAL_CLASSES: Final = (FieldClass.IDENTITY, FieldClass.CASE_NARRATIVE)


class Undecided(TielineError):
    """z3 gave up: what was to be proved counts as not proved."""


@dataclass(frozen=True, slots=True)
class Instance:
    """A question with all that it depends on but the moment, of which this much is said."""

    viewer: Viewer
    purpose: Purpose
    facts: Facts
    question: Question
    in_force: bool
    trained: bool

    def request(self, agreement: Agreement) -> Request:
        """The question as it is put to this agreement, at a moment within its period or after."""
        at = agreement.in_force_from if self.in_force else agreement.in_force_until
        viewer = replace(self.viewer, trained_until=at + _A_DAY if self.trained else None)
        return Request(viewer, self.purpose, self.facts, self.question, at)

    def answered(self, agreement: Agreement) -> Decision:
        """What the agreement, were it signed, answers: by its functions and by Cedar.

        Raises `Differing` where the two, or a failure, would make the answer worth nothing.
        """
        text, asked = as_if_signed(agreement), self.request(agreement)
        one, two = (decided(text, asked, by=by) for by in (Engine.ask, Engine.ask_cedar))
        if one != two or one.alarm:
            raise Differing("Cedar answers a question that z3 found otherwise than the functions")
        return one


@lru_cache(maxsize=16)
def as_if_signed(agreement: Agreement) -> Agreement:
    """The same text, taken for signed: to try a draft, which opens nothing by itself."""
    for party in agreement.parties:
        agreement = agreement.signed(
            agency=party.agency, by="as if signed", at=agreement.in_force_from
        )
    return agreement


class Search:
    """Looks for questions of which a formula holds, and for the plainest of them."""

    def __init__(
        self, asked: Asking, *, likely: Sequence[Formula] = (), effort: int = EFFORT
    ) -> None:
        """`likely` is what else makes a question plain to read."""
        z3 = prover()
        self.asked = asked
        self._solver = z3.SolverFor("QF_FD")
        self._solver.set("rlimit", effort)
        self._solver.add(*asked.possible)
        self._plain = (*_plain(asked), *map(_Wish, likely))

    def model(self, wanted: Formula) -> Formula | None:
        """One of the questions, as z3's model; None where there is none. Raises `Undecided`."""
        self._solver.push()
        try:
            self._solver.add(wanted)
            return self._plainest() if self._is_possible([]) else None
        finally:
            self._solver.pop()

    def is_possible(self, wanted: Formula) -> bool:
        """Whether there is a question of which it holds. Raises `Undecided`."""
        return self._is_possible([wanted])

    def instance(self, model: Formula, asked: Asking | None = None) -> Instance:
        """The question of a model; `asked` where it is a variant of the one searched for."""
        return _instance(asked or self.asked, model)

    def _is_possible(self, assumed: Sequence[Formula]) -> bool:
        z3 = prover()
        found = self._solver.check(*assumed)
        if found == z3.unknown:
            raise Undecided(
                "z3 came to no end, so nothing is proved",
                cure="Say the clauses more simply, or split the agreement.",
            )
        return bool(found == z3.sat)

    def _plainest(self) -> Formula:
        """Holds as many wishes as can be held together, the earlier before the later."""
        z3, held = prover(), list[Formula]()
        model = self._solver.model()
        wishes = list(reversed(self._plain))
        while wishes:
            wish = wishes.pop()
            # What the question at hand fulfils anyway need not be asked for.
            if not z3.is_true(model.eval(wish.whole, model_completion=True)):
                if not self._is_possible([*held, wish.whole]):
                    wishes += reversed(wish.parts)
                    continue
                model = self._solver.model()
            held.append(wish.whole)
        return model


@dataclass(frozen=True, slots=True)
class _Wish:
    """What would make a question plain; its parts where the whole is too much."""

    whole: Formula
    parts: tuple[_Wish, ...] = ()


def _together(formulas: Iterable[Formula]) -> _Wish:
    """Many wishes that are nearly always held all at once, and then cost no more than one."""
    parts = tuple(_Wish(one) for one in formulas)
    return _Wish(prover().And([part.whole for part in parts]), parts)


def _plain(asked: Asking) -> Iterator[_Wish]:
    """What makes a question plain to read, most wanted first."""
    z3, record, why = prover(), asked.resource, asked.context
    yield _together((asked.in_force, asked.trained, why["has_number"], z3.Not(why["has_reason"])))
    yield _together(z3.Not(record[name]) for name in FLAGS)
    yield _together(z3.Not(here) for here in record["caveats"].values())
    yield from map(_Wish, _usual(asked))


def _usual(asked: Asking) -> Iterator[Formula]:
    z3, who, record, why = prover(), asked.principal, asked.resource, asked.context
    yield from (who["sworn"], who["employee"])
    yield z3.Or([who["roles"][role] for role in _USUAL_ROLES])
    yield from (z3.Not(who["roles"][role]) for role in Role if role not in _USUAL_ROLES)
    yield z3.Not(who["roles"][_USUAL_ROLES[1]])
    yield asked.texts.among(why["purpose"], _USUAL_PURPOSES)
    yield why["purpose"] == asked.text(_USUAL_PURPOSES[0])
    kinds = [kind for kind in _USUAL_KINDS if kind in asked.texts.known]
    yield asked.texts.among(record["kind"], kinds)
    yield from (record["kind"] == asked.text(kind) for kind in kinds[:1])
    yield asked.asks(Action.POINTER, Action.SUMMARY, Action.FIELD)
    yield asked.asks(Action.POINTER)
    yield why["field_class"] == asked.text(_USUAL_CLASSES[0])
    one, two, three, *_ = asked.texts.spare
    yield who["unit"] == asked.text(one)
    yield record["unit"] == asked.text(two)
    yield record["owner"] == asked.text(three)


def _instance(asked: Asking, model: Formula) -> Instance:
    z3 = prover()

    def value(term: Any) -> Any:
        return model.eval(term, model_completion=True)

    def true(term: Any) -> bool:
        return bool(z3.is_true(value(term)))

    def text(term: Any) -> str:
        number: int = value(term).as_long()
        return asked.texts.known[number]

    who, record, why = asked.principal, asked.resource, asked.context
    roles = [role for role in Role if true(who["roles"][role])]
    action = ACTIONS[value(asked.action).as_long()]
    of_class = text(why["field_class"])
    return Instance(
        viewer=Viewer(
            number="",
            agency=text(who["agency"]),
            unit=text(who["unit"]),
            role=roles[0],
            assignment="",
            department=text(who["department"]),
            sworn=true(who["sworn"]),
            employee=true(who["employee"]),
            trained_until=None,
            roles=frozenset(roles[1:]),
        ),
        purpose=Purpose(
            code=PurposeCode(text(why["purpose"])),
            number=_NUMBER if true(why["has_number"]) else "",
            reason=_REASON if true(why["has_reason"]) else "",
        ),
        facts=Facts(
            kind=text(record["kind"]),
            owner_agency=text(record["owner"]),
            owning_unit=text(record["unit"]),
            protections=Protections(**{name: true(record[name]) for name in FLAGS}),
            caveats=frozenset(one for one, here in record["caveats"].items() if true(here)),
        ),
        question=Question(action, None if of_class == WHOLE else FieldClass(of_class)),
        in_force=true(asked.in_force),
        trained=true(asked.trained),
    )
