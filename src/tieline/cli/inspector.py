"""`tieline inspector`: somebody who examines every agency of a node, or those of one department."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from tieline.cli.node import config_option


@click.command(
    epilog="\b\nExamples:\n  tieline inspector aquill --agency oig --days 90 --config border-node\n"
    "  tieline inspector rwexler --agency dhs-audit --department DHS --config border-node",
)
@click.argument("username")
@click.option(
    "--agency", default="oig", show_default=True, help="His own: no party to the agreement."
)
@click.option("--department", help="Of the agencies examined; without it, every agency is.")
@click.option("--unit", default="HQ", show_default=True, help="The inspector's unit.")
@click.option(
    "--days",
    type=click.IntRange(1, 3_650),
    default=365,
    show_default=True,
    help="How long the assignment holds.",
)
@config_option
def command(
    username: str,
    agency: str,
    department: str | None,
    unit: str,
    days: int,
    config: Path | None,
) -> None:
    """Make USERNAME an inspector, or an auditor of a department, and print a password once.

    An inspector searches the ledgers of every agency, with --department those of its agencies
    alone, and nobody whom he examines is shown that he did. So no agency's administrator can make
    one: whoever runs the node does.
    """
    from tieline.wiring.opening import found_config, open_node

    node = open_node(found_config(config))
    # Models can be loaded only now.
    from tieline.wiring.agreeing import refuse_no_department, refuse_party
    from tieline.wiring.making import make_inspector

    refuse_party(node.agreement, agency)
    if department is not None:
        # Blank, it would be everybody whom he examines.
        refuse_no_department(node.agreement, department)
    at = datetime.now(UTC)
    until = at + timedelta(days=days)
    made = make_inspector(
        username, agency=agency, department=department, unit=unit, at=at, until=until
    )
    what = f"{made.username} of {agency}"
    click.echo(f"  inspector  {what}{f', for {department} alone' if department else ''}")
    click.echo(f"  password   {made.password}    (shown this once)")
