"""What a system has to tell the exchange: written with the record, read by the relay."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

__all__ = ["OutboxRow"]


class OutboxRow(models.Model):
    """The latest word on a record: its pointer, or a tombstone, as of its last change.

    A newer one takes its place at the end, so that what was protected or purged is here no more.
    Rows are numbered under the ledger's lock, so that their order is the order of the commits and
    a cursor never passes one that is still to come.
    """

    id = models.BigAutoField(primary_key=True)
    number = models.CharField(max_length=64)
    version = models.BigIntegerField()
    pointer = models.TextField()

    class Meta:
        app_label = "keeping"
        db_table = "outbox_row"
        indexes: ClassVar = [models.Index(fields=["number"], name="outbox_row_number")]

    def __str__(self) -> str:
        return f"outbox {self.id}"
