"""`tieline agreement`: sign the text, and deliver it to every system."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from tieline.cli.node import config_option


@click.group(epilog="\b\nExample:\n  tieline agreement sign --agency patrol --by 'R. Alvarez'")
def command() -> None:
    """Sign the agreement between the agencies, and bring it into force."""


@command.command(epilog="\b\nExample:\n  tieline agreement sign --agency patrol --by 'R. Alvarez'")
@config_option
@click.option("--agency", required=True, help="The party that signs.")
@click.option("--by", required=True, help="The person who signs for it.")
def sign(config: Path | None, agency: str, by: str) -> None:
    """Put a party's signature under the text in the node's agreement.json.

    A signature is a statement so far; keys that prove it come with a later version.
    """
    from tieline.settings import read_node
    from tieline.wiring.making import sign as put
    from tieline.wiring.opening import found_config

    node = read_node(found_config(config))
    text = put(node.agreement, agency=agency, by=by, at=datetime.now(UTC))
    signed = sorted({one.agency for one in text.signatures})
    missing = sorted({one.agency for one in text.parties} - set(signed))
    click.echo(f"signed by {', '.join(signed)}")
    click.echo(
        f"still to sign: {', '.join(missing)}" if missing else "next: tieline agreement adopt"
    )


@command.command(epilog="\b\nExample:\n  tieline agreement adopt --config border-node/tieline.toml")
@config_option
def adopt(config: Path | None) -> None:
    """Deliver the signed text to every system, which checks it and enforces it itself."""
    from tieline.wiring.making import adopt_everywhere
    from tieline.wiring.opening import found_config, open_node

    node = open_node(found_config(config))
    text = adopt_everywhere(node.agreement, at=datetime.now(UTC))
    click.echo(f"{text.title}, version {text.version}, is adopted in every system")
    click.echo(
        f"  in force from {text.in_force_from:%Y-%m-%d} until {text.in_force_until:%Y-%m-%d}"
    )
    click.echo(f"  digest {text.digest}")
