"""Opens a node for a command: its configuration, its log, Django with all rooms in place."""

from __future__ import annotations

import importlib.util
import logging
import os
from pathlib import Path
from typing import Final

from tieline.core.errors import TielineError
from tieline.settings import CONFIG, Node, node, read_node
from tieline.wiring.restored import refuse_unreconciled

__all__ = ["CONFIG_NAME", "NoDriver", "NoNode", "found_config", "open_node"]

CONFIG_NAME: Final = "tieline.toml"


class NoNode(TielineError):
    """A command about a node was given without one."""


class NoDriver(TielineError):
    """A node lies on a server, and what speaks with it is not installed."""


def found_config(said: Path | None) -> Path:
    """The configuration that was named, else the environment's, else the one in this folder."""
    named = said or (Path(os.environ[CONFIG]) if os.environ.get(CONFIG) else None)
    path = named or Path(CONFIG_NAME)
    if path.is_dir():
        path = path / CONFIG_NAME
    if not path.exists():
        raise NoNode(
            f"there is no {path}",
            cure="name a node's configuration with --config FILE, or make one: tieline init FOLDER",
        )
    return path.resolve()


def open_node(config: Path, *, level: int = logging.INFO, unreconciled: bool = False) -> Node:
    """Set everything up as the configuration says; to be called once, before any database is used.

    `unreconciled`: also a node that was restored and is not reconciled yet. Raises `BadSetting`,
    `NoDriver` or `NotReconciled`.
    """
    described = read_node(config)
    if not unreconciled:
        refuse_unreconciled(described.folder)
    _refuse_without_driver(described)
    os.environ[CONFIG] = str(config)
    os.environ["DJANGO_SETTINGS_MODULE"] = "tieline.django_settings"
    node.cache_clear()
    # What this process writes is this user's alone: databases, the bell's socket.
    os.umask(0o077)
    import django

    from tieline.wiring.logs import log_to_stderr

    log_to_stderr(level)
    django.setup()
    return node()


def _refuse_without_driver(described: Node) -> None:
    on_server = any(url.startswith("postgres") for url in described.databases.values())
    if on_server and not all(map(importlib.util.find_spec, ("psycopg", "psycopg_pool"))):
        raise NoDriver(
            "a database lies on a server of PostgreSQL, and its driver is not installed",
            cure="pip install 'tieline[postgres]'",
        )
