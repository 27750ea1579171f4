"""A node from before there were policy classes: its records have them after `tieline migrate`."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connections
from tests.people import AT

from tieline.keeping import classing
from tieline.keeping.classes import PolicyClass, class_of
from tieline.keeping.records import PROTECTIONS, KeptRecord
from tieline.wiring.folder import NotReady
from tieline.wiring.making import migrate
from tieline.wiring.systems import doors

pytestmark = [
    pytest.mark.database,
    pytest.mark.django_db(transaction=True, databases="__all__"),
]

SYSTEMS = ("patrol", "investigations", "partner")
ROWS = 30


def kinds() -> Iterator[tuple[str, type[KeptRecord]]]:
    for name, door in doors().items():
        for model in door.keeper.kinds:
            yield name, model


@pytest.fixture
def before() -> Iterator[None]:
    """All systems as they were, with records of every kind."""
    rng = random.Random(2)
    for name in SYSTEMS:
        call_command("migrate", "keeping", "0004", database=name, verbosity=0)
    for name, model in kinds():
        there = _columns(name, model._meta.db_table)
        columns = [one for one in model._meta.concrete_fields if one.column in there]
        rows = [_made(model, rng, at) for at in range(ROWS)]
        quote = connections[name].ops.quote_name
        wanted = [one for one in columns if not one.primary_key]
        names = ", ".join(quote(one.column) for one in wanted)
        marks = ", ".join(["%s"] * len(wanted))
        with connections[name].cursor() as cursor:
            for row in rows:
                values = [
                    one.get_db_prep_save(getattr(row, one.attname), connections[name])
                    for one in wanted
                ]
                table = quote(model._meta.db_table)
                cursor.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", values)
    yield
    migrate()


def _made(model: type[KeptRecord], rng: random.Random, at: int) -> KeptRecord:
    return model(
        number=f"{model.kind}-{at}",
        version=1,
        owner_agency=rng.choice(("patrol", "county")),
        owning_unit=rng.choice(("one", "two")),
        contact="duty desk",
        caveats=rng.choice(([], ["silent"], ["withdrawn", "silent"])),
        created_at=AT,
        updated_at=AT,
        author="U-1",
        assignment="A-1",
        **{name: rng.choice((True, False, None)) for name in PROTECTIONS},
    )


def _columns(name: str, table: str) -> set[str]:
    """Those that a table had then: further ones came later."""
    with connections[name].cursor() as cursor:
        described = connections[name].introspection.get_table_description(cursor, table)
    return {one.name for one in described}


def tables(name: str) -> set[str]:
    with connections[name].cursor() as cursor:
        return set(connections[name].introspection.table_names(cursor))


def have_their_classes() -> None:
    for name, model in kinds():
        rows = list(model._default_manager.using(name).all())
        assert len(rows) == ROWS
        assert [one.policy_class for one in rows] == [class_of(one.decided_by) for one in rows]
        numbers = {one.policy_class for one in rows}
        there = PolicyClass.objects.using(name).filter(kind=model.kind)
        assert set(there.values_list("id", flat=True)) == numbers


def test_every_record_has_its_class_afterwards(before: None) -> None:
    assert not any("policy_class" in tables(name) for name in SYSTEMS)
    migrate()
    have_their_classes()
    migrate()
    have_their_classes()


@pytest.mark.parametrize("done", [0, 1, 3])
def test_what_fails_half_way_is_as_it_was_and_is_done_the_next_time(
    before: None, done: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    give, left = classing._give, done

    def fails(*about: Any) -> None:
        nonlocal left
        give(*about)
        left -= 1
        if left < 0:
            raise DatabaseError

    with monkeypatch.context() as patch:
        patch.setattr(classing, "_give", fails)
        with pytest.raises(NotReady):
            migrate()
    assert not all("policy_class" in tables(name) for name in SYSTEMS)
    migrate()
    have_their_classes()


def test_every_kind_is_found_by_its_class() -> None:
    """By an index, or the newest of a million would be looked for one by one."""
    for name, model in kinds():
        with connections[name].cursor() as cursor:
            found = connections[name].introspection.get_constraints(cursor, model._meta.db_table)
        wanted = ["policy_class", "created_at", "number"]
        assert [one for one in found.values() if one["index"] and one["columns"] == wanted], model
