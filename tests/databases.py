"""The databases of the tests: where they lie, and how they are emptied.

A process has five of its own in a folder of its own, which vanishes with it; so tests run beside
each other, and beside the databases of whoever runs them. The names are those of the configuration,
so a program that a test starts meets the very same databases.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit, urlunsplit

from .signing import signers

POSTGRES: Final = "TIELINE_TEST_POSTGRES"
"""The environment variable with the URL of a server, on which the tests make their databases."""
NAMES: Final = ("accounts", "patrol", "investigations", "partner", "exchange")
_FROM_DJANGO: Final = frozenset({"django_migrations", "django_content_type", "auth_permission"})


def configure() -> Path:
    """Write a configuration for this process, and let Django start with it."""
    folder = Path(tempfile.mkdtemp(prefix="tieline-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    config = folder / "tieline.toml"
    config.write_text(configuration(f"{os.getpid()}"), encoding="utf-8")
    (folder / "secret.key").write_text("for tests alone, and known to all\n", encoding="utf-8")
    (folder / "signers.json").write_text(signers(), encoding="utf-8")

    import django
    from django.conf import settings

    if settings.configured:
        raise RuntimeError("Django was started before the tests: unset DJANGO_SETTINGS_MODULE")
    os.environ["TIELINE_CONFIG"] = str(config)
    os.environ["DJANGO_SETTINGS_MODULE"] = "tieline.django_settings"
    for database in settings.DATABASES.values():
        # Made anew by the tests; a node opens files that there are.
        name = unquote(str(database["NAME"]).removeprefix("file:").removesuffix("?mode=rw"))
        database["TEST"] = {"NAME": name}
        # Whoever is killed loses nothing by it, only whoever loses power; a node itself keeps FULL.
        options = database.get("OPTIONS", {})
        if "init_command" in options:
            options["init_command"] = options["init_command"].replace("FULL", "OFF")
    settings.PASSWORD_HASHERS = ["tests.hashing.FewRounds"]
    django.setup()
    # A worker of xdist would inherit it, and start Django before it has a folder of its own.
    del os.environ["DJANGO_SETTINGS_MODULE"]
    return folder


def configuration(suffix: str) -> str:
    """A node whose databases nobody else has: files beside it, or on the server that is named."""
    server = os.environ.get(POSTGRES)
    lines = ['node = "one"', "[databases]"]
    for name in NAMES:
        url = f"sqlite:{name}.sqlite3"
        if server:
            url = urlunsplit(urlsplit(server)._replace(path=f"/tieline_{name}_{suffix}"))
        lines.append(f'{name} = "{url}"')
    return "\n".join(lines) + "\n"


class Emptying:
    """Empties databases after a test that committed, ledgers too, which product code cannot."""

    def __init__(self) -> None:
        self._first: dict[str, dict[str, tuple[list[str], list[tuple[Any, ...]]]]] = {}

    def remember(self) -> None:
        """What migrations have put into the tables: it is there again after each emptying."""
        from django.db import connections

        for alias in connections:
            connection = connections[alias]
            self._first[alias] = {}
            with connection.cursor() as cursor:
                for table in self._tables(alias):
                    cursor.execute(f'SELECT * FROM "{table}"')
                    rows = cursor.fetchall()
                    if rows:
                        columns = [one[0] for one in cursor.description]
                        self._first[alias][table] = (columns, rows)

    def empty(self, alias: str) -> None:
        """All rows gone but those of the migrations; triggers stand as before."""
        from django.db import connections, transaction

        tables = self._tables(alias)
        with transaction.atomic(using=alias), connections[alias].cursor() as cursor:
            if connections[alias].vendor == "sqlite":
                cursor.execute("PRAGMA defer_foreign_keys = ON")
                cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
                triggers = cursor.fetchall()
                for name, _ in triggers:
                    cursor.execute(f'DROP TRIGGER "{name}"')
                for table in tables:
                    cursor.execute(f'DELETE FROM "{table}"')
                self._restore(cursor, alias)
                for _, text in triggers:
                    cursor.execute(text)
            else:
                for table in tables:
                    cursor.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
                cursor.execute("TRUNCATE " + ", ".join(f'"{table}"' for table in tables))
                self._restore(cursor, alias)
                for table in tables:
                    cursor.execute(f'ALTER TABLE "{table}" ENABLE TRIGGER USER')

    def _restore(self, cursor: Any, alias: str) -> None:
        there = set(self._tables(alias))
        for table, (columns, rows) in self._first[alias].items():
            if table not in there:
                # A test has gone back to before it; its migration fills it again.
                continue
            names = ", ".join(f'"{column}"' for column in columns)
            marks = ", ".join(["%s"] * len(columns))
            cursor.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', rows)

    def _tables(self, alias: str) -> list[str]:
        from django.db import connections

        connection = connections[alias]
        with connection.cursor() as cursor:
            return [
                one.name
                for one in connection.introspection.get_table_list(cursor)
                if one.type == "t" and one.name not in _FROM_DJANGO
            ]
