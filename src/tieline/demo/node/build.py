"""Builds the demo's node: databases, people, and the year taken in as the systems take it in."""

from __future__ import annotations

import gc
import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from tieline.demo.node.agreement import PARTIES, agree
from tieline.demo.node.claim import DemoState, NotOurs, begun, claimed, finished
from tieline.demo.node.places import places_of, refuse_filled, refuse_moved
from tieline.demo.node.quiet import errors_alone
from tieline.demo.node.sign_ins import (
    NoSignIns,
    SignIn,
    draw_sign_ins,
    keep_sign_ins,
    read_sign_ins,
)
from tieline.demo.node.truth import TRUTH, keep_truth
from tieline.demo.world.world import World
from tieline.settings import Node
from tieline.wiring.folder import NotReady, make_folder
from tieline.wiring.making import migrate
from tieline.wiring.opening import CONFIG_NAME, open_node

__all__ = ["Built", "build"]

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Built:
    """A demo that can be served."""

    folder: Path
    node: Node
    state: DemoState
    sign_ins: tuple[SignIn, ...] = field(repr=False)
    told: str

    @property
    def truth(self) -> Path:
        """The file that says who is who."""
        return self.folder / TRUTH


def build(
    folder: Path,
    *,
    seed: int,
    scale: float,
    databases: Mapping[str, str],
    progress: Progress,
    port: int | None = None,
) -> Built:
    """Build what is not built yet; a demo that stands is opened.

    Raises `NotOurs`, `FolderUnusable` or `NotReady`; what could not be served at `port` is not
    built either.
    """
    with claimed(folder, seed=seed, scale=scale, at=datetime.now(UTC)) as state:
        node = _opened(folder, state, databases)
        _refuse_unservable(node, port)
        state = _own(node, state)
        with errors_alone():
            if not state.built:
                _make(node, state, progress)
                state = finished(folder, state)
            return Built(folder, node, state, read_sign_ins(folder), _told())


def _opened(folder: Path, state: DemoState, databases: Mapping[str, str]) -> Node:
    config = folder / CONFIG_NAME
    if not state.begun:
        # An earlier call may have named databases that were refused.
        config.unlink(missing_ok=True)
    if not config.exists():
        make_folder(folder, databases=databases, parties=PARTIES, demo=True)
    node = open_node(config.resolve(), level=logging.WARNING)
    for said, value in databases.items():
        name = said.removesuffix("_file")
        if node.url(name) != (value if said == name else _content(Path(value))):
            raise NotOurs(
                f"the demo in {folder} has its database {name} at another place",
                cure="leave --database away, or name another folder: tieline demo --out FOLDER",
            )
    return node


def _content(file: Path) -> str:
    return file.read_text(encoding="utf-8").strip() if file.is_file() else ""


def _refuse_unservable(node: Node, port: int | None) -> None:
    from tieline.wiring.serving import listening, refuse_network_demo

    config = node.folder / CONFIG_NAME
    if not node.demo:
        raise NotReady(
            f"{config} says that this is no demo, so no page would say that it is",
            cure="write demo = true there",
        )
    refuse_network_demo(node)
    if port is not None:
        listening(node.host, port).close()


def _own(node: Node, state: DemoState) -> DemoState:
    """The same, with databases that no one else filled: the demo touches none but its own."""
    places = places_of(node)
    if state.begun:
        refuse_moved(state.places, places, folder=node.folder)
        return state
    refuse_filled(node)
    return begun(node.folder, state, places=places)


def _make(node: Node, state: DemoState, progress: Progress) -> None:
    from tieline.demo.node.emergencies import open_emergencies
    from tieline.demo.node.fill import fill
    from tieline.demo.node.lately import happen
    from tieline.demo.node.people import make_directory, make_people
    from tieline.demo.world.make import make_world

    progress("making databases", 0, 1)
    migrate()
    agree(node, at=state.year_end)
    progress("inventing a year", 0, 1)
    world = make_world(seed=state.seed, year_end=state.year_end, scale=state.scale)
    keep_truth(node.folder, world)
    make_directory(world, at=state.year_end)
    sign_ins, renewed = _sign_ins(node.folder, world)
    make_people(world, sign_ins, renewed=renewed, at=state.year_end)
    # The world stays to the end: let the collector not walk through it again and again.
    gc.freeze()
    try:
        fill(node, world, at=state.year_end, progress=progress)
        happen(world, at=state.year_end)
        # The ledgers' moments only grow, and they end where the exchange was filled: now.
        open_emergencies(at=max(state.year_end, datetime.now(UTC)))
    finally:
        gc.unfreeze()


def _sign_ins(folder: Path, world: World) -> tuple[tuple[SignIn, ...], bool]:
    """What a build that was stopped has told the people already, else new ones; and whether they
    are new.
    """
    with suppress(NoSignIns):
        known = read_sign_ins(folder)
        if [one.username for one in known] == [one.username for one in world.people]:
            return known, False
    drawn = draw_sign_ins(world.people)
    keep_sign_ins(folder, drawn)
    return drawn, True


def _told() -> str:
    from django.db import DatabaseError

    from tieline.exchange.index.models import IndexedPointer, Link
    from tieline.exchange.notices.models import NoticeRow

    try:
        pointers = IndexedPointer.objects.filter(tombstone=False).count()
        links, notices = Link.objects.count(), NoticeRow.objects.count()
    except DatabaseError as error:
        raise NotReady(
            f"the database exchange cannot be read: {type(error).__name__}",
            cure="put it back in its place, or name another folder: tieline demo --out FOLDER",
        ) from None
    return f"{pointers:,} records can be found, {links:,} may be of the same, {notices:,} notices"
