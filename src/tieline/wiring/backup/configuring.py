"""The configuration of a node as a backup keeps it, and as a restored node has it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from tieline.wiring.backup.manifest import SECRET

__all__ = ["configuration_with", "configuration_without_databases"]

_HEAD: Final = "# A tieline node. docs/settings.md tells each setting."


def configuration_without_databases(said: Mapping[str, Any], *, partner_map: str) -> str:
    """Every setting but where the databases lie, which will be somewhere else.

    Files that it names lie beside it, by the names that they have in the backup.
    """
    lines = [_HEAD]
    for name, value in said.items():
        if isinstance(value, Mapping):
            continue
        named = {"secret_file": SECRET, "partner_map": partner_map if value else ""}.get(name)
        lines.append(f"{name} = {_written(value if named is None else named)}")
    for table, settings in said.items():
        if isinstance(settings, Mapping) and table != "databases":
            lines += ["", f"[{table}]"]
            lines += [f"{name} = {_written(value)}" for name, value in settings.items()]
    return "\n".join(lines) + "\n"


def configuration_with(text: str, databases: Mapping[str, str]) -> str:
    """The same, with a line for each database."""
    lines = [f"{name} = {_written(url)}" for name, url in databases.items()]
    return "\n".join([text.rstrip("\n"), "", "[databases]", *lines]) + "\n"


def _written(value: object) -> str:
    # What JSON writes of texts, whole numbers, truths and lists of texts, TOML reads as the same,
    # but for signs outside of the first plane, which stay as they are.
    return json.dumps(value, ensure_ascii=False)
