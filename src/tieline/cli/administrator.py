"""`tieline administrator`: the first administrator of a further agency on a node."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from tieline.cli.node import config_option


@click.command(
    epilog="\b\nExample:\n  tieline administrator tokafor --agency investigations --unit TU "
    "--config border-node",
)
@click.argument("username")
@click.option("--agency", required=True, help="A party to the node's agreement.")
@click.option("--unit", default="HQ", show_default=True, help="The administrator's unit.")
@config_option
def command(username: str, agency: str, unit: str, config: Path | None) -> None:
    """Make USERNAME an administrator of AGENCY, and print a password once.

    For an agency that has none yet, or none who can sign in: whoever there is makes the others on
    the pages. An administrator never sees a record.
    """
    from tieline.wiring.opening import found_config, open_node

    node = open_node(found_config(config))
    # Models can be loaded only now.
    from tieline.wiring.agreeing import party_to
    from tieline.wiring.making import make_administrator

    party = party_to(node.agreement, agency)
    made = make_administrator(username, party=party, unit=unit, at=datetime.now(UTC))
    click.echo(f"  administrator  {made.username} of {agency}")
    click.echo(f"  password       {made.password}    (shown this once)")
