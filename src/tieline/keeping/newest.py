"""The newest records of some classes: read by the index, whatever else there is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from django.db import connections
from django.db.models import OuterRef, QuerySet, Subquery

from tieline.keeping.classes import PolicyClass
from tieline.keeping.records import KeptRecord

__all__ = ["newest_of"]

_ARMS: Final = 400
"""Classes in one statement: SQLite joins the answers of 500 at most."""


def newest_of(
    model: type[KeptRecord], classes: Sequence[int], *, database: str, most: int
) -> QuerySet[KeptRecord]:
    """The newest records of these classes, `most` of them, the newest first.

    It costs a look into the index for each class, and the rows that are read: none of any other
    class is touched, so what is hidden takes no time.
    """
    rows = model._default_manager.using(database)
    keys = _candidates(model, classes, database, most) if most > 0 else []
    return rows.filter(pk__in=keys).order_by("-created_at", "-number")[: max(most, 0)]


def _candidates(
    model: type[KeptRecord], classes: Sequence[int], database: str, most: int
) -> list[int]:
    """The keys of all that are among them, and of few others."""
    heads = _first_of_each(model, classes, database, "created_at")
    # One more than are wanted: is there another of the same moment as the last?
    first = list(heads.values_list("id", "first")[: most + 1])
    chosen, least = [one for one, _ in first[:most]], None
    if len(first) > most:
        # A class whose newest is older than that of so many others has nothing to add.
        least = first[most - 1][1]
    if least is not None and first[most][1] == least:
        # Of what came in at one moment, in one load say, the number decides.
        chosen = [one for one, moment in first[:most] if moment > least]
        tied = list(heads.filter(first=least).values_list("id", flat=True))
        last = _first_of_each(model, tied, database, "number").values_list("id", flat=True)
        chosen += last[: most - len(chosen)]
    return _keys(model, chosen, database, most, least)


def _first_of_each(
    model: type[KeptRecord], classes: Sequence[int], database: str, column: str
) -> Any:
    of_class = model._default_manager.using(database).filter(policy_class=OuterRef("id"))
    first = of_class.order_by("-created_at", "-number").values(column)[:1]
    rows = PolicyClass.objects.using(database).filter(id__among=classes)
    heads: Any = rows.annotate(first=Subquery(first))
    return heads.filter(first__isnull=False).order_by("-first")


def _keys(
    model: type[KeptRecord],
    classes: Sequence[int],
    database: str,
    most: int,
    least: datetime | None,
) -> list[int]:
    connection = connections[database]
    quote = connection.ops.quote_name
    key, table = quote(str(model._meta.pk.column)), quote(model._meta.db_table)
    since = "" if least is None else " AND created_at >= %s"
    given = () if least is None else (connection.ops.adapt_datetimefield_value(least),)
    newest = "ORDER BY created_at DESC, number DESC LIMIT %s"
    # Names of our own tables, and placeholders: nothing that came from outside.
    arm = (
        f"SELECT * FROM (SELECT {key}, created_at, number FROM {table} "  # noqa: S608
        f"WHERE policy_class = %s{since} {newest}) AS arm"
    )
    found: list[int] = []
    for start in range(0, len(classes), _ARMS):
        part = classes[start : start + _ARMS]
        arms = " UNION ALL ".join([arm] * len(part))
        asked = [value for one in part for value in (one, *given, most)]
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {key} FROM ({arms}) AS arms {newest}", [*asked, most])  # noqa: S608
            found += [one for (one,) in cursor.fetchall()]
    return found
