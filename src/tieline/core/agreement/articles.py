"""What the parties owe each other beside what is told: articles, each with what keeps it.

An article is words that both sign. Where the machine keeps a part of it, the article says which
part of the machine that is, and its terms (days, reasons) are read from here; where people keep it,
it says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final, Self

from tieline.core.agreement.constructs import AgreementRefused
from tieline.core.agreement.refusing import RefusalReason

__all__ = ["Article", "Keeping", "Term", "check_articles", "longest", "refusals"]

_ID: Final = re.compile(r"[A-Za-z][A-Za-z0-9]{0,15}")
_MOST: Final = 200


class Keeping(StrEnum):
    """What keeps an article; `says` is its line for those who sign."""

    says: str

    def __new__(cls, code: str, says: str) -> Self:
        made = str.__new__(cls, code)
        made._value_ = code
        made.says = made.__doc__ = says
        return made

    PEOPLE = "people", "People keep it; no part of the program does."
    SIGNATURES = (
        "signatures",
        "Each system holds the signatures of all parties against the keys that it knows, whenever "
        "it loads the text; without them it tells nothing.",
    )
    PARTIES = "parties", "A gate: viewer's and owner's agency must both have signed."
    PURPOSE = (
        "purpose",
        "A gate: a purpose of the closed list, with the number of a case or event, or a reason.",
    )
    PERIOD = "period", "A gate: out of its period the text gives nothing of another agency's."
    TRAINING = "training", "A gate: whose training has lapsed is told nothing of another agency's."
    CLASSES = "classes", "No field of a record can be made without a class that clauses decide on."
    CLAUSES = "clauses", "The clauses that it names decide, on every single value."
    ASSIGNMENTS = (
        "assignments",
        "Each person acts in one dated assignment, which every entry of the ledger names.",
    )
    REQUESTS = "requests", "Requests run on a clock; what is overdue goes to the desk above."
    REFUSALS = "refusals", "A request is refused for one of the reasons that it lists, or not."
    RELEASES = "releases", "A release ends by its term, or by a recall, at the very next look."
    CONSENT = "consent", "Without the third agency's recorded yes nothing is released."
    OWNERSHIP = "ownership", "Only its owner's people can change a record; each version is kept."
    GROUNDS = "grounds", "A lookout without a listed reason, facts and a duty roster is refused."
    RETENTION = "retention", "A schedule by class of records, legal holds, and purges by a person."
    LEDGER = "ledger", "Every look, search and refusal is an entry that nobody can change unseen."
    ROSTER = "roster", "Each unit's duty roster names whom to call; it stands on each pointer."
    DIGEST = "digest", "A changed text has another digest, and the signatures under it do not hold."


_KEEPING: Final = {one.value: one for one in Keeping}


class Term(StrEnum):
    """A number of days that the machine reads from an article."""

    ANSWER = "answer_days"
    """Within these a request is to be answered."""
    APPEAL = "appeal_days"
    COUNCIL = "council_days"
    """Within these the council of both agencies decides on what was refused on appeal."""
    DEPARTMENT = "department_days"
    """Within these the department does, where the council did not."""
    CONSENT = "consent_days"
    """Within these a third agency is to answer whether what it gave may go on."""
    RELEASE = "release_days"
    """The longest that a release may stand."""
    TRAINING = "training_days"
    """The longest that a training counts."""


_KEPT_BY: Final[Mapping[Term, Keeping]] = {
    Term.ANSWER: Keeping.REQUESTS,
    Term.APPEAL: Keeping.REQUESTS,
    Term.COUNCIL: Keeping.REQUESTS,
    Term.DEPARTMENT: Keeping.REQUESTS,
    Term.CONSENT: Keeping.CONSENT,
    Term.RELEASE: Keeping.RELEASES,
    Term.TRAINING: Keeping.TRAINING,
}
_MOST_DAYS: Final = 3_660


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One duty in words, what it rests on, and what keeps it."""

    heading: str
    prose: str
    source: str
    kept_by: tuple[Keeping, ...]
    clauses: tuple[str, ...] = ()
    """Those by which the machine keeps it, where it is clauses."""
    terms: Mapping[Term, int] = field(default_factory=dict, hash=False)
    refusals: tuple[RefusalReason, ...] = ()
    """The closed list, in the article that has it."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "terms", MappingProxyType(dict(self.terms)))

    @property
    def said(self) -> dict[str, Any]:
        """As it stands in the canonical text; what is not said is left out."""
        more = {
            "clauses": list(self.clauses),
            "terms": {term.value: days for term, days in self.terms.items()},
            "refusals": [one.value for one in self.refusals],
        }
        return {
            "heading": _lines(self.heading),
            "prose": _lines(self.prose),
            "source": _lines(self.source),
            "kept_by": [one.value for one in self.kept_by],
            **{name: value for name, value in more.items() if value},
        }

    @classmethod
    def read(cls, said: Mapping[str, Any]) -> Article:
        """From a document; raises ValueError, KeyError or TypeError where it is none."""
        return cls(
            heading=said["heading"],
            prose=said["prose"],
            source=said["source"],
            kept_by=tuple(_KEEPING[one] for one in said["kept_by"]),
            clauses=tuple(said.get("clauses", ())),
            terms={Term(name): days for name, days in said.get("terms", {}).items()},
            refusals=tuple(RefusalReason(one) for one in said.get("refusals", ())),
        )


def check_articles(articles: Mapping[str, Article], clauses: Iterable[str]) -> None:
    """Raise `AgreementRefused`, which names the article, unless each can be kept as it says."""
    known, terms, lists = set(clauses), set[Term](), 0
    if len(articles) > _MOST:
        raise AgreementRefused(f"there are more than {_MOST} articles", cure="Join some.")
    for name, one in articles.items():
        _check_words(name, one, known)
        for term, days in one.terms.items():
            if type(days) is not int or not 0 < days <= _MOST_DAYS:
                raise _refused(name, f"{term} is no number of days", "Write a whole number.")
            if _KEPT_BY[term] not in one.kept_by or term in terms:
                raise _refused(
                    name,
                    f"{term} is not kept by what it says, or stands in two articles",
                    f"Let one article name it, kept by {_KEPT_BY[term]}.",
                )
            terms.add(term)
        lists += bool(one.refusals)
        if bool(one.refusals) is not (Keeping.REFUSALS in one.kept_by) or lists > 1:
            raise _refused(
                name,
                "its reasons for a refusal are not kept by what it says, or stand twice",
                f"Let one article list them, kept by {Keeping.REFUSALS}.",
            )


def longest(articles: Mapping[str, Article], term: Term) -> timedelta | None:
    """What the parties agreed on; None where no article says."""
    days = [one.terms[term] for one in articles.values() if term in one.terms]
    return timedelta(days=days[0]) if days else None


def refusals(articles: Mapping[str, Article]) -> tuple[RefusalReason, ...]:
    """The reasons for which a request may be refused; all that there are where no article says."""
    listed = [one.refusals for one in articles.values() if one.refusals]
    return tuple(one for one in RefusalReason if not listed or one in listed[0])


def _check_words(name: str, one: Article, clauses: set[str]) -> None:
    if _ID.fullmatch(name) is None or name in clauses:
        raise _refused(name, "its name is that of a clause, or none", "Name it as A01.")
    if not all(said.strip() for said in (one.heading, one.prose, one.source)):
        raise _refused(name, "it has no heading, prose or source", "Say all three.")
    if not one.kept_by:
        raise _refused(name, "it does not say what keeps it", "If nothing does, write people.")
    if bool(one.clauses) is not (Keeping.CLAUSES in one.kept_by):
        raise _refused(
            name, "it names clauses, and is not kept by them, or the reverse", "Say both or none."
        )
    missing = sorted(set(one.clauses) - clauses)
    if missing:
        raise _refused(name, f"there is no clause {missing[0]}", "Name clauses of this text.")


def _refused(article: str, what: str, cure: str) -> AgreementRefused:
    return AgreementRefused(f"article {article}: {what}", cure=cure)


def _lines(text: str) -> str:
    # A text that went through another system's line ends is still the text that was signed.
    return text.replace("\r\n", "\n").replace("\r", "\n")
