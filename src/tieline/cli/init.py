"""`tieline init`: a new node, ready for its agreement to be signed."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tieline.cli.node import DATABASES, urls_of

if TYPE_CHECKING:
    from tieline.core.agreement.clauses import Party


@click.command(
    epilog="\b\nExample:\n  tieline init border-node --administrator mlopez --agency patrol "
    "--unit TCA",
)
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--database",
    "databases",
    metavar="NAME=URL",
    multiple=True,
    help=f"Where a database lies ({', '.join(DATABASES)}): sqlite:FILE or postgresql://… "
    "A file in the folder where nothing is said.",
)
@click.option(
    "--party",
    "parties",
    metavar="AGENCY:DEPARTMENT",
    multiple=True,
    help="A party to the agreement, once for each; else patrol:DHS and investigations:DHS.",
)
@click.option("--administrator", default="admin", show_default=True, help="Who makes the others.")
@click.option("--agency", default="", help="The administrator's agency; else the first party.")
@click.option("--unit", default="HQ", show_default=True, help="The administrator's unit.")
def command(
    folder: Path,
    databases: tuple[str, ...],
    parties: tuple[str, ...],
    administrator: str,
    agency: str,
    unit: str,
) -> None:
    """Make a node in FOLDER: configuration, keys, databases, the first administrator.

    An init that was interrupted is finished when it is called again. The administrator's password
    is printed once. Nothing is disclosed before each party has signed the agreement.
    """
    from tieline.wiring.making import (
        NodeExists,
        has_people,
        make_administrator,
        make_folder,
        migrate,
    )
    from tieline.wiring.opening import CONFIG_NAME, open_node

    config = folder / CONFIG_NAME
    begun = config.exists()
    signers = [_party(one) for one in parties or ("patrol:DHS", "investigations:DHS")]
    home = _home(agency, signers)
    if not begun:
        make_folder(folder, databases=urls_of(databases), parties=signers)
    open_node(config.resolve())
    migrate()
    if has_people():
        raise NodeExists(f"{folder} holds a node already", cure="name another folder")
    at = datetime.now(UTC)
    made = make_administrator(administrator, party=home, unit=unit, at=at)
    echo = click.echo
    echo(f"A node stands in {folder}.")
    echo(f"  administrator  {made.username}")
    echo(f"  password       {made.password}    (shown this once)")
    echo("\nNext:")
    for signer in signers:
        echo(f"  tieline agreement sign --config {config} --agency {signer.agency} --by NAME")
    echo(f"  tieline agreement adopt --config {config}")
    echo(f"  tieline serve --config {config}")


def _home(agency: str, parties: list[Party]) -> Party:
    """The administrator's agency, which must be one that the agreement is about."""
    for party in parties:
        if agency in ("", party.agency):
            return party
    known = ", ".join(party.agency for party in parties)
    raise click.BadParameter(
        f"{agency} is no party to the agreement; the parties are {known}", param_hint="--agency"
    )


def _party(said: str) -> Party:
    from tieline.core.agreement.clauses import Party

    agency, colon, department = said.partition(":")
    if not agency or not colon or not department:
        raise click.BadParameter(f"{said} is not AGENCY:DEPARTMENT", param_hint="--party")
    return Party(agency, department)
