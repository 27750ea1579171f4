"""A database whose tables were made at once is as one that went through every migration."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from tieline.keeping.databases import KEEPERS
from tieline.keeping.new_database import is_empty, make_tables

pytestmark = [
    pytest.mark.database,
    pytest.mark.django_db(databases="__all__", transaction=True),
]

_PARTS = {
    "columns": "SELECT table_name, column_name, data_type, character_maximum_length, is_nullable, "
    "column_default, is_identity FROM information_schema.columns WHERE table_schema = 'steps' "
    # Which integer numbers the rows of a table that nobody uses hangs on the way.
    "AND NOT (table_name LIKE 'auth_%' AND column_name = 'id')",
    "constraints": "SELECT c.relname, pg_get_constraintdef(k.oid) FROM pg_constraint k "
    "JOIN pg_class c ON c.oid = k.conrelid WHERE k.connamespace = 'steps'::regnamespace",
    "indexes": "SELECT tablename, indexdef FROM pg_indexes WHERE schemaname = 'steps'",
    "triggers": "SELECT pg_get_triggerdef(t.oid) FROM pg_trigger t JOIN pg_class c "
    "ON c.oid = t.tgrelid WHERE c.relnamespace = 'steps'::regnamespace AND NOT t.tgisinternal",
    "functions": "SELECT pg_get_functiondef(oid) FROM pg_proc "
    "WHERE pronamespace = 'steps'::regnamespace",
}


def step_by_step(connection: BaseDatabaseWrapper) -> None:
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


@contextmanager
def an_empty_one(alias: str, folder: Path) -> Iterator[BaseDatabaseWrapper]:
    """In place of the tests' own, which stays as it is."""
    own = connections[alias]
    if own.vendor == "sqlite":
        other = own.copy()
        (folder / alias).touch()
        other.settings_dict = {**own.settings_dict, "NAME": str(folder / alias)}
        connections[alias] = other
        try:
            yield other
        finally:
            other.close()
            connections[alias] = own
        return
    with transaction.atomic(using=alias), own.cursor() as cursor:
        cursor.execute("CREATE SCHEMA steps")
        cursor.execute("SET LOCAL search_path TO steps")
        yield own
        transaction.set_rollback(True, using=alias)


def stands(connection: BaseDatabaseWrapper) -> dict[str, list[object]]:
    """All that the database knows of its tables, in whatever order they were made, and the rows
    that migrations put there.
    """
    found: dict[str, list[object]] = {}
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL")
            found["all"] = sorted(
                (kind, name, sorted(_parts(text))) for kind, name, text in cursor.fetchall()
            )
        else:
            for part, query in _PARTS.items():
                cursor.execute(query)
                found[part] = sorted(map(repr, cursor.fetchall()))
        for table in connection.introspection.table_names(cursor):
            if table != "django_migrations":
                cursor.execute(f'SELECT * FROM "{table}"')
                names = [one[0] for one in cursor.description]
                rows = [sorted(zip(names, map(repr, row), strict=True)) for row in cursor]
                found[f"rows of {table}"] = sorted(rows)
    found["noted"] = sorted(MigrationRecorder(connection).applied_migrations())
    return found


def _parts(text: str) -> list[str]:
    """What stands between the outermost commas of a CREATE."""
    text = re.sub(r"\s+", " ", text)
    if not text.startswith("CREATE TABLE"):
        return [text]
    depth, begun, parts = 0, 0, []
    for at, sign in enumerate(text):
        depth += {"(": 1, ")": -1}.get(sign, 0)
        if depth == 1 and sign in "(,":
            parts.append(text[begun:at].strip())
            begun = at + 1
    return [*parts, text[begun:].strip().removesuffix(")").strip()]


@pytest.mark.parametrize("alias", KEEPERS)
def test_both_ways_end_alike(alias: str, tmp_path: Path) -> None:
    ended = []
    for at, way in enumerate((step_by_step, make_tables)):
        (tmp_path / str(at)).mkdir()
        with an_empty_one(alias, tmp_path / str(at)) as connection:
            assert is_empty(connection)
            way(connection)
            assert not is_empty(connection)
            ended.append(stands(connection))
    by_steps, at_once = ended
    assert at_once.keys() == by_steps.keys()
    for part, said in by_steps.items():
        assert at_once[part] == said, part


def test_what_fails_half_way_leaves_it_empty(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that it is made again, and not taken for one that somebody migrates step by step."""

    def fails(*_: object) -> None:
        raise TimeoutError

    with an_empty_one("patrol", tmp_path) as connection:
        with monkeypatch.context() as patch:
            patch.setattr(MigrationRecorder, "record_applied", fails)
            with pytest.raises(TimeoutError):
                make_tables(connection)
        assert is_empty(connection)
        make_tables(connection)
        assert not is_empty(connection)
