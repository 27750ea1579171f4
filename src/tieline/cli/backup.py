"""`tieline backup`: a whole node in a folder, while it runs."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import click

from tieline.cli.node import config_option


@click.command(
    epilog="\b\nExample:\n  tieline backup /backups/2026-11-29 --config border-node",
)
@click.argument("target", type=click.Path(path_type=Path))
@config_option
@click.option("--json", "as_json", is_flag=True, help="Print one object.")
def command(target: Path, config: Path | None, as_json: bool) -> None:
    """Write a backup of a node into TARGET, a folder that is not there yet.

    All databases as of one moment, the secret, keys, configuration and agreement; the node may be
    at work. It is written whole or not at all, for this user alone, and holds everything that the
    node holds: keep it as you keep the node. Keep the digest that is printed elsewhere.
    """
    from tieline.wiring.opening import found_config, open_node

    found = found_config(config)
    node = open_node(found)
    # Models can be loaded only now.
    from tieline.wiring.backup.making import back_up

    manifest = back_up(node, found, target, at=datetime.now(UTC))
    size = sum(one.bytes for one in manifest.parts)
    if as_json:
        told = {
            "backup": str(target),
            "digest": manifest.digest,
            "at": manifest.at.isoformat(),
            "bytes": size,
            "ledgers": {
                name: {"entries": head.size, "root": head.root}
                for name, head in manifest.ledgers.items()
            },
        }
        click.echo(json.dumps(told))
        return
    click.echo(
        f"{target}: {len(manifest.parts)} parts, {size:,} bytes, as of {manifest.at:%F %T} UTC"
    )
    for name, head in manifest.ledgers.items():
        click.echo(f"  ledger of {name}: {head.size:,} entries, root {head.root}")
    click.echo(f"digest {manifest.digest}")
    click.echo(f"\nNext:\n  tieline restore {target} --verify --digest {manifest.digest}")
