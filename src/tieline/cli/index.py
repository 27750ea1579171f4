"""`tieline index`: people kept on disk, and asked for one by one."""

from __future__ import annotations

import json
import os
from pathlib import Path

import click

_FILE = click.argument("file", type=click.Path(path_type=Path, readable=False))
_MAP = click.option(
    "--map",
    "map_path",
    type=click.Path(path_type=Path, readable=False),
    required=True,
    help="Which columns mean what; see docs/map.md.",
)
_INDEX = click.option(
    "--index",
    "where",
    metavar="FOLDER|URL",
    default="tieline-index",
    show_default=True,
    help="The folder of the index, or the address of a PostgreSQL database.",
)


_WAITS = 10
"""How far a load stands back where the processors are busy (nice)."""


@click.group(
    epilog="\b\nExample:\n  tieline index load people.csv --map map.toml --index people.index"
)
def command() -> None:
    """Keep people in an index, and ask it who somebody is."""


@command.command(epilog="\b\nExample:\n  tieline index load more.csv --map map.toml")
@_FILE
@_MAP
@_INDEX
@click.option(
    "--model",
    type=click.Path(path_type=Path, readable=False),
    help="The weights of a new index, instead of learning them; see tieline model.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def load(file: Path, map_path: Path, where: str, model: Path | None, as_json: bool) -> int:
    """Add the rows of FILE to an index, whole or not at all; made where there is none.

    The first load teaches the index its weights. A file that was loaded before adds nothing.
    """
    from tieline.cli.progress import Told
    from tieline.wiring.indexing import load_index

    # Whoever asks meanwhile goes first.
    os.nice(_WAITS)
    with Told() as told:
        done = load_index(file, map_path, where, model=model, progress=told)
    for warning in done.warnings:
        click.echo(f"tieline: {warning}", err=True)
    figures = {
        "loaded": done.rows,
        "rejected": done.rejected,
        "not_understood": done.not_understood,
        "records": done.size,
    }
    if as_json:
        click.echo(json.dumps(figures | {"known": done.known}))
    elif done.known:
        click.echo(f"this file was loaded before: {done.size:,} records")
    else:
        click.echo(f"{done.rows:,} loaded, {done.rejected:,} rejected: {done.size:,} records")
    return 1 if done.rejected else 0


@command.command(epilog="\b\nExample:\n  tieline index query asked.csv --map map.toml --top 10")
@_FILE
@_MAP
@_INDEX
@click.option(
    "--top",
    type=click.IntRange(1, 1000),
    default=10,
    show_default=True,
    help="Candidates told of each row, at most.",
)
@click.option(
    "--automatic",
    type=click.FloatRange(0.5, 1.0),
    default=0.99,
    show_default=True,
    help="Least probability of the band automatic, where a document's number agrees too.",
)
@click.option(
    "--review",
    type=click.FloatRange(0.0, 1.0),
    default=0.1,
    show_default=True,
    help="Least probability of the band review.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON Lines, one a row of FILE.")
def query(
    file: Path,
    map_path: Path,
    where: str,
    top: int,
    automatic: float,
    review: float,
    as_json: bool,
) -> None:
    """Ask an index for each row of FILE; the likeliest records come first, with their weights.

    Each candidate falls into a band: automatic, review or unlikely.
    """
    from tieline.cli.progress import Told
    from tieline.linking.index.ask import Bands
    from tieline.wiring.indexing import ask_index

    bands = Bands(automatic, review)

    with Told() as told:
        answers = ask_index(
            *(file, map_path, where),
            top=top,
            progress=told,
            warn=lambda text: click.echo(f"tieline: {text}", err=True),
        )
        for number, took, answer in answers:
            if as_json:
                candidates = [
                    {
                        "row": one.number,
                        "source": one.source,
                        "score": one.score,
                        "band": one.band(bands),
                        "weights": one.weights,
                    }
                    for one in answer.candidates
                ]
                line = {
                    "row": number,
                    "milliseconds": round(took, 3),
                    "found": answer.found,
                    "more": answer.more,
                    "candidates": candidates,
                }
                click.echo(json.dumps(line, ensure_ascii=False))
                continue
            click.echo(f"{number}: {answer.found:,} found" + (", and more" if answer.more else ""))
            for one in answer.candidates:
                agrees = ", ".join(f"{label} {said}" for label, said in one.levels.items() if said)
                click.echo(f"  {one.score:>8.2f}  {one.band(bands):<9}  {one.number}  {agrees}")


@command.command(epilog="\b\nExample:\n  tieline index persons --index people.index --json")
@_INDEX
@click.option("--json", "as_json", is_flag=True, help="Print JSON Lines, one a record.")
def persons(where: str, as_json: bool) -> None:
    """Print each record of an index with its person; the order of loads makes no difference."""
    from tieline.cli.progress import Told
    from tieline.wiring.indexing import persons_of

    with Told() as told:
        found = persons_of(where, progress=told)
    rows = zip(found.numbers, found.sources, found.person.tolist(), strict=True)
    if not as_json:
        click.echo("row,source,person")
    for number, source, person in rows:
        if as_json:
            line = {"row": number, "source": source, "person": person}
            click.echo(json.dumps(line, ensure_ascii=False))
        else:
            click.echo(f"{number},{source},{person}")


@command.command(epilog="\b\nExample:\n  tieline index rebuild --index people.index")
@_INDEX
def rebuild(where: str) -> None:
    """Build an index anew whose keys are of another version of the program.

    It is built beside the old one, from which programs of the old version answer until the new one
    is whole and takes its place. One that was killed goes on where it was, when it is run again.
    """
    from tieline.cli.progress import Told
    from tieline.wiring.indexing import rebuild_index

    os.nice(_WAITS)
    with Told() as told:
        size = rebuild_index(where, progress=told)
    click.echo("its keys are of this version" if size is None else f"{size:,} records keyed anew")


@command.command(epilog="\b\nExample:\n  tieline index doctor --index people.index")
@_INDEX
@click.option("--least", default=400, show_default=True, help="Records behind a key to be named.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON Lines, one a key.")
def doctor(where: str, least: int, as_json: bool) -> int:
    """Name the keys that so many records share that a query does not look at all of them."""
    from tieline.wiring.indexing import crowded_keys

    found = crowded_keys(where, least=least, most=50)
    for many, number in found:
        if as_json:
            click.echo(json.dumps({"records": many, "such_as": number}, ensure_ascii=False))
        else:
            click.echo(f"{many:,} records share a key with {number}")
    if not found and not as_json:
        click.echo("no key is crowded")
    return 1 if found else 0
