"""`tieline sync`: whether the exchange holds what its systems have, and mending where not."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tieline.cli.node import config_option

if TYPE_CHECKING:
    from tieline.exchange.index.sync import Checked
    from tieline.keeping.going_on import WentOn
    from tieline.wiring.reconciling import Since
    from tieline.wiring.restored import Restored

MOST_TOLD = 20


@click.group(epilog="\b\nExample:\n  tieline sync check --config border-node")
def command() -> None:
    """Compare the exchange with the systems it reads."""


@command.command(epilog="\b\nExample:\n  tieline sync check --config border-node --json")
@config_option
@click.option("--json", "as_json", is_flag=True, help="Print one object a system, one a line.")
def check(config: Path | None, as_json: bool) -> int:
    """Say for each system what the exchange lacks, has too much, or has in an old version; and what
    it has in a newer one than the system itself.

    Persons are compared too: with what their links and judgements say.
    """
    from tieline.wiring.opening import found_config, open_node

    open_node(found_config(config), unreconciled=True)
    # Models can be loaded only now.
    from tieline.exchange.index.persons import unlike
    from tieline.exchange.index.sync import check as compare
    from tieline.wiring.systems import doors

    return _tell(compare(doors(), at=datetime.now(UTC)), len(unlike()), as_json=as_json)


@command.command(
    epilog="\b\nExamples:\n  tieline sync repair --config border-node\n"
    "  tieline sync repair --config restored --ledger patrol.ledger --accept-loss",
)
@config_option
@click.option(
    "--accept-loss",
    is_flag=True,
    help="A system that went back to a backup goes on from there: what others know of it is over.",
)
@click.option(
    "--ledger",
    "exports",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    multiple=True,
    help="Of a node that was restored: a later export of one of its ledgers. What it says was "
    "purged since is purged again.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one object a system, one a line.")
def repair(config: Path | None, accept_loss: bool, exports: tuple[Path, ...], as_json: bool) -> int:
    """Bring the exchange to what each system has; may be called again, and while a node runs.

    Where the exchange knows more of a system than the system itself, that went back to a backup:
    then nothing is changed, and what is missing is named, until --accept-loss. After a restore
    this is what lets a node serve again; meanwhile it must not run.
    """
    from tieline.wiring.opening import found_config, open_node

    node = open_node(found_config(config), unreconciled=True)
    # Models can be loaded only now.
    from tieline.exchange.index.persons import unlike
    from tieline.exchange.index.sync import check as compare
    from tieline.wiring.reconciling import find_later, missing, read_since, reconcile
    from tieline.wiring.restored import restored
    from tieline.wiring.systems import doors

    at = datetime.now(UTC)
    found = restored(node.folder)
    if exports and found is None:
        raise click.BadParameter("this node was not restored", param_hint="--ledger")
    since = read_since(exports, found) if found is not None else None
    later = find_later(doors(), since=since)
    lacking = missing(doors(), later)
    _tell_missing(found, since, lacking, as_json=as_json)
    if not accept_loss and (lacking or (since is not None and since.lost)):
        click.echo(
            "tieline: nothing was changed\nlook whether another copy has it; to go on without it: "
            "tieline sync repair --accept-loss",
            err=True,
        )
        return 3
    reconcile(doors(), later, folder=node.folder, found=found, at=at)
    return _tell(compare(doors(), at=at), len(unlike()), as_json=as_json)


def _tell_missing(
    found: Restored | None, since: Since | None, lacking: dict[str, WentOn], *, as_json: bool
) -> None:
    ledgers = since.ledgers if since is not None else ()
    if as_json:
        if found is not None:
            click.echo(json.dumps({"restored": found.digest, "at": found.at.isoformat()}))
        for one in ledgers:
            click.echo(json.dumps({"ledger": one.system, "lost": one.lost}))
        for name, went in lacking.items():
            click.echo(json.dumps({"system": name, "lacks": asdict(went)}))
        return
    if found is not None:
        known = "of that is known:" if lacking or ledgers else "and nobody here knows of it"
        click.echo(f"restored as of {found.at:%F %T} UTC: what came later is missing, {known}")
    for one in ledgers:
        click.echo(f"  ledger of {one.system}: {sum(one.lost.values()):,} entries are lost")
        for event, count in sorted(one.lost.items()):
            click.echo(f"    {count:>9,}  {event}")
    for name, went in lacking.items():
        for words, numbers in (
            ("in an older version than others know", went.older),
            ("taken back since, and shut to all but their owner now", went.shut),
            ("purged since, and to be purged again", went.purged),
            ("not here; their numbers stay taken", went.lost),
        ):
            if numbers:
                more = f" and {len(numbers) - MOST_TOLD:,} more" if numbers[MOST_TOLD:] else ""
                told = ", ".join(numbers[:MOST_TOLD])
                click.echo(f"  {name}: {len(numbers):,} {words}: {told}{more}")


def _tell(found: tuple[Checked, ...], strayed: int, *, as_json: bool) -> int:
    if strayed and as_json:
        click.echo(json.dumps({"persons": "differ", "pointers": strayed}))
    elif strayed:
        click.echo(f"persons: {strayed:,} pointers are not where their links say (sync repair)")
    for one in found:
        if as_json:
            click.echo(json.dumps(one.told()))
        else:
            click.echo(one.words())
    if any(not one.answered for one in found):
        return 4
    return 0 if all(one.equal for one in found) and not strayed else 1
