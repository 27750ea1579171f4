"""Data that ships with the program is, to the byte, what its manifest says."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

PACKAGE = Path(__file__).resolve().parents[2] / "src" / "tieline"
FILE_KEYS = ("file", "path", "name")


def manifests() -> list[Path]:
    found = [*PACKAGE.rglob("manifest.json"), *PACKAGE.rglob("manifest.toml")]
    return sorted({*found, *PACKAGE.rglob("MANIFEST.json")})


def entries(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Each (file, sha256): a table with a hash names its file, or is named by it."""
    if isinstance(value, dict):
        digest = value.get("sha256")
        if isinstance(digest, str):
            yield next((value[key] for key in FILE_KEYS if key in value), name), digest
        for key, inner in value.items():
            yield from entries(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from entries(inner, name)


def named(manifest: Path) -> dict[Path, str]:
    """Each file that the manifest names, with its hash; a list of codes is named without ".csv"."""
    text = manifest.read_text(encoding="utf-8")
    data = tomllib.loads(text) if manifest.suffix == ".toml" else json.loads(text)
    return {
        manifest.parent / (name if "." in name else f"{name}.csv"): digest
        for name, digest in entries(data)
    }


def test_every_file_of_a_manifest_is_there_unchanged() -> None:
    wrong = []
    for manifest in manifests():
        assert named(manifest), f"{manifest} names no file with its sha256"
        for path, digest in named(manifest).items():
            if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != digest:
                wrong.append(str(path.relative_to(PACKAGE)))
    assert wrong == []


def test_every_table_of_package_data_stands_in_a_manifest() -> None:
    known = {path for manifest in manifests() for path in named(manifest)}
    tables = set(PACKAGE.rglob("data/**/*.csv"))
    assert tables
    assert sorted(str(path.relative_to(PACKAGE)) for path in tables - known) == []
