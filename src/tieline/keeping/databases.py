"""Which tables lie in which database. Nothing is ever read across two of them (decision 0001)."""

from __future__ import annotations

from typing import Any, Final

from django.apps import apps
from django.db.models import Model

from tieline.core.errors import TielineError

__all__ = ["ACCOUNTS", "EXCHANGE", "KEEPERS", "NoDatabaseNamed", "Router"]

ACCOUNTS: Final = "default"
EXCHANGE: Final = "exchange"
KEEPERS: Final = (ACCOUNTS, "patrol", "investigations", "partner", EXCHANGE)
"""Every database holds a ledger of its own, and so the tables of `keeping`."""


class NoDatabaseNamed(TielineError):
    """A table that stands in every database was asked for without saying in which."""


def _home(app_label: str) -> str | None:
    """The one database of an app; None where its tables stand in all of them."""
    if app_label == "keeping":
        return None
    # Django's table of the cache has a label, and no app that it would be of.
    app = apps.app_configs.get(app_label)
    home: str = getattr(app, "database", ACCOUNTS)
    return home


class Router:
    """An app says `database = "…"` in its configuration; libraries' tables go with accounts."""

    def db_for_read(self, model: type[Model], **hints: Any) -> str:
        home = _home(model._meta.app_label)
        if home is not None:
            return home
        instance = hints.get("instance")
        if instance is not None and instance._state.db:
            return str(instance._state.db)
        raise NoDatabaseNamed(
            f"{model.__name__} stands in every database", cure="Say which: .using(database)."
        )

    db_for_write = db_for_read

    def allow_relation(self, one: Model, other: Model, **hints: Any) -> bool:
        return one._state.db == other._state.db

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        home = _home(app_label)
        return db in KEEPERS if home is None else db == home
