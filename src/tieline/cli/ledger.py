"""`tieline ledger`: who looked at what, written out, and proved whole."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tieline.cli.node import config_option

if TYPE_CHECKING:
    from tieline.core.ledger.verify import Keys, Report

SYSTEMS = ("patrol", "investigations", "partner", "exchange", "accounts")
MOST_TOLD = 20


@click.group(epilog="\b\nExample:\n  tieline ledger export --system patrol --out patrol.ledger")
def command() -> None:
    """Export a system's ledger, and verify an export without any system."""


@command.command(epilog="\b\nExample:\n  tieline ledger export --system patrol --out patrol.ledger")
@config_option
@click.option("--system", type=click.Choice(SYSTEMS), required=True, help="Whose ledger.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    default=None,
    help="The file to write, whole or not at all; the screen where none is named.",
)
def export(config: Path | None, system: str, out: Path | None) -> None:
    """Write a ledger out, one entry a line, in the form that docs/ledger.md tells."""
    from tieline.files.whole_file import whole_file
    from tieline.wiring.opening import found_config, open_node

    open_node(found_config(config))
    # Models can be loaded only now.
    from tieline.wiring.ledgers import exported

    at = datetime.now(UTC)
    if out is None:
        for line in exported(system, at=at):
            sys.stdout.buffer.write(line)
        return
    count = -1
    with whole_file(out) as handle:
        for line in exported(system, at=at):
            handle.write(line)
            count += 1
    click.echo(f"{count:,} entries of {system} in {out}")


@command.command(epilog="\b\nExample:\n  tieline ledger verify patrol.ledger --keys patrol.keys")
@click.argument("export", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option(
    "--keys",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    default=None,
    help="The keys that you trust, as keys list --json writes them; not from who exported.",
)
@click.option(
    "--checkpoint",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    default=None,
    help="A checkpoint that a partner or a paper kept: the export must have come past it.",
)
@click.option("--size", type=click.IntRange(min=0), default=None, help="As a partner knows it.")
@click.option("--root", default=None, help="The root over that size, as a partner knows it.")
@click.option("--json", "as_json", is_flag=True, help="Print one object.")
def verify(
    export: Path,
    keys: Path | None,
    checkpoint: Path | None,
    size: int | None,
    root: str | None,
    as_json: bool,
) -> int:
    """Whether EXPORT is whole and unchanged; needs no node and no database.

    With --keys every checkpoint in it must be signed by its ledger and cosigned by its witnesses.
    Without --keys, --checkpoint, --size or --root it shows damage only: an owner who rewrote
    everything would pass.
    """
    from tieline.cli.examining import examine_file

    trusted = None if keys is None else _keys(keys)
    known = {} if checkpoint is None else _known(checkpoint, trusted)
    report = examine_file(export, size=size, root=_root(root), known=known, keys=trusted)
    if as_json:
        click.echo(json.dumps(_told(report)))
    else:
        _tell(report)
    return 0 if report.sound else 3


@command.command(epilog="\b\nExample:\n  tieline ledger reconcile --json")
@config_option
@click.option(
    "--grace",
    type=click.IntRange(min=0),
    default=300,
    show_default=True,
    help="Seconds that the other half of a disclosure may be on its way.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one object a line.")
def reconcile(config: Path | None, grace: int, as_json: bool) -> int:
    """Disclosures that only one side has: the ledger of whoever told it, or the receipts of whoever
    was told. Every entry is held against its receipt.

    Answers 1 where there are any, 4 where a ledger or the receipts of a side cannot be read.
    """
    from datetime import timedelta

    from tieline.wiring.opening import found_config, open_node

    open_node(found_config(config))
    # Models can be loaded only now.
    from tieline.wiring.both_sides import compared
    from tieline.wiring.receipts import keep_receipts

    at = datetime.now(UTC)
    keep_receipts(at)
    made = compared(at=at, grace=timedelta(seconds=grace))
    for one in made.found:
        said = {
            "why": one.why.value,
            "ledger": one.ledger,
            "receipts": one.home,
            "at": one.at.isoformat() if one.at else "",
            "agency": one.agency,
            "viewer": one.viewer,
            "record": one.record,
            "level": one.level,
            "detail": one.detail,
        }
        if as_json:
            click.echo(json.dumps(said))
        else:
            click.echo("  ".join(text for text in said.values() if text))
    click.echo(
        f"{made.both:,} on both sides, {len(made.found):,} on one alone, "
        f"{made.waiting:,} on their way, {made.broken_off:,} broken off",
        err=True,
    )
    if made.missing:
        click.echo(f"these do not answer: {', '.join(made.missing)}", err=True)
        return 4
    return 1 if made.found else 0


def _keys(path: Path) -> Keys:
    from tieline.core.ledger.verify import read_keys

    try:
        return read_keys(path.read_text(encoding="utf-8"))
    except (ValueError, KeyError, TypeError):
        raise click.BadParameter(
            f"{path} holds no keys: tieline keys list --json writes them", param_hint="--keys"
        ) from None


def _known(path: Path, keys: Keys | None) -> dict[int, bytes]:
    from tieline.core.ledger.verify import read_checkpoint

    try:
        _, size, root, _ = read_checkpoint(path.read_text(encoding="utf-8"), keys)
    except ValueError as error:
        why = error.args[0] if len(error.args) == 2 else "it cannot be read"
        raise click.BadParameter(f"{path}: {why}", param_hint="--checkpoint") from None
    return {size: root}


def _root(said: str | None) -> bytes | None:
    try:
        return None if said is None else bytes.fromhex(said)
    except ValueError:
        raise click.BadParameter(
            "a root is 64 digits of 0-9 and a-f", param_hint="--root"
        ) from None


def _told(report: Report) -> dict[str, object]:
    return {
        "system": report.system,
        "entries": report.size,
        "root": report.root.hex(),
        "sound": report.sound,
        "agreed": report.agreed,
        "sides": report.sides,
        "fault_count": report.fault_count,
        "faults": [
            {
                "kind": one.kind.name.lower(),
                "line": one.line,
                "entry": one.sequence,
                "detail": one.detail,
            }
            for one in report.faults
        ],
    }


def _tell(report: Report) -> None:
    echo = click.echo
    echo(f"ledger of {report.system or 'nobody'}: {report.size:,} entries")
    echo(f"root {report.root.hex()}")
    if report.sound:
        agreed = report.agreed is not None
        echo("whole and unchanged" if agreed else "whole; compare size and root with a partner's")
        return
    echo(f"{report.fault_count:,} faults:")
    for one in report.faults[:MOST_TOLD]:
        where = f"line {one.line}" + ("" if one.sequence is None else f", entry {one.sequence}")
        echo(f"  {where}: {one.kind.value}{': ' + one.detail if one.detail else ''}")
    if report.fault_count > MOST_TOLD:
        echo(f"  and {report.fault_count - MOST_TOLD:,} more (--json tells up to 1,000)")
