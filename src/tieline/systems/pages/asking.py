"""One field of a form for each column: what is typed reaches the service as it was typed."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django import forms
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tieline.systems.pages.sheets import Sheet

__all__ = ["Lines", "Moment", "asked"]

_LONGEST_LIST: Final = 10_000
# A code may be written as its label, which is longer than the column.
_LONGEST_LINE: Final = 200
_MOMENT: Final = "%Y-%m-%d %H:%M"
_HOW: Final = gettext_lazy("Write a moment as 2026-11-23 14:05, by a clock of 24 hours.")
_TWICE: Final = gettext_lazy(
    "The clock was changed in this hour. Write it in UTC, with a Z: 2026-11-01T08:30Z."
)
# Names and numbers of people do not belong into the memory of a browser that others use too.
_NOT_KEPT: Final = {"autocomplete": "off", "spellcheck": "false"}


class Lines(forms.CharField):
    """A list, one item a line."""

    def clean(self, value: Any) -> list[str]:
        text: str = super().clean(value)
        return [line.strip() for line in text.splitlines() if line.strip()]

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list | tuple) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return list(initial or ()) != [
            line.strip() for line in str(data or "").splitlines() if line.strip()
        ]


class Moment(forms.DateTimeField):
    """A moment in the zone of whoever types it, and the hint names the zone."""

    def __init__(self, **about: Any) -> None:
        super().__init__(
            widget=forms.DateTimeInput(attrs=_NOT_KEPT, format=_MOMENT),
            input_formats=[_MOMENT],
            error_messages={"invalid": _HOW},
            **about,
        )

    def to_python(self, value: Any) -> datetime | None:
        try:
            return super().to_python(value)
        except forms.ValidationError as error:
            if error.code != "ambiguous_timezone":
                raise
            raise forms.ValidationError(_TWICE, code=error.code) from None

    def has_changed(self, initial: Any, data: Any) -> bool:
        # Seconds are kept where a machine gave them, and are not shown.
        if isinstance(initial, datetime):
            initial = initial.replace(second=0, microsecond=0)
        return super().has_changed(initial, data)


def asked(sheet: Sheet, name: str, *, at: datetime) -> forms.Field:
    """The field for a column."""
    column = sheet.model._meta.get_field(name)
    about: dict[str, Any] = {
        "required": name in sheet.required,
        "label": sheet.label(name),
        "help_text": sheet.hints.get(name, ""),
    }
    several = isinstance(column, models.JSONField)
    if name in sheet.choices:
        options = sheet.choices[name]
        if several:
            return forms.MultipleChoiceField(
                **about, choices=options, widget=forms.CheckboxSelectMultiple
            )
        return forms.ChoiceField(**about, choices=options)
    if several:
        return _unmeasured(Lines(**about, max_length=_LONGEST_LIST, widget=_area(2)))
    if isinstance(column, models.DateTimeField):
        about["help_text"] = _joined(about["help_text"], _zone_hint(at))
        return Moment(**about)
    if isinstance(column, models.IntegerField):
        return forms.IntegerField(**about, widget=_line(inputmode="numeric"))
    if isinstance(column, models.FloatField):
        return forms.FloatField(**about, widget=_line(inputmode="decimal"))
    longest = getattr(column, "max_length", None) or _LONGEST_LINE
    if isinstance(column, models.TextField):
        return _unmeasured(forms.CharField(**about, max_length=longest, widget=_area(4)))
    return _unmeasured(
        forms.CharField(**about, max_length=max(longest, _LONGEST_LINE), widget=_line())
    )


def _line(**more: str) -> forms.TextInput:
    # A control for numbers would drop what is no number, instead of showing it with the error.
    return forms.TextInput(attrs={**_NOT_KEPT, **more})


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "autocomplete": "off"})


def _unmeasured(field: forms.Field) -> forms.Field:
    # With a measure, the browser would cut what is pasted without a word.
    field.widget.attrs.pop("maxlength", None)
    return field


def _zone_hint(at: datetime) -> str:
    local = at.astimezone(timezone.get_current_timezone())
    return _("As 2026-11-23 14:05, in local time: %(zone)s (now %(now)s).") % {
        "zone": timezone.get_current_timezone_name(),
        "now": f"{local:%H:%M}",
    }


def _joined(*hints: Any) -> str:
    return " ".join(str(hint) for hint in hints if hint)
