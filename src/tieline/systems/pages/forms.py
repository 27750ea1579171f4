"""The two forms of a record: one that makes it, one that corrects it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields
from datetime import datetime
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from tieline.core.agreement.disclose import Disclosure
from tieline.core.errors import TielineError
from tieline.keeping.draft import Draft
from tieline.keeping.entering import EntryRefused
from tieline.systems.pages import protections
from tieline.systems.pages.asking import asked
from tieline.systems.pages.sheets import Sheet

__all__ = ["CorrectionForm", "EntryForm", "refuse"]

_LONGEST_WHY: Final = 500


class SheetForm(forms.Form):
    """Asks for fields of one kind, in the groups of its sheet."""

    rest: Any = ""
    """The title over what is no field of the sheet."""

    def __init__(
        self, sheet: Sheet, *given: Any, at: datetime, names: Iterable[str] = (), **more: Any
    ) -> None:
        """`names`: those that are asked; all of the sheet where none is named."""
        super().__init__(*given, **more)
        self.sheet = sheet
        wanted = set(names) or set(sheet.names)
        for name in sheet.names:
            if name in wanted:
                self.fields[name] = asked(sheet, name, at=at)

    def groups(self) -> Iterator[tuple[Any, list[forms.BoundField]]]:
        """As the page shows them."""
        of_sheet = set()
        for title, names in self.sheet.groups:
            here = [name for name in names if name in self.fields]
            of_sheet.update(here)
            if here:
                yield title, [self[name] for name in here]
        yield self.rest, [self[name] for name in self.fields if name not in of_sheet]


class EntryForm(SheetForm):
    """Asks for a draft, and for its protections."""

    rest = _("Protections")

    def __init__(self, sheet: Sheet, *given: Any, **more: Any) -> None:
        super().__init__(sheet, *given, **more)
        self.fields.update(protections.at_entry())

    def draft(self, **more: Any) -> Draft:
        """What was entered; only after `is_valid`."""
        known = {one.name for one in fields(self.sheet.draft)}
        return self.sheet.draft(
            protections=protections.stated(self.cleaned_data),
            **{name: said for name, said in self.cleaned_data.items() if name in known},
            **more,
        )


class CorrectionForm(SheetForm):
    """Asks for what is to be changed, of what the viewer was shown; nothing else may be."""

    rest = _("The correction")

    version = forms.IntegerField(widget=forms.HiddenInput)
    why = forms.CharField(
        max_length=_LONGEST_WHY,
        label=_("Why"),
        help_text=_("What was wrong, or what is new."),
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
    )

    def __init__(self, sheet: Sheet, told: Disclosure, *given: Any, **more: Any) -> None:
        shown = {one.name: one.value for one in told.shown if one.name in set(sheet.names)}
        now = {name: "" if value is None else value for name, value in shown.items()}
        super().__init__(
            sheet, *given, names=shown, initial={**now, "version": told.version}, **more
        )
        self.told = told
        self.order_fields([name for name in self.fields if name not in self.base_fields])

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not self.errors and not self.changes():
            self.add_error(None, _("Nothing is changed. Change a field, or leave this page."))
        return said

    def changes(self) -> dict[str, Any]:
        """The fields that say something new; only after `is_valid`."""
        own = [name for name in self.changed_data if name not in self.base_fields]
        return {name: self.cleaned_data[name] for name in own if name in self.cleaned_data}


def refuse(form: forms.Form, error: TielineError) -> None:
    """Say beside each field what a service said of it; the rest on top."""
    if not isinstance(error, EntryRefused):
        form.add_error(None, f"{error.what[:1].upper()}{error.what[1:]}. {error.cure}")
        return
    for name, problem in error.problems.items():
        form.add_error(name if name in form.fields else None, problem)
