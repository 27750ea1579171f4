"""What every kept record has, whatever its kind: header, protections, classified columns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from datetime import datetime
from functools import cache
from typing import Any, ClassVar, Final

from django.db import models

from tieline.core.records import (
    Facts,
    FieldClass,
    FieldValue,
    Pointer,
    Protections,
    Record,
    RecordNumber,
    Value,
)
from tieline.keeping.fields import class_of, is_dated

__all__ = ["PROTECTIONS", "Identity", "KeptRecord", "as_value", "by_class"]

PROTECTIONS: Final = tuple(flag.name for flag in fields(Protections))


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What of a record goes into its pointer, and finds it in its own system."""

    names: tuple[str, ...] = field(default=(), repr=False)
    birth_date: str = field(default="", repr=False)
    sex: str = field(default="", repr=False)
    identifiers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    phones: tuple[str, ...] = field(default=(), repr=False)
    plates: tuple[str, ...] = field(default=(), repr=False)


def _flag() -> models.BooleanField[bool | None, bool | None]:
    # Unknown in the database means protected: there is no default but unknown.
    return models.BooleanField(null=True, blank=True, default=None)


class KeptRecord(models.Model):
    """One record in its latest version. Services alone write it, through `Keeper.keep`."""

    kind: ClassVar[str]
    """As clauses and pointers name it."""
    is_worked_on: ClassVar[bool] = False
    """Whether people look at other records for the sake of one of these (P3)."""
    part_of: ClassVar[str] = ""
    """The column with the number of the record that it is part of: a subject's event, say."""
    kept_beside: ClassVar[tuple[type[models.Model], ...]] = ()
    """Tables with rows on one, by its number in the column `record`; they are purged with it."""
    is_disputed: bool = False
    """Whether a statement of disagreement was filed; as `Keeper.find` found it."""

    number = models.CharField(max_length=64, unique=True)
    version = models.BigIntegerField(default=0)
    owner_agency = models.CharField(max_length=32)
    owning_unit = models.CharField(max_length=32)
    contact = models.CharField(max_length=120)
    caveats = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    author = models.CharField(max_length=32)
    assignment = models.CharField(max_length=32)
    policy_class = models.BigIntegerField(null=True, editable=False)
    """Of its values as they are kept (classes.py); a record without one stands in no list."""

    section_1367 = _flag()
    asylum = _flag()
    juvenile = _flag()
    informant = _flag()
    grand_jury = _flag()
    intercept = _flag()
    sealed = _flag()
    medical = _flag()
    us_person = _flag()
    third_agency = _flag()
    tax = _flag()
    suspicious_activity = _flag()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.number

    def identity(self) -> Identity:
        """By what it is matched; a kind that says nothing here is never matched."""
        return Identity()

    @property
    def is_over(self) -> bool:
        """Whether nothing is done any more on it by itself, so that it may be purged in time."""
        return True

    @property
    def in_custody(self) -> bool | None:
        """Whether its person is in custody by it; None where it tells of no custody at all."""
        return None

    @property
    def protections(self) -> Protections:
        """As stated; unknown stays unknown, and counts as yes."""
        return Protections(**{name: getattr(self, name) for name in PROTECTIONS})

    @classmethod
    def days(cls) -> frozenset[str]:
        """The form's fields that tell a day."""
        return _dated(cls)

    @property
    def decided_by(self) -> Facts:
        """All that a clause may ask of it."""
        return Facts(
            kind=self.kind,
            owner_agency=self.owner_agency,
            owning_unit=self.owning_unit,
            protections=self.protections,
            caveats=frozenset(self.caveats),
        )

    @classmethod
    def columns(cls) -> Iterator[tuple[str, FieldClass]]:
        """The form's fields in their order, each with its class."""
        return iter(_columns(cls))

    def record(self) -> Record:
        """As `disclose` takes it; it goes nowhere but there."""
        days = self.days()
        return Record(
            number=RecordNumber(self.number),
            version=self.version,
            kind=self.kind,
            owner_agency=self.owner_agency,
            owning_unit=self.owning_unit,
            contact=self.contact,
            fields={
                name: FieldValue(as_value(getattr(self, name)), field_class, dated=name in days)
                for name, field_class in self.columns()
            },
            protections=self.protections,
            caveats=frozenset(self.caveats),
            created_at=self.created_at,
            updated_at=self.updated_at,
        )

    def pointer(self, system: str) -> Pointer | None:
        """What the exchange may hold of it; None where its very existence is protected."""
        return None if self.protections.hides_existence else self.matchable(system)

    def matchable(self, system: str) -> Pointer:
        """Its identity in the form that keys are made of, for its own keeper's search too."""
        parts = self.identity()
        protections = self.protections
        hidden = protections.hides_existence
        return Pointer(
            system=system,
            number=RecordNumber(self.number),
            version=self.version,
            kind=self.kind,
            owner_agency=self.owner_agency,
            owning_unit=self.owning_unit,
            contact=self.contact,
            # Inside its own database a hidden record is found by its keys like any other.
            protections=Protections.screened() if hidden else protections,
            caveats=frozenset(self.caveats),
            names=parts.names,
            birth_date=parts.birth_date,
            sex=parts.sex,
            identifiers=parts.identifiers,
            # A child's phones are its sponsor's or household's: never a key (P11).
            phones=() if self.juvenile is not False and self._has_juvenile() else parts.phones,
            plates=parts.plates,
        )

    def content(self) -> dict[str, Any]:
        """Everything of this version, in plain JSON, for the history."""
        kept: dict[str, Any] = {}
        for column in self._meta.concrete_fields:
            value = getattr(self, column.attname)
            kept[column.name] = value.isoformat() if isinstance(value, datetime) else value
        # Neither is of the record: one is the row's, the other follows from the values.
        for name in ("id", "policy_class"):
            kept.pop(name, None)
        return kept

    def _has_juvenile(self) -> bool:
        return any(kind is FieldClass.FAMILY for _, kind in self.columns())


def by_class(name: str) -> models.Index:
    """The index by which the newest of some classes are found; each kind has one."""
    return models.Index(fields=["policy_class", "created_at", "number"], name=name)


@cache
def _columns(model: type[KeptRecord]) -> tuple[tuple[str, FieldClass], ...]:
    classed = ((one.name, class_of(one)) for one in model._meta.concrete_fields)
    return tuple((name, field_class) for name, field_class in classed if field_class is not None)


@cache
def _dated(model: type[KeptRecord]) -> frozenset[str]:
    return frozenset(one.name for one in model._meta.concrete_fields if is_dated(one))


def as_value(value: Any) -> Value:
    """A column's value as a record has it: what says nothing is None, a list is a tuple."""
    if isinstance(value, list):
        return tuple(str(part) for part in value) or None
    if value == "":
        return None
    plain: Value = value
    return plain
