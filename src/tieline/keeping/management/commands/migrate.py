"""Django's own command; an empty database gets its tables at once, and then is as any other."""

from __future__ import annotations

from typing import Any

from django.core.management.commands import migrate
from django.db import connections

from tieline.keeping.new_database import is_empty, make_tables

__all__ = ["Command"]


class Command(migrate.Command):
    """Whoever names an app, or wants to see a plan, has it step by step."""

    def handle(self, *args: Any, **options: Any) -> None:
        connection = connections[options["database"]]
        asks = ("app_label", "plan", "check_unapplied", "fake", "fake_initial", "prune")
        if not any(options.get(name) for name in asks) and is_empty(connection):
            make_tables(connection)
        super().handle(*args, **options)
