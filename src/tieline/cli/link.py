"""`tieline link`: two exports joined end to end."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from tieline.linking.result import LinkResult, Pair


@click.command(
    epilog="""\b
Examples:
  tieline link --suggest left.csv right.csv > map.toml
  tieline link left.csv right.csv --map map.toml --out result
  tieline link left.csv right.csv --map map.toml --explain 17 R-204""",
)
@click.argument("left", type=click.Path(path_type=Path, readable=False))
@click.argument("right", type=click.Path(path_type=Path, readable=False))
@click.option(
    "--map",
    "map_path",
    type=click.Path(path_type=Path, readable=False),
    help="Which columns mean the same.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Write all results into this folder: CSV, Parquet, XLSX and an HTML report. With a name "
    "that ends in .csv or .parquet, the links alone into that file.",
)
@click.option(
    "--model",
    type=click.Path(path_type=Path, readable=False),
    help="Use the weights of this file instead of learning them; see tieline model.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of a table.")
@click.option(
    "--explain",
    nargs=2,
    metavar="LEFT_NO RIGHT_NO",
    help="Print the evidence for one pair of rows, linked or not.",
)
@click.option(
    "--engine",
    type=click.Choice(["local", "spark"]),
    default="local",
    show_default=True,
    help="Where people are joined: here, or by Apache Spark (docs/spark.md).",
)
@click.option(
    "--master", default="local[*]", show_default=True, help="Spark's master, with --engine spark."
)
@click.option("--suggest", is_flag=True, help="Write a first map from the columns of both files.")
def command(
    left: Path,
    right: Path,
    map_path: Path | None,
    out: Path | None,
    model: Path | None,
    as_json: bool,
    explain: tuple[str, str] | None,
    engine: str,
    master: str,
    suggest: bool,
) -> int:
    """Join two exports of two systems that share no number.

    Rows of events have one partner at most, rows of people as many as the person has; the map says
    which they are. Each link comes with its evidence; rows that nobody can tell apart are reported
    as ambiguous groups, never guessed; all other rows are unmatched or rejected, and none is lost.
    Files may be CSV (also .gz), JSON Lines, Parquet or XLSX. The weights are learned on the two
    files themselves.
    """
    if suggest:
        return _suggest(left, right, map_path, out)
    if map_path is None:
        raise click.UsageError(
            "a map is needed: --map MAP.toml\n"
            "A first one is written by: "
            f"tieline link --suggest {shlex.join([str(left), str(right)])} > map.toml"
        )
    if explain and out:
        raise click.UsageError("--explain prints one pair and writes nothing: leave --out out")
    if engine == "spark":
        if explain:
            raise click.UsageError("--explain is answered here: leave --engine spark out")
        from tieline.files.drafted import is_one_table

        if out and is_one_table(out):
            raise click.UsageError("Spark's results are a folder: name one for --out")
        return _by_spark(left, right, map_path, out, model, master, as_json=as_json)
    from tieline.cli.progress import Told

    with Told() as told:
        if explain:
            from tieline.wiring.linking import run_link

            done, result = run_link(left, right, map_path, model=model, progress=told)
            pair = done.explain(*explain)
            told.end()
            _print_pair(pair, result, as_json=as_json)
            return 0
        from tieline.wiring.linking import link_files

        result = link_files(left, right, map_path, out=out, model=model, progress=told)
    _print_result(result, out, as_json=as_json)
    return 1 if result.rejected else 0


def _by_spark(
    left: Path,
    right: Path,
    map_path: Path,
    out: Path | None,
    model: Path | None,
    master: str,
    *,
    as_json: bool,
) -> int:
    from tieline.cli.progress import Told
    from tieline.wiring.spark import link_with_spark

    with Told() as told:
        found = link_with_spark(
            left, right, map_path, master=master, out=out, model=model, progress=told
        )
    if as_json:
        click.echo(json.dumps(found | {"out": str(out) if out else None}, ensure_ascii=False))
        return 0
    for name, value in found.items():
        if isinstance(value, int):
            click.echo(f"{name.replace('_', ' ')}: {value:,}")
    if out:
        click.echo(f"written to {out}")
    return 0


def _suggest(left: Path, right: Path, map_path: Path | None, out: Path | None) -> int:
    from tieline.wiring.linking import suggest_map

    if map_path or out:
        raise click.UsageError("--suggest prints a map; redirect it: … --suggest L R > map.toml")
    click.echo(suggest_map(left, right), nl=False)
    click.echo("A first map: read it, change what is wrong, then:", err=True)
    files = shlex.join([str(left), str(right)])
    click.echo(f"  tieline link {files} --map map.toml --out result", err=True)
    return 0


def _print_result(result: LinkResult, out: Path | None, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(_summary(result, out), ensure_ascii=False))
        return
    from tieline.cli import linktable

    linktable.show(result, out)


def _summary(result: LinkResult, out: Path | None) -> dict[str, object]:
    summary: dict[str, object] = {
        "linked": len(result.links),
        "ambiguous_groups": len(result.ambiguous),
        "ambiguous_rows": result.ambiguous_rows,
        "unmatched_left": len(result.unmatched_left),
        "unmatched_right": len(result.unmatched_right),
        "rejected": len(result.rejected),
        "seconds": result.seconds,
        "left_rows": result.left.rows,
        "right_rows": result.right.rows,
        "not_understood": sum(one.rows for one in result.not_understood),
        "warnings": list(result.warnings),
        "out": str(out) if out else None,
    }
    if result.truth is not None:
        summary |= {
            "precision": result.truth.precision,
            "recall": result.truth.recall,
            "recall_with_ambiguous": result.truth.recall_with_ambiguous,
            "true_rows": result.truth.true_rows,
            "linked_true": result.truth.linked_true,
            "linked_false": result.truth.linked_false,
            "ambiguous_true": result.truth.ambiguous_true,
        }
    return summary


def _print_pair(pair: Pair, result: LinkResult, *, as_json: bool) -> None:
    if as_json:
        told = {
            "left": pair.left,
            "right": pair.right,
            "score": round(pair.score, 3),
            "prior": round(result.prior, 3),
            "probability": round(pair.probability, 6),
            "evidence": [
                {
                    "feature": one.feature,
                    "left": one.left,
                    "right": one.right,
                    "level": one.level,
                    "weight": round(one.weight, 3),
                }
                for one in pair.evidence
            ],
        }
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    from tieline.cli import linktable

    linktable.show_pair(pair, result)
