"""What a keeper knows of all its records at once: number, kind, version, keys, older versions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Final

from django.db import connections, models

__all__ = ["RecordHead", "RecordKey", "RecordVersion", "insert_keys"]

_ROWS: Final = 1_000


class RecordHead(models.Model):
    """A number that was given out, which it stays: a purged record's is never used again."""

    number = models.CharField(primary_key=True, max_length=64)
    kind = models.CharField(max_length=16)
    version = models.BigIntegerField()
    told = models.BigIntegerField(null=True)
    """The version of the last pointer in the outbox; none where nothing was ever told."""
    buried = models.BooleanField(default=True)
    """Whether the exchange holds nothing of it, or is told to hold nothing."""

    class Meta:
        app_label = "keeping"
        db_table = "record_head"
        indexes: ClassVar = [models.Index(fields=["kind", "number"], name="record_head_kind")]

    def __str__(self) -> str:
        return self.number


class RecordKey(models.Model):
    """A normalized fragment by which the keeper's own search finds a record."""

    key = models.CharField(max_length=96)
    number = models.CharField(max_length=64)

    class Meta:
        app_label = "keeping"
        db_table = "record_key"
        indexes: ClassVar = [
            models.Index(fields=["key", "number"], name="record_key_key"),
            models.Index(fields=["number"], name="record_key_number"),
        ]

    def __str__(self) -> str:
        return self.number


class RecordVersion(models.Model):
    """A record as it was in one version: who changed it, in which hat, when."""

    id = models.BigAutoField(primary_key=True)
    number = models.CharField(max_length=64)
    version = models.BigIntegerField()
    content = models.JSONField()
    at = models.DateTimeField()
    author = models.CharField(max_length=32)
    assignment = models.CharField(max_length=32)

    class Meta:
        app_label = "keeping"
        db_table = "record_version"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["number", "version"], name="record_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.number} version {self.version}"


def insert_keys(keys: Sequence[tuple[str, str]], *, database: str) -> None:
    """Write pairs of key and number. A record has some thirty keys: made as models one by one they
    would cost more than all the rest of a record.
    """
    connection = connections[database]
    quoted = connection.ops.quote_name
    # Names of the table's own, and placeholders: nothing that came from outside.
    head = f"INSERT INTO record_key ({quoted('key')}, number) VALUES "  # noqa: S608
    with connection.cursor() as cursor:
        for start in range(0, len(keys), _ROWS):
            part = keys[start : start + _ROWS]
            values = ", ".join(["(%s, %s)"] * len(part))
            cursor.execute(head + values, [value for pair in part for value in pair])
