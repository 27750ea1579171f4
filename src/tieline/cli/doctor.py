"""`tieline doctor`: what is missing here, and the exact command that mends it."""

from __future__ import annotations

import importlib
import importlib.metadata
import json
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import click

from tieline.cli.checkout import checkout
from tieline.core.errors import TielineError
from tieline.files.in_memory import available_memory
from tieline.settings import Settings

GIB = 1 << 30
LEAST_DISK = GIB
LEAST_MEMORY = 2 * GIB  # what a job of 100,000 by 100,000 rows may use
LEAST_PYTHON = (3, 11)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    check: str
    ok: bool
    essential: bool
    found: str
    cure: str = ""


@click.command(epilog="\b\nExample:\n  tieline doctor --json | grep '\"ok\": false'")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
def command(as_json: bool) -> int:
    """Say what is missing here, and how to mend it.

    Looks at Python, each library, the folder for temporary files, memory, time zones and the
    terminal, and at the parts that only tests and benchmarks need. Answers 0 when nothing
    essential is missing, else 2.
    """
    findings = [finding for check in CHECKS for finding in check()]
    missing = [finding for finding in findings if finding.essential and not finding.ok]
    for finding in findings:
        click.echo(json.dumps(asdict(finding), ensure_ascii=False) if as_json else _line(finding))
    if missing:
        click.echo(f"tieline: {len(missing)} essential things are missing", err=True)
    elif not as_json:
        click.echo("nothing essential is missing", err=True)
    return 2 if missing else 0


def _line(finding: Finding) -> str:
    mark = "ok     " if finding.ok else ("MISSING" if finding.essential else "absent ")
    line = f"{mark} {finding.check:<22} {finding.found}"
    return line if finding.ok else f"{line}\n        to mend it: {finding.cure}"


def _python() -> Iterator[Finding]:
    yield Finding(
        "python",
        sys.version_info[:2] >= LEAST_PYTHON,
        essential=True,
        found=sys.version.split()[0],
        cure=_as_root("apt-get install python3 python3-venv"),
    )


def _libraries() -> Iterator[Finding]:
    try:
        wanted = importlib.metadata.requires("tieline") or []
    except importlib.metadata.PackageNotFoundError:
        yield Finding(
            "tieline", ok=False, essential=True, found="not installed", cure=_install(".")
        )
        return
    # Some libraries of the web look for settings when they are loaded.
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tieline.django_settings")
    for requirement in wanted:
        if "extra ==" not in requirement:
            yield _library(requirement)


def _library(requirement: str) -> Finding:
    name = re.split(r"[<>=!~;\[ ]", requirement, maxsplit=1)[0]
    cure = _install(requirement)
    try:
        importlib.import_module(_module(name))
        version = importlib.metadata.version(name)
    except Exception as error:  # a broken library may raise anything; the doctor goes on
        found = f"cannot be imported: {error}"
        return Finding(name, ok=False, essential=True, found=found, cure=cure)
    least = re.search(r">=([0-9.]+)", requirement)
    if least and _numbers(version) < _numbers(least[1]):
        found = f"{version} is older than {least[1]}"
        return Finding(name, ok=False, essential=True, found=found, cure=cure)
    return Finding(name, ok=True, essential=True, found=version)


def _module(distribution: str) -> str:
    """What is imported of it: django-allauth, say, is imported as allauth."""
    files = importlib.metadata.files(distribution) or []
    modules = {path.parts[0] for path in files if path.name == "__init__.py" and path.parts[1:]}
    plain = distribution.lower().replace("-", "_")
    tops = sorted(name for name in modules if name.isidentifier())
    return plain if plain in tops or not tops else tops[0]


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version))


def _settings() -> Iterator[Finding]:
    try:
        settings = Settings()
    except TielineError as error:
        yield Finding("settings", ok=False, essential=True, found=error.what, cure=error.cure)
        return
    yield Finding("settings", ok=True, essential=True, found=f"{settings.max_pairs:,} pairs")
    yield from _scratch(Path(tempfile.gettempdir()))


def _scratch(folder: Path) -> Iterator[Finding]:
    cure = "set TMPDIR to a folder that you may write to, with room"
    try:
        with tempfile.NamedTemporaryFile(dir=folder) as file:
            file.write(b"tieline")
        free = shutil.disk_usage(folder).free
    except OSError as error:
        found = f"cannot write to {folder}: {error.strerror}"
        yield Finding("temporary folder", ok=False, essential=True, found=found, cure=cure)
        return
    yield Finding("temporary folder", ok=True, essential=True, found=f"{folder} can be written")
    yield Finding(
        "free disk", free >= LEAST_DISK, essential=True, found=f"{free / GIB:.1f} GiB", cure=cure
    )


def _memory() -> Iterator[Finding]:
    free = available_memory()
    yield Finding(
        "free memory",
        free is None or free >= LEAST_MEMORY,
        essential=False,
        found="not known" if free is None else f"{free / GIB:.1f} GiB",
        cure="close other programs, or link smaller files: 100,000 x 100,000 rows need 2 GiB",
    )


def _time_zones() -> Iterator[Finding]:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        ZoneInfo("America/Los_Angeles")
    except ZoneInfoNotFoundError:
        cure = _install("tzdata")
        yield Finding("time zones", ok=False, essential=True, found="no data", cure=cure)
        return
    yield Finding("time zones", ok=True, essential=True, found="America/Los_Angeles is known")


def _terminal() -> Iterator[Finding]:
    encoding = (sys.stdout.encoding or "").lower().replace("-", "")
    yield Finding(
        "text encoding",
        encoding == "utf8",
        essential=False,
        found=sys.stdout.encoding or "not known",
        cure="export LANG=C.UTF-8, else names outside English print as question marks",
    )


def _browser() -> Iterator[Finding]:
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    yield Finding(
        "chromium (tests)",
        found is not None,
        essential=False,
        found=found or "not found: tests of the report in a browser are left out",
        cure=_as_root("apt-get install --no-install-recommends chromium"),
    )


def _peers() -> Iterator[Finding]:
    root = checkout()
    if root is None:
        return  # an installed wheel has no benchmarks
    built = any(root.glob(".venv-peers/lib/python*/site-packages/recordlinkage"))
    yield Finding(
        "peers (bench)",
        built,
        essential=False,
        found=".venv-peers" if built else "not built: benchmarks print no peer beside tieline",
        cure="make .venv/peers.stamp",
    )


def _install(what: str) -> str:
    root = checkout()
    if root and Path(sys.prefix) == root / ".venv":
        return "rm -f .venv/run.stamp && make setup"
    return f"{sys.executable} -m pip install '{what}'"


def _as_root(line: str) -> str:
    return line if os.geteuid() == 0 else f"sudo {line}"


CHECKS: tuple[Callable[[], Iterator[Finding]], ...] = (
    *(_python, _libraries, _settings, _memory, _time_zones, _terminal, _browser, _peers),
)
