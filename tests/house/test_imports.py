"""The floors of the house, and what the program may load before it knows what is asked."""

from __future__ import annotations

import ast
import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tieline.cli.main import COMMANDS

HEAVY = ("numpy", "scipy", "duckdb", "rich", "rapidfuzz", "phonenumbers", "pycountry", "xlsxwriter")

LOADED = """
import contextlib, io, json, sys
from tieline.cli.main import main
with contextlib.redirect_stdout(io.StringIO()) as shown, contextlib.suppress(SystemExit):
    main(json.loads(sys.argv[1]))
print(json.dumps({"shown": shown.getvalue(), "loaded": sorted(sys.modules)}))
"""


def test_no_arrow_points_upward(root: Path) -> None:
    program = Path(sys.executable).with_name("lint-imports")
    run = subprocess.run([program, "--no-cache"], cwd=root, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "0 broken" in run.stdout


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], *([n, "-h"] for n in COMMANDS)])
def test_help_is_shown_without_loading_what_only_a_job_needs(arguments: list[str]) -> None:
    run = subprocess.run(
        [sys.executable, "-c", LOADED, json.dumps(arguments)],
        capture_output=True,
        text=True,
        check=True,
    )
    said = json.loads(run.stdout)
    assert "tieline" in said["shown"]
    assert [name for name in HEAVY if name in said["loaded"]] == []


def test_what_stands_beside_the_program_imports_what_the_program_has(root: Path) -> None:
    missing = []
    for path in (
        path for one in ("bench", "scripts") for path in sorted((root / one).rglob("*.py"))
    ):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("tieline"):
                found = importlib.import_module(node.module or "")
                missing += [
                    f"{path.name}: {node.module}.{one.name}"
                    for one in node.names
                    if not hasattr(found, one.name)
                    and importlib.util.find_spec(f"{node.module}.{one.name}") is None
                ]
    assert missing == []
