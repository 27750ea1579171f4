"""Serves a demo: on this machine alone."""

from __future__ import annotations

from collections.abc import Callable

from tieline.demo.node.build import Built

__all__ = ["run"]


def run(built: Built, *, port: int, ready: Callable[[str], None]) -> None:
    """Until it is told to stop."""
    from tieline.demo.node.issuer import SimulatedIssuer
    from tieline.wiring.serving import PARTS, serve

    serve(
        built.node,
        parts=frozenset(PARTS),
        port=port,
        issuer=SimulatedIssuer(seed=built.state.seed),
        ready=ready,
    )
