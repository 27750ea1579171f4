"""Gives records that are there already their classes: for the migration of each system alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from tieline.core.records import Facts, Protections
from tieline.keeping.classes import class_of, written
from tieline.keeping.records import PROTECTIONS

__all__ = ["give_classes"]

_ROWS: Final = 5_000


def give_classes(app_label: str, kinds: Mapping[str, str]) -> Callable[[Any, Any], None]:
    """What a migration runs once its records have the column; `kinds`: each model to its kind."""

    def give(apps: Any, schema_editor: Any) -> None:
        database = schema_editor.connection.alias
        classes = apps.get_model("keeping", "PolicyClass").objects.using(database)
        for model, kind in kinds.items():
            _give(apps.get_model(app_label, model).objects.using(database), kind, classes)

    return give


def _give(rows: Any, kind: str, classes: Any) -> None:
    last = 0
    while True:
        part = list(rows.filter(pk__gt=last, policy_class=None).order_by("pk")[:_ROWS])
        if not part:
            return
        last = part[-1].pk
        of_class: dict[Facts, list[int]] = {}
        for row in part:
            of_class.setdefault(_facts(row, kind), []).append(row.pk)
        for facts, keys in of_class.items():
            number = class_of(facts)
            said = written(facts)
            classes.get_or_create(id=number, defaults={"kind": kind, "said": said})
            rows.filter(pk__in=keys).update(policy_class=number)


def _facts(row: Any, kind: str) -> Facts:
    return Facts(
        kind=kind,
        owner_agency=row.owner_agency,
        owning_unit=row.owning_unit,
        protections=Protections(**{name: getattr(row, name) for name in PROTECTIONS}),
        caveats=frozenset(row.caveats),
    )
