"""`tieline init`: a new node, ready for its agreement to be signed."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tieline.cli.node import DATABASES, urls_of

if TYPE_CHECKING:
    from tieline.core.agreement.clauses import Party
    from tieline.wiring.making import FirstAdministrator


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
    help=f"Where a database lies ({', '.join(DATABASES)}): sqlite:FILE or postgresql://…; "
    "NAME_file=FILE reads the URL from a file. A file in the folder where nothing is said.",
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

    An init that was interrupted is finished when it is called again; what is said again replaces
    what was said before. The administrator's password is printed once. Nothing is disclosed before
    each party has signed the agreement.
    """
    from tieline.wiring.folder import (
        BEGUN_NAME,
        begun_parties,
        finish,
        make_folder,
        refuse_odd_codes,
    )
    from tieline.wiring.making import make_administrator, migrate, refuse_a_node
    from tieline.wiring.opening import CONFIG_NAME, open_node

    config = folder / CONFIG_NAME
    said = [_party(one) for one in parties] or list(begun_parties(folder))
    signers = said or [_party(one) for one in ("patrol:DHS", "investigations:DHS")]
    refuse_odd_codes(signers, unit=unit)
    home = _home(agency, signers)
    urls = urls_of(databases)
    begun = config
    if not config.exists():
        begun = make_folder(folder, databases=urls, parties=signers, name=BEGUN_NAME)
    elif urls:
        raise click.BadParameter(
            f"{config} says already where each database lies; correct it there, and call init "
            "without this",
            param_hint="--database",
        )
    open_node(begun.resolve())
    migrate()
    refuse_a_node()

    def tell(made: FirstAdministrator) -> None:
        click.echo(f"A node stands in {folder}.")
        click.echo(f"  administrator  {made.username}")
        click.echo(f"  password       {made.password}    (shown this once)")
        if begun != config:
            finish(begun)

    make_administrator(administrator, party=home, unit=unit, at=datetime.now(UTC), tell=tell)
    click.echo("\nNext:")
    for signer in signers:
        key = f"{signer.agency}.key"
        told = f"--config {config} --party {signer.agency} --as NAME"
        click.echo(f"  tieline agreement key {key}    (by who signs; it prints the public KEY)")
        click.echo(f"  tieline agreement trust {told} --key KEY")
        click.echo(f"  tieline agreement sign {told} --key {key}")
    click.echo(f"  tieline agreement activate --config {config}")
    click.echo(f"  tieline serve --config {config}")


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
