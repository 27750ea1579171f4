"""The pages say what the program is: no command, setting, link or target may be missing."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from tieline import __version__
from tieline.cli.main import COMMANDS
from tieline.cli.main import command as tieline

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(
    path
    for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "src").rglob("*.md")]
    if path.parent.name != "vendor"  # others' texts, kept as they came
)


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def every_command() -> Iterator[tuple[str, click.Command]]:
    yield "tieline", tieline
    yield from _below("tieline", tieline)


def _below(path: str, group: click.Group) -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        found = group.get_command(context, name)
        assert found is not None
        yield f"{path} {name}", found
        if isinstance(found, click.Group):
            yield from _below(f"{path} {name}", found)


def test_the_page_of_commands_is_what_the_program_says() -> None:
    # In a process of its own: click keeps the options of the context it was first asked in.
    run = subprocess.run(
        [sys.executable, ROOT / "scripts/write_docs.py", "--check"], capture_output=True, text=True
    )
    assert run.returncode == 0, run.stderr


def test_every_command_helps_and_ends_with_an_example() -> None:
    for path, command in every_command():
        assert command.help, f"{path} says nothing of itself"
        shown = command.get_help(click.Context(command, info_name=path))
        assert "Example" in shown.rstrip().split("\n\n")[-1], f"{path} ends without an example"


def test_every_option_says_what_it_does() -> None:
    silent = [
        f"{path} {option.opts[0]}"
        for path, command in every_command()
        for option in command.params
        if isinstance(option, click.Option) and not option.help
    ]
    assert silent == []


def test_every_command_stands_in_the_program_s_list() -> None:
    modules = {path.stem for path in (ROOT / "src/tieline/cli").glob("*.py")}
    commands = {
        module for module in modules if "\ndef command(" in read(f"src/tieline/cli/{module}.py")
    }
    assert commands - {"main"} == {module.rpartition(".")[2] for module, _ in COMMANDS.values()}


def test_every_setting_is_documented_and_no_other() -> None:
    program = set(re.findall(r"TIELINE_[A-Z_]+", read("src/tieline/settings.py")))
    page = set(re.findall(r"TIELINE_[A-Z_]+", read("docs/settings.md")))
    assert program
    assert page == program


def test_the_decisions_are_numbered_without_a_gap() -> None:
    numbers = sorted(int(path.name[:4]) for path in (ROOT / "docs/decisions").glob("*.md"))
    assert numbers
    assert numbers == list(range(1, len(numbers) + 1))


def test_the_changelog_has_a_place_for_this_version() -> None:
    headings = re.findall(r"^## \[([^\]]+)\]", read("CHANGELOG.md"), flags=re.MULTILINE)
    assert {"Unreleased", __version__} & set(headings)


def test_the_readme_names_its_two_commands_and_make_knows_each_target_of_the_pages() -> None:
    targets = set(re.findall(r"^([a-z-]+):", read("Makefile"), flags=re.MULTILINE))
    named = {
        target
        for page in PAGES
        for target in re.findall(r"^(?:\$ )?make ([a-z-]+)", page.read_text("utf-8"), re.MULTILINE)
    }
    assert {"demo", "test"} <= set(re.findall(r"^make ([a-z]+)", read("README.md"), re.MULTILINE))
    assert named <= targets


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_inside_the_repository_leads_somewhere(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    links = re.findall(r"\]\(([^)\s]+)\)", text) + re.findall(r'(?:src|srcset)="([^"]+)"', text)
    inside = [link for link in links if not re.match(r"[a-z]+:|#", link)]
    broken = [link for link in inside if not (page.parent / link.split("#")[0]).exists()]
    assert broken == []


def test_every_output_of_the_demo_says_that_it_is_synthetic() -> None:
    notice = "synthetic data, not a government system"
    for name in ("README.md", "docs/tour.md"):
        assert notice in " ".join(read(name).split()).lower(), name
