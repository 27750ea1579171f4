"""A whole decision as a formula: the gates of `decide`, and behind them the clauses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tieline.core.agreement.clauses import Agreement
from tieline.core.agreement.compiled import Compiled, Verdict
from tieline.core.agreement.constructs import Obligation
from tieline.core.agreement.decide import NO_PARTY, Gate, checked
from tieline.core.agreement.engine import Differing, Engine
from tieline.core.agreement.formulas import (
    Asking,
    Formula,
    Texts,
    asking,
    formula_of,
    named_in,
    prover,
    stated_as,
)
from tieline.core.agreement.question import (
    ACTIONS,
    Question,
    context_of,
    of_record,
    of_viewer,
    stated,
)
from tieline.core.agreement.viewer import Purpose, Viewer
from tieline.core.records import Facts

__all__ = ["Applying", "Given", "applying", "ask_z3", "given", "likely", "texts_of", "under"]


@dataclass(frozen=True)
class Applying:
    """Of each clause, by its id, whether it applies to a question."""

    permits: Mapping[str, Formula]
    forbids: Mapping[str, Formula]

    @property
    def allowed(self) -> Formula:
        """A prohibition wins over every permit; where nothing applies, the answer is no."""
        z3 = prover()
        return z3.And(
            z3.Or(list(self.permits.values())), z3.Not(z3.Or(list(self.forbids.values())))
        )


@dataclass(frozen=True)
class Given:
    """What a signed text gives: every gate open, and the clauses for it."""

    gates: Mapping[Gate, Formula]
    """That it is signed is taken for granted, and that the engine answers."""
    clauses: Applying
    whole: Formula
    """That a date is given whole, and not its year alone."""

    @property
    def formula(self) -> Formula:
        return prover().And(*self.gates.values(), self.clauses.allowed)


def applying(clauses: Compiled, asked: Asking) -> Applying:
    """What each clause says of the question."""
    z3 = prover()
    found: dict[bool, dict[str, Formula]] = {True: {}, False: {}}
    for rule in clauses.rules:
        if rule not in asked.made:
            of_action = asked.asks(*sorted(rule.actions))
            asked.made[rule] = z3.And(of_action, formula_of(rule.condition, asked))
        found[rule.permits][rule.clause] = asked.made[rule]
    return Applying(permits=found[True], forbids=found[False])


def given(agreement: Agreement, asked: Asking) -> Given:
    """Whether the agreement gives what is asked, were it signed. Raises `AgreementRefused`."""
    z3, engine = prover(), checked(agreement)
    asked = under(agreement, asked)
    clauses = applying(compiled_of(engine), asked)
    agencies = [party.agency for party in agreement.parties]
    # By these an owner sees its own whether or not the agreement is in force.
    standing = [one for name, one in clauses.permits.items() if name in engine.standing]
    own = asked.principal["agency"] == asked.resource["owner"]
    excused = z3.And(own, z3.Or(standing))
    gates = {
        Gate.PARTY: z3.And(
            asked.texts.among(asked.principal["agency"], agencies),
            asked.texts.among(asked.resource["owner"], agencies),
        ),
        Gate.PURPOSE: z3.Or(asked.context["has_number"], asked.context["has_reason"]),
        Gate.IN_FORCE: z3.Or(asked.in_force, excused),
        Gate.TRAINING: z3.Or(asked.trained, excused),
    }
    # Out of its period, and without training, the standing ones alone count (`decide`).
    runs = z3.And(asked.in_force, asked.trained)
    whole = [
        one if name in engine.standing else z3.And(one, runs)
        for name, one in clauses.permits.items()
        if Obligation.YEAR_ONLY not in engine.obligations.get(name, ())
    ]
    return Given(
        gates=gates,
        clauses=clauses,
        whole=z3.And(*gates.values(), clauses.allowed, z3.Or(whole)),
    )


def under(agreement: Agreement, asked: Asking) -> Asking:
    """The same question, with the owner's department as the agreement has it."""
    if agreement.parties not in asked.made:
        department = asked.text(NO_PARTY)
        for party in agreement.parties:
            owned = asked.resource["owner"] == asked.text(party.agency)
            department = prover().If(owned, asked.text(party.department), department)
        asked.made[agreement.parties] = asked.of_other(department=department)
    found: Asking = asked.made[agreement.parties]
    return found


