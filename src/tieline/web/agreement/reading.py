"""The agreement as a document: its sections, and in each articles and clauses in their order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tieline.core.agreement.articles import Article, Term
from tieline.core.agreement.clauses import Agreement
from tieline.core.agreement.constructs import Obligation
from tieline.core.agreement.decide import checked
from tieline.web.sharing.wording import REASONS
from tieline.wiring.uses import Uses

__all__ = ["Part", "Passage", "kept_in_words", "passages", "terms_in_words"]

_DEMANDS: Final[dict[Obligation, Promise]] = {
    Obligation.NOTIFY_OWNER: gettext_lazy("The owner is told."),
    Obligation.CONFIRM_FIRST: gettext_lazy("To be confirmed with the owner first."),
    Obligation.NO_ONWARD_SHARING: gettext_lazy("Not to be passed on."),
    Obligation.YEAR_ONLY: gettext_lazy("Of dates the year alone."),
}
_TERMS: Final[dict[Term, Promise]] = {
    Term.ANSWER: gettext_lazy("Time for an answer"),
    Term.APPEAL: gettext_lazy("Time for an answer to an appeal"),
    Term.COUNCIL: gettext_lazy("Time for the council's decision"),
    Term.DEPARTMENT: gettext_lazy("Time for the department's decision"),
    Term.CONSENT: gettext_lazy("Time for a third agency's consent"),
    Term.RELEASE: gettext_lazy("Longest term of a release"),
    Term.TRAINING: gettext_lazy("Longest that a training counts"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """One article or clause as it is read."""

    name: str
    heading: str
    prose: str
    source: str
    kept: tuple[str, ...] = ()
    """Of an article what keeps it; of a clause what it demands of whoever is told."""
    policy: str = ""
    """Of a clause the text that decides."""
    use: str = ""
    """How often it decided, for those who may know."""
    looks: str = ""
    """Where an auditor finds those looks."""


@dataclass(frozen=True, slots=True)
class Part:
    """A section of the document."""

    anchor: str
    heading: str
    passages: tuple[Passage, ...]


def passages(agreement: Agreement, *, uses: Uses | None, finds_looks: bool) -> tuple[Part, ...]:
    """The whole document; `uses` for those who may know how often a clause decided."""
    demands = checked(agreement).obligations
    return tuple(
        Part(
            f"part-{place}",
            section.heading,
            tuple(
                _article(name, agreement.articles[name])
                if name in agreement.articles
                else _clause(name, agreement, demands.get(name, frozenset()), uses, finds_looks)
                for name in section.holds
            ),
        )
        for place, section in enumerate(agreement.reading, 1)
    )


def kept_in_words(article: Article) -> Iterator[str]:
    """What keeps it, with the clauses where it is they, and the terms that are read from it."""
    for one in article.kept_by:
        yield one.says
    if article.clauses:
        yield _("Clauses: %(names)s.") % {"names": ", ".join(article.clauses)}
    yield from terms_in_words(article)


def terms_in_words(article: Article) -> Iterator[str]:
    """The numbers and reasons that the program reads from an article."""
    for term, days in article.terms.items():
        words = ngettext("%(what)s: %(n)d day.", "%(what)s: %(n)d days.", days)
        yield words % {"what": _TERMS[term], "n": days}
    if article.refusals:
        listed = ", ".join(str(REASONS[one]) for one in article.refusals)
        yield _("Reasons: %(listed)s.") % {"listed": listed}


def _article(name: str, said: Article) -> Passage:
    return Passage(
        name=name,
        heading=said.heading,
        prose=said.prose,
        source=said.source,
        kept=tuple(kept_in_words(said)),
    )


def _clause(
    name: str,
    agreement: Agreement,
    demands: frozenset[Obligation],
    uses: Uses | None,
    finds_looks: bool,
) -> Passage:
    said = agreement.clauses[name]
    return Passage(
        name=name,
        heading="",
        prose=said.prose,
        source=said.source,
        kept=tuple(str(_DEMANDS[one]) for one in Obligation if one in demands),
        policy=agreement.policy_of(name),
        use="" if uses is None else _used(name, uses),
        looks=f"{reverse('ledger')}?{urlencode({'clause': name})}" if finds_looks else "",
    )


def _used(name: str, uses: Uses) -> str:
    one = uses.of(name)
    said = [
        _("of ours shown to others: %(n)s") % {"n": f"{one.showed:,}"},
        _("of others' shown to us: %(n)s") % {"n": f"{one.shown:,}"},
    ]
    if one.refused is not None:
        said.append(_("of ours refused to others: %(n)s") % {"n": f"{one.refused:,}"})
    return " · ".join(said)
