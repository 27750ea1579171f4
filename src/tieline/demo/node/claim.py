"""The folder of a demo: made by it, or not touched."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from tieline.core.errors import TielineError
from tieline.files.whole_file import whole_file

__all__ = ["MARKER", "DemoState", "NotOurs", "begun", "claim", "finished"]

MARKER: Final = ".tieline-demo-node"
_FORMAT: Final = 1


class NotOurs(TielineError):
    """A folder or database that no demo made, or one that another demo made otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoState:
    """What is being built, so that a build that was stopped goes on as it began."""

    seed: int
    scale: float
    year_end: datetime
    """The moment at which the invented year ends: when the build began."""
    begun: bool = False
    """Whether its databases are its own by now, even if half filled."""
    built: bool = False
    format: int = _FORMAT


def claim(folder: Path, *, seed: int, scale: float, at: datetime) -> DemoState:
    """The state of the folder's demo, a new one where the folder is empty.

    Raises `NotOurs` for a folder with anything in it that no demo made.
    """
    marker = folder / MARKER
    if marker.exists():
        return _read(marker, seed=seed, scale=scale)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise NotOurs(
            f"{folder} holds something that the demo did not make",
            cure="name another folder: tieline demo --out FOLDER",
        )
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    state = DemoState(seed=seed, scale=scale, year_end=at)
    _keep(folder, state)
    return state


def _keep(folder: Path, state: DemoState) -> None:
    """Write down how far it is."""
    said = asdict(state) | {"year_end": state.year_end.isoformat()}
    with whole_file(folder / MARKER) as handle:
        handle.write(json.dumps(said).encode())


def begun(folder: Path, state: DemoState) -> DemoState:
    """The same, with databases that were empty when it came."""
    done = replace(state, begun=True)
    _keep(folder, done)
    return done


def finished(folder: Path, state: DemoState) -> DemoState:
    """The same, built."""
    done = replace(state, begun=True, built=True)
    _keep(folder, done)
    return done


def _read(marker: Path, *, seed: int, scale: float) -> DemoState:
    again = f"remove the folder, or name another: rm -r {marker.parent}"
    try:
        said = json.loads(marker.read_text(encoding="utf-8"))
        state = DemoState(
            seed=said["seed"],
            scale=said["scale"],
            year_end=datetime.fromisoformat(said["year_end"]).astimezone(UTC),
            begun=said["begun"],
            built=said["built"],
            format=said["format"],
        )
    except (OSError, ValueError, KeyError, TypeError):
        raise NotOurs(f"{marker} cannot be read", cure=again) from None
    if state.format != _FORMAT:
        raise NotOurs(f"{marker.parent} holds a demo of another version of tieline", cure=again)
    if (state.seed, state.scale) != (seed, scale):
        raise NotOurs(
            f"{marker.parent} holds a demo of seed {state.seed} and scale {state.scale:g}",
            cure=again,
        )
    return state
