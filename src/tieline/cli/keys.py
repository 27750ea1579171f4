"""`tieline keys`: by which keys checkpoints are signed and cosigned; a new one, or one's end."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from tieline.cli.ledger import SYSTEMS
from tieline.cli.node import config_option

system_option = click.option(
    "--system", type=click.Choice(SYSTEMS), required=True, help="Whose ledger."
)


@click.group(epilog="\b\nExample:\n  tieline keys list --system patrol --json > patrol.keys")
def command() -> None:
    """List, renew and revoke the keys by which a ledger's checkpoints are signed."""


@command.command("list", epilog="\b\nExample:\n  tieline keys list --system patrol")
@config_option
@system_option
@click.option("--json", "as_json", is_flag=True, help="Print what `ledger verify --keys` reads.")
def list_keys(config: Path | None, system: str, as_json: bool) -> None:
    """The public keys by which a ledger is verified: its own, and those of its witnesses.

    Give the file to whoever is to verify an export; it holds no secret. He must get it from you,
    and not with the export.
    """
    from tieline.core.ledger.keyring import keys_text
    from tieline.wiring.keyfolder import terms_for
    from tieline.wiring.opening import found_config, open_node

    open_node(found_config(config))
    terms = terms_for(system)
    if as_json:
        click.echo(keys_text(terms), nl=False)
        return
    for term in terms:
        until = "" if term.until is None else f" until {term.until}"
        revoked = ", revoked" if term.revoked else ""
        click.echo(f"{term.key_id}  {term.name}  from {term.since}{until}{revoked}")
    if not terms:
        click.echo("there are no keys yet: a running node makes them, or tieline keys rotate")


@command.command(epilog="\b\nExample:\n  tieline keys rotate --system patrol")
@config_option
@system_option
@click.option("--witness", is_flag=True, help="The key by which this keeper cosigns for others.")
def rotate(config: Path | None, system: str, witness: bool) -> None:
    """Sign with a new key from the next second on; what the old one signed still verifies."""
    from tieline.wiring.keyfolder import key_folder
    from tieline.wiring.opening import found_config, open_node

    open_node(found_config(config))
    term = key_folder(system).rotate("witness" if witness else "log", at=datetime.now(UTC))
    click.echo(f"{term.name} signs with {term.key_id} from {term.since}")


@command.command(epilog="\b\nExample:\n  tieline keys revoke --system patrol 8f3c01ab --yes")
@config_option
@system_option
@click.argument("key_id")
@click.option("--yes", is_flag=True, help="Revoke it; without this nothing is done.")
def revoke(config: Path | None, system: str, key_id: str, yes: bool) -> None:
    """End KEY_ID, which somebody else may have: nothing that it signs from now on is trusted.

    Its file is destroyed. Where it was in force, a new key takes its place.
    """
    from tieline.wiring.keyfolder import key_folder
    from tieline.wiring.opening import found_config, open_node

    if not yes:
        raise click.UsageError("a key that was revoked never signs again: say --yes")
    open_node(found_config(config))
    ended, successor = key_folder(system).revoke(key_id, at=datetime.now(UTC))
    click.echo(f"{ended.name}: {ended.key_id} is revoked")
    if successor is not None:
        click.echo(f"{successor.name} signs with {successor.key_id} from {successor.since}")
