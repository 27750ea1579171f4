"""What every draft of a record states beside its own fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, ClassVar, Final

__all__ = ["Draft", "values_of"]

_HEADER: Final = frozenset({"number", "protections"})


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Draft:
    """A record as somebody entered it, or as it came with an import. It shows no value in repr."""

    kind: ClassVar[str]

    number: str = ""
    """Blank takes the next one of its series."""
    protections: Mapping[str, bool | None] = field(default_factory=dict)
    """A protection that is not stated is unknown, and counts as yes (P17)."""


def values_of(draft: Draft) -> dict[str, Any]:
    """The draft's own fields, without the header's."""
    return {one.name: getattr(draft, one.name) for one in fields(draft) if one.name not in _HEADER}
