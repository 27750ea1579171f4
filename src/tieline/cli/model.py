"""`tieline model`: weights that are learned once, looked at, kept and used again."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import click

from tieline.cli.node import config_option

_PATH = click.Path(path_type=Path, readable=False)
_FILES = click.argument("files", nargs=-1, required=True, type=_PATH, metavar="FILE [OTHER]")
_MAP = click.option(
    "--map",
    "map_path",
    type=_PATH,
    required=True,
    help="Which columns mean what; see docs/map.md.",
)
_OUT = click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="Write the model here.",
)


@click.group(
    epilog="\b\nExample:\n  tieline model train people.csv --map map.toml --out model.json"
)
def command() -> None:
    """Learn weights, look at them, or take over those of Splink."""


@command.command(
    epilog="""\b
Examples:
  tieline model train people.csv --map map.toml --out model.json
  tieline model train left.csv right.csv --map map.toml --judgements said.csv --out model.json"""
)
@_FILES
@_MAP
@click.option(
    "--judgements",
    type=_PATH,
    help="A CSV of left, right and verdict (same, different, unsure): rows by their numbers.",
)
@_OUT
def train(files: tuple[Path, ...], map_path: Path, judgements: Path | None, out: Path) -> None:
    """Learn a model of one FILE with duplicates in it, or of two files of the same people.

    What people judged counts for what they said. A file in which nobody stands twice teaches
    nothing, and gives the usual weights.
    """
    from tieline.cli.progress import Told
    from tieline.wiring.modelling import train_model, write_model

    with Told() as told:
        model = train_model(_two(files), map_path, judgements, progress=told)
    write_model(model, out)
    made = model.made
    click.echo(
        f"{made['pairs']:,} pairs of {made['rows']:,} rows, {made['judged']:,} judged: {out}"
    )


@command.command(
    epilog="""\b
Examples:
  tieline model learn --config border-node
  tieline model learn --config border-node --adopt"""
)
@config_option
@click.option("--adopt", is_flag=True, help="Weigh by it on this node from its next start.")
@click.option("--json", "as_json", is_flag=True, help="Print what was learned as one JSON object.")
def learn(config: Path | None, adopt: bool, as_json: bool) -> None:
    """Learn of what a node's people judged, by how much weights were off.

    Links that are confirmed or rejected count; names, birth dates, sexes and phones are learned,
    numbers of documents never. What would not foretell other judgements better is not learned.
    """
    from tieline.wiring.opening import found_config, open_node

    open_node(found_config(config))
    # Models can be loaded only now.
    from tieline.wiring.teaching import adopt_learned, learn_of_node

    learned = learn_of_node(at=datetime.now(UTC))
    if as_json:
        click.echo(learned.text())
    else:
        click.echo(
            f"{learned.same} judged the same, {learned.different} different: "
            f"{learned.after:.3f} bits of surprise a judgement, {learned.before:.3f} before"
        )
        for (feature, level), bits in sorted(learned.bits.items()):
            click.echo(f"  {bits:>+5.1f}  {feature}: {level}")
    if adopt:
        file = adopt_learned(learned)
        click.echo(f"{learned.version} is weighed by from the node's next start: {file}", err=True)


@command.command(epilog="\b\nExample:\n  tieline model show model.json")
@click.argument("model", type=_PATH)
@click.option("--json", "as_json", is_flag=True, help="Print JSON Lines, one a level.")
def show(model: Path, as_json: bool) -> None:
    """Print what a model weighs, and of what it was learned.

    The rarity of a value counts instead of the share by chance where two values agree.
    """
    from tieline.linking.models import read_model

    found = read_model(model)
    made = found.made
    if as_json:
        click.echo(json.dumps(dict(made), ensure_ascii=False))
        for one in found.levels():
            line = {
                "field": one.field,
                "level": one.words,
                "true": one.true,
                "chance": one.chance,
                "weight": round(one.weight, 3),
            }
            click.echo(json.dumps(line, ensure_ascii=False))
        return
    click.echo(f"learned {made['at']} by {made['source']} of {', '.join(made['of'])}")
    click.echo(f"{made['rows']:,} rows, {made['pairs']:,} pairs, {made['judged']:,} judged")
    field = ""
    for one in found.levels():
        if one.field != field:
            click.echo(f"{one.field}")
            field = one.field
        click.echo(
            f"  {one.weight:>8.2f}  {one.words}  (same {one.true:.4f}, chance {one.chance:.6f})"
        )


@command.command(
    "import-splink",
    epilog="""\b
Example:
  tieline model import-splink splink.json people.csv --map map.toml --out model.json""",
)
@click.argument("splink", type=_PATH)
@_FILES
@_MAP
@_OUT
def import_splink(splink: Path, files: tuple[Path, ...], map_path: Path, out: Path) -> None:
    """Take over what Splink learned, for the fields of a map.

    Its comparisons are found by the names of fields and columns. Levels are tieline's own: what
    Splink learned of its first and its last goes to ours, and what lies between is shared out. How
    often values agree by chance is counted on the files.
    """
    from tieline.cli.progress import Told
    from tieline.wiring.modelling import import_splink as take_over
    from tieline.wiring.modelling import write_model

    with Told() as told:
        model, notes = take_over(splink, _two(files), map_path, progress=told)
    write_model(model, out)
    for note in notes:
        click.echo(f"tieline: {note}", err=True)
    click.echo(f"{len(model.said['model']['features'])} fields: {out}")


def _two(files: tuple[Path, ...]) -> tuple[Path, ...]:
    if len(files) > 2:
        raise click.UsageError("give one file, or two")
    return files
