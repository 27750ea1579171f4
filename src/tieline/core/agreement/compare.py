"""What a new version of an agreement changes: clause by clause, and in all, each with an example.

An example is a question that the one text answers yes and the other no. z3 finds it, and both the
functions and Cedar have answered it so before it is shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from tieline.core.agreement.articles import Article
from tieline.core.agreement.clauses import Agreement, Clause
from tieline.core.agreement.decide import Decision, checked
from tieline.core.agreement.engine import Differing, joined, policies_of
from tieline.core.agreement.formulas import Formula, asking, prover
from tieline.core.agreement.given import given, likely, texts_of
from tieline.core.agreement.instance import EFFORT, Instance, Search
from tieline.core.agreement.question import ACTIONS, OF_A_CLASS, Action, Question
from tieline.core.agreement.requests import written_request
from tieline.core.agreement.today import Sight, is_asked, seen_by
from tieline.core.agreement.words import decided_in_words, in_words
from tieline.core.records import FieldClass

__all__ = [
    "ArticleChange",
    "Change",
    "ClauseChange",
    "Comparison",
    "Example",
    "Fate",
    "Lost",
    "compare",
    "told",
]

QUESTIONS = (
    *(Question(action) for action in ACTIONS if action is not Action.FIELD),
    *(Question(action, one) for action in ACTIONS if action in OF_A_CLASS for one in FieldClass),
)


class Fate(StrEnum):
    """What became of a clause."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    """Its policy, its obligation, its prose or its source."""
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Example:
    """A question that the two texts answer differently."""

    asked: Instance
    before: Decision
    after: Decision
    words: tuple[str, ...]
    """The question; then what each text says to it, by which clauses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseChange:
    """One clause in both texts, and what its change does when it is taken alone."""

    clause: str
    fate: Fate
    old: Clause | None
    new: Clause | None
    reworded: bool
    """Whether its prose or its source reads otherwise."""
    rewritten: bool
    """Whether its policy does; its obligation is part of it."""
    widened: Example | None = None
    narrowed: Example | None = None


@dataclass(frozen=True, slots=True)
class ArticleChange:
    """One article in both texts: what the parties owe each other. It opens and closes nothing."""

    article: str
    fate: Fate
    old: Article | None
    new: Article | None

    @property
    def heading(self) -> str:
        """What it is called now, or was called last."""
        said = self.new or self.old
        return said.heading if said is not None else ""


@dataclass(frozen=True, slots=True)
class Change:
    """Something that may be asked and is answered otherwise now, of some record to somebody."""

    question: Question
    example: Example
    cut: bool = False
    """That both texts give it, and the one of its dates the year alone."""


