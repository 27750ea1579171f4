"""The agreement that decides here: its words, its policies, who signed it."""

from __future__ import annotations

from datetime import date, datetime

from django.http import HttpRequest
from ninja import Router

from tieline.api.errors import REFUSALS
from tieline.api.form import Form
from tieline.api.told import Marked
from tieline.keeping.agreements import in_force
from tieline.keeping.databases import ACCOUNTS
from tieline.reference.agreement import model_notice

__all__ = ["router"]

router = Router()


class ClauseTold(Form):
    """What a clause says, and what it rests on."""

    clause: str
    prose: str
    source: str


class ArticleTold(Form):
    """What the parties owe each other beside what is told, and what keeps it."""

    article: str
    heading: str
    prose: str
    source: str
    kept_by: list[str]
    """`people`, or parts of the program."""
    clauses: list[str]
    terms: dict[str, int]
    """Numbers of days that the program reads from it."""
    refusals: list[str]
    """The closed list of reasons, in the article that has it."""


class SectionTold(Form):
    """What is read together, in its order."""

    heading: str
    holds: list[str]


class PartyTold(Form):
    """An agency that signs, and the department it belongs to."""

    agency: str
    department: str


class SignatureTold(Form):
    """Who signed for a party, when."""

    agency: str
    by: str
    at: datetime


class AgreementTold(Marked):
    """The text in force."""

    id: str
    version: int
    title: str
    digest: str
    """SHA-256 of the text that was signed; each answer names it."""
    review: str
    """That counsel must review the model."""
    in_force_from: datetime
    in_force_until: datetime
    review_on: date
    parties: list[PartyTold]
    signatures: list[SignatureTold]
    sections: list[SectionTold]
    articles: list[ArticleTold]
    clauses: list[ClauseTold]
    policies: str
    """The same as Cedar text: what decides."""


@router.get(
    "/agreement",
    url_name="agreement",
    operation_id="agreement",
    response={200: AgreementTold, **REFUSALS},
)
def agreement(request: HttpRequest) -> AgreementTold:
    """The agreement in force, clause by clause."""
    text = in_force(ACCOUNTS)
    return AgreementTold(
        id=text.id,
        version=text.version,
        title=text.title,
        digest=text.digest,
        review=model_notice(),
        in_force_from=text.in_force_from,
        in_force_until=text.in_force_until,
        review_on=text.review_on,
        parties=[PartyTold(agency=one.agency, department=one.department) for one in text.parties],
        signatures=[
            SignatureTold(agency=one.agency, by=one.by, at=one.at) for one in text.signatures
        ],
        sections=[SectionTold(heading=one.heading, holds=list(one.holds)) for one in text.reading],
        articles=[
            ArticleTold(
                article=name,
                heading=said.heading,
                prose=said.prose,
                source=said.source,
                kept_by=[one.value for one in said.kept_by],
                clauses=list(said.clauses),
                terms={term.value: days for term, days in said.terms.items()},
                refusals=[one.value for one in said.refusals],
            )
            for name, said in sorted(text.articles.items())
        ],
        clauses=[
            ClauseTold(clause=name, prose=said.prose, source=said.source)
            for name, said in sorted(text.clauses.items())
        ],
        policies=text.policies,
    )
