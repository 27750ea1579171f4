"""`tieline sync`: whether the exchange holds what its systems have, and mending where not."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tieline.cli.node import config_option

if TYPE_CHECKING:
    from tieline.exchange.index.sync import Checked


@click.group(epilog="\b\nExample:\n  tieline sync check --config border-node")
def command() -> None:
    """Compare the exchange with the systems it reads."""


@command.command(epilog="\b\nExample:\n  tieline sync check --config border-node --json")
@config_option
@click.option("--json", "as_json", is_flag=True, help="Print one object a system, one a line.")
def check(config: Path | None, as_json: bool) -> int:
    """Say for each system what the exchange lacks, has too much, or has in an old version.

    Persons are compared too: with what their links and judgements say.
    """
    from tieline.wiring.opening import found_config, open_node

    open_node(found_config(config))
    # Models can be loaded only now.
    from tieline.exchange.index.persons import unlike
    from tieline.exchange.index.sync import check as compare
    from tieline.wiring.systems import doors

    return _tell(compare(doors(), at=datetime.now(UTC)), len(unlike()), as_json=as_json)


@command.command(epilog="\b\nExample:\n  tieline sync repair --config border-node")
@config_option
@click.option("--json", "as_json", is_flag=True, help="Print one object a system, one a line.")
def repair(config: Path | None, as_json: bool) -> int:
    """Bring the exchange to what each system has; may be called again, and while a node runs."""
    from tieline.wiring.opening import found_config, open_node

    open_node(found_config(config))
    # Models can be loaded only now.
    from tieline.exchange.index.persons import restore, unlike
    from tieline.exchange.index.sync import check as compare
    from tieline.exchange.index.sync import repair as mend
    from tieline.wiring.systems import doors

    at = datetime.now(UTC)
    mend(doors(), at=at)
    restore(at=at)
    return _tell(compare(doors(), at=at), len(unlike()), as_json=as_json)


def _tell(found: tuple[Checked, ...], strayed: int, *, as_json: bool) -> int:
    if strayed and as_json:
        click.echo(json.dumps({"persons": "differ", "pointers": strayed}))
    elif strayed:
        click.echo(f"persons: {strayed:,} pointers are not where their links say (sync repair)")
    for one in found:
        if as_json:
            click.echo(json.dumps(one.told()))
        else:
            click.echo(one.words())
    if any(not one.answered for one in found):
        return 4
    return 0 if all(one.equal for one in found) and not strayed else 1
