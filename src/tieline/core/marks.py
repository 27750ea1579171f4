"""Marks that an owner sets on a record of his own, and the grounds without which none is set.

A mark is a caveat that clauses keep to. A gang label and intelligence say something of a person, so
both need their grounds in a closed form and a second person (P21; 28 CFR 23.20). No grounds are
weighed against each other, and nothing here is a score.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection
from dataclasses import asdict, dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from tieline.core.errors import TielineError
from tieline.core.mark_terms import MarkTerms

__all__ = [
    "LONGEST_WORDS",
    "TO_BE_APPROVED",
    "Fact",
    "FactKind",
    "GangGrounds",
    "Grounds",
    "IntelligenceGrounds",
    "Mark",
    "MarkRefused",
    "Reliability",
    "Sensitivity",
    "Validity",
    "WordGrounds",
    "check_review",
    "need_counsel",
    "told_to_others",
]

LONGEST_WORDS: Final = 2_000
_LONGEST_SOURCE: Final = 200
_LONGEST_COUNSEL: Final = 200
_LEAST_FACTS: Final = 2
_MOST_FACTS: Final = 5


class MarkRefused(TielineError):
    """A mark that may not be set, approved or ended so; says the rule."""

    exit_code = 3


class Mark(StrEnum):
    """Those with a name of their own; `from:AGENCY` is the fifth kind."""

    GANG_LABEL = "gang_label"
    INTELLIGENCE = "intelligence"
    EXERCISE = "exercise"
    UNAPPROVED = "unapproved"


TO_BE_APPROVED: Final[frozenset[str]] = frozenset({Mark.GANG_LABEL, Mark.INTELLIGENCE})
"""Those that a second person approves, and that are reviewed (`mark_terms`)."""


class FactKind(StrEnum):
    """The closed list of what a gang label may rest on. To know somebody is none of them."""

    ADMISSION = "admission"
    """Said so himself to an officer, in a language that he understands."""
    CONVICTION = "conviction"
    """Convicted of an offence for the gang."""
    FINDING = "finding"
    """Found so by a court, or in a proceeding in which he was heard."""
    CONDUCT = "conduct"
    """Took part in what the gang did."""
    DOCUMENT = "document"
    """Own writing, messages or pictures."""
    SOURCE = "source"
    """Told by a source whose word was tested."""
    TATTOO = "tattoo"
    PLACE = "place"
    """Met where the gang is."""


_WEAK: Final = frozenset({FactKind.TATTOO, FactKind.PLACE})
"""These may stand beside a fact of conduct, and alone or together carry nothing (P21)."""


class Reliability(StrEnum):
    """Of the source of intelligence."""

    RELIABLE = "reliable"
    USUALLY = "usually_reliable"
    UNRELIABLE = "unreliable"
    UNKNOWN = "unknown"


class Validity(StrEnum):
    """Of the content of intelligence."""

    CONFIRMED = "confirmed"
    PROBABLE = "probable"
    DOUBTFUL = "doubtful"
    NOT_JUDGED = "cannot_be_judged"


class Sensitivity(StrEnum):
    """How intelligence is to be kept."""

    SENSITIVE = "sensitive"
    CONFIDENTIAL = "confidential"
    RESTRICTED = "restricted"
    UNCLASSIFIED = "unclassified"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One thing that is known, and from where."""

    kind: str
    said: str = field(repr=False)
    source: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounds(ABC):
    """On what a mark rests; kept beside the record, and gone with it."""

    @abstractmethod
    def check(self, *, child: bool, at: date, terms: MarkTerms) -> None:
        """Raises `MarkRefused` with the rule that is not met."""

    def sources(self) -> tuple[str, ...]:
        """Who told it, one each; none where nothing adverse is said of anybody."""
        return ()

    def kept(self) -> dict[str, object]:
        """In plain JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class WordGrounds(Grounds):
    """Of a mark that says nothing of a person."""

    why: str = field(repr=False)

    def check(self, *, child: bool, at: date, terms: MarkTerms) -> None:
        _said(self.why, "a mark is set with what it rests on")


@dataclass(frozen=True, slots=True, kw_only=True)
class GangGrounds(Grounds):
    """Two facts, independent of each other (P21)."""

    facts: tuple[Fact, ...]
    association_alone: bool
    """Whether it rests on nothing but knowing somebody."""
    counsel: str = field(default="", repr=False)

    def check(self, *, child: bool, at: date, terms: MarkTerms) -> None:
        if self.association_alone:
            raise MarkRefused(
                "association alone is no reason for a gang label",
                cure="State facts of the person's own conduct, or set none.",
            )
        kinds = {one.kind for one in self.facts}
        if not kinds <= set(FactKind) or len(self.facts) > _MOST_FACTS:
            raise MarkRefused(
                "a fact is of no kind of the list", cure=f"It may be: {', '.join(FactKind)}."
            )
        for one in self.facts:
            _said(one.said, "a fact is stated in words")
            _said(one.source, "each fact names its source", most=_LONGEST_SOURCE)
        strong = kinds - _WEAK
        sources = {" ".join(one.source.casefold().split()) for one in self.facts}
        if min(len(kinds), len(sources)) < _LEAST_FACTS:
            raise MarkRefused(
                "a gang label rests on two facts that are independent: of two kinds, and from two "
                "sources",
                cure="State a second fact of another kind, from elsewhere, or set none.",
            )
        if not strong:
            raise MarkRefused(
                "place and tattoo carry no gang label, neither alone nor together",
                cure="State a fact of the person's own conduct, or set none.",
            )
        need_counsel(self.counsel, child=child)

    def sources(self) -> tuple[str, ...]:
        return tuple(one.source for one in self.facts)


@dataclass(frozen=True, slots=True, kw_only=True)
class IntelligenceGrounds(Grounds):
    """What 28 CFR 23.20 asks of criminal intelligence."""

    suspicion: str = field(repr=False)
    """Why it is reasonable to suspect that the person takes part in which crime: 23.20(a), (c)."""
    source: str = field(repr=False)
    reliability: str
    validity: str
    sensitivity: str
    review_on: date
    views: bool
    """Whether it holds political, religious or social views or associations: 23.20(b)."""
    unlawful: bool
    """Whether it was obtained against the law: 23.20(d)."""
    counsel: str = field(default="", repr=False)

    def check(self, *, child: bool, at: date, terms: MarkTerms) -> None:
        if self.views:
            raise MarkRefused(
                "no intelligence is kept about political, religious or social views, associations "
                "or activities (28 CFR 23.20(b))",
                cure="Take it out of the record by a correction first, or set none.",
            )
        if self.unlawful:
            raise MarkRefused(
                "what was obtained against the law is no intelligence (28 CFR 23.20(d))",
                cure="Ask counsel what is to become of the record.",
            )
        _said(self.suspicion, "intelligence states its reasonable suspicion (28 CFR 23.20(a))")
        _said(self.source, "intelligence names its source", most=_LONGEST_SOURCE)
        _of(Reliability, self.reliability, "the reliability of the source")
        _of(Validity, self.validity, "the validity of the content")
        _of(Sensitivity, self.sensitivity, "the sensitivity")
        if self.reliability in _UNTRIED and self.validity in _UNTRIED_CONTENT:
            raise MarkRefused(
                "what an untried source tells and nobody can judge gives no reasonable suspicion "
                "(28 CFR 23.20(c))",
                cure="Have it confirmed from elsewhere first.",
            )
        check_review(Mark.INTELLIGENCE, self.review_on, at=at, terms=terms)
        need_counsel(self.counsel, child=child)

    def sources(self) -> tuple[str, ...]:
        return (self.source,)

    def kept(self) -> dict[str, object]:
        # Named again: a dataclass with slots is another class than `super()` knows.
        return {**Grounds.kept(self), "review_on": self.review_on.isoformat()}


_UNTRIED: Final = frozenset({Reliability.UNRELIABLE, Reliability.UNKNOWN})
_UNTRIED_CONTENT: Final = frozenset({Validity.DOUBTFUL, Validity.NOT_JUDGED})


def check_review(mark: str, on: date, *, at: date, terms: MarkTerms) -> None:
    """Raises `MarkRefused` where a mark would stand too long without anybody looking at it."""
    longest = terms.to_review(mark)
    if not at < on <= at + longest:
        raise MarkRefused(
            f"this mark is reviewed within {longest.days} days",
            cure=f"Give a day after today, {(at + longest).isoformat()} at the latest.",
        )


def need_counsel(counsel: str, *, child: bool) -> None:
    """Raises `MarkRefused` for a label on a child that counsel has not approved (P11)."""
    if len(counsel) > _LONGEST_COUNSEL or "\0" in counsel:
        raise MarkRefused(
            "counsel's reference is too long", cure=f"Write at most {_LONGEST_COUNSEL} signs."
        )
    if child and not any(map(str.isalnum, counsel)):
        raise MarkRefused(
            "on a child, and on whoever may be one, such a mark needs counsel's approval",
            cure="Ask counsel, then say who approved it and under which reference.",
        )


def told_to_others(caveats: Collection[str]) -> tuple[str, ...]:
    """The caveats as other agencies read them: what nobody has approved is not said of anybody,
    though it closes as much as if it were.
    """
    open_to = set(caveats)
    if Mark.UNAPPROVED in open_to:
        open_to -= TO_BE_APPROVED
    return tuple(sorted(open_to))


def _said(text: str, rule: str, *, most: int = LONGEST_WORDS) -> None:
    if not any(map(str.isalnum, text)) or len(text) > most or "\0" in text:
        raise MarkRefused(rule, cure=f"Write it in a few words, at most {most:,} signs.")


def _of(codes: type[StrEnum], code: str, what: str) -> None:
    if code not in set(codes):
        raise MarkRefused(
            f"{what} is of no code of the list", cure=f"It may be: {', '.join(codes)}."
        )
