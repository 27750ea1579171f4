"""Puts a draft, or a correction, into a record: each field understood, or the whole refused."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, Final

from django.db import models

from tieline.core.errors import TielineError
from tieline.core.records import FieldValue, RecordMalformed
from tieline.keeping.fields import class_of
from tieline.keeping.records import PROTECTIONS, KeptRecord
from tieline.keeping.values import Check, Unclear

__all__ = ["EntryRefused", "enter", "enter_protections"]

_MOST_ITEMS: Final = 50
_LONGEST_ITEM: Final = 200
_OLDEST: Final = timedelta(days=120 * 366)


class EntryRefused(TielineError):
    """What was entered cannot be kept; `problems` says for each field what to do."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        said = "; ".join(f"{name}: {problem}" for name, problem in problems.items())
        super().__init__(f"the record cannot be kept so: {said}", cure="Correct these fields.")
        self.problems = dict(problems)


def enter(
    record: KeptRecord,
    values: Mapping[str, Any],
    *,
    checks: Mapping[str, Check],
    further: Callable[[Any, datetime], Mapping[str, str]],
    at: datetime,
) -> None:
    """Set fields of a record; raises `EntryRefused` with every problem at once.

    `checks` bring the value of a field into the form in which it is kept; `further` looks at the
    record as a whole, and gives for each field that does not fit what to do.
    """
    columns = _columns(type(record))
    problems = {name: "There is no such field." for name in values if name not in columns}
    for name, value in values.items():
        if name in problems:
            continue
        try:
            setattr(record, name, _understood(columns[name], value, checks.get(name)))
        except Unclear as error:
            problems[name] = str(error)
    born = getattr(record, "birth_date", "")
    if born and "birth_date" not in problems:
        today = at.date().isoformat()
        if born > today or born[:4] < str((at - _OLDEST).year):
            problems["birth_date"] = "Nobody was born then: it is to come, or over 120 years ago."
    for name, problem in further(record, at).items():
        problems.setdefault(name, problem)
    if not problems:
        problems = _malformed(record)
    if problems:
        raise EntryRefused(problems)


def enter_protections(record: KeptRecord, stated: Mapping[str, bool | None]) -> None:
    """Set what is stated; what is not stays as it is, in a new record unknown."""
    problems = {
        name: "There is no such protection, or it is neither yes, no nor unknown."
        for name, value in stated.items()
        if name not in PROTECTIONS or value not in (True, False, None)
    }
    if problems:
        raise EntryRefused(problems)
    for name, value in stated.items():
        setattr(record, name, value)


@cache
def _columns(model: type[KeptRecord]) -> Mapping[str, models.Field[Any, Any]]:
    return {one.name: one for one in model._meta.concrete_fields if class_of(one)}


def _understood(column: models.Field[Any, Any], value: Any, check: Check | None) -> Any:
    plain = _plain(column, value)
    if check is not None and plain not in ("", None) and plain != []:
        plain = check(plain)
    if isinstance(plain, str) and len(plain) > (column.max_length or _LONGEST_ITEM):
        raise Unclear(f"It has more than {column.max_length} signs.")
    return plain


def _plain(column: models.Field[Any, Any], value: Any) -> Any:
    if value == "" and isinstance(column, models.CharField | models.TextField):
        return value
    if isinstance(column, models.JSONField):
        if isinstance(value, str) or not all(isinstance(one, str) for one in value):
            raise Unclear("It is a list of texts.")
        items = [_text(one, most=_LONGEST_ITEM) for one in value]
        if len(items) > _MOST_ITEMS:
            raise Unclear(f"It holds {_MOST_ITEMS} at most.")
        return [one for one in items if one]
    if isinstance(column, models.CharField | models.TextField):
        if not isinstance(value, str):
            raise Unclear("It is text.")
        # A code may be written as its label, which is longer.
        return _text(value, most=max(column.max_length or 0, _LONGEST_ITEM))
    if isinstance(column, models.DateTimeField):
        if value is not None and (not isinstance(value, datetime) or value.utcoffset() is None):
            raise Unclear("It is a moment with its zone.")
        return _utc(value) if value else None
    kinds = (int,) if isinstance(column, models.IntegerField) else (int, float)
    if value is not None and (isinstance(value, bool) or not isinstance(value, kinds)):
        raise Unclear("It is a number.")
    return value


def _utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise Unclear("It is before the first year, or after the last, of all calendars.") from None


def _text(text: str, *, most: int) -> str:
    text = str(text).strip().replace("\r\n", "\n")
    if len(text) > most:
        raise Unclear(f"It has more than {most} signs.")
    # Cc: NUL and other signs that no keyboard gives; Cs: halves of signs, which no database keeps.
    if not text.isprintable() and any(
        unicodedata.category(sign) in ("Cc", "Cs") and sign not in "\n\t" for sign in text
    ):
        raise Unclear("It holds signs that are no text.")
    return text


def _malformed(record: KeptRecord) -> dict[str, str]:
    """A code that betrays a claim of fear has no place but in its own classes (8 CFR 208.6)."""
    try:
        for name, field_class in record.columns():
            value = getattr(record, name)
            if value:
                FieldValue(tuple(value) if isinstance(value, list) else value, field_class)
    except RecordMalformed as error:
        return {"": error.what}
    return {}
