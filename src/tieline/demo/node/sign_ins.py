"""The passwords of the cast: other ones in every build, in a file for its builder alone."""

from __future__ import annotations

import secrets
import shlex
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tieline.core.errors import TielineError
from tieline.demo.world.cast import DemoPerson
from tieline.files.whole_file import whole_file

__all__ = ["NoSignIns", "SignIn", "draw_sign_ins", "keep_sign_ins", "read_sign_ins"]

_FILE: Final = "sign-ins.txt"
_PASSWORD_BYTES: Final = 9


class NoSignIns(TielineError):
    """The passwords are not there any more; the databases hold digests of them alone."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """One of the cast."""

    username: str
    password: str = field(repr=False)
    about: str


def draw_sign_ins(people: Sequence[DemoPerson]) -> tuple[SignIn, ...]:
    """A new password for everybody."""
    return tuple(
        SignIn(one.username, secrets.token_urlsafe(_PASSWORD_BYTES), one.about) for one in people
    )


def keep_sign_ins(folder: Path, sign_ins: Sequence[SignIn]) -> None:
    """Write them down for a later start."""
    lines = [f"{one.username} {one.password} {one.about}" for one in sign_ins]
    with whole_file(folder / _FILE) as handle:
        handle.write("\n".join([*lines, ""]).encode())


def read_sign_ins(folder: Path) -> tuple[SignIn, ...]:
    """As they were written; raises `NoSignIns`."""
    file = folder / _FILE
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
        return tuple(SignIn(*line.split(" ", 2)) for line in lines if line)
    except (OSError, ValueError, TypeError):
        raise NoSignIns(
            f"{file} cannot be read",
            cure=f"build the demo anew: rm -r {shlex.quote(str(folder))}",
        ) from None
