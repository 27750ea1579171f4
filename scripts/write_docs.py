"""Write the pages that are made from the program; with --check only say whether they are true."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import click

from tieline.cli.main import command as tieline

ROOT = Path(__file__).resolve().parent.parent
COMMANDS = Path("docs/commands.md")

INTRODUCTION = """\
# Commands

This page is written by the program (`make docs`) and is the same as what `--help` prints.

Results go to standard output, words and progress to standard error, so that a pipe carries only
results. Commands that read have `--json`. An error names what is wrong and what to do about it.
`bench` answers 1 where a target is not met; `doctor` answers 2 where something essential is
missing.
"""


def commands_page() -> str:
    """The help of the program and of each command, one under the other."""
    root = click.Context(tieline, info_name="tieline", terminal_width=100, max_content_width=100)
    parts = [INTRODUCTION, _section("tieline", tieline.get_help(root), level=2)]
    parts += _below(tieline, root, level=2)
    return "\n".join(parts)


def _below(group: click.Group, parent: click.Context, *, level: int) -> list[str]:
    parts = []
    for name in group.list_commands(parent):
        found = group.get_command(parent, name)
        if found is None:
            raise SystemExit(f"{parent.command_path} lists {name!r} but does not have it")
        context = click.Context(found, info_name=name, parent=parent)
        parts.append(_section(context.command_path, found.get_help(context), level=level))
        if isinstance(found, click.Group):
            parts += _below(found, context, level=level + 1)
    return parts


def _section(title: str, text: str, *, level: int) -> str:
    return f"{'#' * level} {title}\n\n```text\n{text}\n```\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; answer 1 if stale")
    check = parser.parse_args().check
    path = ROOT / COMMANDS
    text = commands_page()
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return 0
    if check:
        print(f"{COMMANDS} is stale: make docs", file=sys.stderr)
        return 1
    path.write_text(text, encoding="utf-8")
    print(f"wrote {COMMANDS}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
