"""The agreement's answer: one viewer, purpose, record and moment; it cites its clauses.

Before the clauses come six gates, which no clause can open. A question that cannot be put, or that
the engine cannot answer, is answered no; what went wrong is told to the log without any value.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Final

from tieline.core.agreement.clauses import Agreement
from tieline.core.agreement.constructs import Obligation
from tieline.core.agreement.engine import Engine, Verdict
from tieline.core.agreement.question import Action, Question, is_said
from tieline.core.agreement.viewer import Purpose, PurposeCode, Viewer
from tieline.core.records import Facts, FieldClass

__all__ = [
    "NO_PARTY",
    "Ask",
    "Decision",
    "Gate",
    "Obligation",
    "barred",
    "checked",
    "decide",
    "decide_all",
    "decide_fields",
]


Ask = Callable[..., list[Verdict]]
"""`Engine.ask`, `Engine.ask_cedar`, or `given.ask_z3`."""


class Gate(StrEnum):
    """What must hold before any clause is asked; cited where a clause would be."""

    SIGNED = "gate:signed"
    PARTY = "gate:party"
    PURPOSE = "gate:purpose"
    IN_FORCE = "gate:in-force"
    TRAINING = "gate:training"
    ENGINE = "gate:engine"


_WORDS: Final = {
    Gate.SIGNED: "The agreement is not signed by all its parties.",
    Gate.PARTY: "Viewer's and owner's agency must both be parties to the agreement.",
    Gate.PURPOSE: "A purpose is needed, with a case or event number or else a reason.",
    Gate.IN_FORCE: "The agreement is not in force.",
    Gate.TRAINING: "The training on this agreement has lapsed, or there was none.",
    Gate.ENGINE: "No decision could be made, so nothing is disclosed.",
}
_NO_CLAUSE: Final = "No clause of the agreement opens this for this viewer and purpose."
NO_PARTY: Final = "(no party)"
"""The department of an owner that is no party."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Yes or no, by which clauses, and why in words."""

    allowed: bool
    clauses: tuple[str, ...] = ()
    """Clauses, or a gate; empty where no clause opens it."""
    reasons: tuple[str, ...] = ()
    """Their prose. For one who may not know of the record, not even this may be shown."""
    obligations: frozenset[Obligation] = frozenset()
    alarm: str = ""
    """For the log, where something went wrong; without any value of record or viewer."""

    @property
    def is_whole(self) -> bool:
        """Allowed, and not the year of a date alone."""
        return self.allowed and Obligation.YEAR_ONLY not in self.obligations


def decide(
    agreement: Agreement,
    *,
    viewer: Viewer,
    purpose: Purpose | None,
    facts: Facts,
    action: Action,
    at: datetime,
    field_class: FieldClass | None = None,
) -> Decision:
    """May this be done? Never raises for what it is given; whatever goes wrong is no."""
    (decision,) = decide_all(
        agreement,
        viewer=viewer,
        purpose=purpose,
        facts=facts,
        questions=(Question(action, field_class),),
        at=at,
    )
    return decision


def decide_all(
    agreement: Agreement,
    *,
    viewer: Viewer,
    purpose: Purpose | None,
    facts: Facts,
    questions: Sequence[Question],
    at: datetime,
    by: Ask = Engine.ask,
) -> tuple[Decision, ...]:
    """The same for several questions on one record; `by` says which engine answers."""
    return _decided(by, agreement, viewer, purpose, facts, questions, at)


def decide_fields(
    agreement: Agreement,
    *,
    viewer: Viewer,
    purpose: Purpose | None,
    facts: Facts,
    classes: Sequence[FieldClass],
    at: datetime,
) -> tuple[Decision, ...]:
    """One decision a field class."""
    asked = tuple(classes)
    # A word is equal to its sign, and would be taken for it.
    known = all(one.__class__ is FieldClass for one in asked)
    questions = _of_fields(asked) if known else _of_fields.__wrapped__(asked)
    return decide_all(
        agreement, viewer=viewer, purpose=purpose, facts=facts, questions=questions, at=at
    )


@lru_cache(maxsize=1024)
def _of_fields(classes: tuple[FieldClass, ...]) -> tuple[Question, ...]:
    return tuple(Question(Action.FIELD, one) for one in classes)


