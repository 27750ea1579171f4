"""SQLite's INSERT OR REPLACE deletes what is in its way without firing a trigger on deleting: so
what is there already is refused before it is written.
"""

from __future__ import annotations

from typing import Any, ClassVar, Final

from django.db import migrations

# Every way in which a new row could meet an old one: also by the number that SQLite gives a row.
GUARDS: Final = (
    """
    CREATE TRIGGER ledger_row_no_replace BEFORE INSERT ON ledger_row
    WHEN EXISTS (
        SELECT 1 FROM ledger_row WHERE sequence = NEW.sequence OR rowid = NEW.rowid
    )
    BEGIN SELECT RAISE(ABORT, 'ledger_row only grows'); END
    """,
    """
    CREATE TRIGGER ledger_node_no_replace BEFORE INSERT ON ledger_node
    WHEN EXISTS (
        SELECT 1 FROM ledger_node
        WHERE id = NEW.id OR (level = NEW.level AND position = NEW.position)
    )
    BEGIN SELECT RAISE(ABORT, 'ledger_node only grows'); END
    """,
)


def guard(apps: Any, schema_editor: Any) -> None:
    # In PostgreSQL an insert that replaces is an update, which is refused already.
    if schema_editor.connection.vendor == "sqlite":
        for text in GUARDS:
            schema_editor.execute(text)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("keeping", "0003_head_identity")]
    operations: ClassVar = [migrations.RunPython(guard, migrations.RunPython.noop)]
