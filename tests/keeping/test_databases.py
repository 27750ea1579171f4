"""Which table lies where, and that nothing is read across two databases."""

from __future__ import annotations

import io

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connections

from tieline.accounts.models import Assignment, User
from tieline.keeping.databases import ACCOUNTS, KEEPERS, NoDatabaseNamed, Router
from tieline.keeping.outbox import OutboxRow
from tieline.keeping.rows import LedgerRow

ROUTER = Router()


def tables(database: str) -> set[str]:
    return set(connections[database].introspection.table_names())


@pytest.mark.parametrize("rows", [LedgerRow, OutboxRow])
def test_a_table_of_all_databases_needs_to_be_told_which(
    rows: type[LedgerRow | OutboxRow],
) -> None:
    for ask in (ROUTER.db_for_read, ROUTER.db_for_write):
        with pytest.raises(NoDatabaseNamed, match=rows.__name__):
            ask(rows)


@pytest.mark.database
def test_a_row_is_written_back_to_where_it_came_from() -> None:
    made = OutboxRow.objects.using("patrol").create(number="S-1", version=1, pointer="{}")
    made.version = 2
    made.save()
    assert OutboxRow.objects.using("patrol").get().version == 2
    assert not OutboxRow.objects.using("investigations").exists()


@pytest.mark.parametrize("model", [User, Assignment, Session])
def test_people_and_libraries_live_with_accounts(model: type) -> None:
    assert ROUTER.db_for_read(model) == ROUTER.db_for_write(model) == ACCOUNTS
    for database in KEEPERS:
        wanted = database == ACCOUNTS
        assert ROUTER.allow_migrate(database, model._meta.app_label) is wanted


def test_relations_do_not_cross_databases() -> None:
    one, other = OutboxRow(number="S-1"), OutboxRow(number="S-2")
    one._state.db = other._state.db = "patrol"
    assert ROUTER.allow_relation(one, other)
    other._state.db = "investigations"
    assert not ROUTER.allow_relation(one, other)


@pytest.mark.database
@pytest.mark.parametrize("database", KEEPERS)
def test_each_database_has_its_own_tables_and_no_others(database: str) -> None:
    there = tables(database)
    assert {"ledger_row", "ledger_head", "outbox_row", "adopted_agreement"} <= there
    assert ("accounts_user" in there) == ("django_session" in there) == (database == ACCOUNTS)
    for app in apps.get_app_configs():
        home = getattr(app, "database", None)
        if home is None:
            continue
        for model in app.get_models():
            assert (model._meta.db_table in there) == (home == database)


@pytest.mark.database
def test_every_model_has_its_migration() -> None:
    call_command("makemigrations", check=True, dry_run=True, stdout=io.StringIO())
