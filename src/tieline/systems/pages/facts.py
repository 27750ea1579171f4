"""Disclosures as facts and as cells: what is closed is named, what is blank is left out."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from tieline.core.agreement.disclose import Disclosure
from tieline.core.records import Value
from tieline.systems.pages.sheets import Sheet
from tieline.ui.parts import FactGroup, FieldRow, Withheld, WithheldRow
from tieline.ui.tables import Cell

__all__ = ["called", "cell", "facts", "named"]

_PARTS: Final = ("given_name", "paternal_surname", "maternal_surname")
_THING: Final = ("name", "plate", "vin", "hull_number", "address", "city")


def facts(told: Disclosure, sheet: Sheet) -> tuple[FactGroup, ...]:
    """By the groups of the sheet."""
    shown = {one.name: one.value for one in told.shown}
    closed = {one.name: Withheld(", ".join(one.clauses), one.reason) for one in told.withheld}
    groups = []
    for title, names in sheet.groups:
        rows: list[FieldRow | WithheldRow] = []
        for name in names:
            if name in closed:
                rows.append(WithheldRow(sheet.label(name), closed[name]))
            elif shown.get(name) not in (None, "", ()):
                rows.append(_row(sheet, name, shown[name]))
        if rows:
            groups.append(FactGroup(title, tuple(rows)))
    return tuple(groups)


def cell(row: Disclosure, name: str) -> Cell:
    """One field in a table."""
    for closed in row.withheld:
        if closed.name == name:
            return Cell(withheld=Withheld(", ".join(closed.clauses), closed.reason))
    value = row.value(name)
    if isinstance(value, datetime):
        return Cell(at=value)
    if isinstance(value, tuple):
        return Cell(", ".join(value))
    return Cell("" if value is None else str(value))


def named(row: Disclosure) -> Cell:
    """Who or what it is, in a table."""
    return Cell(called(row))


def called(told: Disclosure) -> str:
    """Who or what it is: by the name as given, else by its parts; a thing by what marks it. Blank
    where that is withheld.
    """
    for names in (("name_as_given",), _PARTS, _THING, ("phone",), ("title",)):
        said = " ".join(str(value) for name in names if (value := told.value(name)))
        if said:
            return said
    return ""


def _row(sheet: Sheet, name: str, value: Value) -> FieldRow:
    if isinstance(value, datetime):
        return FieldRow(sheet.label(name), ("",), at=value)
    values = value if isinstance(value, tuple) else (value,)
    return FieldRow(sheet.label(name), tuple(sheet.meaning(name, one) for one in values))
