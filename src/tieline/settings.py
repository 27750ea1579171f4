"""What a node may be told from outside, by environment variables (docs/settings.md)."""

from __future__ import annotations

import os
from dataclasses import dataclass, field

from tieline.core.errors import TielineError


class BadSetting(TielineError):
    """A setting cannot be understood."""


def _number(name: str, default: int, *, least: int) -> int:
    text = os.environ.get(name, "")
    if not text:
        return default
    if not text.isascii() or not text.isdigit() or int(text) < least:
        raise BadSetting(
            f"{name} is {text!r}, which is not a whole number of at least {least}",
            cure=f"set {name} to a number such as {default}, or unset it",
        )
    return int(text)


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings in force, read once at start."""

    max_line_bytes: int = field(
        default_factory=lambda: _number("TIELINE_MAX_LINE_BYTES", 1 << 20, least=256)
    )
    max_pairs: int = field(
        default_factory=lambda: _number("TIELINE_MAX_PAIRS", 20_000_000, least=1000)
    )
