"""`tieline restore`: a node from a backup, or a look at whether there could be one."""

from __future__ import annotations

import json
import os
from pathlib import Path

import click

from tieline.cli.node import DATABASES, urls_of


@click.command(
    epilog="\b\nExamples:\n  tieline restore /backups/2026-11-29 --verify\n"
    "  tieline restore /backups/2026-11-29 border-node-again --verify",
)
@click.argument("backup", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), required=False)
@click.option(
    "--verify",
    is_flag=True,
    help="Look into each database and go through each ledger, too; without FOLDER that is all.",
)
@click.option("--digest", default="", help="The backup's digest, as it was kept elsewhere.")
@click.option(
    "--database",
    "databases",
    metavar="NAME=URL",
    multiple=True,
    help=f"Where a database ({', '.join(DATABASES)}) that lay on a server is to lie: a new, empty "
    "one. NAME_file=FILE reads the URL from a file.",
)
@click.option(
    "--surviving",
    metavar="NAME=URL",
    multiple=True,
    help="A database that was not lost: it is used as it is, and not restored.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one object.")
def command(
    backup: Path,
    folder: Path | None,
    verify: bool,
    digest: str,
    databases: tuple[str, ...],
    surviving: tuple[str, ...],
    as_json: bool,
) -> None:
    """Make a node of BACKUP in FOLDER, which is empty or not there yet.

    Every part is checked against its digest first. The node serves nobody before it was
    reconciled (tieline sync repair): what came after the backup is missing in it, and others may
    have it.
    """
    if folder is None and not verify:
        raise click.UsageError("name a FOLDER to restore into, or --verify to look only")
    urls, there = urls_of(databases), urls_of(surviving, param_hint="--surviving")
    # What is written here is this user's alone from its first byte.
    os.umask(0o077)
    from tieline.wiring.backup.checking import checked, looked_into

    manifest = checked(backup, digest=digest)
    if verify:
        looked_into(backup, manifest)
    if folder is not None:
        from tieline.wiring.backup.restoring import restore

        restore(backup, manifest, folder, databases=urls, surviving=there)
    if as_json:
        told = {
            "backup": str(backup),
            "digest": manifest.digest,
            "at": manifest.at.isoformat(),
            "node": manifest.node,
            "looked_into": verify,
            "restored": None if folder is None else str(folder),
        }
        click.echo(json.dumps(told))
        return
    within = "whole, and sound within" if verify else "whole"
    click.echo(f"{backup}: {within}; node {manifest.node} as of {manifest.at:%F %T} UTC")
    if folder is not None:
        click.echo(f"restored in {folder}; it serves nobody yet\n\nNext:")
        click.echo(f"  tieline migrate --config {folder}")
        click.echo(f"  tieline sync repair --config {folder}")
        click.echo(f"  tieline serve --config {folder}")
