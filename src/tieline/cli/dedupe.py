"""`tieline dedupe`: which rows of one file are the same person."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from tieline.linking.deduping import Found


@click.command(
    epilog="""\b
Examples:
  tieline dedupe people.csv --map map.toml --out clusters.csv
  tieline dedupe people.parquet --map map.toml --truth person_id --json
  tieline dedupe people.csv --map map.toml --explain 17 204""",
)
@click.argument("file", type=click.Path(path_type=Path, readable=False))
@click.option(
    "--map",
    "map_path",
    type=click.Path(path_type=Path, readable=False),
    required=True,
    help="Which columns mean what; see docs/map.md.",
)
@click.option("--truth", default="", metavar="COLUMN", help="A column that says who is who.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write row and cluster here instead: CSV, or JSON Lines by the ending .jsonl.",
)
@click.option(
    "--model",
    type=click.Path(path_type=Path, readable=False),
    help="Use the weights of this file instead of learning them; see tieline model.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON Lines, the figures last.")
@click.option(
    "--explain", nargs=2, metavar="ROW ROW", help="Print why two rows are, or are not, one person."
)
def command(
    file: Path,
    map_path: Path,
    truth: str,
    out: Path | None,
    model: Path | None,
    as_json: bool,
    explain: tuple[str, str] | None,
) -> int:
    """Find which rows of FILE are the same person.

    Each row gets the number of its cluster; rows of one cluster are taken for one person. Nothing
    in FILE is changed. The weights are learned on the file itself. Pairs that would join two
    persons over a weak bridge are not joined, but counted for review.
    """
    if explain and out:
        raise click.UsageError("--explain prints one pair and writes nothing: leave --out out")
    if out is not None and out.suffix.lower() == ".parquet":
        raise click.UsageError("clusters are written as CSV, or as JSON Lines by the ending .jsonl")
    from tieline.cli.progress import Told
    from tieline.wiring.linking import dedupe_file

    with Told() as told:
        found = dedupe_file(file, map_path, truth=truth, out=out, model=model, progress=told)
    if explain:
        _print_pair(found.explain(*explain), as_json=as_json)
        return 0
    if out is None:
        found.write(sys.stdout, as_json=as_json)
    if as_json:
        told_last = found.summary() | {"out": str(out) if out else None}
        click.echo(json.dumps(told_last, ensure_ascii=False))
    else:
        _print_figures(found)
    return 1 if found.sheet.rejected else 0


def _print_figures(found: Found) -> None:
    # On the error stream, so that the rows can be piped on.
    for name, value in found.summary().items():
        if isinstance(value, list):
            for line in value:
                click.echo(f"warning: {line}", err=True)
        else:
            shown = f"{value:,}" if isinstance(value, int) else value
            click.echo(f"{name.replace('_', ' ')}: {shown}", err=True)


def _print_pair(pair: dict[str, object], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(pair, ensure_ascii=False))
        return
    click.echo("one cluster" if pair["same_cluster"] else "two clusters")
    click.echo(f"{pair['prior']:>9}  before anything is compared")
    evidence = pair["evidence"]
    assert isinstance(evidence, list)  # noqa: S101 - made so
    for one in evidence:
        values = f"  ({one['left']} | {one['right']})" if one["left"] or one["right"] else ""
        level = f": {one['level']}" if one["level"] else ""
        click.echo(f"{one['weight']:>9}  {one['feature']}{level}{values}")
    click.echo(f"{pair['score']:>9}  log2 odds that they are one person")
