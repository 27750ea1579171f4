"""Columns that know their field class: without one, no column of a record can be made."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db import models

from tieline.core.records import FieldClass

__all__ = ["class_of", "day", "is_dated", "moment", "number", "prose", "real", "text", "texts"]

_Column = TypeVar("_Column", bound="models.Field[Any, Any]")


def text(field_class: FieldClass, *, most: int = 200) -> models.CharField[str, str]:
    """A line of text; blank where nothing is known."""
    return _classed(models.CharField(max_length=most, blank=True, default=""), field_class)


def day(field_class: FieldClass) -> models.CharField[str, str]:
    """A day as `1990-03-12`, or what is known of it; a clause may show the year alone."""
    return _dated(text(field_class, most=10))


def prose(field_class: FieldClass, *, most: int = 20_000) -> models.TextField[str, str]:
    """Text of several lines."""
    return _classed(models.TextField(max_length=most, blank=True, default=""), field_class)


def texts(field_class: FieldClass) -> models.JSONField[Any, Any]:
    """A list of texts, aliases say."""
    return _classed(models.JSONField(blank=True, default=list), field_class)


def number(field_class: FieldClass) -> models.IntegerField[int | None, int | None]:
    """A whole number, or None."""
    return _classed(models.IntegerField(null=True, blank=True), field_class)


def real(field_class: FieldClass) -> models.FloatField[float | None, float | None]:
    """A number with a fraction, or None."""
    return _classed(models.FloatField(null=True, blank=True), field_class)


def moment(field_class: FieldClass) -> models.DateTimeField[Any, Any]:
    """A moment in UTC, or None."""
    return _dated(_classed(models.DateTimeField(null=True, blank=True), field_class))


def class_of(column: models.Field[Any, Any]) -> FieldClass | None:
    """The class of a column; None for those of the header, which say nothing of a person."""
    return getattr(column, "tieline_class", None)


def is_dated(column: models.Field[Any, Any]) -> bool:
    """Whether it tells a day, which a clause may cut to its year."""
    return getattr(column, "tieline_dated", False)


def _dated(column: _Column) -> _Column:
    column.tieline_dated = True  # type: ignore[attr-defined]
    return column


def _classed(column: _Column, field_class: FieldClass) -> _Column:
    # A field that is copied to a subclass of an abstract model takes its attributes along.
    column.tieline_class = FieldClass(field_class)  # type: ignore[attr-defined]
    return column
