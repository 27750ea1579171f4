"""A record as an answer: what `disclose` gave, field by field, and nothing beside it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from pydantic import Field

from tieline.api.form import Form
from tieline.core.agreement.constructs import Obligation
from tieline.core.agreement.disclose import Disclosure, Withheld
from tieline.core.records import FieldClass, Level, Value
from tieline.settings import node

__all__ = ["MARK", "Marked", "RecordTold", "WithheldField", "told_of", "withheld_of"]

MARK: Final = "Law enforcement sensitive; not to be passed on"
_SYNTHETIC: Final = "synthetic data, not a government system"

Plain = str | int | float | bool | list[str] | None


class Marked(Form):
    """How every answer is to be handled."""

    mark: str = MARK
    notice: str = Field(default_factory=lambda: _SYNTHETIC if node().demo else "")
    """In a demo: that the people in it are invented."""


class ShownField(Form):
    """A field that is shown; null where it is blank."""

    name: str
    value: Plain
    field_class: FieldClass
    clauses: list[str]
    year_only: bool = False
    """Whether it is a day of which the year alone is shown."""


class StatementTold(Form):
    """What the person concerned says against a field that is shown."""

    name: str
    said: str
    filed_on: date


class WithheldField(Form):
    """A field that is closed, blank or filled alike, and by which clauses."""

    name: str
    field_class: FieldClass
    clauses: list[str]
    reason: str


class RecordTold(Form):
    """A record, or its pointer, cut to what this viewer may see for this purpose."""

    system: str
    number: str
    version: int
    kind: str
    owner_agency: str
    owning_unit: str
    contact: str
    """Whom of the owning unit to call."""
    level: Level
    clauses: list[str]
    """By which the level is given."""
    obligations: list[Obligation]
    """What the viewer must keep to."""
    caveats: list[str]
    shown: list[ShownField]
    withheld: list[WithheldField]
    statements: list[StatementTold]
    """Statements of disagreement; who uses the field takes them along (5 USC 552a(d)(4))."""
    agreement: str
    """The digest of the text that decided."""


def told_of(told: Disclosure, *, system: str) -> RecordTold:
    """A disclosure as an answer."""
    return RecordTold(
        system=system,
        number=told.number,
        version=told.version,
        kind=told.kind,
        owner_agency=told.owner_agency,
        owning_unit=told.owning_unit,
        contact=told.contact,
        level=told.level,
        clauses=list(told.clauses),
        obligations=list(told.obligations),
        caveats=list(told.caveats),
        shown=[
            ShownField(
                name=one.name,
                value=_plain(one.value),
                field_class=one.field_class,
                clauses=list(one.clauses),
                year_only=one.year_only,
            )
            for one in told.shown
        ],
        withheld=[withheld_of(one) for one in told.withheld],
        statements=[
            StatementTold(name=one.name, said=one.said, filed_on=one.filed_on)
            for one in told.statements
        ],
        agreement=told.agreement,
    )


def withheld_of(one: Withheld) -> WithheldField:
    """A closed field as an answer."""
    return WithheldField(
        name=one.name,
        field_class=one.field_class,
        clauses=list(one.clauses),
        reason=one.reason,
    )


def _plain(value: Value) -> Plain:
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    return value
