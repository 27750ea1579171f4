"""Statements of disagreement, beside the records that they are about: whoever is shown what
somebody disputes is shown what he says (5 USC 552a(d)(4)).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC
from typing import ClassVar, Final

from django.db import models

from tieline.core.agreement.disclose import Disclosure
from tieline.core.redress import Statement

__all__ = ["StatementRow", "with_statements"]

_PART: Final = 500


class StatementRow(models.Model):
    """One statement on one field. Rows are added, and go with their record."""

    record = models.CharField(max_length=64)
    name = models.CharField(max_length=64)
    """Of the field."""
    said = models.TextField()
    matter = models.CharField(max_length=16)
    """Under which it came."""
    author = models.CharField(max_length=32)
    assignment = models.CharField(max_length=32)
    filed_at = models.DateTimeField()

    class Meta:
        app_label = "keeping"
        db_table = "record_statement"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["record", "matter", "name"], name="record_statement_once"
            )
        ]

    def __str__(self) -> str:
        return f"statement on {self.record}"


def with_statements(rows: Sequence[Disclosure], *, database: str) -> tuple[Disclosure, ...]:
    """What is told, each with what is disputed of it. It is asked of what is shown alone, so that
    nothing hidden takes any time.
    """
    numbers = sorted({one.number for one in rows if one.shown})
    found: dict[str, list[Statement]] = defaultdict(list)
    for start in range(0, len(numbers), _PART):
        filed = StatementRow.objects.using(database).filter(
            record__in=numbers[start : start + _PART]
        )
        for row in filed.order_by("id"):
            day = row.filed_at.astimezone(UTC).date()
            found[row.record].append(Statement(row.name, row.said, day))
    return tuple(one.with_statements(found.get(one.number, ())) for one in rows)
