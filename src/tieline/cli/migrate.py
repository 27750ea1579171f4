"""`tieline migrate`: bring a node's databases to this version's form."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from tieline.cli.node import config_option


@click.command(epilog="\b\nExample:\n  tieline migrate --config border-node/tieline.toml")
@config_option
def command(config: Path | None) -> None:
    """Bring every database of a node to the form that this version needs.

    Stop the node first, and back it up. What is done already is not done again.
    """
    from tieline.wiring.making import migrate
    from tieline.wiring.opening import found_config, open_node

    open_node(found_config(config), unreconciled=True)
    made = migrate(lambda name, count: click.echo(f"{name}: keys of {count:,} records made anew"))
    # Models can be loaded only now.
    from tieline.exchange.index.persons import restore

    # Links that are older than persons have none yet.
    restore(at=datetime.now(UTC))
    if made:
        click.echo(f"new and empty: {', '.join(made)}")
    click.echo("every database is in the form of this version")
