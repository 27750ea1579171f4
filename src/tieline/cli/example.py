"""`tieline example`: the main job, end to end, on invented people."""

from __future__ import annotations

import shlex
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from tieline.demo.folder import DemoFolder
    from tieline.linking.result import LinkResult

# A pair of people with everything in common shows what an ambiguous group is.
INDISTINGUISHABLE = 3
OVERLAP = 0.7


@click.command(
    epilog="\b\nExample:\n  tieline example --out example-out --rows 500 --seed 7",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("example-out"),
    show_default=True,
    help="The folder to write; a folder that it made before is written anew.",
)
@click.option(
    "--rows",
    type=click.IntRange(20, 200_000),
    default=2000,
    show_default=True,
    help="Rows of the left export; the right one has three quarters as many.",
)
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    default=1,
    show_default=True,
    help="The same seed gives the same people.",
)
def command(out: Path, rows: int, seed: int) -> None:
    """Make two small exports of invented people and join them.

    Writes left.csv, right.csv, the map between them (map.toml) and who is truly who (truth.csv)
    into the folder, joins the exports, and says where the report lies. Nobody in them is real:
    synthetic data, not a government system.
    """
    from tieline.cli.progress import Told
    from tieline.demo.exports import two_exports
    from tieline.demo.folder import claim, fill
    from tieline.wiring.linking import link_files

    folder = claim(out)
    exports = two_exports(
        rows=rows,
        right_rows=rows * 3 // 4,
        overlap=OVERLAP,
        seed=seed,
        indistinguishable=INDISTINGUISHABLE,
    )
    fill(folder, exports)
    with Told() as progress:
        result = link_files(
            folder.left,
            folder.right,
            folder.map,
            out=folder.result,
            progress=progress,
            synthetic=True,
        )
    _tell(folder, result, exports.truth)


def _tell(folder: DemoFolder, result: LinkResult, truth: list[tuple[str, str]]) -> None:
    from tieline.demo.folder import NOTICE, linked_numbers

    true, found = set(truth), linked_numbers(folder.result)
    linked, right = len(found), len(true.intersection(found))
    echo = click.echo
    echo(f"Invented people: {NOTICE}.\n")
    echo(f"  {result.left.rows:,} rows in {folder.left}, {result.right.rows:,} in {folder.right}")
    echo(f"  {linked:,} pairs linked, each with its evidence")
    echo(f"  {len(result.ambiguous):,} groups of rows that nobody can tell apart")
    echo(f"  {len(result.unmatched_left):,} unmatched left, {len(result.unmatched_right):,} right")
    echo(f"  {len(result.rejected):,} rejected: malformed on purpose, to show what becomes of them")
    echo(
        f"  the truth, which the job did not see: {right:,} links right, {linked - right:,} wrong, "
        f"of {len(true):,} people in both"
    )
    echo(f"\nThe report, to open in a browser:\n  {(folder.result / 'report.html').resolve()}")
    echo("\nWhat to try next:")
    files = [str(folder.left), str(folder.right)]
    if found:
        echo(f"  {_typed('link', *files, '--map', str(folder.map), '--explain', *found[0])}")
    echo(f"  {_typed('link', '--suggest', *files)}")
    echo("  docs/linking.md links two files of your own")


def _typed(*words: str) -> str:
    """A command as this reader can type it, who may have no tieline on the path."""
    program = "tieline" if shutil.which("tieline") else sys.argv[0]
    return shlex.join([program, *words])
