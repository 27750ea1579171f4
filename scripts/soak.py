"""Run the property and fault tests at their full counts, one seed after another.

State is kept in .tmp/soak.json, so that a run that was stopped goes on where it was; another commit
begins again. Each part prints its seed; a red one ends the run, names the command that repeats it,
and is the first to run the next time.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ORDERS = 200
ROWS = 3_000
STATE = ROOT / ".tmp" / "soak.json"
EXAMPLES = 5000
KILLS = 40
WHOLE = ("agreement", "ledger")
"""Rooms of the core of which tests of their own meet every branch."""
KILLED = ("house", "keeping", "demo", "wiring")
"""Rooms whose work is killed at any moment."""


@dataclass(frozen=True)
class Kind:
    """One kind of round: which tests, and what makes them long."""

    name: str
    tests: tuple[str, ...]
    environment: Mapping[str, str]
    figure: str
    beside: tuple[str, ...] = ()
    """What is run in the tests' place, and runs them."""


def kinds(seed: int, examples: int, kills: int) -> tuple[Kind, ...]:
    """What one round runs."""
    return (
        Kind(
            "properties",
            ("-m", "hypothesis", "-p", "no:cacheprovider", f"--hypothesis-seed={seed}"),
            {"HYPOTHESIS_PROFILE": "soak", "TIELINE_SOAK_EXAMPLES": str(examples)},
            f"{examples} examples each",
        ),
        Kind(
            "branches",
            (
                *("tests/core/agreement", "tests/core/ledger", "--cov-branch"),
                *(f"--cov=tieline.core.{room}" for room in WHOLE),
                *("--cov-report=term-missing:skip-covered", "--cov-fail-under=100"),
            ),
            {},
            "each branch of what decides and of what proves",
        ),
        Kind(
            "kills",
            (
                *(f"tests/{room}/test_killed.py" for room in KILLED),
                "tests/wiring/test_backup_killed.py",
            ),
            {"TIELINE_SOAK_KILLS": str(kills), "TIELINE_SOAK_SEED": str(seed)},
            f"{14 * kills} kills",
        ),
        Kind(
            "orders",
            ("tests/core/matching/test_persons.py", "-k", "any_order_of_arrival"),
            {"TIELINE_SOAK_ORDERS": str(ORDERS)},
            f"{20 * ORDERS} orders of arrival",
        ),
        Kind(
            "lists",
            ("tests/keeping/test_filtered.py", "tests/keeping/test_classes.py"),
            {"TIELINE_SOAK_ROWS": str(ROWS)},
            f"{ROWS} records, each decided for each viewer",
        ),
        Kind(
            "everything",
            (
                *("tests/web/test_hostile.py", "tests/api/test_hostile.py"),
                *("tests/web/test_canary.py", "tests/web/test_walk.py"),
                *("tests/ui/test_in_browser.py", "tests/browser/test_report.py"),
                *("tests/web/test_access.py", "tests/api/test_schema.py"),
                *(
                    "tests/systems/patrol/test_pages.py",
                    "tests/systems/investigations/test_pages.py",
                ),
            ),
            {"TIELINE_SOAK_ALL": "1", "TIELINE_SOAK_SEED": str(seed)},
            "each attack in each field, each way, each page in each look",
        ),
        Kind("SQLite", ("tests", "-m", "database"), {}, "every file that meets a database"),
        Kind(
            "PostgreSQL",
            ("tests", "-m", "database"),
            {},
            "every file that meets a database",
            beside=("scripts/postgres.py", "--if-present", sys.executable),
        ),
    )


def main() -> int:
    """Run rounds until as many are green as were asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="green rounds wanted in all")
    parser.add_argument("--examples", type=int, default=EXAMPLES, help="examples of a property")
    parser.add_argument("--kills", type=int, default=KILLS, help="kills of each kind")
    parser.add_argument("--again", action="store_true", help="forget what was done before")
    asked = parser.parse_args()
    commit = _commit()
    done = {} if asked.again else _read(commit)
    for seed in range(1, asked.rounds + 1):
        for kind in kinds(seed, asked.examples, asked.kills):
            key = f"{kind.name}: seed {seed}, {kind.figure}"
            if key in done:
                print(f"{key}: green before ({done[key]})", flush=True)
                continue
            print(f"{key}: running", flush=True)
            summary = _run(kind)
            if summary is None:
                return 1
            done[key] = summary
            _write(commit, done)
    print(f"green: {len(done)} parts; {STATE.relative_to(ROOT)} remembers them")
    return 0


def _run(kind: Kind) -> str | None:
    command = [sys.executable, *kind.beside, "-m", "pytest", "-n", "2", "-q", *kind.tests]
    run = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **kind.environment}, capture_output=True, text=True
    )
    last = run.stdout.strip().splitlines()[-1] if run.stdout.strip() else "no output"
    if run.returncode == 0:
        print(f"  {last}", flush=True)
        return last
    print(run.stdout + run.stderr)
    settings = " ".join(f"{name}={value}" for name, value in kind.environment.items())
    print(f"to repeat it: {settings} python -m pytest {' '.join(kind.tests)}", file=sys.stderr)
    return None


def _commit() -> str:
    run = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True)
    return run.stdout.strip() or "no commit"


def _read(commit: str) -> dict[str, str]:
    if not STATE.exists():
        return {}
    state = json.loads(STATE.read_text(encoding="utf-8"))
    done: dict[str, str] = state["green"] if state["commit"] == commit else {}
    return done


def _write(commit: str, done: dict[str, str]) -> None:
    STATE.parent.mkdir(exist_ok=True)
    part = STATE.with_suffix(".part")
    part.write_text(
        json.dumps({"commit": commit, "green": done}, indent=1) + "\n", encoding="utf-8"
    )
    part.replace(STATE)


if __name__ == "__main__":
    sys.exit(main())
