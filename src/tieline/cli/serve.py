"""`tieline serve`: a node at work."""

from __future__ import annotations

from pathlib import Path

import click

from tieline.cli.node import config_option

PARTS = ("web", "relay", "worker", "clock", "seal")


@click.command(epilog="\b\nExamples:\n  tieline serve --config border-node\n  tieline serve relay")
@click.argument("parts", nargs=-1, type=click.Choice(PARTS))
@config_option
@click.option("--port", type=click.IntRange(0, 65535), default=None, help="Instead of web.port.")
def command(parts: tuple[str, ...], config: Path | None, port: int | None) -> None:
    """Run a node: web server, relay, worker, clock and seal, each a process that is started anew if
    it falls. PARTS names those to run here; all run where none is named.

    The relay fetches what changed in each system, the worker matches it and sends notices, the
    clock ends and escalates what is due, the seal numbers what ledgers took in, signs them
    and has them cosigned. Systems go on working while any of them is away.
    """
    from tieline.wiring.opening import found_config, open_node

    node = open_node(found_config(config))
    # Models can be loaded only now.
    from tieline.wiring.serving import serve

    serve(
        node,
        parts=frozenset(parts or PARTS),
        port=port,
        ready=lambda address: click.echo(f"tieline serves at {address}" if address else "at work"),
    )
