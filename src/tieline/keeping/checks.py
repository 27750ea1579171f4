"""What Django checks at start: no column without a class, no kind without a home."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from django.apps import apps
from django.core.checks import CheckMessage, Error, register

from tieline.keeping.fields import class_of
from tieline.keeping.records import PROTECTIONS, KeptRecord

__all__ = ["HEADER", "register_checks", "unclassified"]

HEADER: Final = frozenset(
    {
        *("id", "number", "version", "owner_agency", "owning_unit", "contact", "caveats"),
        *("created_at", "updated_at", "author", "assignment", "policy_class"),
        *PROTECTIONS,
    }
)
"""Columns that every record has; `disclose` deals with them by name, not by class."""


def unclassified(model: type[KeptRecord]) -> list[str]:
    """Columns that neither belong to the header nor have a field class."""
    return [
        column.name
        for column in model._meta.concrete_fields
        if column.name not in HEADER and class_of(column) is None
    ]


def register_checks() -> None:
    """Called once, when Django is ready."""
    register(_every_column_has_a_class)


def _every_column_has_a_class(app_configs: Any, **kwargs: Any) -> Iterable[CheckMessage]:
    for model in apps.get_models():
        if not issubclass(model, KeptRecord):
            continue
        for name in unclassified(model):
            yield Error(
                f"{model.__name__}.{name} has no field class, so nobody could be shown it rightly",
                hint="Make the column with tieline.keeping.fields.",
                id="tieline.E001",
            )