def barred(
    agreement: Agreement, *, viewer: Viewer, purpose: Purpose | None, at: datetime
) -> Decision | None:
    """Why this viewer is told of no record of another agency; None where clauses may be asked.

    Depends on nothing that is in any record, so it may be shown, and set a system's state (P26).
    """
    try:
        gate = _gate_of_viewer(agreement, viewer, purpose) or _gate_of_time(agreement, viewer, at)
        checked(agreement)
    except (KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as error:
        return _failed(agreement, type(error).__name__)
    return _refused(gate) if gate else None


@lru_cache(maxsize=16)
def checked(agreement: Agreement) -> Engine:
    """The engine of this agreement, parsed and checked once; a refused text raises each time."""
    return agreement.check()


def _decided(
    ask: Ask,
    agreement: Agreement,
    viewer: Viewer,
    purpose: Purpose | None,
    facts: Facts,
    questions: Sequence[Question],
    at: datetime,
) -> tuple[Decision, ...]:
    try:
        return _gated(ask, agreement, viewer, purpose, facts, questions, at)
    except (KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as error:  # a panic of the engine is no Exception
        refusal = _failed(agreement, type(error).__name__)
        return tuple(refusal for _ in questions)


def _gated(
    ask: Ask,
    agreement: Agreement,
    viewer: Viewer,
    purpose: Purpose | None,
    facts: Facts,
    questions: Sequence[Question],
    at: datetime,
) -> tuple[Decision, ...]:
    gate = _gate_of_viewer(agreement, viewer, purpose)
    if gate is not None or purpose is None:
        return tuple(_refused(gate or Gate.PURPOSE) for _ in questions)
    engine = checked(agreement)
    department = agreement.department_of(facts.owner_agency)
    verdicts = ask(
        engine,
        questions,
        viewer=viewer,
        purpose=purpose,
        facts=facts,
        department=department or NO_PARTY,
    )
    # These gates turn on the record. They come after the engine was asked, or else the time of a
    # refusal would tell whose record it is that there is.
    if department is None:
        return tuple(_refused(Gate.PARTY) for _ in questions)
    # What an agency may see of its own hangs neither on the agreement's period nor on training in
    # it: else its custody clocks would go dark at the midnight on which an agreement lapses.
    lapse = _gate_of_time(agreement, viewer, at)
    if lapse is not None and viewer.agency != facts.owner_agency:
        return tuple(_refused(lapse) for _ in questions)
    made: dict[Verdict, Decision] = {}
    for verdict in verdicts:
        # Many fields are opened or closed by the same clauses.
        if verdict not in made:
            made[verdict] = _decision(agreement, engine, verdict, lapse)
    # As many answers as questions: a field must not be opened by its neighbour's answer.
    return tuple([made[verdict] for _, verdict in zip(questions, verdicts, strict=True)])


def _gate_of_viewer(agreement: Agreement, viewer: Viewer, purpose: Purpose | None) -> Gate | None:
    if not agreement.is_signed:
        return Gate.SIGNED
    if agreement.department_of(viewer.agency) is None:
        return Gate.PARTY
    if purpose is None or not isinstance(purpose.code, PurposeCode):
        return Gate.PURPOSE
    if not (is_said(purpose.number) or is_said(purpose.reason)):
        return Gate.PURPOSE
    return None


def _gate_of_time(agreement: Agreement, viewer: Viewer, at: datetime) -> Gate | None:
    if not agreement.in_force(at):
        return Gate.IN_FORCE
    if viewer.trained_until is None or at >= viewer.trained_until:
        return Gate.TRAINING
    return None


def _decision(
    agreement: Agreement, engine: Engine, verdict: Verdict, lapse: Gate | None
) -> Decision:
    if verdict.failed:
        return _failed(agreement, f"clauses not evaluated: {', '.join(verdict.failed)}")
    clauses = verdict.clauses
    if verdict.allowed and lapse is not None:
        clauses = tuple(clause for clause in clauses if clause in engine.standing)
        if not clauses:
            return _refused(lapse)
    if verdict.allowed and not clauses:
        return _failed(agreement, "allowed by no clause")
    return Decision(
        allowed=verdict.allowed,
        clauses=clauses,
        reasons=tuple(agreement.clauses[clause].prose for clause in clauses) or (_NO_CLAUSE,),
        obligations=_obligations(engine, verdict.allowed, clauses),
    )


def _obligations(engine: Engine, allowed: bool, clauses: tuple[str, ...]) -> frozenset[Obligation]:
    each = [engine.obligations.get(clause, frozenset()) for clause in clauses]
    # What is allowed without an obligation by one clause is not burdened by another.
    if not each or (allowed and not all(each)):
        return frozenset()
    demanded = frozenset[Obligation]().union(*each)
    if allowed and not all(Obligation.YEAR_ONLY in one for one in each):
        # A clause that gives the whole date gives it, with what that clause demands.
        demanded = frozenset[Obligation]().union(
            *(one for one in each if Obligation.YEAR_ONLY not in one)
        )
    return demanded


def _refused(gate: Gate) -> Decision:
    return Decision(allowed=False, clauses=(gate.value,), reasons=(_WORDS[gate],))


def _failed(agreement: object, what: str) -> Decision:
    name = f"{agreement.digest[:12]}" if isinstance(agreement, Agreement) else "none"
    return Decision(
        allowed=False,
        clauses=(Gate.ENGINE.value,),
        reasons=(_WORDS[Gate.ENGINE],),
        alarm=f"agreement {name}: denied, since deciding failed: {what}",
    )
