"""Entries that are written beside each other wait here for their number; none goes without one."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from django.db import migrations, models

from tieline.core.errors import TielineError

# A staged entry is found again in the ledger by its moment, which is indexed there.
GUARDS: Final = (
    """
    CREATE FUNCTION ledger_staged_only_moves() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'DELETE' AND EXISTS (
            SELECT 1 FROM ledger_row WHERE at = OLD.at AND data = OLD.data
        ) THEN
            RETURN OLD;
        END IF;
        RAISE EXCEPTION 'ledger_staged only moves into the ledger';
    END $$
    """,
    """
    CREATE TRIGGER ledger_staged_only_moves BEFORE UPDATE OR DELETE ON ledger_staged
    FOR EACH ROW EXECUTE FUNCTION ledger_staged_only_moves()
    """,
    """
    CREATE TRIGGER ledger_staged_not_emptied BEFORE TRUNCATE ON ledger_staged
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_staged_only_moves()
    """,
)


class EntriesWait(TielineError):
    """The table of staged entries was to be taken away while some stand in it."""


def guard(apps: Any, schema_editor: Any) -> None:
    # On SQLite nothing is staged: there is nothing to guard.
    if schema_editor.connection.vendor == "postgresql":
        for text in GUARDS:
            schema_editor.execute(text)


def unguard(apps: Any, schema_editor: Any) -> None:
    staged = apps.get_model("keeping", "LedgerStaged")
    if staged.objects.using(schema_editor.connection.alias).exists():
        raise EntriesWait(
            "entries wait for their place in the ledger, and would be lost",
            cure="Let `tieline serve seal` run until there are none.",
        )
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION ledger_staged_only_moves() CASCADE")


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("keeping", "0007_releases"),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="LedgerStaged",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("data", models.TextField()),
                ("at", models.DateTimeField()),
                ("event", models.CharField(max_length=48)),
                ("viewer", models.CharField(default="", max_length=32)),
                ("agency", models.CharField(default="", max_length=32)),
                ("record", models.CharField(default="", max_length=64)),
                ("owner", models.CharField(default="", max_length=32)),
                ("salt", models.BinaryField(null=True)),
                ("payload", models.JSONField(null=True)),
            ],
            options={
                "db_table": "ledger_staged",
            },
        ),
        migrations.RunPython(guard, unguard),
    ]
