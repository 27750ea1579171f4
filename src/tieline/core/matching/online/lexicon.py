"""What is known of values beside the records that carry them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

__all__ = ["BARE", "Lexicon"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """Handed to keys and weights alike, so that both understand a value in the same way."""

    nicknames: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Nickname to the one name it stands for, in capitals (`reference.nicknames()`)."""
    commonness: Callable[[str], float] | None = field(default=None, repr=False)
    """The share of people, 0 to 1, who bear a word of `names.tokens`; None where nobody counted."""
    shared_phones: frozenset[str] = field(default=frozenset(), repr=False)
    """Lines of many people in E.164 (P20): neither a key nor evidence."""
    learned: Mapping[tuple[str, str], float] = field(default_factory=dict, repr=False)
    """By feature and level, bits that judgements add to a weight (`judged.Learned`)."""


BARE: Final = Lexicon()
"""Nothing is known."""
