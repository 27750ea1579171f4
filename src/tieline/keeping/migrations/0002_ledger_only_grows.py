"""The database itself refuses to change or drop an entry or a node; the tree starts empty."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations

from tieline.core.ledger.tree import Frontier

GROWS_ONLY = ("ledger_row", "ledger_node")


def guard(apps: Any, schema_editor: Any) -> None:
    for table in GROWS_ONLY:
        if schema_editor.connection.vendor == "sqlite":
            for act in ("UPDATE", "DELETE"):
                schema_editor.execute(
                    f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} only grows'); END"
                )
        else:
            schema_editor.execute(
                f"CREATE FUNCTION {table}_only_grows() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN RAISE EXCEPTION '{table} only grows'; END $$"
            )
            schema_editor.execute(
                f"CREATE TRIGGER {table}_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
                f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_only_grows()"
            )


def start(apps: Any, schema_editor: Any) -> None:
    head = apps.get_model("keeping", "LedgerHead")
    head.objects.using(schema_editor.connection.alias).create(id=1, frontier=Frontier().to_bytes())


class Migration(migrations.Migration):
    dependencies: ClassVar = [("keeping", "0001_first")]
    operations: ClassVar = [
        migrations.RunPython(guard, migrations.RunPython.noop),
        migrations.RunPython(start, migrations.RunPython.noop),
    ]
