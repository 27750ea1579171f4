"""Receipts of what people of an agency were shown, as rows in the database of its own system."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from tieline.core.ledger.receipts import Received

__all__ = ["ReceiptBatch", "ReceiptMark", "ReceiptRow"]


class ReceiptBatch(models.Model):
    """Receipts that were taken together; the ledger beside them holds the digest as an entry."""

    id = models.BigAutoField(primary_key=True)
    digest = models.CharField(max_length=64)
    count = models.IntegerField()

    class Meta:
        app_label = "keeping"
        db_table = "receipt_batch"

    def __str__(self) -> str:
        return f"batch {self.id}"


class ReceiptRow(models.Model):
    """One disclosure to this side's people: as they received it, as the ledger has it, or both.

    With a batch, this side received it; with a place, the other side's ledger holds its entry.
    """

    id = models.BigAutoField(primary_key=True)
    ledger = models.CharField(max_length=32)
    keeper = models.CharField(max_length=32)
    record = models.CharField(max_length=64, default="")
    version = models.BigIntegerField(default=0)
    level = models.CharField(max_length=8)
    viewer = models.CharField(max_length=32)
    agency = models.CharField(max_length=32)
    owner = models.CharField(max_length=32, default="")
    at = models.DateTimeField()
    batch = models.BigIntegerField(null=True)
    ask = models.CharField(max_length=32, default="")
    """By which its two lines in the journal belong together."""
    arrived = models.BooleanField(default=False)
    """Whether the answer is known to have come: else its program ended before it said so."""
    sequence = models.BigIntegerField(null=True)
    leaf = models.BinaryField(null=True)
    """The entry's hash as a leaf of the other ledger's tree, at that place."""

    class Meta:
        app_label = "keeping"
        db_table = "receipt_row"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["ledger", "sequence"], name="receipt_row_place"),
            models.CheckConstraint(
                condition=Q(batch__isnull=False) | Q(sequence__isnull=False),
                name="receipt_row_of_a_side",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["batch"], name="receipt_row_batch"),
            models.Index(
                fields=["ledger", "at"],
                condition=Q(sequence__isnull=True),
                name="receipt_row_no_entry",
            ),
            models.Index(
                fields=["ledger", "at"], condition=Q(batch__isnull=True), name="receipt_row_no_one"
            ),
            models.Index(
                fields=["ask"], condition=Q(arrived=False), name="receipt_row_not_arrived"
            ),
        ]

    def __str__(self) -> str:
        return f"receipt {self.id}"

    def received(self) -> Received:
        """What the recipient's side knows of it."""
        return Received(
            ledger=self.ledger,
            keeper=self.keeper,
            record=self.record,
            version=self.version,
            level=self.level,
            viewer=self.viewer,
            agency=self.agency,
            owner=self.owner,
            at=self.at,
        )


class ReceiptMark(models.Model):
    """How far something was read: another's ledger, or a day's journal of receipts."""

    name = models.CharField(max_length=80, primary_key=True)
    place = models.BigIntegerField(default=0)

    class Meta:
        app_label = "keeping"
        db_table = "receipt_mark"

    def __str__(self) -> str:
        return f"{self.name} at {self.place}"
