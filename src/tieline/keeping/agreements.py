"""The agreement that a keeper enforces: its own copy, signed, in its own database."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from django.db import models, transaction
from django.db.models import QuerySet
from django.dispatch import Signal

from tieline.core.agreement.clauses import Agreement
from tieline.core.agreement.document import read_agreement, written
from tieline.core.errors import TielineError

__all__ = ["AdoptedAgreement", "NoAgreement", "adopt", "adopted", "in_force", "newest"]

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
    """Take a version into force here; raises `AgreementRefused` if it fails its checks."""
    agreement.check()
    if not agreement.is_signed:
        raise NoAgreement(
            "not every party has signed this text",
            cure="tieline agreement sign --agency AGENCY --by NAME",
        )
    with transaction.atomic(using=database):
        AdoptedAgreement.objects.using(database).create(
            digest=agreement.digest, text=written(agreement), adopted_at=at
        )
        adopted.send(sender=AdoptedAgreement, database=database)


def in_force(database: str) -> Agreement:
    """The text that decides here now; each request asks anew, so that a new one works at once."""
    row = AdoptedAgreement.objects.using(database).order_by("-id").values_list("id", "text").first()
    if row is None:
        raise NoAgreement(
            f"no agreement was adopted in {database}, so nothing can be disclosed",
            cure="tieline agreement adopt",
        )
    return _read(row[1])


def newest(database: str) -> QuerySet[AdoptedAgreement, Any]:
    """The digest of the text that decides now, for a query of its own or as part of another."""
    rows = AdoptedAgreement.objects.using(database).order_by("-id")
    return rows.values_list("digest", flat=True)[:1]


@lru_cache(maxsize=8)
def _read(text: str) -> Agreement:
    return read_agreement(text)
