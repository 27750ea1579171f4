"""The passwords of the cast: other ones in every build, in a file for its builder alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tieline.files.whole_file import whole_file

__all__ = ["SignIn", "keep_sign_ins", "read_sign_ins"]

_FILE: Final = "sign-ins.txt"


@dataclass(frozen=True, slots=True)
class SignIn:
    """One of the cast."""

    username: str
    password: str = field(repr=False)
    about: str


def keep_sign_ins(folder: Path, sign_ins: Sequence[SignIn]) -> None:
    """Write them down for a later start."""
    lines = [f"{one.username} {one.password} {one.about}" for one in sign_ins]
    with whole_file(folder / _FILE) as handle:
        handle.write("\n".join([*lines, ""]).encode())


def read_sign_ins(folder: Path) -> tuple[SignIn, ...]:
    """As they were written."""
    lines = (folder / _FILE).read_text(encoding="utf-8").splitlines()
    return tuple(SignIn(*line.split(" ", 2)) for line in lines if line)
