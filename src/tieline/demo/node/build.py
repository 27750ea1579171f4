"""Builds the demo's node: databases, people, and the year taken in as the systems take it in."""

from __future__ import annotations

import gc
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from tieline.core.agreement.clauses import Party
from tieline.demo.node.claim import DemoState, NotOurs, begun, claim, finished
from tieline.demo.node.sign_ins import SignIn, keep_sign_ins, read_sign_ins
from tieline.settings import Node
from tieline.wiring.making import adopt_everywhere, make_folder, migrate, sign
from tieline.wiring.opening import CONFIG_NAME, open_node

__all__ = ["Built", "build"]

Progress = Callable[[str, int, int], None]
_PARTIES: Final = (
    Party("patrol", "DHS"),
    Party("investigations", "DHS"),
    Party("county", "COUNTY"),
)
_PASSWORD_BYTES: Final = 9


@dataclass(frozen=True, slots=True)
class Built:
    """A demo that can be served."""

    folder: Path
    node: Node
    state: DemoState
    sign_ins: tuple[SignIn, ...] = field(repr=False)
    told: str


def build(
    folder: Path,
    *,
    seed: int,
    scale: float,
    databases: Mapping[str, str],
    progress: Progress,
) -> Built:
    """Build what is not built yet; a demo that stands is opened. Raises `NotOurs`."""
    now = datetime.now(UTC)
    state = claim(folder, seed=seed, scale=scale, at=now)
    config = folder / CONFIG_NAME
    if not config.exists():
        make_folder(folder, databases=databases, parties=_PARTIES, demo=True)
    node = open_node(config.resolve(), level=30)
    if not state.built:
        _make(node, state, databases, progress)
        state = finished(folder, state)
    return Built(folder, node, state, read_sign_ins(folder), _told())


def _make(node: Node, state: DemoState, databases: Mapping[str, str], progress: Progress) -> None:
    from tieline.demo.node.fill import fill
    from tieline.demo.node.people import make_directory, make_people
    from tieline.demo.world.make import make_world

    progress("making databases", 0, 1)
    if not state.begun:
        _refuse_foreign(databases)
        begun(node.folder, state)
    migrate()
    for party in _PARTIES:
        sign(node.agreement, agency=party.agency, by="nobody, for the demo", at=state.year_end)
    adopt_everywhere(node.agreement, at=state.year_end)
    progress("inventing a year", 0, 1)
    world = make_world(seed=state.seed, year_end=state.year_end, scale=state.scale)
    make_directory(world, at=state.year_end)
    keep_sign_ins(node.folder, make_people(world, _passwords(world.people), at=state.year_end))
    # The world stays to the end: let the collector not walk through it again and again.
    gc.freeze()
    try:
        fill(node, world, at=state.year_end, progress=progress)
    finally:
        gc.unfreeze()


def _refuse_foreign(databases: Mapping[str, str]) -> None:
    """A database that was named must be empty: the demo touches none that it did not make."""
    from django.db import connections

    for name in databases:
        alias = "default" if name == "accounts" else name
        if connections[alias].introspection.table_names():
            raise NotOurs(
                f"the database {name} holds tables that the demo did not make",
                cure="name an empty one: --database NAME=URL",
            )


def _passwords(people: Sequence[object]) -> tuple[str, ...]:
    return tuple(secrets.token_urlsafe(_PASSWORD_BYTES) for _ in people)


def _told() -> str:
    from tieline.exchange.index.models import IndexedPointer, Link
    from tieline.exchange.notices.models import NoticeRow

    pointers = IndexedPointer.objects.filter(tombstone=False).count()
    links, notices = Link.objects.count(), NoticeRow.objects.count()
    return f"{pointers:,} records can be found, {links:,} may be of the same, {notices:,} notices"
