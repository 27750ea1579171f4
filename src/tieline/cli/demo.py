"""`tieline demo`: two systems, an exchange and a year of invented people, served."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from tieline.demo.node.build import Built


@click.command(epilog="\b\nExamples:\n  tieline demo\n  tieline demo --scale 0.05 --port 8010")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("tieline-demo"),
    show_default=True,
    help="The folder of the demo's node. What the demo did not make is never touched.",
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    help="0 takes a free one.",
)
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    default=1,
    show_default=True,
    help="The same seed invents the same year.",
)
@click.option(
    "--scale",
    type=click.FloatRange(0.01, 10),
    default=1.0,
    show_default=True,
    help="1 is a year of about 20,000 subjects.",
)
@click.option(
    "--database",
    "databases",
    metavar="NAME=URL",
    multiple=True,
    help="Where a database lies instead of the folder; it must be empty.",
)
@click.option("--build-only", is_flag=True, help="Build it and leave.")
def command(
    out: Path,
    port: int,
    seed: int,
    scale: float,
    databases: tuple[str, ...],
    build_only: bool,
) -> None:
    """Build two record systems of invented people with an exchange between them, and serve them.

    Prints the address and the sign-ins. Nobody in it is real: synthetic data, not a government
    system. A build that was stopped goes on where it was; a later start takes a few seconds. It
    listens on this machine alone.
    """
    from tieline.cli.node import urls_of
    from tieline.cli.progress import Told
    from tieline.demo.node.build import build
    from tieline.demo.node.run import run

    with Told() as progress:
        built = build(
            out,
            seed=seed,
            scale=scale,
            databases=urls_of(databases),
            progress=progress,
            port=None if build_only else port,
        )
    _tell(built)
    if not build_only:
        run(built, port=port, ready=lambda address: click.echo(f"\nOpen {address}\nCtrl+C stops."))


def _tell(built: Built) -> None:
    echo = click.echo
    echo("Synthetic data, not a government system: everybody in it is invented.\n")
    echo(f"  {built.told}\n")
    widest = max(len(one.username) for one in built.sign_ins)
    for one in built.sign_ins:
        echo(f"  {one.username:<{widest}}  {one.password}  {one.about}")
    echo(f"\n  Who truly is who stands in {built.truth}, which the program never reads.")
