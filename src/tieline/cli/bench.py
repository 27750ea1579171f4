"""`tieline bench`: measure an area beside its peers. Areas are files in bench/ of the checkout."""

from __future__ import annotations

import importlib.util
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from types import ModuleType

import click

from tieline.cli.checkout import checkout
from tieline.core.errors import TielineError


class NoBenchmarks(TielineError):
    """The program does not run from a checkout, or the checkout has no such area."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure, a peer's figure from the same run, and what it ought to be."""

    measure: str
    value: float | int | None
    unit: str
    peer: str = ""
    peer_value: float | int | None = None
    target: str = ""
    met: bool | None = None
    """None where there is no target, or nothing to hold the figure against."""
    note: str = ""
    """What the figure was taken beside, or why it was not taken."""


@click.command(epilog="\b\nExample:\n  tieline bench link --quick --json")
@click.argument("area")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
@click.option("--quick", is_flag=True, help="Use a tenth of the rows, to see that it runs.")
def command(area: str, as_json: bool, quick: bool) -> int:
    """Measure AREA, or "all", beside its peers.

    Areas are the files of bench/ in a checkout. Every figure is measured in this run, the peer's
    too; a peer that cannot be run is said to be missing. Answers 1 when a target is not met.
    """
    root = checkout()
    if root is None:
        raise NoBenchmarks(
            "benchmarks run from a checkout: an installed tieline does not carry them",
            cure="clone the repository, then: make bench",
        )
    # A file that measures nothing is no area, but something that areas share.
    known = sorted(
        path.stem
        for path in (root / "bench").glob("*.py")
        if "\ndef measures(" in path.read_text(encoding="utf-8")
    )
    if area != "all" and area not in known:
        raise NoBenchmarks(f"there is no area {area!r}", cure=f"name one of: all {' '.join(known)}")
    # Areas share modules: bench is a package of the checkout, and none of the installed program.
    sys.path.insert(0, str(root))
    if quick:
        click.echo("quick: a tenth of the rows; the targets are for the whole", err=True)
    missed = False
    for name in known if area == "all" else [area]:
        missed |= _run(_area(root / "bench" / f"{name}.py"), root, as_json, quick)
    return 1 if missed else 0


def _run(module: ModuleType, root: Path, as_json: bool, quick: bool) -> bool:
    measures: Iterator[Measure] = module.measures(root, quick=quick)
    missed = False
    for measure in measures:
        click.echo(json.dumps(asdict(measure)) if as_json else _line(measure))
        missed |= measure.met is False
    return missed


def _area(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"bench_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise NoBenchmarks(f"{path} cannot be loaded", cure="see that it is a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look for the module of their class here
    spec.loader.exec_module(module)
    return module


def _line(measure: Measure) -> str:
    parts = [f"{measure.measure:<34} {_figure(measure.value):>12} {measure.unit:<8}"]
    if measure.peer:
        parts.append(f"{measure.peer} {_figure(measure.peer_value)}")
    if measure.target:
        parts.append(f"target {measure.target}")
    if measure.met is not None:
        parts.append("met" if measure.met else "NOT MET")
    if measure.note:
        parts.append(f"({measure.note})")
    return "  ".join(parts)


def _figure(value: float | int | None) -> str:
    if value is None:
        return "missing"
    return f"{value:,}" if isinstance(value, int) else f"{value:,.4g}"
