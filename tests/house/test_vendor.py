"""What the pages take from elsewhere is named with its license, and nothing comes from a host."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import pytest

STATIC = Path(__file__).resolve().parents[2] / "src/tieline/ui/static/tieline"
VENDOR = STATIC / "vendor"
PARTS = json.loads((VENDOR / "MANIFEST.json").read_text(encoding="utf-8"))["parts"]
STYLES = sorted(STATIC.glob("*.css"))
TEMPLATES = sorted((STATIC.parents[1] / "templates").rglob("*.html"))


def test_each_file_stands_in_the_manifest_with_its_hash() -> None:
    said = {entry["file"]: entry["sha256"] for part in PARTS for entry in part["files"]}
    there = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.iterdir()
        if path.name != "MANIFEST.json"
    }
    assert there == said


@pytest.mark.parametrize("part", PARTS, ids=lambda part: str(part["package"]))
def test_each_part_says_its_license_and_holds_it(part: dict[str, object]) -> None:
    assert part["license"]
    assert str(part["integrity"]).startswith("sha512-")
    names = [entry["file"] for entry in part["files"]]  # type: ignore[attr-defined]
    assert [name for name in names if "license" in name]


@pytest.mark.parametrize("style", STYLES, ids=lambda path: path.name)
def test_no_style_uses_what_is_not_there(style: Path) -> None:
    text = style.read_text(encoding="utf-8")
    every = "".join(path.read_text(encoding="utf-8") for path in [*STYLES, *VENDOR.glob("*.css")])
    defined = set(re.findall(r"(--[\w-]+):", every))
    assert set(re.findall(r"var\((--[\w-]+)", text)) - defined == set()
    files = re.findall(r'url\("([^"]+)"\)', text)
    assert [name for name in files if not (STATIC / name).is_file()] == []


def test_what_the_frame_calls_its_parts_no_page_calls_its_own() -> None:
    """Two parts of one name take each other's rules: a form was cut off like the frame's bar."""

    def own(path: Path) -> set[str]:
        return set(re.findall(r"^\s*\.([\w-]+) \{", path.read_text(encoding="utf-8"), re.M))

    frame = own(STATIC / "shell.css")
    of_pages = [path for path in STYLES if path.name not in ("shell.css", "print.css")]
    assert frame
    assert {path.name: own(path) & frame for path in of_pages if own(path) & frame} == {}


@pytest.mark.parametrize(
    "path", [*STYLES, *STATIC.glob("*.js"), *TEMPLATES], ids=lambda path: path.name
)
def test_nothing_is_asked_of_another_host(path: Path) -> None:
    # The only addresses with a host are names of XML vocabularies, and pages hold none of them.
    assert re.findall(r"(?:https?:)?//[a-z]", path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_template_holds_a_style_or_a_script(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert re.findall(r"<style|\sstyle=|\son[a-z]+=|javascript:|hx-on", text) == []
    assert re.findall(r"<script(?![^>]*\ssrc=)", text) == []


@pytest.mark.parametrize("path", sorted(STATIC.glob("*.js")), ids=lambda path: path.name)
def test_a_module_is_short(path: Path) -> None:
    assert path.read_text(encoding="utf-8").count("\n") < 120
