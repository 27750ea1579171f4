"""What a keeper knows of all its records at once: number, kind, version, keys, older versions."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

__all__ = ["RecordHead", "RecordKey", "RecordVersion"]


class RecordHead(models.Model):
    """A number that was given out, which it stays: a purged record's is never used again."""

    number = models.CharField(primary_key=True, max_length=64)
    kind = models.CharField(max_length=16)
    version = models.BigIntegerField()
    told = models.BigIntegerField(null=True)
    """The version of the last pointer in the outbox; none where nothing was ever told."""
    buried = models.BooleanField(default=True)
    """Whether the exchange holds nothing of it, or is told to hold nothing."""
    identity = models.TextField(blank=True, default="")
    """What the keeper's own search ranks it by, as a pointer's text; blank of what was purged."""

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