@dataclass(frozen=True, slots=True)
class Lost:
    """What users see today and the new text does not give."""

    sight: Sight
    questions: tuple[Question, ...]
    example: Instance
    words: tuple[str, ...]
    was_given: bool
    """Whether the old text gives it in the example: else it was lost before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """All that differs between two texts. Whether each is signed makes no difference."""

    old: Agreement
    new: Agreement
    frame: Mapping[str, tuple[str, str]] = field(hash=False)
    """What else differs: title, parties, period and so on, each as it was and as it is."""
    clauses: tuple[ClauseChange, ...]
    """All of both texts, by their ids."""
    articles: tuple[ArticleChange, ...]
    widened: tuple[Change, ...]
    narrowed: tuple[Change, ...]
    lost: tuple[Lost, ...]
    """What becomes narrower than users have today (P4)."""


def compare(
    old: Agreement, new: Agreement, *, today: Sequence[Sight] = (), effort: int = EFFORT
) -> Comparison:
    """Compare two texts, each within its own period, as if both were signed.

    Raises `AgreementRefused` for a text that cannot be decided by, `ProverMissing` without z3,
    `Undecided` where z3 comes to no end, `Differing` where an example is none to Cedar.
    """
    kinds = [kind for sight in today for kind in sight.kinds]
    asked = asking(texts_of(old, new, further=kinds))
    search = Search(asked, likely=likely(new, asked), effort=effort)
    both = _Both(old, new, search)
    return Comparison(
        old=old,
        new=new,
        frame=_frame(old, new),
        clauses=tuple(_clauses(old, new, search)),
        articles=tuple(_articles(old, new)),
        widened=tuple(both.changes(old, new)),
        narrowed=tuple(both.changes(new, old)),
        lost=tuple(both.lost(today)),
    )


def told(found: Comparison) -> dict[str, object]:
    """A comparison as JSON has it; each question of an example as `requests` reads it.

    An example is asked within the new text's period; the old one's may be another.
    """

    def example(one: Example | None) -> dict[str, object] | None:
        if one is None:
            return None
        return {
            "asked": written_request(one.asked.request(found.new)),
            "before": one.before.allowed,
            "after": one.after.allowed,
            "whole_before": one.before.is_whole,
            "whole_after": one.after.is_whole,
            "words": list(one.words),
        }

    def change(one: Change) -> dict[str, object]:
        return {**question(one.question), "cut": one.cut, "example": example(one.example)}

    def question(one: Question) -> dict[str, object]:
        return {"action": one.action.value, "field_class": one.field_class}

    return {
        "old": found.old.digest,
        "new": found.new.digest,
        "frame": {name: {"old": was, "new": now} for name, (was, now) in found.frame.items()},
        "clauses": [
            {
                "clause": one.clause,
                "fate": one.fate.value,
                "reworded": one.reworded,
                "rewritten": one.rewritten,
                "widened": example(one.widened),
                "narrowed": example(one.narrowed),
            }
            for one in found.clauses
        ],
        "articles": [
            {
                "article": one.article,
                "fate": one.fate.value,
                "old": one.old.said if one.old else None,
                "new": one.new.said if one.new else None,
            }
            for one in found.articles
        ],
        "widened": [change(one) for one in found.widened],
        "narrowed": [change(one) for one in found.narrowed],
        "lost": [
            {
                "says": one.sight.says,
                "questions": [question(each) for each in one.questions],
                "asked": written_request(one.example.request(found.new)),
                "was_given": one.was_given,
                "words": list(one.words),
            }
            for one in found.lost
        ],
    }


@dataclass(frozen=True, slots=True)
class _Both:
    """Two texts, and the search for questions that they answer differently."""

    old: Agreement
    new: Agreement
    search: Search

    def changes(self, no: Agreement, yes: Agreement) -> Iterator[Change]:
        """Of each that can be asked whether `yes` gives something of it that `no` does not."""
        for differs, is_cut in zip(self._differs(no, yes), (False, True), strict=True):
            if not self.search.is_possible(differs):
                continue
            for question in QUESTIONS:
                of_it = prover().And(differs, is_asked(question, self.search.asked))
                example = self._example(of_it, no, yes)
                if example is not None:
                    yield Change(question, example, is_cut)

    def first(self, no: Agreement, yes: Agreement) -> Example | None:
        """Any question to which `yes` says yes and `no` says no, or the year of a date alone."""
        found = (self._example(differs, no, yes) for differs in self._differs(no, yes))
        return next((one for one in found if one is not None), None)

    def lost(self, today: Sequence[Sight]) -> Iterator[Lost]:
        """The rows of which the new text does not give all."""
        z3, asked = prover(), self.search.asked
        refused = z3.Not(given(self.new, asked).whole)
        for sight in today:
            row = z3.And(refused, seen_by(sight, asked, self.new.parties))
            if not self.search.is_possible(row):
                continue
            of_each = {one: z3.And(row, is_asked(one, asked)) for one in sight.sees}
            missing = [one for one, of_it in of_each.items() if self.search.is_possible(of_it)]
            if missing:
                model = self.search.model(of_each[missing[0]])
                yield self._lost(sight, tuple(missing), self.search.instance(model))

    def _lost(self, sight: Sight, missing: tuple[Question, ...], found: Instance) -> Lost:
        before, after = found.answered(self.old), found.answered(self.new)
        if after.is_whole:
            raise Differing("what z3 found to be refused is permitted")
        return Lost(sight, missing, found, self._words(found, before, after), before.is_whole)

    def _differs(self, no: Agreement, yes: Agreement) -> tuple[Formula, Formula]:
        """Where `yes` gives what `no` does not; and where both give it, `no` the year alone."""
        z3, asked = prover(), self.search.asked
        less, more = given(no, asked), given(yes, asked)
        return (
            z3.And(more.formula, z3.Not(less.formula)),
            z3.And(more.whole, less.formula, z3.Not(less.whole)),
        )

    def _example(self, wanted: Formula, no: Agreement, yes: Agreement) -> Example | None:
        model = self.search.model(wanted)
        if model is None:
            return None
        found = self.search.instance(model)
        less, more = found.answered(no), found.answered(yes)
        if less.is_whole or not (more.is_whole if less.allowed else more.allowed):
            raise Differing("what z3 found to differ does not")
        before, after = found.answered(self.old), found.answered(self.new)
        return Example(found, before, after, self._words(found, before, after))

    def _words(self, found: Instance, before: Decision, after: Decision) -> tuple[str, ...]:
        return (
            in_words(found),
            *_said("Before", self.old, before),
            *_said("After", self.new, after),
        )


def _said(when: str, agreement: Agreement, decision: Decision) -> Iterator[str]:
    """What a text says to a question, a line a clause."""
    verb = "permitted" if decision.allowed else "refused"
    if decision.allowed and not decision.is_whole:
        verb = "permitted, of dates the year alone"
    for line in decided_in_words(agreement, decision):
        yield f"{when}: {verb}. {line}"


def _clauses(old: Agreement, new: Agreement, search: Search) -> Iterator[ClauseChange]:
    for text in (old, new):
        checked(text)
    before, after = policies_of(old.policies), policies_of(new.policies)
    for clause in sorted({*old.clauses, *new.clauses}):
        was, now = old.clauses.get(clause), new.clauses.get(clause)
        rewritten = before.get(clause) != after.get(clause)
        change = ClauseChange(
            clause=clause,
            fate=_fate(was, now, rewritten=rewritten or was != now),
            old=was,
            new=now,
            reworded=was is not None and now is not None and was != now,
            rewritten=rewritten,
        )
        if rewritten:
            alone = _alone(old, new, clause)
            both = _Both(old, alone, search)
            change = replace(
                change, widened=both.first(old, alone), narrowed=both.first(alone, old)
            )
        yield change


def _articles(old: Agreement, new: Agreement) -> Iterator[ArticleChange]:
    for name in sorted({*old.articles, *new.articles}):
        was, now = old.articles.get(name), new.articles.get(name)
        same = was is not None and now is not None and was.said == now.said
        yield ArticleChange(name, _fate(was, now, rewritten=not same), was, now)


def _fate(was: object, now: object, *, rewritten: bool) -> Fate:
    if was is None:
        return Fate.ADDED
    if now is None:
        return Fate.REMOVED
    return Fate.CHANGED if rewritten else Fate.SAME


def _alone(old: Agreement, new: Agreement, clause: str) -> Agreement:
    """The old text, in which this clause alone is as the new one has it."""
    policies, prose = policies_of(old.policies), dict(old.clauses)
    policies.pop(clause, None)
    prose.pop(clause, None)
    if clause in new.clauses:
        prose[clause] = new.clauses[clause]
    newer = policies_of(new.policies)
    if clause in newer:
        policies[clause] = newer[clause]
    # Articles open nothing, and might name a clause that this text has not.
    return replace(
        old, policies=joined(policies), clauses=prose, articles={}, sections=(), signatures=()
    )


def _frame(old: Agreement, new: Agreement) -> dict[str, tuple[str, str]]:
    def said(text: Agreement) -> dict[str, str]:
        return {
            "id": text.id,
            "version": str(text.version),
            "title": text.title,
            "parties": ", ".join(f"{one.agency} ({one.department})" for one in text.parties),
            "in force from": text.in_force_from.isoformat(),
            "in force until": text.in_force_until.isoformat(),
            "review on": text.review_on.isoformat(),
            "reading order": "; ".join(
                f"{one.heading}: {', '.join(one.holds)}" for one in text.reading
            ),
            "schema": text.schema,
        }

    was, now = said(old), said(new)
    return {name: (was[name], now[name]) for name in was if was[name] != now[name]}
