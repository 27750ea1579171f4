"""The agreement that a keeper enforces: its own copy, signed, in its own database.

Its signatures are held against the keys that the node knows whenever it is loaded, and not where it
was delivered alone: the keys lie apart from the databases, so whoever can write to one of these
cannot make a text of his own count.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Final

from django.db import models, transaction
from django.db.models import QuerySet
from django.dispatch import Signal

from tieline.core.agreement.articles import Term, longest, refusals
from tieline.core.agreement.clauses import Agreement
from tieline.core.agreement.document import read_agreement, written
from tieline.core.agreement.refusing import RefusalReason
from tieline.core.agreement.signing import BadKey, SignatureRefused, read_signers, verify
from tieline.core.errors import TielineError
from tieline.core.ledger.events import Event
from tieline.keeping.ledger import Ledger, line
from tieline.keeping.lookup import Asking, answer
from tieline.settings import node

__all__ = [
    "AdoptedAgreement",
    "NoAgreement",
    "adopt",
    "adopted",
    "agreed_refusals",
    "agreed_term",
    "asking_in_force",
    "in_force",
    "newest",
    "refuse_unsigned",
]

adopted: Final = Signal()
"""Sent with `database`, in the transaction in which a version comes into force there."""


class NoAgreement(TielineError):
    """A keeper has no agreement, so nothing is disclosed."""


class AdoptedAgreement(models.Model):
    """A version that was delivered and checked; the latest one adopted decides."""

    id = models.BigAutoField(primary_key=True)
    digest = models.CharField(max_length=64)
    text = models.TextField()
    adopted_at = models.DateTimeField()

    class Meta:
        app_label = "keeping"
        db_table = "adopted_agreement"

    def __str__(self) -> str:
        return self.digest[:12]


def adopt(agreement: Agreement, *, database: str, at: datetime) -> None:
    """Take a version into force here, and say so in the ledger: what was told before stands before
    that entry, and is of the text before.

    Raises `AgreementRefused` if it fails its checks, and `NoAgreement` if its signatures do not
    hold.
    """
    agreement.check()
    refuse_unsigned(agreement)
    ledger = Ledger.of(database)
    with transaction.atomic(using=database):
        # First of all: whoever tells something shares the ledger from before he asks which text
        # decides, so nobody is still told by the one that ends here.
        head = ledger.hold()
        ledger.append([line(Event.AGREEMENT_ADOPTED, at=at, agreement=agreement.digest)], head=head)
        AdoptedAgreement.objects.using(database).create(
            digest=agreement.digest, text=written(agreement), adopted_at=at
        )
        adopted.send(sender=AdoptedAgreement, database=database)


def in_force(database: str) -> Agreement:
    """The text that decides here now; each request asks anew, so that a new one works at once."""
    return answer(asking_in_force(database), database=database)


def asking_in_force(database: str) -> Asking[Agreement]:
    """The same, not put yet."""

    def read(rows: Sequence[tuple[Any, ...]]) -> Agreement:
        if not rows:
            raise NoAgreement(
                f"no agreement was adopted in {database}, so nothing can be disclosed",
                cure="tieline agreement activate",
            )
        # By their text: a key that is taken away is of no use from the next request on.
        return _read(rows[0][0], _signers())

    return Asking("SELECT text FROM adopted_agreement ORDER BY id DESC LIMIT 1", (), read)


def agreed_term(database: str, term: Term, *, otherwise: timedelta) -> timedelta:
    """How long the text in force says; `otherwise` where it does not, or there is none."""
    try:
        return longest(in_force(database).articles, term) or otherwise
    except NoAgreement:
        return otherwise


def agreed_refusals(database: str) -> tuple[RefusalReason, ...]:
    """The reasons for which a request may be refused, as the text in force lists them."""
    try:
        return refusals(in_force(database).articles)
    except NoAgreement:
        return tuple(RefusalReason)


def newest(database: str) -> QuerySet[AdoptedAgreement, Any]:
    """The digest of the text that decides now, for a query of its own or as part of another."""
    rows = AdoptedAgreement.objects.using(database).order_by("-id")
    return rows.values_list("digest", flat=True)[:1]


def refuse_unsigned(agreement: Agreement) -> None:
    """Raise `NoAgreement` unless the signatures hold against the keys that this node knows."""
    _held(agreement, _signers())


def _signers() -> str:
    try:
        return node().signers.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise NoAgreement(
            "no key of anybody who may sign is known here, so no agreement can be enforced",
            cure="tieline agreement trust --party PARTY --as PERSON --key KEY",
        ) from None


@lru_cache(maxsize=8)
def _read(text: str, signers: str) -> Agreement:
    agreement = read_agreement(text)
    _held(agreement, signers)
    return agreement


def _held(agreement: Agreement, signers: str) -> None:
    try:
        verify(agreement, read_signers(signers))
    except (BadKey, SignatureRefused) as error:
        raise NoAgreement(error.what, cure=error.cure) from None
