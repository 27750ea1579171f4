"""Makes the tables of an empty database at once, as they stand after all migrations.

Step by step Django forms every table as it was at each time, in each of the five databases: most of
what making a node takes. What migrations do beside tables (guards on a ledger, its first row) is
done by the migrations' own functions, in their order, on empty tables. That both ways end alike is
held by `tests/keeping/test_new_database.py`.
"""

from __future__ import annotations

from typing import cast

from django.apps import apps
from django.db import router, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.migration import Migration
from django.db.migrations.operations import RunPython
from django.db.migrations.state import StateApps

__all__ = ["is_empty", "make_tables"]


def is_empty(connection: BaseDatabaseWrapper) -> bool:
    """Whether nothing stands in it: neither a table nor a note of a migration."""
    return not connection.introspection.table_names()


def make_tables(connection: BaseDatabaseWrapper) -> None:
    """All of them or none, with the note that every migration is applied."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    with (
        connection.constraint_checks_disabled(),
        transaction.atomic(using=connection.alias),
    ):
        _tables(connection)
        executor.recorder.ensure_schema()
        for migration, _ in plan:
            _beside_tables(connection, migration)
            executor.recorder.record_applied(migration.app_label, migration.name)


def _tables(connection: BaseDatabaseWrapper) -> None:
    with connection.schema_editor(atomic=False) as editor:
        for model in apps.get_models():
            if router.allow_migrate_model(connection.alias, model) and model._meta.can_migrate(
                connection
            ):
                editor.create_model(model)


def _beside_tables(connection: BaseDatabaseWrapper, migration: Migration) -> None:
    for one in migration.operations:
        if isinstance(one, RunPython) and router.allow_migrate(
            connection.alias, migration.app_label, **one.hints
        ):
            with connection.schema_editor(atomic=False) as editor:
                one.code(cast(StateApps, apps), editor)
