"""Questions that each look asks: their texts are made once, and several go in one message.

Django composes the text of a question anew each time, which takes the program twice as long as the
answer. And where there is a server, a message to it and back costs both more than what is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from django.db import connections, models
from django.db.models import QuerySet

from tieline.keeping.postgresql.together import ask_together
from tieline.keeping.records import KeptRecord

__all__ = [
    "Asking",
    "Head",
    "answer",
    "answers",
    "asking_head",
    "asking_of",
    "asking_record",
    "sayable",
]

_HEAD: Final = (
    "SELECT kind, EXISTS (SELECT 1 FROM record_statement WHERE record = number) "
    "FROM record_head WHERE number = %s"
)
_KEPT_AS: Final = "composed_questions"
"""Kept with the connection, whose own converters they hold, and gone with it."""
_LONGEST_NUMBER: Final = 64
_One = TypeVar("_One", bound=models.Model)
_Kept = TypeVar("_Kept", bound=KeptRecord)
_Said = TypeVar("_Said")
_Rows = Sequence[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Asking(Generic[_Said]):
    """A question that was not put yet, and what its rows say."""

    text: str
    values: Sequence[str]
    read: Callable[[_Rows], _Said]


@dataclass(frozen=True, slots=True)
class Head:
    """What is known of a number before its record is read."""

    kind: str | None
    """None where there never was such a record."""
    is_disputed: bool
    """Whether the person concerned disputes something of it."""


def sayable(number: str) -> str:
    """A number that a database takes as a question, and has room for; else the blank one, which
    nothing has.
    """
    fits = len(number) <= _LONGEST_NUMBER and number.isprintable()
    return number if fits else ""


def answer(asking: Asking[_Said], *, database: str) -> _Said:
    """Put one question."""
    (said,) = answers([asking], database=database)
    return said  # type: ignore[no-any-return]


def answers(askings: Sequence[Asking[Any]], *, database: str) -> list[Any]:
    """Put several, in one message where that can be; what each says, in their order."""
    connection = connections[database]
    with connection.cursor() as cursor:
        found = ask_together(connection, cursor, [(one.text, one.values) for one in askings])
    return [one.read(rows) for one, rows in zip(askings, found, strict=True)]


def asking_head(number: str) -> Asking[Head]:
    """Of what kind the record of this number is, and whether it is disputed."""

    def read(rows: _Rows) -> Head:
        return Head(str(rows[0][0]), bool(rows[0][1])) if rows else Head(None, False)

    return Asking(_HEAD, [number], read)


def asking_record(
    model: type[_Kept], number: str, *, is_disputed: bool, database: str
) -> Asking[_Kept | None]:
    """The record of this number, as it is now, of one kind."""

    def says(found: Sequence[_Kept]) -> _Kept | None:
        for one in found:
            one.is_disputed = is_disputed
        return found[0] if found else None

    return asking_of(model, _by_number, [number], says, database=database)


def _by_number(rows: QuerySet[_Kept]) -> QuerySet[_Kept]:
    return rows.filter(number="")


_Filter = Callable[["QuerySet[_One]"], "QuerySet[_One]"]


def asking_of(
    model: type[_One],
    filtered: _Filter[_One],
    texts: Sequence[str],
    says: Callable[[Sequence[_One]], _Said],
    *,
    database: str,
) -> Asking[_Said]:
    """Objects of a model, and what they say.

    `filtered` is a function of a module: it filters by blank texts, one filter after the other, and
    `texts` are put in their places in that order.
    """
    known: dict[Any, _Composed] = vars(connections[database]).setdefault(_KEPT_AS, {})
    made = known.get((model, filtered))
    if made is None:
        made = known[model, filtered] = _compose(filtered(model._default_manager.using(database)))
    names, convert = made.names, made.convert

    def read(rows: _Rows) -> _Said:
        return says([model.from_db(database, names, row) for row in convert(rows)] if rows else [])

    return Asking(made.text, list(map(str, texts)), read)


@dataclass(frozen=True, slots=True)
class _Composed:
    """A question of whole objects, and how their columns are read on one connection."""

    text: str
    names: tuple[str, ...]
    convert: Callable[[_Rows], Sequence[Sequence[Any]]]


def _compose(question: QuerySet[Any]) -> _Composed:
    compiler = question.query.get_compiler(question.db)
    text, _ = compiler.as_sql()
    columns = [column for column, _, _ in compiler.select or ()]
    converters = compiler.get_converters(columns)
    names = tuple(one.attname for one in question.model._meta.concrete_fields)

    def convert(rows: _Rows) -> Sequence[Sequence[Any]]:
        return list(compiler.apply_converters(rows, converters)) if converters else rows

    return _Composed(text, names, convert)