def likely(agreement: Agreement, asked: Asking) -> list[Formula]:
    """What makes a question plain to read: its agencies are parties, and not one and the same."""
    agencies = [party.agency for party in agreement.parties]
    department = asked.principal["department"]
    for party in agreement.parties:
        works_there = asked.principal["agency"] == asked.text(party.agency)
        home = asked.text(party.department)
        department = prover().If(works_there, home, department)
    return [
        asked.principal["department"] == department,
        asked.texts.among(asked.resource["owner"], (*agencies, *asked.texts.spare)),
        asked.texts.among(asked.resource["owner"], agencies),
        asked.resource["owner"] != asked.principal["agency"],
        *(asked.resource["owner"] == asked.text(one) for one in agencies[:1]),
        *(asked.principal["agency"] == asked.text(one) for one in agencies[1:2]),
    ]


def compiled_of(engine: Engine) -> Compiled:
    """The clauses that formulas are made of; raises `Differing` of a text that was not checked."""
    if engine.compiled is None:
        raise Differing("the text was not checked, so no formulas can be made of it")
    return engine.compiled


def texts_of(*agreements: Agreement, further: Sequence[str] = ()) -> Texts:
    """The texts by which questions to these agreements can differ."""
    named: set[str] = {NO_PARTY, *further}
    for agreement in agreements:
        named |= named_in(compiled_of(checked(agreement)))
        named |= {said for party in agreement.parties for said in (party.agency, party.department)}
    return Texts.of(named)


def ask_z3(
    engine: Engine,
    questions: Sequence[Question],
    *,
    viewer: Viewer,
    purpose: Purpose,
    facts: Facts,
    department: str,
) -> list[Verdict]:
    """What the formulas answer, as `Engine.ask` does; slow, to be compared with.

    Raises `Differing` where what is asked could not be asked by the formulas' own measure: then
    they would prove something of other questions than those that there are.
    """
    z3, said = prover(), stated(purpose)
    asked_by, asked_of = of_viewer(viewer), of_record(facts, department=department)
    clauses = compiled_of(engine)
    texts = Texts.of(named_in(clauses) | _texts(asked_by) | _texts(asked_of), spares=False)
    asked = asking(texts)
    applies = applying(clauses, asked)
    solver = z3.SolverFor("QF_FD")
    solver.add(*asked.possible)
    solver.add(*stated_as(asked, "principal", asked_by), *stated_as(asked, "resource", asked_of))
    found = []
    for question in questions:
        solver.push()
        solver.add(*stated_as(asked, "context", context_of(question, said)))
        solver.add(asked.action == ACTIONS.index(question.action))
        if solver.check() != z3.sat:
            raise Differing("a question was put that the formulas hold to be impossible")
        found.append(_verdict(applies, solver.model()))
        solver.pop()
    return found


def _texts(values: Mapping[str, object]) -> set[str]:
    found: set[str] = set()
    for value in values.values():
        if isinstance(value, frozenset):
            found |= value
        elif isinstance(value, str):
            found.add(value)
    return found


def _verdict(applies: Applying, model: Formula) -> Verdict:
    def those(clauses: Mapping[str, Formula]) -> tuple[str, ...]:
        return tuple(sorted(one for one, applied in clauses.items() if _is_true(model, applied)))

    forbidding = those(applies.forbids)
    if forbidding:
        return Verdict(False, forbidding)
    permitting = those(applies.permits)
    return Verdict(bool(permitting), permitting)


def _is_true(model: Formula, formula: Formula) -> bool:
    return bool(prover().is_true(model.eval(formula, model_completion=True)))
