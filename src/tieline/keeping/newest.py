"""The newest records of some classes: read by the index, whatever else there is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.db import connections
from django.db.models import QuerySet

from tieline.keeping.records import KeptRecord

__all__ = ["newest_of"]

_ARMS: Final = 400
"""Classes in one statement: SQLite joins the answers of 500 at most."""
_NEWEST: Final = "ORDER BY created_at DESC, number DESC LIMIT"
_Moment = Any
"""As the driver gives it: it goes back to the same database, and is compared as there."""


def newest_of(
    model: type[KeptRecord], classes: Sequence[int], *, database: str, most: int
) -> QuerySet[KeptRecord]:
    """The newest records of these classes, `most` of them, the newest first.

    It costs a look into the index for each class, and the rows that are read: none of any other
    class is touched, so what is hidden takes no time.
    """
    rows = model._default_manager.using(database)
    keys = _candidates(model, classes, database, most) if classes and most > 0 else []
    return rows.filter(pk__in=keys).order_by("-created_at", "-number")[: max(most, 0)]


def _candidates(
    model: type[KeptRecord], classes: Sequence[int], database: str, most: int
) -> list[int]:
    """The keys of all that are among them, and of few others."""
    # One more than are wanted: is there another of the same moment as the last?
    first = _first_of_each(model, classes, database, "created_at", most + 1)
    chosen, least = [one for one, _ in first[:most]], None
    if len(first) > most:
        # A class whose newest is older than that of so many others has nothing to add.
        least = first[most - 1][1]
    if least is not None and first[most][1] == least:
        # Of what came in at one moment, in one load say, the number decides.
        chosen = [one for one, moment in first[:most] if moment > least]
        every = _first_of_each(model, classes, database, "created_at", len(classes))
        tied = [one for one, moment in every if moment == least]
        last = _first_of_each(model, tied, database, "number", most - len(chosen))
        chosen += [one for one, _ in last]
    return _keys(model, chosen, database, most, least)


# The texts below are of names of our own tables, and marks: nothing in them came from outside.


def _first_of_each(
    model: type[KeptRecord], classes: Sequence[int], database: str, column: str, most: int
) -> list[tuple[int, Any]]:
    """Classes that have any record, each with a column of its newest, the greatest first."""
    # Asked once for each class, though it is looked at three times.
    text = f"""
        WITH heads AS MATERIALIZED (
            SELECT one.value AS id, (
                SELECT {column} FROM {_table(model, database)}
                WHERE policy_class = one.value {_NEWEST} 1
            ) AS first FROM {_each(database)} AS one
        )
        SELECT id, first FROM heads WHERE first IS NOT NULL ORDER BY first DESC LIMIT %s
    """  # noqa: S608
    with connections[database].cursor() as cursor:
        cursor.execute(text, [_listed(classes, database), most])
        return [(number, first) for number, first in cursor.fetchall()]


def _keys(
    model: type[KeptRecord],
    classes: Sequence[int],
    database: str,
    most: int,
    least: _Moment | None,
) -> list[int]:
    key = connections[database].ops.quote_name(str(model._meta.pk.column))
    since = "" if least is None else " AND created_at >= %s"
    given = () if least is None else (least,)
    wanted = f"SELECT {key}, created_at, number FROM {_table(model, database)}"  # noqa: S608
    if _is_postgresql(database):
        # Planned once; an arm for each class would be planned as often.
        text = (
            f"SELECT arm.{key} FROM {_each(database)} AS one CROSS JOIN LATERAL "  # noqa: S608
            f"({wanted} WHERE policy_class = one.value{since} {_NEWEST} %s) AS arm {_NEWEST} %s"
        )
        return _first_columns(database, text, [_listed(classes, database), *given, most, most])
    arm = f"SELECT * FROM ({wanted} WHERE policy_class = %s{since} {_NEWEST} %s) AS arm"  # noqa: S608
    found: list[int] = []
    for start in range(0, len(classes), _ARMS):
        part = classes[start : start + _ARMS]
        arms = " UNION ALL ".join([arm] * len(part))
        asked = [value for one in part for value in (one, *given, most)]
        text = f"SELECT {key} FROM ({arms}) AS arms {_NEWEST} %s"  # noqa: S608
        found += _first_columns(database, text, [*asked, most])
    return found


def _first_columns(database: str, text: str, values: Sequence[Any]) -> list[int]:
    with connections[database].cursor() as cursor:
        cursor.execute(text, values)
        return [row[0] for row in cursor.fetchall()]


def _table(model: type[KeptRecord], database: str) -> str:
    return connections[database].ops.quote_name(model._meta.db_table)


def _each(database: str) -> str:
    """Rows with one column, `value`, of a list that is given as one value."""
    return "(SELECT unnest(%s::bigint[]) AS value)" if _is_postgresql(database) else "json_each(%s)"


def _listed(classes: Sequence[int], database: str) -> str:
    # As a text: the driver would look at each number apart.
    said = ",".join(map(str, classes))
    return f"{{{said}}}" if _is_postgresql(database) else f"[{said}]"


def _is_postgresql(database: str) -> bool:
    return connections[database].vendor == "postgresql"
