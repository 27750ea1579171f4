"""Statements of disagreement, beside the records that they are about: whoever is shown what
somebody disputes is shown what he says (5 USC 552a(d)(4)).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC
from typing import ClassVar, Final

from django.db import models

from tieline.core.agreement.disclose import Disclosure
from tieline.core.redress import Statement
from tieline.keeping.records import KeptRecord

__all__ = ["StatementRow", "beside_pointers", "with_statements"]

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
    found = _filed(rows, database)
    return tuple(one.with_statements(found.get(one.number, ())) for one in rows)


def beside_pointers(
    rows: Sequence[Disclosure], *, database: str, kinds: Mapping[str, type[KeptRecord]]
) -> tuple[Disclosure, ...]:
    """The same of pointers, whose fields are not those of the forms: what is disputed of a class
    of fields goes with every field of it that is shown.
    """
    found = _filed(rows, database)
    return tuple(_beside(one, found.get(one.number, ()), kinds) for one in rows)


def _beside(
    told: Disclosure, filed: Sequence[Statement], kinds: Mapping[str, type[KeptRecord]]
) -> Disclosure:
    if not filed or told.kind not in kinds:
        return told
    classes = dict(kinds[told.kind].columns())
    shown = {one.field_class for one in told.shown}
    said = tuple(one for one in filed if classes.get(one.name) in shown)
    return replace(told, statements=said) if said else told


def _filed(rows: Sequence[Disclosure], database: str) -> Mapping[str, Sequence[Statement]]:
    numbers = sorted({one.number for one in rows if one.shown})
    found: dict[str, list[Statement]] = defaultdict(list)
    for start in range(0, len(numbers), _PART):
        filed = StatementRow.objects.using(database).filter(
            record__in=numbers[start : start + _PART]
        )
        for row in filed.order_by("id"):
            day = row.filed_at.astimezone(UTC).date()
            found[row.record].append(Statement(row.name, row.said, day))
    return found
