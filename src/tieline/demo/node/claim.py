"""The folder of a demo: made by it, or not touched."""

from __future__ import annotations

import fcntl
import json
import os
import shlex
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from tieline.core.errors import TielineError
from tieline.files.whole_file import whole_file

__all__ = ["MARKER", "DemoState", "FolderUnusable", "NotOurs", "begun", "claimed", "finished"]

MARKER: Final = ".tieline-demo-node"
_FORMAT: Final = 2
_ANOTHER: Final = "name another folder: tieline demo --out FOLDER"


class NotOurs(TielineError):
    """A folder or database that no demo made, or one that another demo made otherwise."""


class FolderUnusable(TielineError):
    """A folder that cannot be made or written, or in which somebody else builds right now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoState:
    """What is being built, so that a build that was stopped goes on as it began."""

    seed: int
    scale: float
    year_end: datetime
    """The moment at which the invented year ends: when the build began."""
    places: Mapping[str, str] = field(default_factory=dict)
    """Where each database lies, of those that are the demo's own."""
    begun: bool = False
    """Whether its databases are its own by now, even if half filled."""
    built: bool = False
    format: int = _FORMAT


@contextmanager
def claimed(folder: Path, *, seed: int, scale: float, at: datetime) -> Iterator[DemoState]:
    """The state of the folder's demo, a new one where the folder is empty. Nobody else can claim
    it until this ends.

    Raises `NotOurs` for a folder with anything in it that no demo made, or `FolderUnusable`.
    """
    try:
        lock = _locked(folder)
    except BlockingIOError:
        raise FolderUnusable(
            f"a demo is being built in {folder} already", cure="wait for it, or " + _ANOTHER
        ) from None
    except OSError as error:
        raise _unusable(folder, error) from None
    try:
        yield _state(folder, seed=seed, scale=scale, at=at)
    finally:
        os.close(lock)


def begun(folder: Path, state: DemoState, *, places: Mapping[str, str]) -> DemoState:
    """The same, with databases that were empty when it came."""
    done = replace(state, begun=True, places=dict(places))
    _keep(folder, done)
    return done


def finished(folder: Path, state: DemoState) -> DemoState:
    """The same, built."""
    done = replace(state, built=True)
    _keep(folder, done)
    return done


def _locked(folder: Path) -> int:
    """A lock that ends with the process, and leaves nothing behind."""
    if folder.exists() and not folder.is_dir():
        raise NotOurs(f"{folder} is a file, not a folder", cure=_ANOTHER)
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def _state(folder: Path, *, seed: int, scale: float, at: datetime) -> DemoState:
    marker = folder / MARKER
    try:
        inside = sorted(folder.iterdir())
        if not os.access(folder, os.W_OK):
            raise FolderUnusable(f"{folder} cannot be written", cure=_ANOTHER)
        if marker in inside:
            return _read(marker, seed=seed, scale=scale)
        # A build that was stopped as it began has left no more than a draft of the marker.
        if any(not one.name.startswith(f".{MARKER}.") for one in inside):
            raise NotOurs(f"{folder} holds something that the demo did not make", cure=_ANOTHER)
        folder.chmod(0o700)
        state = DemoState(seed=seed, scale=scale, year_end=at)
        _keep(folder, state)
    except OSError as error:
        raise _unusable(folder, error) from None
    return state


def _unusable(folder: Path, error: OSError) -> FolderUnusable:
    return FolderUnusable(f"{folder} cannot be used: {error.strerror}", cure=_ANOTHER)


def _keep(folder: Path, state: DemoState) -> None:
    """Write down how far it is."""
    said = asdict(state) | {"year_end": state.year_end.isoformat()}
    with whole_file(folder / MARKER) as handle:
        handle.write(json.dumps(said).encode())


def _read(marker: Path, *, seed: int, scale: float) -> DemoState:
    again = f"remove the folder, or name another: rm -r {shlex.quote(str(marker.parent))}"
    try:
        said = json.loads(marker.read_text(encoding="utf-8"))
        form = said["format"]
        state = _understood(said) if form == _FORMAT else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise NotOurs(f"{marker} cannot be read", cure=again) from None
    if state is None:
        raise NotOurs(f"{marker.parent} holds a demo of another version of tieline", cure=again)
    if (state.seed, state.scale) != (seed, scale):
        raise NotOurs(
            f"{marker.parent} holds a demo of seed {state.seed} and scale {state.scale:g}",
            cure=again,
        )
    return state


def _understood(said: Mapping[str, Any]) -> DemoState:
    year_end, places = datetime.fromisoformat(said["year_end"]), dict(said["places"].items())
    state = DemoState(
        seed=said["seed"],
        scale=said["scale"],
        year_end=year_end.astimezone(UTC),
        places=places,
        begun=said["begun"],
        built=said["built"],
    )
    kinds = (type(state.seed), type(state.scale), type(state.begun), type(state.built))
    if kinds != (int, float, bool, bool) or year_end.utcoffset() is None:
        raise TypeError("something is of another kind than what was written")
    if not all(isinstance(one, str) for one in places.values()):
        raise TypeError("the places are no texts")
    return state
