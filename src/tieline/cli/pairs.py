"""`tieline pairs`: whether the two sides of each row are the same person."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click


@click.command(
    epilog="""\b
Examples:
  tieline pairs pairs.csv --map map.toml > scores.csv
  tieline pairs pairs.parquet --map map.toml --json
  tieline pairs pairs.parquet --map map.toml --out explained.parquet""",
)
@click.argument("file", type=click.Path(path_type=Path, readable=False))
@click.option(
    "--map",
    "map_path",
    type=click.Path(path_type=Path, readable=False),
    required=True,
    help="Which columns are the left side, and which the right; see docs/map.md.",
)
@click.option(
    "--model",
    type=click.Path(path_type=Path, readable=False),
    help="Use the weights of this file instead of learning them; see tieline model.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the pairs here instead, with the evidence: CSV, or Parquet by the ending .parquet.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON Lines with the evidence.")
def command(file: Path, map_path: Path, model: Path | None, out: Path | None, as_json: bool) -> int:
    """Score the pairs of FILE, each row of which holds both sides of one.

    Each row gets a score, the log2 odds that the two are one person, and a verdict: same, unsure
    or different. Names alone are compared by what is known of names in general; where the map has
    other fields too, the weights are learned on the file. With --out each field has two columns
    beside the score: how its values compare, and what that weighs.
    """
    from tieline.cli.progress import Told
    from tieline.files.drafted import is_one_table
    from tieline.wiring.jobs import one_job
    from tieline.wiring.linking import judge_file

    if out is not None and not is_one_table(out):
        raise click.UsageError("--out is a file whose name ends in .csv or .parquet")
    with Told() as told:
        judged = judge_file(file, map_path, model=model, progress=told, out=out)
    if out is None:
        with one_job():
            judged.write(sys.stdout, as_json=as_json)
    figures = judged.summary()
    if as_json:
        click.echo(json.dumps(figures, ensure_ascii=False))
    else:
        for name, value in figures.items():
            if name != "warnings":
                click.echo(f"{name}: {value:,}", err=True)
    return 1 if judged.sheet.rejected else 0
