"""Proves of an agreement what no agreement may break, or shows a question by which it does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from tieline.core.agreement.circle import CIRCLE
from tieline.core.agreement.clauses import Agreement
from tieline.core.agreement.decide import Decision
from tieline.core.agreement.engine import Differing
from tieline.core.agreement.formulas import asking, prover
from tieline.core.agreement.given import given, likely, texts_of, under
from tieline.core.agreement.instance import EFFORT, Instance, Search
from tieline.core.agreement.invariants import INVARIANTS, Invariant, Variant
from tieline.core.agreement.requests import written_request
from tieline.core.agreement.words import decided_in_words, in_words, record_in_words
from tieline.core.errors import TielineError
from tieline.core.records import SILENT

__all__ = ["Counterexample", "Proof", "Refuted", "prove", "refuse_refuted", "told"]


@dataclass(frozen=True, slots=True)
class Counterexample:
    """A question that an agreement answers yes, and must not; Cedar and the functions agree."""

    asked: Instance
    by: Agreement = field(repr=False)
    """The text that permits it: another than that to be proved, where a chain leads through it."""
    decision: Decision
    words: tuple[str, ...]
    """Who asks, what of which record; then the clauses that permit it, each with its prose."""


@dataclass(frozen=True, slots=True)
class Proof:
    """That an invariant holds of every question there is, or where it does not."""

    invariant: Invariant
    counterexample: Counterexample | None

    @property
    def is_proved(self) -> bool:
        return self.counterexample is None


class Refuted(TielineError):
    """An agreement gives what none may give; `proofs` are those that failed."""

    exit_code = 1

    def __init__(self, proofs: Sequence[Proof]) -> None:
        said = [
            "\n  ".join(
                [
                    f"{one.invariant.id}: {one.invariant.says} ({one.invariant.source})",
                    *(one.counterexample.words if one.counterexample else ()),
                ]
            )
            for one in proofs
        ]
        super().__init__(
            "the agreement gives what none may give\n" + "\n".join(said),
            cure="Mend the clauses that permit it: tieline agreement prove FILE shows the same.",
        )
        self.proofs = tuple(proofs)


def prove(
    agreement: Agreement,
    *,
    beside: Sequence[Agreement] = (),
    invariants: Iterable[Invariant] = INVARIANTS,
    effort: int = EFFORT,
) -> Iterator[Proof]:
    """One proof an invariant, in their order, as if the agreement were signed.

    Chains go through this agreement and through each of those `beside` it. Raises
    `AgreementRefused` for a text that cannot be decided by, `ProverMissing` without z3, `Undecided`
    where z3 comes to no end, and `Differing` where a counterexample is none to Cedar.
    """
    texts = texts_of(agreement, *beside, further=(*CIRCLE, SILENT))
    asked = asking(texts)
    for invariant in invariants:
        # Each anew, so that what is shown does not hang on what was sought before.
        search = Search(asked, likely=likely(agreement, asked), effort=effort)
        yield Proof(invariant, _broken(invariant, search, agreement, beside))


def refuse_refuted(agreement: Agreement, *, beside: Sequence[Agreement] = ()) -> None:
    """Raise `Refuted` unless every invariant is proved; and whatever `prove` raises."""
    refuted = [proof for proof in prove(agreement, beside=beside) if not proof.is_proved]
    if refuted:
        raise Refuted(refuted)


def told(proof: Proof) -> dict[str, object]:
    """A proof as JSON has it; the question of a counterexample as `requests` reads it."""
    invariant, shown = proof.invariant, proof.counterexample
    return {
        "invariant": invariant.id,
        "says": invariant.says,
        "source": invariant.source,
        "practice": invariant.practice,
        "proved": proof.is_proved,
        "counterexample": shown
        and {
            "asked": written_request(shown.asked.request(shown.by)),
            "clauses": list(shown.decision.clauses),
            "agreement": shown.by.digest,
            "words": list(shown.words),
        },
    }


def _broken(
    invariant: Invariant, search: Search, agreement: Agreement, beside: Sequence[Agreement]
) -> Counterexample | None:
    if invariant.never is not None:
        asked = under(agreement, search.asked)
        wrong = prover().And(given(agreement, search.asked).formula, invariant.never(asked))
        model = search.model(wrong)
        if model is None:
            return None
        found = search.instance(model)
        decision = _permitted(agreement, found)
        said = (in_words(found), *decided_in_words(agreement, decision))
        return Counterexample(found, agreement, decision, said)
    if invariant.variant is None:
        raise ValueError(f"the invariant {invariant.id} says nothing")
    variant = invariant.variant(search.asked)
    for text in (agreement, *beside) if variant.elsewhere else (agreement,):
        known = (agreement, *beside) if variant.elsewhere else (agreement,)
        found_one = _more(variant, search, text, known)
        if found_one is not None:
            return found_one
    return None


def _more(
    variant: Variant, search: Search, text: Agreement, known: Sequence[Agreement]
) -> Counterexample | None:
    """A question that `text` answers yes of the other record, and none of the known of the one."""
    z3 = prover()
    nobody = [z3.Not(given(one, search.asked).formula) for one in known]
    model = search.model(z3.And(variant.where, given(text, variant.asked).formula, *nobody))
    if model is None:
        return None
    one, other = search.instance(model), search.instance(model, variant.asked)
    if any(each.allowed for each in map(one.answered, known)):
        raise Differing("what z3 found to be refused is permitted")
    decision = _permitted(text, other)
    said = (
        in_words(one),
        f"That is refused. It is permitted {variant.how}: {record_in_words(other.facts)}.",
        *decided_in_words(text, decision),
    )
    return Counterexample(other, text, decision, said)


def _permitted(agreement: Agreement, found: Instance) -> Decision:
    decision = found.answered(agreement)
    if not decision.allowed:
        raise Differing("what z3 found to be permitted is refused")
    return decision
