"""The checkout that this program runs from, where it runs from one."""

from __future__ import annotations

from pathlib import Path


def checkout() -> Path | None:
    """The folder with pyproject.toml and bench/; None for an installed wheel."""
    folder = Path(__file__).resolve().parents[3]
    return folder if (folder / "pyproject.toml").exists() and (folder / "bench").is_dir() else None
