"""The ledger as rows: entries and nodes of the tree, which the database refuses to change."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

__all__ = [
    "LedgerCheckpoint",
    "LedgerHead",
    "LedgerNode",
    "LedgerRow",
    "LedgerSeen",
    "LedgerSide",
    "LedgerStaged",
]


class LedgerRow(models.Model):
    """One entry. `data` is what was hashed; the columns beside it only find it again."""

    sequence = models.BigIntegerField(primary_key=True)
    data = models.TextField()
    at = models.DateTimeField()
    event = models.CharField(max_length=48)
    viewer = models.CharField(max_length=32, default="")
    agency = models.CharField(max_length=32, default="")
    record = models.CharField(max_length=64, default="")
    owner = models.CharField(max_length=32, default="")

    class Meta:
        app_label = "keeping"
        db_table = "ledger_row"
        indexes: ClassVar = [
            models.Index(fields=["record", "sequence"], name="ledger_row_record"),
            models.Index(fields=["viewer", "sequence"], name="ledger_row_viewer"),
            models.Index(fields=["at"], name="ledger_row_at"),
        ]

    def __str__(self) -> str:
        return f"entry {self.sequence}"


class LedgerNode(models.Model):
    """The hash of a complete subtree of two leaves or more; a leaf's is made from its entry."""

    level = models.SmallIntegerField()
    position = models.BigIntegerField()
    digest = models.BinaryField()

    class Meta:
        app_label = "keeping"
        db_table = "ledger_node"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["level", "position"], name="ledger_node_place")
        ]

    def __str__(self) -> str:
        return f"node {self.level}/{self.position}"


class LedgerSide(models.Model):
    """What an entry may not hold, bound to it by its commitment; the only part one may erase."""

    sequence = models.BigIntegerField(primary_key=True)
    salt = models.BinaryField()
    payload = models.JSONField()

    class Meta:
        app_label = "keeping"
        db_table = "ledger_side"

    def __str__(self) -> str:
        return f"side row of {self.sequence}"


class LedgerHead(models.Model):
    """The tree's frontier, one row: whoever appends locks it, and so waits for the one before."""

    id = models.SmallIntegerField(primary_key=True)
    frontier = models.BinaryField()

    class Meta:
        app_label = "keeping"
        db_table = "ledger_head"

    def __str__(self) -> str:
        return "head"


class LedgerStaged(models.Model):
    """An entry as it was written beside others at once, with its side row, and not numbered yet.

    It goes only when it stands in the tree. SQLite, where one writes at a time, has none.
    """

    id = models.BigAutoField(primary_key=True)
    data = models.TextField()
    at = models.DateTimeField()
    event = models.CharField(max_length=48)
    viewer = models.CharField(max_length=32, default="")
    agency = models.CharField(max_length=32, default="")
    record = models.CharField(max_length=64, default="")
    owner = models.CharField(max_length=32, default="")
    salt = models.BinaryField(null=True)
    payload = models.JSONField(null=True)

    class Meta:
        app_label = "keeping"
        db_table = "ledger_staged"

    def __str__(self) -> str:
        return f"staged entry {self.id}"


class LedgerCheckpoint(models.Model):
    """A head that this ledger's keeper signed; its witnesses' cosignatures come to the note."""

    size = models.BigIntegerField(primary_key=True)
    note = models.TextField()
    at = models.DateTimeField()
    witnessed = models.BooleanField(default=False)

    class Meta:
        app_label = "keeping"
        db_table = "ledger_checkpoint"

    def __str__(self) -> str:
        return f"checkpoint at {self.size}"


class LedgerSeen(models.Model):
    """What this keeper saw last of another's ledger, as its witness, and why it refused since."""

    origin = models.CharField(max_length=100, primary_key=True)
    size = models.BigIntegerField(default=0)
    root = models.BinaryField(default=b"")
    cosigned = models.CharField(max_length=20, default="")
    note = models.TextField(default="")
    refused = models.CharField(max_length=200, default="")

    class Meta:
        app_label = "keeping"
        db_table = "ledger_seen"

    def __str__(self) -> str:
        return f"{self.origin} at {self.size}"
