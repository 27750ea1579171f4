"""`tieline partner`: take in what a partner delivers as a file."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tieline.cli.node import config_option

if TYPE_CHECKING:
    from tieline.systems.partner.load import Loaded

_MOST_NAMED = 20


@click.group(epilog="\b\nExample:\n  tieline partner load bookings.csv --map bookings.toml")
def command() -> None:
    """Take in what a partner, such as a county's jail, delivers as a file."""


@command.command(
    epilog="\b\nExamples:\n  tieline partner load bookings.csv --map bookings.toml\n"
    "  tieline partner load bookings.csv --config border-node --json"
)
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--map",
    "source_map",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    default=None,
    help="What each column is, and who declares what of each protection; else partner_map of the "
    "node's configuration.",
)
@config_option
@click.option("--json", "as_json", is_flag=True, help="Print what was done as one object.")
def load(file: Path, source_map: Path | None, config: Path | None, as_json: bool) -> int:
    """Bring the partner's records to the state of FILE: new rows, changed ones, vanished ones.

    The same file again changes nothing. A map that leaves a protection without a column or a
    declaration is refused: unknown counts as protected, and every row would be hidden. Answers
    with 1 where rows could not be read; all others are taken in.
    """
    from tieline.wiring.opening import found_config, open_node

    node = open_node(found_config(config))
    path = source_map or node.partner_map
    if path is None:
        raise click.UsageError(
            "no map says what the columns are: --map MAP, or partner_map in the configuration"
        )
    # Models can be loaded only now.
    from tieline.systems.partner.load import load as take_in
    from tieline.systems.partner.sourcemap import BadSourceMap, read_source_map
    from tieline.wiring.systems import doors

    try:
        source = read_source_map(path.read_text(encoding="utf-8"), name=path.name)
    except (OSError, UnicodeDecodeError):
        raise BadSourceMap(f"{path} cannot be read", cure="It must be a TOML file.") from None
    done = take_in(doors()["partner"].keeper, file, source, at=datetime.now(UTC))
    return _tell(done, as_json=as_json)


def _tell(done: Loaded, *, as_json: bool) -> int:
    counts = {
        "new": done.new,
        "changed": done.changed,
        "unchanged": done.unchanged,
        "withdrawn": done.withdrawn,
        "hidden": done.hidden,
        "purged": done.purged,
        "malformed": len(done.malformed),
    }
    if as_json:
        rows = [{"line": one.line, "reason": one.reason} for one in done.malformed]
        click.echo(json.dumps({**counts, "rows": rows}))
    else:
        click.echo(", ".join(f"{count:,} {name}" for name, count in counts.items()))
        for one in done.malformed[:_MOST_NAMED]:
            click.echo(f"  line {one.line}: {one.reason}", err=True)
        if len(done.malformed) > _MOST_NAMED:
            click.echo(f"  and {len(done.malformed) - _MOST_NAMED:,} more: --json", err=True)
    if done.vanished_kept:
        click.echo("none was withdrawn: a row that cannot be read may be any record's", err=True)
    return 1 if done.malformed else 0
