"""The peers, each a small program in an environment of its own."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, field
from pathlib import Path

from bench.matching.setting import Setting
from bench.measuring.process import run


@dataclass(frozen=True, slots=True)
class Peer:
    """A peer that was asked; without figures, it says why there are none."""

    name: str
    figures: dict[str, float] = field(default_factory=dict)
    missing: str = ""

    def get(self, figure: str) -> float | None:
        """One of its figures; None where it has none."""
        return self.figures.get(figure)


def ask(
    setting: Setting, name: str, script: str, *arguments: str | Path, slow: bool = False
) -> Peer:
    """Run a script of bench/peers; its last line is its figures.

    A slow one takes ten seconds to start, and a quick run does without it.
    """
    if slow and setting.quick:
        return Peer(name, missing=f"{name} is left out of a quick run: it starts too slowly")
    python = setting.root / ".venv-peers" / "bin" / "python"
    if not python.exists():
        return _missing(name, "make .venv/peers.stamp")
    path = setting.root / "bench" / "peers" / script
    done = run([str(python), str(path), *map(str, arguments)])
    if done.code:
        return _missing(name, f"{script} answered {done.code}")
    figures = json.loads(done.output.splitlines()[-1]) if done.output.strip() else {}
    return Peer(name, {"peak_mib": done.peak_mib, "wall_seconds": done.seconds, **figures})


def _missing(name: str, why: str) -> Peer:
    print(f"{name} is missing: {why}", file=sys.stderr)
    return Peer(name, missing=f"{name} is missing: {why}")
