"""A correction of a version that is no longer the newest: made anew on what stands there now.

Only what its author changed is carried over. What he left alone is not his word, and sent again as
he once read it, it would take back what somebody else corrected meanwhile.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.urls import reverse

from tieline.keeping.desk import Desk
from tieline.keeping.heads import RecordVersion
from tieline.keeping.records import as_value
from tieline.systems.pages.forms import CorrectionForm

__all__ = ["Newer", "renewed"]


@dataclass(frozen=True, slots=True)
class Newer:
    """The record as it is now, which the form changes when it is sent again."""

    version: int
    url: str
    both: tuple[str, ...]
    """The labels of fields that both changed, each to something else."""


def renewed(form: CorrectionForm, desk: Desk) -> Newer:
    """Bring a form that was refused to the version that its author was shown with the refusal."""
    told, read = form.told, form.cleaned_data.get("version", form.told.version)
    before = _content(desk, told.number, read)
    data = cast(QueryDict, form.data).copy()
    data["version"] = str(told.version)
    both = []
    for name in form.changes():
        bound = form[name]
        field, sent = bound.field, bound.data
        if name not in before or not _says_otherwise(field, before[name], bound.initial):
            continue
        if _says_otherwise(field, before[name], sent):
            both.append(str(bound.label))
        else:
            shown = field.widget.format_value(field.prepare_value(bound.initial))
            data.setlist(bound.html_name, shown if isinstance(shown, list) else [shown or ""])
    form.data = data
    return Newer(
        told.version, reverse("record", args=(desk.keeper.system, told.number)), tuple(both)
    )


def _content(desk: Desk, number: str, version: int) -> Mapping[str, Any]:
    """What the author had before his eyes; of a version that there is not, nothing."""
    rows = RecordVersion.objects.using(desk.keeper.database).filter(number=number, version=version)
    content = rows.values_list("content", flat=True).first() or {}
    return {name: as_value(value) for name, value in content.items()}


def _says_otherwise(field: forms.Field, before: Any, now: Any) -> bool:
    if isinstance(field, forms.DateTimeField) and isinstance(before, str):
        before = datetime.fromisoformat(before)
    if now is not None and isinstance(now, datetime):
        now = field.widget.format_value(field.prepare_value(now))
    return bool(field.has_changed("" if before is None else before, now))
