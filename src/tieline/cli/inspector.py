"""`tieline inspector`: somebody of the inspector general, who examines every agency of a node."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from tieline.cli.node import config_option


@click.command(
    epilog="\b\nExample:\n  tieline inspector aquill --agency oig --days 90 --config border-node",
)
@click.argument("username")
@click.option(
    "--agency", default="oig", show_default=True, help="His own: no party to the agreement."
)
@click.option("--unit", default="HQ", show_default=True, help="The inspector's unit.")
@click.option(
    "--days",
    type=click.IntRange(1, 3_650),
    default=365,
    show_default=True,
    help="How long the assignment holds.",
)
@config_option
def command(username: str, agency: str, unit: str, days: int, config: Path | None) -> None:
    """Make USERNAME an inspector, and print a password once.

    An inspector searches the ledgers of every agency, and nobody whom he examines is shown that he
    did. So no agency's administrator can make one: whoever runs the node does.
    """
    from tieline.wiring.opening import found_config, open_node

    node = open_node(found_config(config))
    # Models can be loaded only now.
    from tieline.wiring.agreeing import refuse_party
    from tieline.wiring.making import make_inspector

    refuse_party(node.agreement, agency)
    at = datetime.now(UTC)
    until = at + timedelta(days=days)
    made = make_inspector(username, agency=agency, unit=unit, at=at, until=until)
    click.echo(f"  inspector  {made.username} of {agency}")
    click.echo(f"  password   {made.password}    (shown this once)")
